"""A master by pymodbus: reads the table, drives it, lets go, and is refused.

Usage: peer.py tcp PORT | peer.py rtu PATH. Prints one JSON object.
"""
import json
import sys
import time

from pymodbus.client import ModbusSerialClient, ModbusTcpClient

kind, where = sys.argv[1:]
if kind == "tcp":
    client = ModbusTcpClient("127.0.0.1", port=int(where))
else:
    client = ModbusSerialClient(port=where, baudrate=115200, timeout=1)
assert client.connect(), "no line"


def crc(registers):
    """CRC16 of Modbus over registers, written apart from the product's."""
    value = 0xFFFF
    for register in registers:
        for byte in (register >> 8, register & 0xFF):
            value ^= byte
            for _ in range(8):
                value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value


def live():
    registers = client.read_holding_registers(0, 21, slave=1).registers
    assert crc(registers[:20]) == registers[20], "the sum is not that of the block"
    return registers


def block(sequence, command, velocity=0, basis=0, ceiling=300):
    words = [sequence, 250, 0, 0, 0, ceiling, command]
    words.append(crc(words))
    words += [(velocity >> 16) & 0xFFFF, velocity & 0xFFFF, basis]
    return words + [crc(words)]


def code(reply):
    return reply.exception_code if reply.isError() else 0


first = live()
fixed = client.read_holding_registers(40, 15, slave=1).registers
# This function of pymodbus 3.0 calls the slave `unit`.
asked = client.readwrite_registers(
    read_address=0, read_count=21, write_address=112, write_registers=[0x1234], unit=1
).registers
driven = 0
for _ in range(100):
    # A busy machine may be slower than the lease; then it is let go and begun again.
    sequence = live()[16] + 1
    reply = code(client.write_registers(100, block(sequence, 1, 4000, live()[2]), slave=1))
    pulled = live()
    driven += reply == 0 and pulled[11] == 1 and pulled[16] == sequence
    if driven == 5:
        break
    if reply == 4:
        client.write_registers(100, block(sequence, 0)[:8], slave=1)
    time.sleep(0.02)
stale = code(client.write_registers(100, block(sequence - 1, 1, 8000, pulled[2]), slave=1))
off = code(client.write_registers(100, block(sequence + 1, 0)[:8], slave=1))
outside = code(client.read_holding_registers(200, 2, slave=1))
single = code(client.write_register(106, 1, slave=1))
print(json.dumps({
    "magic": first[0], "fixed_sum": crc(fixed[:14]) == fixed[14], "asked": asked[19],
    "driven": driven, "stale": stale,
    "off": off, "outside": outside, "single": single, "after": live()[11],
}))

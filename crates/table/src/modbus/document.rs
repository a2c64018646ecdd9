//! `docs/modbus.md`, written from the map.

use super::registers::REGISTERS;
use std::fmt::Write as _;

const HEAD: &str = "# A traction table over Modbus

Generated from `crates/table/src/modbus/registers.rs`; a test holds this page against it
(`UPDATE_MODBUS=1 cargo test -p table modbus` writes it anew).

Holding registers of unit 1, over TCP or RTU (115,200 baud, 8 data bits, no parity, 1 stop bit).
Functions 3 (read), 16 (write) and 23 (write, then read, in one transaction). 32-bit values are
signed, high word first; `0x80000000`, or `0x8000` in one register, says that nothing was read.
A sum is the CRC16 of Modbus over the registers it names, each high byte first, and is itself a
number like any other.

To try it:

```sh
annulus table serve --modbus tcp://127.0.0.1:1502
mbpoll -m tcp -p 1502 -a 1 -0 -r 0 -c 21 -t 4:hex 127.0.0.1
```

";

const RULES: &str = "
## Rules of the table

- **Read the live block, 0–20, in one transaction**, and hold it against its sum. `sequence` rises each
  10 ms: a block whose sequence did not rise is not new. `age` says how old its measurements were
  when the answer left.
- **RTU has no transaction id.** Write a new nonce to 112 and read the live block in one function 23:
  only the answer to that very request carries it in 19.
- **Write 100–107, or 100–111 with a velocity, or 100–112 with a nonce; no other span.** Each write
  carries a `sequence` above that in 16, and has an effect once: the same write again is answered and
  does nothing, not even to the lease.
- **A velocity answers a live block** (110) that is at most 10 ticks old: a command that lay in a
  gateway is refused.
- **Silence lets go.** After the lease, or the watchdog if that is shorter, the drive loses its torque.
- **The ceiling holds in the table.** At or above it a pull is held at standstill; above it by 40 N
  (neck 15 N) the drive loses its torque. It rises only while the table is off.
- After a lapse or a trip the table takes nothing but command 0, and then the next velocity.
- While one master drives, the velocities of another are refused; anybody may let go, and
  the one who drove must write command 0 before the next velocity.
- Modbus has no password: `annulus table serve` listens on this machine only.

| refusal | meaning |
|---|---|
| 1 | another function than 3, 16, 23 |
| 2 | registers outside the map, or a block not written whole |
| 3 | a sum, sequence, basis, ceiling, lease, speed or command that is not taken |
| 4 | the table has let go: write command 0 first |
| 6 | another master drives |

## Where it differs from the published proposal

Registers 0–15 and 100–107 are as published. Ours are the rest: our controller commands a **velocity** of
the carriage and closes the force loop beside the patient's own limits, so a table needs no
force loop; one that has it may take command 2. The served simulated table has none: `target` and
`rate` must be 0 there.
";

/// The page.
#[must_use]
pub fn document() -> String {
    let mut page = String::from(HEAD);
    page.push_str("| register | name | unit | what it says | from |\n|---|---|---|---|---|\n");
    for register in &REGISTERS {
        let at = match register.words {
            1 => register.at.to_string(),
            words => format!("{}–{}", register.at, register.at + words - 1),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            page,
            "| {at} | `{}` | {} | {} | {} |",
            register.name, register.unit, register.says, register.from
        );
    }
    page.push_str(RULES);
    page
}

//! The registers one by one, for the page and for whoever reads the map.
//!
//! `map.rs` gives them types; `registers_stand_in_order_and_none_twice` and
//! `the_published_page_is_the_map` hold the list.

use super::map::COMMAND;

/// A register or a pair.
#[derive(Clone, Copy, Debug)]
pub struct Register {
    /// Its number.
    pub at: u16,
    /// How many.
    pub words: u16,
    /// Its name.
    pub name: &'static str,
    /// Its unit or coding.
    pub unit: &'static str,
    /// What it says.
    pub says: &'static str,
    /// Where it is from.
    pub from: &'static str,
}

const fn reg(
    at: u16,
    words: u16,
    name: &'static str,
    unit: &'static str,
    says: &'static str,
) -> Register {
    let from = if at < 16 || (at >= COMMAND && at < COMMAND + 8) {
        "published"
    } else {
        "ours"
    };
    Register {
        at,
        words,
        name,
        unit,
        says,
        from,
    }
}

/// The whole map.
pub const REGISTERS: [Register; 45] = [
    reg(0, 1, "magic", "0x5452", "always this"),
    reg(1, 1, "version", "count", "of this map: 1"),
    reg(2, 1, "sequence", "ticks", "rises by 1 each 10 ms, wraps"),
    reg(
        3,
        1,
        "age",
        "ms",
        "of the measurements when the answer left",
    ),
    reg(4, 2, "force-a", "mN", "first load cell"),
    reg(6, 2, "force-b", "mN", "second load cell"),
    reg(
        8,
        1,
        "motor",
        "mA, signed",
        "motor current; see register 44",
    ),
    reg(
        9,
        2,
        "position",
        "µm",
        "of the carriage from home; positive pulls",
    ),
    reg(
        11,
        1,
        "state",
        "code",
        "0 off, 1 driving, 2 lease lapsed, 3 force tripped",
    ),
    reg(
        12,
        1,
        "faults",
        "bits",
        "0 drive; 1 lease lapsed; 2 force tripped; 3 pull held at the ceiling",
    ),
    reg(
        13,
        1,
        "switch",
        "bits",
        "0 first pole closed; 1 second; 8 first read; 9 second; 10–15 tests of the inputs that were answered, counted: one a tick, or the switch is taken for missing",
    ),
    reg(
        14,
        1,
        "watchdog",
        "ms",
        "of the drive; 0 is off, and no session is armed",
    ),
    reg(
        15,
        1,
        "table-ceiling",
        "N",
        "most force of the table itself",
    ),
    reg(
        16,
        1,
        "written",
        "count",
        "register 100 of the last write that was taken",
    ),
    reg(17, 1, "ceiling", "N", "in force; 0 before the first write"),
    reg(18, 1, "lease-left", "ms", "until the table lets go"),
    reg(
        19,
        1,
        "asked",
        "nonce",
        "register 112 as last written; in a function 23 its own",
    ),
    reg(20, 1, "sum", "CRC16", "of 0–19, high byte first"),
    reg(40, 1, "harness", "code", "1 lumbar, 2 cervical"),
    reg(
        41,
        1,
        "pull-speed",
        "µm/s",
        "fastest that the carriage pulls",
    ),
    reg(
        42,
        1,
        "stiffest",
        "N/m",
        "stiffest that patient, harness and cord can be together",
    ),
    reg(
        43,
        1,
        "reaction",
        "ms",
        "from a fault to the drive's answer",
    ),
    reg(
        44,
        1,
        "motor-constant",
        "mN/mA",
        "tension for each mA of register 8",
    ),
    reg(
        45,
        1,
        "kind",
        "bits",
        "0 simulated; 1 has a lumbar harness; 2 a cervical one",
    ),
    reg(
        46,
        1,
        "id-0",
        "bytes",
        "first two bytes of the table's id, which a Grant names",
    ),
    reg(47, 1, "id-1", "bytes", "the next two"),
    reg(48, 1, "id-2", "bytes", "the next two"),
    reg(49, 1, "id-3", "bytes", "the next two"),
    reg(50, 1, "id-4", "bytes", "the next two"),
    reg(51, 1, "id-5", "bytes", "the next two"),
    reg(52, 1, "id-6", "bytes", "the next two"),
    reg(53, 1, "id-7", "bytes", "the last two"),
    reg(54, 1, "fixed-sum", "CRC16", "of 40–53"),
    reg(
        100,
        1,
        "sequence",
        "count",
        "1 to 32,767 above register 16; a repeat has no effect",
    ),
    reg(
        101,
        1,
        "lease",
        "ms",
        "1 to 250; then the table lets go, or earlier at its watchdog",
    ),
    reg(
        102,
        2,
        "target",
        "mN",
        "force, for a table that has a loop of its own; else 0",
    ),
    reg(104, 1, "rate", "N/s", "the same; else 0"),
    reg(
        105,
        1,
        "ceiling",
        "N",
        "1 to register 15; rises only while off",
    ),
    reg(
        106,
        1,
        "command",
        "code",
        "0 off, 1 velocity, 2 force (only by a table with a loop of its own)",
    ),
    reg(107, 1, "sum", "CRC16", "of 100–106"),
    reg(
        108,
        2,
        "velocity",
        "µm/s",
        "of the carriage; positive pulls, at most register 41",
    ),
    reg(
        110,
        1,
        "basis",
        "ticks",
        "register 2 that this answers; at most 10 old",
    ),
    reg(111, 1, "whole-sum", "CRC16", "of 100–110"),
    reg(
        112,
        1,
        "ask",
        "nonce",
        "comes back in register 19; moves nothing",
    ),
    reg(
        113,
        1,
        "patient",
        "code",
        "0 releases, 1 presses the switch of a simulated table; a real one refuses it",
    ),
];

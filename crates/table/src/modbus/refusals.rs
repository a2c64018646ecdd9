//! What a Modbus table is refused for: place, value, remedy.

use super::Address;
use super::cadence::SLOWEST;
use super::codec::Exception;
use super::map::Misread;
use si::{Problem, Region};
use std::time::Duration;

fn ms(span: Duration) -> String {
    format!("{:.1} ms", span.as_secs_f64() * 1e3)
}

pub(super) fn silent(address: &Address, why: &str) -> Problem {
    Problem::new(
        "table-silent",
        address.to_string(),
        "",
        format!("the table does not answer: {why}"),
        "look at its power, its plug and the address; nothing moves without an answer",
    )
}

pub(super) fn unknown(address: &Address, why: Misread) -> Problem {
    let what = match why {
        Misread::Magic => "it is no traction table: register 0 is not 0x5452",
        Misread::Version => "register 1 names another version of the map",
        Misread::Sum => "a block and its sum do not agree",
        Misread::Length | Misread::Code => "a block holds what the map does not know",
    };
    Problem::new(
        "table-unknown",
        address.to_string(),
        "",
        what,
        "name a table that serves the map of docs/modbus.md, version 1",
    )
}

pub(super) fn refused(address: &Address, why: Exception) -> Problem {
    Problem::new(
        "table-refused",
        format!("{address} registers 100–111"),
        why.code().to_string(),
        "the table did not take the command",
        "let go, look at its registers 11 and 12, and see that no other master writes",
    )
}

pub(super) fn region(address: &Address, grant: Region, fitted: Region) -> Problem {
    Problem::new(
        "table-region",
        format!("{address} register 40"),
        fitted.to_string(),
        format!("the session is {grant}, and the table says another harness is fitted"),
        "fit the harness of the session's region, or choose another table",
    )
}

pub(super) fn watchdog(address: &Address, ms: u16) -> Problem {
    Problem::new(
        "table-watchdog",
        format!("{address} register 14"),
        ms.to_string(),
        "the drive's watchdog must be 1 to 300 ms; 0 is off",
        "set the watchdog of the drive and read it back",
    )
}

pub(super) fn ceiling(address: &Address, told: u16, found: u16) -> Problem {
    Problem::new(
        "table-ceiling",
        format!("{address} register 17"),
        found.to_string(),
        format!("the table was told a ceiling of {told} N and echoes another"),
        "see that no other master writes, and that register 15 is the table's own ceiling",
    )
}

pub(super) fn slow(address: &Address, median: Duration, slow: Duration) -> Problem {
    let (median, most) = (ms(median), ms(SLOWEST));
    Problem::new(
        "table-slow",
        address.to_string(),
        ms(slow),
        format!("is the 99th percentile of an exchange (median {median}); {most} at most"),
        "use a faster line: TCP on a segment of its own, or 115,200 baud without a gateway",
    )
}

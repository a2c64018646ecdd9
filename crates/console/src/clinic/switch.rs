//! The daily test of a table's patient switch, as the clinic's own stream keeps it.
//!
//! Before the first session of a day the table pulls without a patient at half of its
//! ceiling or more, the switch is pressed, and the table lets go (devices.md §4b.6; Eltrac:
//! daily at 500 N). Who saw it is on record; a table that did not let go is not armed
//! before a later test that it passed. Shown by `tests/switch.rs`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use si::Problem;
use uuid::Uuid;

use super::Clinic;
use super::follow::Told;

/// The event of one test.
pub(super) const KIND: &str = "switch-tested";
/// Share of the table's ceiling at which the switch is tested, at least.
const SHARE: f64 = 0.5;

/// One test, as somebody saw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SwitchTest {
    /// The table's id, hex.
    pub table: String,
    /// The force at which the switch was pressed, N.
    pub force_n: f64,
    /// The table's own ceiling, N.
    pub ceiling_n: f64,
    /// Whether it let go.
    pub passed: bool,
    /// Who saw it, by name.
    pub by: String,
}

/// The last test of each table.
#[derive(Clone, Debug, Default)]
pub(super) struct Tests {
    last: BTreeMap<String, (Timestamp, bool)>,
}

impl Told for Tests {
    const KIND: &'static str = KIND;
    type Entry = SwitchTest;

    fn told(&mut self, at: Timestamp, test: &SwitchTest) {
        self.last.insert(test.table.clone(), (at, test.passed));
    }
}

impl Tests {
    fn last(&self, table: &[u8; 16]) -> Option<(Timestamp, bool)> {
        self.last.get(&hex::encode(table)).copied()
    }
}

/// The least force of a test of a table with this ceiling, N.
#[must_use]
pub fn least_n(ceiling_n: f64) -> f64 {
    SHARE * ceiling_n
}

impl Clinic {
    /// Keeps a test.
    ///
    /// # Errors
    /// A force below half of the table's ceiling, or above it; nobody who saw it.
    pub async fn keep_switch_test(&self, user: Uuid, test: SwitchTest) -> Result<(), Problem> {
        let (least, most) = (least_n(test.ceiling_n), test.ceiling_n);
        if !(least..=most).contains(&test.force_n) {
            return Err(Problem::new(
                "switch-test-force",
                "force_n",
                test.force_n.to_string(),
                format!("is not {least:.0} to {most:.0} N, half of the table's ceiling or more"),
                "test the switch at such a force, without a patient",
            ));
        }
        if test.by.trim().is_empty() {
            return Err(Problem::new(
                "switch-test-unseen",
                "by",
                "",
                "nobody is named who saw the test",
                "say who saw it",
            ));
        }
        let at = self.now();
        self.append_own_at(at, user, KIND, &test).await
    }

    /// Whether the switch of a table passed its test of this day, at whichever server that was
    /// told.
    ///
    /// # Errors
    /// No test today, or the last one failed; the journal.
    pub async fn switch_tested(&self, table: &[u8; 16]) -> Result<(), Problem> {
        let day = |at: Timestamp| at.to_zoned_datetime(self.zone().clone()).date();
        let (tests, _) = self.follow(&self.switch_tests).await?;
        let last = tests.last(table);
        let today = last.filter(|(at, _)| day(*at) == day(self.now()));
        let problem = match today {
            Some((_, true)) => return Ok(()),
            Some((_, false)) => "the table did not let go when its switch was tested today",
            None => "the switch of the table was not tested today",
        };
        Err(Problem::new(
            "switch-untested-today",
            "switch",
            "",
            problem,
            "pull without a patient at half of the table's ceiling, press the switch, and \
             record that it let go; a table that does not is out of service",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored bytes are read for ever: this file is never deleted.
    const GOLDEN: &str = include_str!("../../tests/golden/switch-tested.v1.json");

    #[test]
    fn the_first_version_of_a_switch_test_is_still_read() {
        let read: SwitchTest = serde_json::from_str(GOLDEN).expect("the golden file");
        let written = serde_json::to_string_pretty(&read).expect("JSON");
        assert_eq!(written, GOLDEN.trim_end());
    }

    /// hazard: H11
    #[test]
    fn the_last_test_of_a_table_counts() {
        let mut tests = Tests::default();
        let test: SwitchTest = serde_json::from_str(GOLDEN).expect("the golden file");
        let table = *b"test-table-00001";
        let named = |passed| SwitchTest {
            table: hex::encode(table),
            passed,
            ..test.clone()
        };
        tests.told(Timestamp::UNIX_EPOCH, &named(true));
        tests.told(Timestamp::UNIX_EPOCH, &named(false));
        assert_eq!(tests.last(&table), Some((Timestamp::UNIX_EPOCH, false)));
        assert_eq!(tests.last(b"test-table-00002"), None);
    }
}

//! What a clinic says of itself: name, zone, whom to call, where to send people.

use jiff::tz::TimeZone;
use serde::Deserialize;
use si::Problem;

use super::keeping::RETENTION_YEARS;
use crate::mail::MailSettings;

/// The clinic's own settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Name on pages.
    pub name: String,
    /// Time zone of every day and hour on pages.
    pub zone: TimeZone,
    /// Whom an alarm notifies, in this order, round and round.
    pub on_call: Vec<String>,
    /// Its tables, by the names that people book.
    pub tables: Vec<String>,
    /// Telephone of the clinic.
    pub phone: String,
    /// Where an emergency goes.
    pub emergency: Emergency,
    /// How long the record of a patient is kept after its last entry, years; 0 for no period.
    pub retention_years: u16,
    /// How mail is sent, if it is.
    pub mail: Option<MailSettings>,
}

/// Where an emergency goes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emergency {
    /// The number to call.
    pub number: String,
    /// The hospital.
    pub hospital: String,
    /// Its entrance.
    pub address: String,
}

impl Default for Settings {
    /// Of a demonstration: invented names, numbers that ring nowhere.
    fn default() -> Self {
        Self {
            name: "Demonstration clinic".into(),
            zone: TimeZone::UTC,
            on_call: vec![
                "Example Practitioner, 555-0100".into(),
                "Example Lead, 555-0101".into(),
            ],
            tables: vec!["Table 1".into()],
            phone: "555-0110".into(),
            emergency: Emergency {
                number: "112".into(),
                hospital: "Example General Hospital".into(),
                address: "Emergency entrance, 1 Example Road".into(),
            },
            retention_years: RETENTION_YEARS,
            mail: None,
        }
    }
}

/// A time zone by its name.
pub fn zone(name: &str) -> Result<TimeZone, Problem> {
    TimeZone::get(name).map_err(|_| {
        Problem::new(
            "zone-unknown",
            "zone",
            name,
            "is not a time zone",
            "use a name such as Europe/Berlin or UTC",
        )
    })
}

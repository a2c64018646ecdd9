//! What an export is made from: one patient's stream, and what the clinic adds to it.

use care::diary::Appointment;
use care::episode::{Event, Role};
use care::knowledge::Knowledge;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

/// Everything that an export may read of one patient. The caller reads and checks it; the
/// export asks nobody else, so that the same source gives the same bytes.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The patient's stream.
    pub patient: Uuid,
    /// What the stream says, in its order.
    pub told: &'a [Told<'a>],
    /// Labels, units, codes and rules.
    pub knowledge: &'a Knowledge,
    /// Where it was recorded.
    pub clinic: Clinic<'a>,
    /// Who has an account; whoever else acted is described as their events name them.
    pub people: &'a [Person<'a>],
    /// The patient's appointments.
    pub appointments: &'a [&'a Appointment],
    /// Who opened the record.
    pub audit: &'a [Access<'a>],
}

/// One entry of a stream.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// Its place in the stream, from 1.
    pub sequence: u64,
    /// When the journal took it.
    pub at: Timestamp,
    /// What it says.
    pub what: Happened<'a>,
}

/// What an entry says.
#[derive(Clone, Copy, Debug)]
pub enum Happened<'a> {
    /// Something of care.
    Event(&'a Event),
    /// Everything before it is gone.
    Erased,
}

/// The clinic.
#[derive(Clone, Copy, Debug)]
pub struct Clinic<'a> {
    /// Its id: it becomes the id of the Organization and the source of every resource.
    pub id: Uuid,
    /// Its name.
    pub name: &'a str,
    /// Its time zone: the day of an examination is a day there.
    pub zone: &'a TimeZone,
}

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct Person<'a> {
    /// The account.
    pub id: Uuid,
    /// The name that pages show.
    pub name: &'a str,
    /// In which role.
    pub role: Role,
    /// The number of the licence, where there is one.
    pub licence: Option<&'a str>,
}

/// One line of the audit log: a visit to this patient's record.
#[derive(Clone, Debug)]
pub struct Access<'a> {
    /// The line's place in the log.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// The account; none for a personal link.
    pub user: Option<Uuid>,
    /// In which role, or `link`.
    pub role: &'a str,
    /// Whether the record was written to; otherwise it was read.
    pub wrote: bool,
    /// Whether a restricted record was opened with it in an emergency.
    pub emergency: bool,
    /// Whether it was refused.
    pub refused: bool,
    /// The route, without what varies in it.
    pub route: &'a str,
    /// Ties it to the log.
    pub correlation: Uuid,
}

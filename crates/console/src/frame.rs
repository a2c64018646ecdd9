//! What every page carries around its own contents.

use std::sync::Arc;

use care::episode::{Episode, NextStep, Path};
use care::knowledge::Standing;
use care::plan::Dose;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::app::App;
use crate::door::logins::Login;
use crate::door::{Visit, role};
use crate::messages::{Locale, Say};
use crate::pages::inbox::Inbox;
use crate::role::Role;

/// The frame of one page.
pub struct Frame {
    /// Says messages.
    pub t: Say,
    /// Who is logged in.
    pub who: Option<Login>,
    /// Which entry of the head is current.
    pub at: Place,
    /// Whether this is a demonstration clinic.
    pub demo: bool,
    /// How much of the knowledge nobody vouches for.
    pub standing: Standing,
    /// The clinic's clock.
    pub now: ZonedDateTime,
    /// The clinic's time zone.
    pub zone: TimeZone,
    /// The numbers of dose, which say when a review is due.
    pub dose: Arc<Dose>,
    /// Changes when the assets change, so that browsers fetch them again.
    pub version: &'static str,
    /// The id of this page: what its forms send twice is done once.
    pub once: uuid::Uuid,
    /// Whether documents can be had as PDF.
    pub prints: bool,
    /// What was just done, said once.
    pub said: Option<String>,
    /// What needs somebody now; nothing where the page asks for it itself.
    pub inbox: Option<Inbox>,
}

/// Where in the console a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Today and its inbox.
    Today,
    /// Appointments.
    Diary,
    /// One patient, found from today's list.
    Patients,
    /// Bringing a record in.
    Import,
    /// Rules and facts.
    Knowledge,
    /// Users, clock.
    Clinic,
    /// What the clinic's own courses show.
    Outcomes,
    /// How often rules were overridden.
    Overrides,
    /// The data set for research.
    Research,
    /// A patient's own record.
    Mine,
    /// None of them.
    Elsewhere,
}

impl Frame {
    /// The frame for a visit.
    #[must_use]
    pub fn new(visit: &Visit, at: Place) -> Self {
        let mut frame = Self::bare(&visit.app, (visit.login.as_ref(), visit.locale), at);
        frame.inbox.clone_from(&visit.inbox);
        frame.said = visit.query.get("said").and_then(|key| frame.t.said(key));
        frame
    }

    /// The frame without a visit: an error page.
    #[must_use]
    pub fn bare(app: &App, (login, locale): (Option<&Login>, Locale), at: Place) -> Self {
        let zone = app.clinic.zone().clone();
        Self {
            t: Say { locale },
            who: login.cloned(),
            at,
            demo: app.clinic.demo(),
            standing: app.clinic.standing(),
            now: app.clinic.now().to_zoned_datetime(zone.clone()),
            zone,
            dose: Arc::clone(app.clinic.dose()),
            version: crate::assets::version(),
            once: crate::random::id(),
            prints: app.printer.is_there(),
            said: None,
            inbox: None,
        }
    }

    /// What nobody vouches for, over every page of the staff.
    #[must_use]
    pub fn unapproved(&self) -> Option<String> {
        if !self.works_here() {
            return None;
        }
        match (self.standing.rules, self.standing.dose) {
            (0, true) => None,
            (0, false) => Some(self.t.unapproved_caps()),
            (rules, true) => Some(self.t.unapproved_rules(rules)),
            (rules, false) => Some(self.t.unapproved(rules)),
        }
    }

    /// What the strip says as the page is sent.
    #[must_use]
    pub fn strip(&self) -> Inbox {
        self.inbox.clone().unwrap_or_default()
    }

    /// The token of this login's forms.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.who.as_ref().map_or("", |who| who.csrf.as_str())
    }

    /// Whether a person who decides and signs is looking.
    #[must_use]
    pub fn decides(&self) -> bool {
        self.is(role::DECIDING)
    }

    /// Whether somebody who works at the table is looking.
    #[must_use]
    pub fn clinical(&self) -> bool {
        self.is(role::CLINICAL)
    }

    /// Whether somebody with a list of patients is looking.
    #[must_use]
    pub fn clinic(&self) -> bool {
        self.is(role::CLINIC)
    }

    /// Whether somebody who works here is looking.
    #[must_use]
    pub fn works_here(&self) -> bool {
        self.is(role::STAFF)
    }

    /// Whether the administrator is looking.
    #[must_use]
    pub fn administers(&self) -> bool {
        self.is(role::ADMINISTRATION)
    }

    /// Whether somebody is looking who may have the data set for research.
    #[must_use]
    pub fn researches(&self) -> bool {
        self.is(role::RESEARCHING)
    }

    /// Whether the clinical lead is looking.
    #[must_use]
    pub fn leads(&self) -> bool {
        self.is(role::LEADING)
    }

    /// Whether somebody who answers for what is kept is looking.
    #[must_use]
    pub fn keeps(&self) -> bool {
        self.is(role::KEEPING)
    }

    /// The one thing to do next for a patient.
    #[must_use]
    pub fn next_step(&self, episode: &Episode) -> NextStep {
        episode.next_step(&self.dose, self.now.timestamp())
    }

    /// The step of the path a patient stands on.
    #[must_use]
    pub fn path(&self, episode: &Episode) -> Path {
        episode.path(&self.dose, self.now.timestamp())
    }

    /// The name of a role.
    #[must_use]
    pub fn role_name(&self, role: &Role) -> String {
        self.t.role(*role)
    }

    /// `24 Nov 2026 09:52` in the clinic's time zone.
    #[must_use]
    pub fn when(&self, at: &Timestamp) -> String {
        let form = self.figures("%-d %b %Y %H:%M", "%Y-%m-%d %H:%M");
        let at = at.to_zoned_datetime(self.zone.clone());
        at.strftime(form).to_string()
    }

    /// `24 Nov` in the clinic's time zone, with the year where it is not this one.
    #[must_use]
    pub fn day(&self, at: &Timestamp) -> String {
        let day = at.to_zoned_datetime(self.zone.clone());
        let form = self.figures(day_form(&day, &self.now), "%Y-%m-%d");
        day.strftime(form).to_string()
    }

    /// `24 Nov 2026`: of what ends, the year is always said.
    #[must_use]
    pub fn date(&self, at: &Timestamp) -> String {
        self.calendar(at.to_zoned_datetime(self.zone.clone()).date())
    }

    /// `2026-11-24`, as fields for a day take it.
    #[must_use]
    pub fn field_day(&self, at: &Timestamp) -> String {
        at.to_zoned_datetime(self.zone.clone()).date().to_string()
    }

    /// `24 Nov 2026`.
    #[must_use]
    pub fn calendar(&self, day: Date) -> String {
        let form = self.figures("%-d %b %Y", "%Y-%m-%d");
        day.strftime(form).to_string()
    }

    /// The name of a month is English: in another language a day stands in figures.
    const fn figures(&self, english: &'static str, figures: &'static str) -> &'static str {
        match self.t.locale {
            Locale::Translated(_) => figures,
            Locale::English | Locale::Pseudo => english,
        }
    }

    fn is(&self, roles: role::Roles) -> bool {
        self.who.as_ref().is_some_and(|who| roles.has(who.role))
    }
}

/// How a day is written in the year of `now`.
fn day_form(day: &ZonedDateTime, now: &ZonedDateTime) -> &'static str {
    match day.year() == now.year() {
        true => "%-d %b",
        false => "%-d %b %Y",
    }
}

#[cfg(test)]
mod tests {
    use super::day_form;

    #[test]
    fn a_day_of_another_year_has_its_year() {
        let at = |text: &str| text.parse::<jiff::ZonedDateTime>().unwrap();
        let now = at("2026-11-29T10:00[UTC]");
        assert_eq!(day_form(&at("2026-01-03T10:00[UTC]"), &now), "%-d %b");
        assert_eq!(day_form(&at("2025-12-31T10:00[UTC]"), &now), "%-d %b %Y");
    }
}

//! What is checked of the store: journal, accounts, clock, what is vouched for.

use super::{Check, Patient, State};
use crate::commands::bedside::read_public;
use crate::failure::Failure;
use crate::input;
use console::clinic::{ClinicKey, ClinicProjector, Examined, examine};
use jiff::SignedDuration;
use record::{OpenOptions, Report, Verify};
use si::Problem;

/// How far the newest entry may be ahead of this machine's clock (ours: what clocks of several
/// machines that are set by a time server differ by, and a good deal more).
const AHEAD: SignedDuration = SignedDuration::from_secs(5);

pub(super) async fn checks(of: &Patient<'_>) -> Vec<Check> {
    let found = match examine(&of.home, of.now).await {
        Ok(found) => found,
        Err(problem) => return vec![Check::fault("journal", &problem)],
    };
    let mut checks = vec![journal(of, &found)];
    if of.args.whole {
        checks.push(match verified(of).await {
            Ok(report) => whole(&report),
            Err(problem) => Check::fault("chains", &problem),
        });
    }
    checks.push(clock(of, &found));
    checks.push(administrator(&found));
    checks.push(second_factor(&found));
    checks.push(licences(&found));
    checks.push(vouched(of, &found));
    checks
}

fn journal(of: &Patient<'_>, found: &Examined) -> Check {
    let what = "journal";
    let place = match &of.home.database {
        Some(_) => "PostgreSQL, 15 or newer",
        None => "SQLite in the data folder",
    };
    if !found.rows_current {
        let found = format!("{place}; its lists are of another version of this program");
        let todo = "start `annulus serve` once: it makes them anew";
        return Check::new(what, State::Attention, found, todo);
    }
    let demo = if found.demo { ", a demonstration" } else { "" };
    Check::good(
        what,
        format!("{place}, opens with the schema of this program{demo}"),
    )
}

async fn verified(of: &Patient<'_>) -> Result<Report, Problem> {
    let public =
        read_public(&of.home.folder.join("clinic.pub")).map_err(|failure| match failure {
            Failure::Input(problem) => problem,
            _ => Problem::new(
                "key",
                "clinic.pub",
                "",
                "cannot be read",
                "start `annulus serve` once",
            ),
        })?;
    let read_only = OpenOptions::new().read_only();
    let journal = of.home.standing_journal(read_only).await?;
    let index = ClinicKey::index_at(&of.home.folder.join("clinic.key"));
    let trusted = [public];
    let verify = Verify {
        trusted: &trusted,
        projector: Some(&ClinicProjector),
        index: index.as_ref(),
    };
    journal
        .verify(verify)
        .await
        .map_err(|error| error.problem())
}

fn whole(report: &Report) -> Check {
    let what = "chains";
    let found = format!(
        "{} events of {} streams verified",
        report.events, report.streams
    );
    match report.first_broken() {
        Some(fault) => {
            let todo = "keep this store as it is, and restore the last backup beside it";
            Check::new(what, State::Fault, fault.to_string(), todo)
        }
        None => Check::good(what, found),
    }
}

fn clock(of: &Patient<'_>, found: &Examined) -> Check {
    let what = "clock";
    let ahead = found.last_event.map(|last| last.duration_since(of.now));
    match ahead.filter(|ahead| *ahead > AHEAD) {
        Some(ahead) => {
            let found = format!("{} s behind the newest entry", ahead.as_secs());
            let todo = "set the clock of this machine by a time server";
            Check::new(what, State::Fault, found, todo)
        }
        None => Check::good(what, format!("{}, after the newest entry", of.now)),
    }
}

fn administrator(found: &Examined) -> Check {
    let what = "administrator";
    match found.administrators {
        0 => {
            let todo = "make one with `annulus user add NAME --role administrator`";
            Check::new(what, State::Fault, "there is none", todo)
        }
        1 => {
            let todo = "give a second person that role: nobody else could let the first in again";
            Check::new(what, State::Attention, "there is one", todo)
        }
        many => Check::good(what, format!("there are {many}")),
    }
}

fn second_factor(found: &Examined) -> Check {
    let what = "second factor";
    let (without, staff) = (found.without_second, found.staff);
    if without == 0 {
        return Check::good(what, format!("all {staff} who work here have one"));
    }
    let todo = "say second_factor = true: whoever has none sets it up at the next login";
    let found = format!("{without} of {staff} who work here have none");
    Check::new(what, State::Attention, found, todo)
}

fn licences(found: &Examined) -> Check {
    let what = "licences";
    match found.licences_due {
        0 => Check::good(what, "none lapses within a month"),
        due => {
            let todo = "renew them on the page Users";
            let found = format!("{due} lapsed, or lapse within a month");
            Check::new(what, State::Attention, found, todo)
        }
    }
}

fn vouched(of: &Patient<'_>, found: &Examined) -> Check {
    let what = "rules and dose";
    let knowledge = match input::knowledge(of.settings) {
        Ok(knowledge) => knowledge,
        Err(Failure::Input(problem)) => return Check::fault(what, &problem),
        Err(_) => {
            let todo = "see `annulus knowledge check`";
            return Check::new(what, State::Fault, "the knowledge cannot be read", todo);
        }
    };
    let standing = knowledge.standing(&found.approvals);
    if standing.is_whole() {
        return Check::good(what, "a clinician vouches for all of them");
    }
    let dose = if standing.dose {
        ""
    } else {
        " and the numbers of dose"
    };
    let found = format!(
        "nobody vouches for {} rules{dose}: a simulated table only",
        standing.rules
    );
    let todo = "a clinician reads them and says `annulus knowledge approve`";
    Check::new(what, State::Attention, found, todo)
}

//! What the desk says when it refuses: place, value, remedy.

use crate::lease::LeaseError;
use si::Problem;
use traction::output::Refusal;
use traction::supervisor::Stage;

pub(super) fn hello_first() -> Problem {
    Problem::new(
        "hello-first",
        "message",
        "",
        "a connection begins with hello",
        "send hello with the console's name",
    )
}

pub(super) fn unknown_name(place: &str, value: &str) -> Problem {
    Problem::new(
        "name-unknown",
        place,
        value.chars().take(40).collect::<String>(),
        "this bedside does not know the name",
        "use a console of the same version of Annulus",
    )
}

pub(super) fn comfort_range(score: u8) -> Problem {
    Problem::new(
        "comfort-range",
        "comfort.score",
        score.to_string(),
        "discomfort is 0 to 10, higher is worse",
        "ask the patient again",
    )
}

pub(super) fn token_problem(why: &str) -> Problem {
    Problem::new(
        "token-refused",
        "token",
        "",
        format!("the token {why}"),
        "ask for a new token and use it within 30 s, on the same connection",
    )
}

pub(super) fn lease_problem(error: LeaseError) -> Problem {
    let (code, value) = match &error {
        LeaseError::Held(name) => ("lease-held", name.clone()),
        LeaseError::NotHeld => ("lease-not-held", String::new()),
        LeaseError::Absent(name) => ("console-absent", name.clone()),
    };
    Problem::new(
        code,
        "lease",
        value,
        error.to_string(),
        "take the lease, or ask the console that holds it to hand it over; STOP needs none",
    )
}

pub(super) fn console_name(name: &str) -> Problem {
    Problem::new(
        "console-name",
        "hello.console",
        name.chars().take(64).collect::<String>(),
        "a console's name is 1 to 64 printable bytes",
        "choose another name for the console",
    )
}

pub(super) fn console_taken(name: &str) -> Problem {
    Problem::new(
        "console-name-taken",
        "hello.console",
        name,
        "another console is connected under this name",
        "give each console a name of its own, or close the other one",
    )
}

pub(super) fn second_hello(name: &str) -> Problem {
    Problem::new(
        "hello-twice",
        "hello.console",
        name.chars().take(64).collect::<String>(),
        "this connection has said its name already",
        "open a new connection for a console of another name",
    )
}

pub(super) fn guard_silent() -> Problem {
    Problem::new(
        "guard-silent",
        "bedside",
        "",
        "the guard's thread does not answer",
        "use the patient's switch or the quick release; take the table out of use and start the bedside again",
    )
}

pub(super) fn arming() -> Problem {
    Problem::new(
        "arming",
        "grant",
        "",
        "another grant is being armed",
        "wait for its answer; look at the status before you arm again",
    )
}

pub(super) fn nonce_spent(nonce: &[u8; 16]) -> Problem {
    Problem::new(
        "nonce-spent",
        "grant.nonce",
        hex::encode(nonce),
        "this grant has opened a session already",
        "issue a new grant for a new session",
    )
}

pub(super) fn disk_silent() -> Problem {
    Problem::new(
        "disk-silent",
        "black box",
        "",
        "the disk of the bedside does not answer",
        "mend or free the disk of the state directory; no session starts without its black box",
    )
}

pub(super) fn no_randomness(error: &getrandom::Error) -> Problem {
    Problem::new(
        "no-randomness",
        "token",
        "",
        format!("the system gives no random bytes: {error}"),
        "mend the system of the bedside",
    )
}

pub(super) fn not_simulated() -> Problem {
    Problem::new(
        "table-not-simulated",
        "simulate",
        "",
        "this table is real",
        "simulate on a simulated table only",
    )
}

pub(super) fn session_unknown(session: &str) -> Problem {
    Problem::new(
        "session-unknown",
        "session",
        session.chars().take(64).collect::<String>(),
        "this bedside has no recording of that session",
        "ask for sessions-since and use an id from its answer",
    )
}

pub(super) fn recording_gone(session: &str) -> Problem {
    Problem::new(
        "recording-gone",
        "session",
        session.chars().take(64).collect::<String>(),
        "its recording was sealed by the clinic's server long ago and does not stay here",
        "look in the folder `recordings` of the clinic's server, or in its backup",
    )
}

pub(super) fn subscribe_range(hz: u8) -> Problem {
    Problem::new(
        "subscribe-range",
        "subscribe.hz",
        hz.to_string(),
        "a subscription is 1 to 20 statuses a second",
        "ask for 10",
    )
}

pub(super) fn command_refused(refusal: Refusal, stage: Stage) -> Problem {
    Problem::new(
        "command-refused",
        "session",
        refusal.as_str(),
        format!("the session is {stage} and does not take this command"),
        remedy(refusal),
    )
}

pub(super) fn unanswered() -> Problem {
    Problem::new(
        "patient-unanswered",
        "patient",
        "",
        "the patient was asked and nobody answered; the session does not go on without an answer",
        "go to the patient; tell the score, or that nothing is worse, then go on",
    )
}

pub(super) fn recorder_behind() -> Problem {
    Problem::new(
        "recorder-behind",
        "black box",
        "",
        "the last recording is not written yet",
        "wait for the disk of the bedside, or mend it; no session starts without its black box",
    )
}

const fn remedy(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Stage => "look at the session's stage; give a command that belongs to it",
        Refusal::SwitchUntested => "let the patient press and release the switch, then try again",
        Refusal::SwitchNotReleased => "let the patient release the switch; check its plug",
        Refusal::NotReady => "clear what the status names as the limiter, then try again",
        Refusal::ForceOn => "wait until the harness is slack",
        Refusal::NotResumable => {
            "say what the stop was; a symptom closes the day until an examination"
        }
        Refusal::ResumeUsed => "end the session; a session is resumed once",
        Refusal::NotPrepared => "ask for a new token, then resume within 30 s",
        Refusal::Change => {
            "ask for a mode and a force within the signed profile and limits, or sign another plan"
        }
        Refusal::Resting => "wait for a minute at base force after the guarding",
    }
}

pub(super) fn still_loaded() -> Problem {
    Problem::new(
        "still-loaded",
        "session",
        "",
        "the session is not unloaded",
        "end or stop it first",
    )
}

pub(super) fn leaving() -> Problem {
    Problem::new(
        "bedside-leaving",
        "bedside",
        "",
        "the bedside is ending",
        "start it again",
    )
}

//! Letters to other places, and the reminder where nothing came of one.

use jiff::{SignedDuration, Timestamp};
use si::Problem;

use super::{Context, misrouted, refuse_if, safety, said};
use crate::decide::Urgency;
use crate::episode::{Act, Alert, Command, Episode, Referral, ReferralEnd, Referred, What};

/// How the alarm of a letter that nothing came of begins.
const ABOUT: &str = "referral: no answer to letter ";

/// Hours after which somebody is reminded that nothing came of a letter, and again each time
/// as many later: a day, a week, six weeks (ours; a letter that nobody follows is the way in
/// which referrals fail).
const fn remind_hours(urgency: Urgency) -> i64 {
    match urgency {
        Urgency::Emergency => 24,
        Urgency::Urgent => 7 * 24,
        Urgency::Routine | Urgency::None => 42 * 24,
    }
}

pub(super) fn answer(
    episode: &Episode,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    match command {
        Command::Refer(letter) => written(episode, letter),
        Command::CloseReferral {
            referral,
            end,
            words,
        } => {
            said("words", &words.0)?;
            may_end(end, context)?;
            let mut open = episode.open_referrals();
            let letter = open.find(|one| one.number == referral).ok_or_else(|| {
                Problem::new(
                    "referral-unknown",
                    "referral",
                    referral.to_string(),
                    "there is no such letter, or it is closed",
                    "see the list of letters",
                )
            })?;
            let mut happened = vec![What::ReferralClosed {
                referral,
                end,
                words,
            }];
            happened.extend(
                reminders(episode, referral).map(|alert| What::Acknowledged {
                    alert: alert.number,
                    note: format!("the letter is closed: {}", end.as_str()),
                }),
            );
            // Whom nobody saw although it was urgent is somebody's to see today.
            if end == ReferralEnd::NotSeen && letter.letter.urgency >= Urgency::Urgent {
                let about = format!("referral: the patient of letter {referral} was not seen");
                happened.push(safety::first_notice(episode, Urgency::Urgent, about));
            }
            Ok(happened)
        }
        other => Err(misrouted(&other)),
    }
}

/// That a letter is not needed any more is decided by whoever may write one.
fn may_end(end: ReferralEnd, context: &Context<'_>) -> Result<(), Problem> {
    let decides = context.actor.role.may(Act::Refer);
    refuse_if(
        end == ReferralEnd::Withdrawn && !decides,
        (
            "role-may-not",
            "end",
            "this role may not withdraw a practitioner's letter",
        ),
        "ask a practitioner; what they answered, or that nobody was seen, you may tell",
    )
}

/// What the alarm of a letter that nothing came of is about.
fn about(referral: u32) -> String {
    format!("{ABOUT}{referral}")
}

/// Open alarms of a letter that nothing came of.
fn reminders(episode: &Episode, referral: u32) -> impl Iterator<Item = &Alert> {
    let about = about(referral);
    episode
        .open_alerts()
        .filter(move |alert| alert.about == about)
}

/// Whether an alarm asks after somebody who died.
pub(super) fn is_in_vain(episode: &Episode, alert: &Alert) -> bool {
    episode.deceased && alert.about.starts_with(ABOUT)
}

fn written(episode: &Episode, letter: Referral) -> Result<Vec<What>, Problem> {
    for (place, text) in [
        ("referral.to", &letter.to),
        ("referral.reason", &letter.reason.0),
        ("referral.onset", &letter.onset.0),
        ("referral.request", &letter.request.0),
    ] {
        said(place, text)?;
    }
    refuse_if(
        letter.urgency == Urgency::None,
        (
            "referral-urgency",
            "referral.urgency",
            "a letter says how soon somebody must act",
        ),
        "choose routine, urgent or emergency",
    )?;
    // Sent twice, it is one letter.
    if episode.open_referrals().any(|open| open.letter == letter) {
        return Ok(Vec::new());
    }
    let last = episode.referrals.iter().map(|one| one.number).max();
    Ok(vec![What::ReferralWritten {
        referral: last.unwrap_or(0).saturating_add(1),
        letter,
    }])
}

/// When somebody is reminded of an open letter next.
pub(super) fn reminds_at(episode: &Episode, referral: &Referred) -> Option<Timestamp> {
    // Nobody is told to ask after somebody who died.
    if episode.deceased || referral.closed.is_some() {
        return None;
    }
    let since = referral.reminded.unwrap_or(referral.at);
    let wait = SignedDuration::from_hours(remind_hours(referral.letter.urgency));
    Some(since.checked_add(wait).unwrap_or(Timestamp::MAX))
}

/// The reminders that are due: a letter about an emergency is one for whoever is on call.
pub(super) fn overdue(episode: &Episode, next_alert: u32, context: &Context<'_>) -> Vec<What> {
    let open = episode.open_referrals();
    let due = open.filter(|one| reminds_at(episode, one).is_some_and(|due| due <= context.at));
    let numbered = (next_alert..).zip(due);
    numbered
        .flat_map(|(alert, referral)| {
            let urgency = match referral.letter.urgency {
                Urgency::Emergency => Urgency::Urgent,
                _ => Urgency::Routine,
            };
            // One alarm a letter: while nobody has taken it, it is the same one.
            let rings = reminders(episode, referral.number).next().is_some();
            let about = about(referral.number);
            let notice = (!rings).then(|| safety::notice(alert, urgency, about));
            let overdue = What::ReferralOverdue {
                referral: referral.number,
            };
            [Some(overdue), notice].into_iter().flatten()
        })
        .collect()
}

//! Letters to other places, and the reminder where nothing came of one.

use jiff::{SignedDuration, Timestamp};
use si::Problem;

use super::{Context, misrouted, refuse_if, safety, said};
use crate::decide::Urgency;
use crate::episode::{Command, Episode, Referral, Referred, What};

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

pub(super) fn answer(episode: &Episode, command: Command) -> Result<Vec<What>, Problem> {
    match command {
        Command::Refer(letter) => written(episode, letter),
        Command::CloseReferral {
            referral,
            end,
            words,
        } => {
            said("words", &words.0)?;
            let open = episode.open_referrals().any(|one| one.number == referral);
            if !open {
                return Err(Problem::new(
                    "referral-unknown",
                    "referral",
                    referral.to_string(),
                    "there is no such letter, or it is closed",
                    "see the list of letters",
                ));
            }
            Ok(vec![What::ReferralClosed {
                referral,
                end,
                words,
            }])
        }
        other => Err(misrouted(&other)),
    }
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
            let about = format!("referral: no answer to letter {}", referral.number);
            [
                What::ReferralOverdue {
                    referral: referral.number,
                },
                safety::notice(alert, urgency, about),
            ]
        })
        .collect()
}

//! Letters to other places into the episode.

use crate::episode::{Episode, Event, Referred, What};

pub(super) fn folded(episode: &mut Episode, event: &Event) {
    match &event.what {
        What::ReferralWritten { referral, letter } => episode.referrals.push(Referred {
            number: *referral,
            at: event.at,
            by: event.by.clone(),
            letter: letter.clone(),
            reminded: None,
            closed: None,
        }),
        What::ReferralOverdue { referral } => {
            if let Some(found) = find(episode, *referral) {
                found.reminded = Some(event.at);
            }
        }
        What::ReferralClosed {
            referral,
            end,
            words,
        } => {
            if let Some(found) = find(episode, *referral) {
                found.closed = Some((event.at, event.by.clone(), *end, words.clone()));
            }
        }
        _ => {}
    }
}

fn find(episode: &mut Episode, number: u32) -> Option<&mut Referred> {
    let mut all = episode.referrals.iter_mut();
    all.find(|referral| referral.number == number)
}

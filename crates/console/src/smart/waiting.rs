//! What waits between two steps of a launch, at whichever server of the clinic the next one
//! arrives: a permission that was asked for, a record that is looked at before it is taken.
//! Each belongs to the login that began it, is used once and ends after a while. No token and no
//! record is among it: of the record that a page shows only its hash is kept.

use std::time::Duration;

use record::Journal;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use si::Problem;
use uuid::Uuid;

use super::AGAIN;
use crate::random;

/// How long a permission is waited for *(ours: a login there, with its second factor, is done)*.
pub const STATE_FOR: Duration = Duration::from_secs(10 * 60);
/// How long what was read may be looked at before it is taken *(ours)*.
const OFFER_FOR: Duration = Duration::from_secs(30 * 60);
const STATES: &str = "launch";
const OFFERS: &str = "launched";
const USED: &str = "launch used";

/// A permission that was asked for.
#[derive(Clone, Serialize, Deserialize)]
pub struct Waiting {
    /// Who was asked.
    pub system: Uuid,
    /// What the answer carries back.
    pub state: String,
    /// What its identity token carries back.
    pub nonce: String,
    /// What proves that who asked exchanges the code (RFC 7636).
    pub verifier: String,
    /// Where the answer goes.
    pub redirect: String,
}

/// A record that was read and is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Where it came from.
    pub system: Uuid,
    /// The patient's id there.
    pub patient: String,
    /// Whom of ours it is about, as the page said; none for somebody new.
    pub known: Option<Uuid>,
    /// The SHA-256 of what the page carries.
    pub sha256: String,
}

/// Something, and the login that it belongs to.
#[derive(Serialize, Deserialize)]
struct Owned<T> {
    login: [u8; 32],
    it: T,
}

/// Permissions that were asked for.
#[derive(Clone, Copy)]
pub struct Waits<'a>(pub &'a Journal);

/// Records that are looked at.
#[derive(Clone, Copy)]
pub struct Offers<'a>(pub &'a Journal);

impl Waits<'_> {
    /// Waits for the answer, for this login.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn wait(self, login: &str, waiting: Waiting) -> Result<(), Problem> {
        let key = digest(&waiting.state);
        put(self.0, (STATES, &key), (login, waiting), STATE_FOR).await
    }

    /// What was asked for with this state, by this login; the state is used up by that.
    ///
    /// # Errors
    /// Nothing was, or it is over, used up, or another login's.
    pub async fn take(self, login: &str, state: &str) -> Result<Waiting, Problem> {
        take(self.0, STATES, &digest(state), login)
            .await
            .and_then(|found| {
                found.ok_or_else(|| {
                Problem::new(
                    "launch-state",
                    "state",
                    "",
                    "belongs to no launch of this login that is waiting: it is over, was used, or \
                     another browser began it",
                    AGAIN,
                )
            })
            })
    }
}

impl Offers<'_> {
    /// Keeps what a page offers, and says under which name.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn offer(self, login: &str, offer: Offer) -> Result<String, Problem> {
        let name = random::token();
        let key = digest(&name);
        put(self.0, (OFFERS, &key), (login, offer), OFFER_FOR).await?;
        Ok(name)
    }

    /// What the page offered; nobody takes it twice.
    ///
    /// # Errors
    /// Nothing was offered so, or it is over, taken, or another login's.
    pub async fn take(self, login: &str, name: &str) -> Result<Offer, Problem> {
        take(self.0, OFFERS, &digest(name), login)
            .await
            .and_then(|found| {
                found.ok_or_else(|| {
                    let what = "is over, or was taken already";
                    Problem::new("launch-offer", "offer", "", what, AGAIN)
                })
            })
    }
}

async fn put<T: Serialize>(
    journal: &Journal,
    (space, key): (&'static str, &[u8]),
    (login, it): (&str, T),
    life: Duration,
) -> Result<(), Problem> {
    let login = digest(login);
    let value = serde_json::to_vec(&Owned { login, it }).map_err(|_| unkept())?;
    let put = journal
        .shared()
        .put(space, key, (Uuid::nil(), &value), life);
    put.await.map_err(|e| e.problem())
}

/// Takes it away; none where there is none, or it is not this login's.
async fn take<T: DeserializeOwned>(
    journal: &Journal,
    space: &'static str,
    key: &[u8],
    login: &str,
) -> Result<Option<T>, Problem> {
    let shared = journal.shared();
    let found = shared.get(space, key).await.map_err(|e| e.problem())?;
    let owned = found.and_then(|found| serde_json::from_slice::<Owned<T>>(&found.value).ok());
    let Some(owned) = owned.filter(|owned| owned.login == digest(login)) else {
        return Ok(None);
    };
    // Of two who come at once one takes it, at whichever servers.
    let claim = shared.claim(USED, key, (Uuid::nil(), b""), OFFER_FOR).await;
    if !claim.map_err(|e| e.problem())? {
        return Ok(None);
    }
    shared.remove(space, key).await.map_err(|e| e.problem())?;
    Ok(Some(owned.it))
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

fn unkept() -> Problem {
    Problem::new("launch-unkept", "launch", "", "cannot be kept", AGAIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::OpenOptions;

    fn waiting(state: &str) -> Waiting {
        Waiting {
            system: Uuid::from_u128(1),
            state: state.into(),
            nonce: "n".into(),
            verifier: "v".into(),
            redirect: "http://127.0.0.1/launch/callback".into(),
        }
    }

    async fn journal(folder: &tempfile::TempDir) -> Journal {
        let options = OpenOptions::new().create(Uuid::from_u128(1));
        let path = folder.path().join("journal");
        Journal::open(path, options).await.unwrap()
    }

    #[tokio::test]
    async fn a_state_is_one_logins_and_used_once() {
        let folder = tempfile::tempdir().unwrap();
        let journal = journal(&folder).await;
        let waits = Waits(&journal);
        waits.wait("mine", waiting("a")).await.unwrap();
        let code = |taken: Result<Waiting, Problem>| taken.err().map(|problem| problem.code);
        assert_eq!(code(waits.take("another", "a").await), Some("launch-state"));
        assert_eq!(code(waits.take("mine", "b").await), Some("launch-state"));
        assert_eq!(
            code(waits.take("mine", "a").await),
            None,
            "others used nothing up"
        );
        assert_eq!(code(waits.take("mine", "a").await), Some("launch-state"));
    }

    #[tokio::test]
    async fn a_state_is_over_after_its_life() {
        let folder = tempfile::tempdir().unwrap();
        let journal = journal(&folder).await;
        let (key, life) = (digest("a"), Duration::from_millis(20));
        let kept = ("mine", waiting("a"));
        put(&journal, (STATES, &key), kept, life).await.unwrap();
        tokio::time::sleep(life * 2).await;
        let over = Waits(&journal).take("mine", "a").await.err().unwrap();
        assert_eq!(over.code, "launch-state");
        assert_eq!(STATE_FOR, Duration::from_secs(600), "as docs/smart.md says");
    }

    #[tokio::test]
    async fn of_two_who_come_at_once_with_a_state_one_is_let_on() {
        let folder = tempfile::tempdir().unwrap();
        let journal = journal(&folder).await;
        let waits = Waits(&journal);
        waits.wait("mine", waiting("a")).await.unwrap();
        let found = futures_util::future::join_all((0..8).map(|_| waits.take("mine", "a"))).await;
        assert_eq!(found.iter().filter(|one| one.is_ok()).count(), 1);
    }
}

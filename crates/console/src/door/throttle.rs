//! How often something may be tried, at all servers of the clinic together: per account *and*
//! address, so that failures from one place never lock the account for its owner elsewhere, and
//! per address, so that one place cannot walk the list of accounts. What counts for which try says
//! [`proof`](super::proof).

use std::net::IpAddr;
use std::time::Duration;

use record::{Journal, Noted};
use sha2::{Digest as _, Sha256};
use si::Problem;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::front::limits::network;

/// Failures in a row before an account waits at one address *(ours)*.
pub const FREE_TRIES: u64 = 5;
/// Failures of one address over all accounts before it waits *(ours)*.
pub const FREE_TRIES_PER_ADDRESS: u64 = 50;
/// The longest wait *(ours)*.
pub const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
const FIRST_WAIT: Duration = Duration::from_secs(30);
/// Where they are among what servers share.
const SPACE: &str = "tries";

/// Passwords that are checked at once *(ours: 19 MiB and a core each; the rest is the clinic's)*.
const AT_ONCE: usize = 2;
/// How long one waits for its turn *(ours)*.
const TURN: Duration = Duration::from_secs(10);

/// Counts failed logins by the clock of what servers share.
#[derive(Debug)]
pub struct Throttle {
    journal: Journal,
    turns: Semaphore,
}

impl Throttle {
    /// That of the clinic with this journal.
    #[must_use]
    pub const fn of(journal: Journal) -> Self {
        Self {
            journal,
            turns: Semaphore::const_new(AT_ONCE),
        }
    }

    /// A turn to check a password; none where too many wait for theirs.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        let turn = tokio::time::timeout(TURN, self.turns.acquire()).await;
        turn.ok()?.ok()
    }

    /// How long this account has to wait at this address, if at all.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn wait(&self, address: IpAddr, account: &str) -> Result<Option<Duration>, Problem> {
        let of = async |account, free| {
            let tries = self
                .journal
                .shared()
                .get(SPACE, &key(address, account))
                .await;
            let tries = tries.map_err(|e| e.problem())?;
            Ok::<_, Problem>(tries.and_then(|tries| left(&tries, free)))
        };
        let here = of(Some(account), FREE_TRIES).await?;
        Ok(here.max(of(None, FREE_TRIES_PER_ADDRESS).await?))
    }

    /// Notes a failure.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn failed(&self, address: IpAddr, account: &str) -> Result<(), Problem> {
        self.failed_at(address, account).await?;
        self.count(key(address, None)).await
    }

    /// Notes a failure that says nothing of where it came from.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn failed_at(&self, address: IpAddr, account: &str) -> Result<(), Problem> {
        self.count(key(address, Some(account))).await
    }

    async fn count(&self, key: [u8; 32]) -> Result<(), Problem> {
        let counted = self.journal.shared().count(SPACE, &key, LONGEST_WAIT).await;
        counted.map(|_| ()).map_err(|e| e.problem())
    }

    /// Forgets the failures of an account that got in.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn succeeded(&self, address: IpAddr, account: &str) -> Result<(), Problem> {
        let key = key(address, Some(account));
        let forgotten = self.journal.shared().remove(SPACE, &key).await;
        forgotten.map_err(|e| e.problem())
    }
}

/// What was typed as an account may be a password: it is kept nowhere. A network that one line is
/// given counts as one address.
fn key(address: IpAddr, account: Option<&str>) -> [u8; 32] {
    Sha256::digest(format!("{} {account:?}", network(address)).as_bytes()).into()
}

/// What is left of a wait.
fn left(tries: &Noted, free: u64) -> Option<Duration> {
    let over = tries.count.checked_sub(free)?;
    let wait = (FIRST_WAIT * (1 << over.min(6))).min(LONGEST_WAIT);
    wait.checked_sub(tries.age).filter(|left| !left.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::OpenOptions;
    use std::net::Ipv4Addr;
    use uuid::Uuid;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

    async fn throttle() -> (tempfile::TempDir, Throttle) {
        let folder = tempfile::tempdir().unwrap();
        let options = OpenOptions::new().create(Uuid::from_u128(1));
        let journal = Journal::open(folder.path().join("journal"), options).await;
        (folder, Throttle::of(journal.unwrap()))
    }

    async fn waits(throttle: &Throttle, address: IpAddr, account: &str) -> bool {
        throttle.wait(address, account).await.unwrap().is_some()
    }

    #[tokio::test]
    async fn five_failures_make_the_account_wait_here_but_not_elsewhere() {
        let (_folder, throttle) = throttle().await;
        for _ in 0..FREE_TRIES {
            assert!(!waits(&throttle, HERE, "ada").await);
            throttle.failed(HERE, "ada").await.unwrap();
        }
        let wait = throttle.wait(HERE, "ada").await.unwrap().unwrap();
        assert!(wait <= FIRST_WAIT && wait > FIRST_WAIT / 2, "{wait:?}");
        assert!(
            !waits(&throttle, THERE, "ada").await,
            "its owner elsewhere is not locked out"
        );
        assert!(!waits(&throttle, HERE, "bea").await);
    }

    #[test]
    fn the_wait_grows_up_to_the_longest_and_passes() {
        let tries = |count, age| Noted {
            value: Vec::new(),
            count,
            age,
        };
        let now = Duration::ZERO;
        assert_eq!(left(&tries(4, now), 5), None);
        assert_eq!(left(&tries(5, now), 5), Some(FIRST_WAIT));
        assert_eq!(left(&tries(6, now), 5), Some(2 * FIRST_WAIT));
        assert_eq!(left(&tries(99, now), 5), Some(LONGEST_WAIT));
        assert_eq!(left(&tries(5, FIRST_WAIT), 5), None);
    }

    #[tokio::test]
    async fn one_address_cannot_walk_the_list_of_accounts() {
        let (_folder, throttle) = throttle().await;
        for account in 0..FREE_TRIES_PER_ADDRESS {
            let account = account.to_string();
            throttle.failed(HERE, &account).await.unwrap();
        }
        assert!(waits(&throttle, HERE, "never tried").await);
    }

    #[tokio::test]
    async fn a_line_with_many_addresses_of_ipv6_counts_as_one() {
        let (_folder, throttle) = throttle().await;
        let at = |host: u16| IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, host]);
        for host in 0..5 {
            throttle.failed(at(host), "ada").await.unwrap();
        }
        assert!(waits(&throttle, at(99), "ada").await);
        let beside = IpAddr::from([0x2001, 0xdb8, 0, 2, 0, 0, 0, 1]);
        assert!(!waits(&throttle, beside, "ada").await);
    }

    #[tokio::test]
    async fn getting_in_forgets_the_failures() {
        let (_folder, throttle) = throttle().await;
        for _ in 0..FREE_TRIES {
            throttle.failed(HERE, "ada").await.unwrap();
        }
        throttle.succeeded(HERE, "ada").await.unwrap();
        assert!(!waits(&throttle, HERE, "ada").await);
    }
}

//! How often a login may be tried: per account *and* address, so that failures
//! from one place never lock the account for its owner elsewhere, and per
//! address, so that one place cannot walk the list of accounts.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Failures in a row before an account waits at one address *(ours)*.
pub const FREE_TRIES: u32 = 5;
/// Failures of one address over all accounts before it waits *(ours)*.
pub const FREE_TRIES_PER_ADDRESS: u32 = 50;
/// The longest wait *(ours)*.
pub const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
const FIRST_WAIT: Duration = Duration::from_secs(30);
/// Entries kept at most; the oldest go first, so memory stays bounded.
const KEPT: usize = 10_000;

/// Counts failed logins on the monotonic clock.
#[derive(Debug, Default)]
pub struct Throttle {
    tries: Mutex<BTreeMap<Key, Tries>>,
}

type Key = (IpAddr, Option<String>);

#[derive(Clone, Copy, Debug)]
struct Tries {
    failed: u32,
    last: Instant,
}

impl Throttle {
    /// How long this account has to wait at this address, if at all.
    #[must_use]
    pub fn wait(&self, address: IpAddr, account: &str, now: Instant) -> Option<Duration> {
        let tries = self.lock();
        let of = |account, free| {
            tries
                .get(&(address, account))
                .and_then(|t| t.wait(free, now))
        };
        of(Some(account.to_owned()), FREE_TRIES).max(of(None, FREE_TRIES_PER_ADDRESS))
    }

    /// Notes a failure.
    pub fn failed(&self, address: IpAddr, account: &str, now: Instant) {
        self.count([(address, Some(account.to_owned())), (address, None)], now);
    }

    /// Notes a failure that says nothing of where it came from.
    pub fn failed_at(&self, address: IpAddr, account: &str, now: Instant) {
        self.count([(address, Some(account.to_owned()))], now);
    }

    fn count(&self, keys: impl IntoIterator<Item = Key>, now: Instant) {
        let mut tries = self.lock();
        for key in keys {
            let entry = tries.entry(key).or_insert(Tries {
                failed: 0,
                last: now,
            });
            if now.duration_since(entry.last) > LONGEST_WAIT {
                entry.failed = 0;
            }
            entry.failed = entry.failed.saturating_add(1);
            entry.last = now;
        }
        while tries.len() > KEPT {
            let oldest = tries
                .iter()
                .min_by_key(|(_, t)| t.last)
                .map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { break };
            tries.remove(&oldest);
        }
    }

    /// Forgets the failures of an account that got in.
    pub fn succeeded(&self, address: IpAddr, account: &str) {
        self.lock().remove(&(address, Some(account.to_owned())));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Key, Tries>> {
        self.tries
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Tries {
    fn wait(self, free: u32, now: Instant) -> Option<Duration> {
        let over = self.failed.checked_sub(free)?;
        let wait = (FIRST_WAIT * (1 << over.min(6))).min(LONGEST_WAIT);
        wait.checked_sub(now.duration_since(self.last))
            .filter(|left| !left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn five_failures_make_the_account_wait_here_but_not_elsewhere() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for _ in 0..FREE_TRIES {
            assert_eq!(throttle.wait(HERE, "ada", now), None);
            throttle.failed(HERE, "ada", now);
        }
        assert_eq!(throttle.wait(HERE, "ada", now), Some(FIRST_WAIT));
        assert_eq!(
            throttle.wait(THERE, "ada", now),
            None,
            "its owner elsewhere is not locked out"
        );
        assert_eq!(throttle.wait(HERE, "bea", now), None);
        assert_eq!(throttle.wait(HERE, "ada", now + FIRST_WAIT), None);
    }

    #[test]
    fn one_address_cannot_walk_the_list_of_accounts() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for account in 0..FREE_TRIES_PER_ADDRESS {
            throttle.failed(HERE, &account.to_string(), now);
        }
        assert!(throttle.wait(HERE, "never tried", now).is_some());
    }

    #[test]
    fn getting_in_forgets_the_failures() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for _ in 0..FREE_TRIES {
            throttle.failed(HERE, "ada", now);
        }
        throttle.succeeded(HERE, "ada");
        assert_eq!(throttle.wait(HERE, "ada", now), None);
    }
}

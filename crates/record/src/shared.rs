//! What several servers of one store share for a short while: who is logged in, what was tried
//! too often, what is being done, whose turn it is. It is no part of the record.
//!
//! In PostgreSQL it is a table beside the journal, by the database's own clock; each call is one
//! statement, durable like an event. One process alone has an SQLite store, so there it is memory
//! of that process: a restart forgets it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::Result;
use crate::journal::Journal;
use crate::store::Beside;

/// So many things of one space are kept in memory; the oldest go first, so that it stays bounded
/// (ours: a busy day of a large clinic).
const KEPT: usize = 10_000;

/// Something shared, until it expires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// What was put.
    pub value: Vec<u8>,
    /// How often it was counted.
    pub count: u64,
    /// Since it was put or counted last.
    pub age: Duration,
}

/// The shared things of a store. A space is a sort of thing, a key is one of them.
#[derive(Debug)]
pub struct Shared(Place);

#[derive(Debug)]
enum Place {
    Here(Mutex<Here>),
    There(Beside),
}

impl Journal {
    /// What the servers of this store share.
    #[must_use]
    pub fn shared(&self) -> &Shared {
        &self.inner.store.shared
    }
}

impl Shared {
    pub(crate) fn here() -> Self {
        Self(Place::Here(Mutex::default()))
    }

    pub(crate) const fn there(beside: Beside) -> Self {
        Self(Place::There(beside))
    }

    /// What stands under a key.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn get(&self, space: &'static str, key: &[u8]) -> Result<Option<Noted>> {
        match &self.0 {
            Place::Here(here) => Ok(lock(here).get(space, key, Instant::now())),
            Place::There(beside) => beside.get(space, key).await,
        }
    }

    /// Every key and value that an owner has.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn of(&self, space: &'static str, owner: Uuid) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        match &self.0 {
            Place::Here(here) => Ok(lock(here).of(space, owner, Instant::now())),
            Place::There(beside) => beside.of(space, owner).await,
        }
    }

    /// Puts it there, whatever was there before.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn put(
        &self,
        space: &'static str,
        key: &[u8],
        (owner, value): (Uuid, &[u8]),
        life: Duration,
    ) -> Result<()> {
        match &self.0 {
            Place::Here(here) => {
                lock(here).put((space, key), (owner, value), Instant::now(), life);
                Ok(())
            }
            Place::There(beside) => beside.put((space, key), (owner, value), life).await,
        }
    }

    /// Puts it there unless something is; whether it did. Of several who claim at once one does.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn claim(
        &self,
        space: &'static str,
        key: &[u8],
        (owner, value): (Uuid, &[u8]),
        life: Duration,
    ) -> Result<bool> {
        match &self.0 {
            Place::Here(here) => {
                let (mut here, now) = (lock(here), Instant::now());
                let free = here.get(space, key, now).is_none();
                if free {
                    here.put((space, key), (owner, value), now, life);
                }
                Ok(free)
            }
            Place::There(beside) => beside.claim((space, key), (owner, value), life).await,
        }
    }

    /// Whether the owner has the key from now on: it is free, or theirs already.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn lease(
        &self,
        space: &'static str,
        key: &[u8],
        owner: Uuid,
        life: Duration,
    ) -> Result<bool> {
        match &self.0 {
            // One process alone.
            Place::Here(_) => Ok(true),
            Place::There(beside) => beside.lease(space, key, owner, life).await,
        }
    }

    /// Counts one more, from none where nothing was, and says how many that makes.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn count(&self, space: &'static str, key: &[u8], life: Duration) -> Result<u64> {
        match &self.0 {
            Place::Here(here) => Ok(lock(here).count(space, key, Instant::now(), life)),
            Place::There(beside) => beside.count(space, key, life).await,
        }
    }

    /// Lets what is there live from now on for so long; whether something is.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn keep(&self, space: &'static str, key: &[u8], life: Duration) -> Result<bool> {
        match &self.0 {
            Place::Here(here) => Ok(lock(here).keep(space, key, Instant::now(), life)),
            Place::There(beside) => beside.keep(space, key, life).await,
        }
    }

    /// Takes away what stands under a key.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn remove(&self, space: &'static str, key: &[u8]) -> Result<()> {
        match &self.0 {
            Place::Here(here) => {
                lock(here).space(space).remove(key);
                Ok(())
            }
            Place::There(beside) => beside.remove(space, key).await,
        }
    }

    /// Takes away everything that an owner has.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn remove_of(&self, space: &'static str, owner: Uuid) -> Result<()> {
        match &self.0 {
            Place::Here(here) => {
                lock(here)
                    .space(space)
                    .retain(|_, kept| kept.owner != owner);
                Ok(())
            }
            Place::There(beside) => beside.remove_of(space, owner).await,
        }
    }

    /// Clears away what has expired: it is gone for everybody already.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn sweep(&self) -> Result<()> {
        match &self.0 {
            Place::Here(here) => {
                lock(here).sweep(Instant::now());
                Ok(())
            }
            Place::There(beside) => beside.sweep().await,
        }
    }

    pub(crate) async fn close(&self) {
        if let Place::There(beside) = &self.0 {
            beside.close().await;
        }
    }
}

fn lock(here: &Mutex<Here>) -> MutexGuard<'_, Here> {
    here.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The memory of one process.
#[derive(Debug, Default)]
struct Here(BTreeMap<&'static str, BTreeMap<Vec<u8>, Kept>>);

#[derive(Clone, Debug)]
struct Kept {
    owner: Uuid,
    value: Vec<u8>,
    count: u64,
    written: Instant,
    expires: Instant,
}

impl Here {
    fn space(&mut self, space: &'static str) -> &mut BTreeMap<Vec<u8>, Kept> {
        self.0.entry(space).or_default()
    }

    fn alive(&mut self, space: &'static str, key: &[u8], now: Instant) -> Option<&mut Kept> {
        let kept = self.space(space).get_mut(key);
        kept.filter(|kept| now < kept.expires)
    }

    fn get(&mut self, space: &'static str, key: &[u8], now: Instant) -> Option<Noted> {
        let kept = self.alive(space, key, now)?;
        Some(Noted {
            value: kept.value.clone(),
            count: kept.count,
            age: now.duration_since(kept.written),
        })
    }

    fn of(&mut self, space: &'static str, owner: Uuid, now: Instant) -> Vec<(Vec<u8>, Vec<u8>)> {
        let all = self.space(space).iter();
        let theirs = all.filter(|(_, kept)| kept.owner == owner && now < kept.expires);
        theirs
            .map(|(key, kept)| (key.clone(), kept.value.clone()))
            .collect()
    }

    fn put(
        &mut self,
        (space, key): (&'static str, &[u8]),
        (owner, value): (Uuid, &[u8]),
        now: Instant,
        life: Duration,
    ) {
        self.make_room(space, now);
        let kept = Kept {
            owner,
            value: value.to_vec(),
            count: 0,
            written: now,
            expires: now + life,
        };
        self.space(space).insert(key.to_vec(), kept);
    }

    fn count(&mut self, space: &'static str, key: &[u8], now: Instant, life: Duration) -> u64 {
        if self.alive(space, key, now).is_none() {
            self.put((space, key), (Uuid::nil(), &[]), now, life);
        }
        let Some(kept) = self.alive(space, key, now) else {
            return 0;
        };
        kept.count = kept.count.saturating_add(1);
        (kept.written, kept.expires) = (now, now + life);
        kept.count
    }

    fn keep(&mut self, space: &'static str, key: &[u8], now: Instant, life: Duration) -> bool {
        let kept = self.alive(space, key, now);
        kept.is_some_and(|kept| {
            kept.expires = now + life;
            true
        })
    }

    fn make_room(&mut self, space: &'static str, now: Instant) {
        if self.space(space).len() < KEPT {
            return;
        }
        let all = self.space(space);
        all.retain(|_, kept| now < kept.expires);
        while all.len() >= KEPT {
            let oldest = all.iter().min_by_key(|(_, kept)| kept.written);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else {
                return;
            };
            all.remove(&oldest);
        }
    }

    fn sweep(&mut self, now: Instant) {
        for space in self.0.values_mut() {
            space.retain(|_, kept| now < kept.expires);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Here, KEPT};
    use std::time::{Duration, Instant};
    use uuid::Uuid;

    const LIFE: Duration = Duration::from_secs(60);
    const ONE: Uuid = Uuid::from_u128(1);

    #[test]
    fn what_is_kept_ends_after_its_life_and_keeping_it_prolongs_that() {
        let (mut here, now) = (Here::default(), Instant::now());
        here.put(("a", b"key"), (ONE, b"value"), now, LIFE);
        let later = now + LIFE - Duration::from_secs(1);
        let entry = here.get("a", b"key", later).expect("it lives");
        assert_eq!(
            (entry.value.as_slice(), entry.age),
            (&b"value"[..], LIFE - Duration::from_secs(1))
        );
        assert_eq!(here.get("b", b"key", now), None, "another space");
        assert!(here.keep("a", b"key", later, LIFE));
        assert!(here.get("a", b"key", now + LIFE).is_some());
        assert_eq!(here.get("a", b"key", later + LIFE), None);
        assert!(
            !here.keep("a", b"key", later + LIFE, LIFE),
            "the end is the end"
        );
        here.sweep(later + LIFE);
        assert_eq!(here.0["a"].len(), 0);
    }

    #[test]
    fn a_count_goes_up_and_begins_anew_after_its_life() {
        let (mut here, now) = (Here::default(), Instant::now());
        assert_eq!(here.count("a", b"key", now, LIFE), 1);
        assert_eq!(here.count("a", b"key", now + LIFE / 2, LIFE), 2);
        assert_eq!(
            here.count("a", b"key", now + LIFE, LIFE),
            3,
            "each one prolongs it"
        );
        assert_eq!(here.count("a", b"key", now + 2 * LIFE, LIFE), 1);
    }

    #[test]
    fn one_space_is_bounded_and_crowds_out_no_other() {
        let (mut here, now) = (Here::default(), Instant::now());
        here.put(("other", b"key"), (ONE, b""), now, LIFE);
        for n in 0..=KEPT as u64 {
            let at = now + Duration::from_micros(n);
            here.put(("a", &n.to_be_bytes()), (ONE, b""), at, LIFE);
        }
        let last = now + Duration::from_secs(1);
        assert_eq!(here.0["a"].len(), KEPT);
        assert_eq!(
            here.get("a", &0_u64.to_be_bytes(), last),
            None,
            "the oldest went"
        );
        assert!(here.get("other", b"key", last).is_some());
    }
}

//! Doing something while no other server of the same store does: what two appends to different
//! streams must not both do, such as giving the same name to two accounts.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use crate::Result;
use crate::event::sha256;
use crate::journal::Journal;
use crate::store::Alone as There;

/// The matters that this process has its own turns for.
pub(crate) type Turns = Mutex<BTreeMap<&'static str, Arc<Turn<()>>>>;

/// That nobody else does the same, until it is dropped.
pub struct Alone {
    /// What other processes wait for; none where there is no other.
    _there: Option<There>,
    _here: OwnedMutexGuard<()>,
}

impl fmt::Debug for Alone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alone").finish_non_exhaustive()
    }
}

impl Journal {
    /// Waits until nobody else, in this process or another, is at the same matter. What is read
    /// from then on was committed by whoever was there before.
    ///
    /// # Errors
    /// A database that does not answer, or others who take longer than a write may wait.
    pub async fn alone(&self, matter: &'static str) -> Result<Alone> {
        let turn = {
            let turns = self.inner.store.turns.lock();
            let mut turns = turns.unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(matter).or_default())
        };
        // One connection of a process waits, so that those who wait take none from who has it.
        let here = turn.lock_owned().await;
        let there = self.inner.store.alone(number(matter)).await?;
        Ok(Alone {
            _there: there,
            _here: here,
        })
    }
}

/// The number by which the database knows a matter.
fn number(matter: &str) -> i64 {
    let hash = sha256(format!("annulus matter {matter}").as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    i64::from_be_bytes(first)
}

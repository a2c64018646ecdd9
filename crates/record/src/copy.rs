//! A journal copied whole into another store, SQLite to PostgreSQL or back.
//!
//! The copy has the identity of the original, so its chains, positions and
//! checkpoints are the same bytes, erased gaps among them. Both are verified on
//! the way, the copy before it is committed: it is there whole and sound, or not
//! at all. The original may be read and written meanwhile; the copy is of the
//! moment when it was begun.

use crate::journal::Journal;
use crate::store::Walk;
use crate::verify::{Report, Verify, walked};
use crate::{Error, Result};

impl Journal {
    /// Copies everything into `to`, which was made with this journal's identity and is
    /// still empty. Returns what both were found to be.
    ///
    /// # Errors
    /// [`Error::Copy`] when `to` is not empty or of another identity, or when this
    /// journal is not sound; nothing is written then, nor on any other error.
    pub async fn copy_to(&self, to: &Self) -> Result<Report> {
        to.inner.access.clone().map_err(Error::ReadOnly)?;
        let (from, into) = (&self.inner.store, &to.inner.store);
        let refused = |what: String| Error::Copy {
            to: into.location.clone(),
            what,
        };
        if from.id != into.id {
            let what = format!("it was made as {}, the journal is {}", into.id, from.id);
            return Err(refused(what));
        }
        let mut original = from.walk().await?;
        let found = report(&mut original).await?;
        if let Some(fault) = found.faults.first() {
            return Err(refused(format!("the journal is not sound: {fault}")));
        }
        let mut turn = into.turn().await?;
        let mut copy = turn.begin_walk(into.id).await?;
        if !copy.is_empty().await? {
            return Err(refused("it is not empty".to_owned()));
        }
        original.pour(&mut copy).await?;
        let made = report(&mut copy).await?;
        if made != found {
            let what = match made.faults.first() {
                Some(fault) => fault.to_string(),
                None => "the copy differs from the journal".to_owned(),
            };
            return Err(refused(what));
        }
        copy.commit().await?;
        turn.clean();
        into.announcer.catch_up(into).await?;
        Ok(made)
    }
}

/// Chains, heads, checkpoints and lists, as the walk finds them.
async fn report(walk: &mut Walk<'_>) -> Result<Report> {
    Ok(walked(walk, Verify::default(), None).await?.report)
}

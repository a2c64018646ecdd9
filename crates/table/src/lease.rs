//! Who controls the table: one console at a time, by explicit hand-over.
//!
//! A lease is held by a console, through one connection. Every heartbeat of
//! that connection renews it; a little more than five seconds of silence end it (by
//! then the guard has begun to unload and has latched, see [`TTL_MS`]). Times are monotonic wall
//! milliseconds whatever the simulated speed (ENGINEERING §2).

use traction::TICK_MS;
use traction::numbers::LINK_LOST_MS;

/// How long a silent lease lasts: ten ticks more than the 5 s after which the guard unloads
/// and latches, so that a table never changes hands under tension without a word
/// (devices.md §4b.7). With the very same time another console could have taken it in the
/// tick between, and its heartbeat would have made the link young again.
pub const TTL_MS: u64 = LINK_LOST_MS as u64 + 10 * TICK_MS as u64;

/// One authenticated connection, numbered by the bedside.
pub type ConnectionId = u64;

/// Who holds the table.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Holder {
    console: String,
    connection: ConnectionId,
    open: bool,
    heard_ms: u64,
}

/// Why control was not given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeaseError {
    /// Another console holds it and was heard of within the last five seconds.
    #[error("{0} controls the table")]
    Held(String),
    /// The asker does not hold it.
    #[error("this connection does not control the table")]
    NotHeld,
    /// A hand-over names a console that is not connected.
    #[error("{0} is not connected")]
    Absent(String),
}

/// The lease of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lease {
    holder: Option<Holder>,
}

impl Lease {
    /// The console in control at `now_ms`, if any.
    #[must_use]
    pub fn holder(&self, now_ms: u64) -> Option<&str> {
        self.live(now_ms).map(|holder| holder.console.as_str())
    }

    /// Whether `connection` is in control at `now_ms`.
    #[must_use]
    pub fn held_by(&self, connection: ConnectionId, now_ms: u64) -> bool {
        self.live(now_ms)
            .is_some_and(|holder| holder.open && holder.connection == connection)
    }

    /// Milliseconds since the holder was last heard; nothing if nobody ever held it.
    ///
    /// An expired lease still has an age: a console that died keeps growing old
    /// until another takes over.
    #[must_use]
    pub fn age_ms(&self, now_ms: u64) -> Option<u64> {
        self.holder
            .as_ref()
            .map(|holder| now_ms.saturating_sub(holder.heard_ms))
    }

    /// Takes control: free, expired, already its own, or its own from a connection that closed.
    ///
    /// # Errors
    /// [`LeaseError::Held`] while another console is alive.
    pub fn take(
        &mut self,
        console: &str,
        connection: ConnectionId,
        now_ms: u64,
    ) -> Result<(), LeaseError> {
        if let Some(holder) = self.live(now_ms) {
            let returning = holder.console == console && !holder.open;
            if holder.connection != connection && !returning {
                return Err(LeaseError::Held(holder.console.clone()));
            }
        }
        self.give(console, connection, now_ms);
        Ok(())
    }

    /// Gives control to another connected console.
    ///
    /// # Errors
    /// [`LeaseError::NotHeld`] unless `from` is in control.
    pub fn hand_over(
        &mut self,
        from: ConnectionId,
        to_console: &str,
        to: ConnectionId,
        now_ms: u64,
    ) -> Result<(), LeaseError> {
        self.check(from, now_ms)?;
        self.give(to_console, to, now_ms);
        Ok(())
    }

    /// Lets go of control.
    ///
    /// # Errors
    /// [`LeaseError::NotHeld`] unless `connection` is in control.
    pub fn release(&mut self, connection: ConnectionId, now_ms: u64) -> Result<(), LeaseError> {
        self.check(connection, now_ms)?;
        self.holder = None;
        Ok(())
    }

    /// Notes a sign of life; only the holder's counts.
    pub fn heard(&mut self, connection: ConnectionId, now_ms: u64) {
        if !self.held_by(connection, now_ms) {
            return;
        }
        if let Some(holder) = &mut self.holder {
            holder.heard_ms = now_ms;
        }
    }

    /// Notes that a connection is gone; its lease ages from its last sign of life.
    pub fn closed(&mut self, connection: ConnectionId) {
        if let Some(holder) = &mut self.holder
            && holder.connection == connection
        {
            holder.open = false;
        }
    }

    /// Errs unless `connection` is in control.
    ///
    /// # Errors
    /// [`LeaseError::NotHeld`], or [`LeaseError::Held`] with the name of who is.
    pub fn check(&self, connection: ConnectionId, now_ms: u64) -> Result<(), LeaseError> {
        if self.held_by(connection, now_ms) {
            return Ok(());
        }
        Err(self
            .holder(now_ms)
            .map_or(LeaseError::NotHeld, |name| LeaseError::Held(name.into())))
    }

    fn live(&self, now_ms: u64) -> Option<&Holder> {
        self.holder
            .as_ref()
            .filter(|holder| now_ms.saturating_sub(holder.heard_ms) < TTL_MS)
    }

    fn give(&mut self, console: &str, connection: ConnectionId, now_ms: u64) {
        self.holder = Some(Holder {
            console: console.to_owned(),
            connection,
            open: true,
            heard_ms: now_ms,
        });
    }
}

//! What one server of several does for all of them, and what each has to tell the others.
//!
//! A lease goes to whoever asks while it is free, and on for as long as it is asked for again. A
//! server that went away keeps it until it ends. What follows from the record is done once all
//! the same: a command that is decided twice says nothing new the second time. A lease saves the
//! work; for letters, which nothing can take back, it is asked for before each.

use std::time::Duration;

use si::Problem;
use uuid::Uuid;

use super::Clinic;
use super::keeping::delete;

/// Keeping the clock and signing checkpoints (ours: two looks of the clock).
pub const CLOCK: (&str, Duration) = ("clock", Duration::from_secs(30));
/// Sending letters (ours: longer than one letter may take, `mail`).
pub const MAIL: (&str, Duration) = ("mail", Duration::from_secs(60));
/// Making what programs search for the first time, or again (ours: longer than one record takes).
pub(super) const INDEX: (&str, Duration) = ("index", Duration::from_secs(30));
/// A table is where it was said to be for so long (ours).
const LINKED: Duration = Duration::from_secs(15);
/// How long names of erased recordings are kept for servers that were off (ours: a year).
const ERASED: Duration = Duration::from_secs(366 * 24 * 3600);
/// Where these are among what servers share.
const LEASES: &str = "lease";
const TABLES: &str = "table";
const FILES: &str = "erased-recording";

impl Clinic {
    /// Whether this server does what one does for all; not while the database does not answer.
    pub async fn leads(&self, (what, life): (&str, Duration)) -> bool {
        let shared = self.journal.shared();
        let lease = shared.lease(LEASES, what.as_bytes(), self.server, life);
        lease.await.unwrap_or_else(|error| {
            tracing::warn!(%error, what, "whose turn it is cannot be asked");
            false
        })
    }

    /// Leaves what this server did for all to the next who asks.
    pub(super) async fn retire(&self) {
        for (what, _) in [CLOCK, MAIL, INDEX] {
            self.leads((what, Duration::ZERO)).await;
        }
    }

    /// Tells the other servers that a table is linked to this one, until a moment later.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn says_table(&self, place: &str) -> Result<(), Problem> {
        let (shared, what) = (self.journal.shared(), (Uuid::nil(), place.as_bytes()));
        let put = shared.put(TABLES, self.server.as_bytes(), what, LINKED);
        put.await.map_err(|e| e.problem())
    }

    /// Where tables are linked, as servers say.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn tables_elsewhere(&self) -> Result<Vec<String>, Problem> {
        let said = self.journal.shared().of(TABLES, Uuid::nil()).await;
        let said = said.map_err(|e| e.problem())?.into_iter();
        let others = said.filter(|(server, _)| server != self.server.as_bytes());
        Ok(others
            .filter_map(|(_, place)| String::from_utf8(place).ok())
            .collect())
    }

    /// Clears away what nobody shares any more.
    pub async fn sweep(&self) {
        if let Err(error) = self.journal.shared().sweep().await {
            tracing::warn!(%error, "what servers shared is cleared away later");
        }
    }

    /// Tells the other servers which recordings were erased: one of them may keep the files.
    pub(super) async fn says_erased(&self, files: &[String]) -> Result<(), Problem> {
        for file in files {
            let what = (Uuid::nil(), &b""[..]);
            let put = self
                .journal
                .shared()
                .put(FILES, file.as_bytes(), what, ERASED);
            put.await.map_err(|e| e.problem())?;
        }
        Ok(())
    }

    /// Deletes the recordings here that were erased at any server.
    pub async fn delete_erased(&self) {
        let said = self.journal.shared().of(FILES, Uuid::nil()).await;
        let folder = self.folder().join("recordings");
        for (file, _) in said.unwrap_or_default() {
            // A name, and no path out of the folder.
            let name = String::from_utf8(file).ok();
            let name = name.filter(|name| !name.contains('/'));
            if name.is_some_and(|name| !delete(&folder.join(name))) {
                tracing::error!("a recording that was erased could not be deleted");
            }
        }
    }
}

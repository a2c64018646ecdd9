//! Opening a clinic's store, or making one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, RwLock};

use care::episode::{Event, What};
use care::knowledge::{Approvals, Knowledge};
use care::plan::Dose;
use jiff::Timestamp;
use record::{DatabaseUrl, Error, Journal, OpenOptions, Rows, Stream, StreamKind};
use serde::{Deserialize, Serialize};
use si::Problem;
use uuid::Uuid;

use super::files::{TRIES, contended};
use super::keeping::retention;
use super::{
    Clinic, ClinicClock, ClinicKey, Settings, Streams, approvals, audit, clients, diary, mail, own,
    restricted, rows, switch, users,
};
use crate::random;

/// Where a clinic keeps what it knows.
#[derive(Clone, Debug)]
pub struct Home {
    /// The folder of keys and recordings, and of the journal unless that is in a database.
    pub folder: PathBuf,
    /// The database of the journal.
    pub database: Option<DatabaseUrl>,
}

impl From<&Path> for Home {
    fn from(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            database: None,
        }
    }
}

impl Home {
    /// Opens the journal.
    ///
    /// # Errors
    /// When it is not there and not to be made, or cannot be opened.
    pub async fn journal(&self, options: OpenOptions) -> Result<Journal, Problem> {
        let opened = match &self.database {
            Some(url) => Journal::connect(url, options).await,
            None => Journal::open(self.folder.join("journal.sqlite"), options).await,
        };
        opened.map_err(|error| error.problem())
    }

    /// Opens a journal that is there.
    ///
    /// # Errors
    /// When it is not there, or cannot be opened.
    pub async fn standing_journal(&self, options: OpenOptions) -> Result<Journal, Problem> {
        if self.database.is_none() && !self.folder.join("journal.sqlite").exists() {
            return Err(Problem::new(
                "no-store",
                "--data",
                self.folder.display().to_string(),
                "holds no journal",
                "name the data folder of `annulus serve`",
            ));
        }
        self.journal(options.known(known_kinds())).await
    }
}

/// Where a clinic lives and what it is called.
#[derive(Clone, Debug)]
pub struct ClinicOptions {
    /// Where the journal, keys and recordings are.
    pub home: Home,
    /// The private key; `clinic.key` in the folder by default.
    pub key: Option<PathBuf>,
    /// Whether a new store is a demonstration.
    pub demo: bool,
    /// Name, zone, whom to call.
    pub settings: Settings,
    /// Facts and rules in force; those that the binary carries by default.
    pub knowledge: Option<&'static Knowledge>,
}

/// Event kinds of the clinic's own stream.
const KINDS: [(&str, u16); 9] = [
    ("clinic-opened", 1),
    ("clock-moved", 1),
    ("knowledge-adopted", 1),
    (approvals::KIND, 1),
    (switch::KIND, 1),
    (diary::KIND, 1),
    (mail::KIND, 1),
    (restricted::KIND, 1),
    (clients::KIND, 1),
];

#[derive(Serialize, Deserialize)]
struct Opened {
    demo: bool,
}

#[derive(Serialize, Deserialize)]
struct ClockMoved {
    ahead_s: i64,
}

#[derive(Serialize, Deserialize)]
struct KnowledgeAdopted {
    sha256: String,
    files: BTreeMap<String, String>,
}

/// What the clinic's own stream says.
#[derive(Default)]
pub(super) struct Own {
    demo: bool,
    ahead_s: i64,
    knowledge: Option<String>,
    pub(super) approvals: Approvals,
    switch_tests: switch::Tests,
}

impl Own {
    pub(super) const fn is_demo(&self) -> bool {
        self.demo
    }
}

impl Clinic {
    /// Opens the store in the folder, making it where there is none.
    pub async fn open(options: ClinicOptions) -> Result<Self, Problem> {
        let folder = &options.home.folder;
        make_folder(folder)?;
        let mut opening = OpenOptions::new()
            .create(Uuid::from_bytes(random::bytes()))
            .known(known_kinds());
        if let Some(retention) = retention(options.settings.retention_years, options.demo) {
            opening = opening.retain(retention);
        }
        let journal = options.home.journal(opening).await?;
        let knowledge = match options.knowledge {
            Some(knowledge) => knowledge,
            None => Knowledge::embedded().map_err(broken)?,
        };
        let streams = streams(&journal, options.demo).await?;
        rows_in_force(&journal, streams.clinic).await?;
        let own = read_own(&journal, streams.clinic).await?;
        if options.demo && !own.demo {
            return Err(Problem::new(
                "not-a-demonstration",
                "demo",
                folder.display().to_string(),
                "this store was not made by --demo",
                "choose another folder, or leave --demo away",
            ));
        }
        let key = options.key.unwrap_or_else(|| folder.join("clinic.key"));
        let key = ClinicKey::open(&key, &folder.join("clinic.pub"))?;
        let known = journal
            .streams(StreamKind::Patient)
            .await
            .map_err(|e| e.problem())?;
        let clinic = Self {
            audit: audit::Writer::start(journal.clone(), streams.audit),
            patients: RwLock::new(known.iter().map(|info| info.stream.id).collect()),
            charts: Mutex::new(BTreeMap::new()),
            clock: ClinicClock::ahead(if own.demo { own.ahead_s } else { 0 }),
            journal,
            dose: Arc::new(Dose::in_force(knowledge, &own.approvals)?),
            knowledge,
            standing: knowledge.standing(&own.approvals),
            approvals: own.approvals,
            settings: if own.demo {
                crate::demo::settings(options.settings)?
            } else {
                options.settings
            },
            demo: own.demo,
            key,
            folder: options.home.folder,
            warnings: Default::default(),
            switch_tests: own.switch_tests,
            courses: Default::default(),
            diary: Default::default(),
            mail: Default::default(),
            restricted: Default::default(),
            clients: Default::default(),
            reached: Default::default(),
            damaged: Default::default(),
            accounts: Default::default(),
            arrivals: Default::default(),
            streams,
        };
        clinic.adopt_knowledge(own.knowledge.as_deref()).await?;
        Ok(clinic)
    }

    /// Signs where the journal stands.
    pub async fn checkpoint(&self) -> Result<(), Problem> {
        let key = self.key.checkpoint();
        self.journal
            .checkpoint(Timestamp::now(), &key)
            .await
            .map_err(|e| e.problem())?;
        Ok(())
    }

    /// A last checkpoint, then the journal is closed.
    pub async fn close(&self) -> Result<(), Problem> {
        self.checkpoint().await?;
        self.journal.close().await;
        Ok(())
    }

    /// Moves the clock of a demonstration forward.
    pub async fn forward(&self, by: Uuid, seconds: i64) -> Result<(), Problem> {
        if !self.demo {
            return Err(Problem::new(
                "clock-real",
                "clock",
                "",
                "only a demonstration has a clock to move",
                "wait",
            ));
        }
        let ahead_s = self.clock.forward(seconds)?;
        self.append_own(by, "clock-moved", &ClockMoved { ahead_s })
            .await
    }

    /// Moves the clock without writing it down: while a demonstration is made.
    pub(crate) const fn clock(&self) -> &ClinicClock {
        &self.clock
    }

    async fn adopt_knowledge(&self, last: Option<&str>) -> Result<(), Problem> {
        let sha256 = self.knowledge.sha256().to_owned();
        if last == Some(sha256.as_str()) {
            return Ok(());
        }
        // Every file once, under its own hash; the list of them is what was adopted.
        let mut files = std::collections::BTreeMap::new();
        for (path, text) in self.knowledge.files() {
            let hash = record::sha256(text.as_bytes());
            self.journal
                .put_blob(hash, text.as_bytes())
                .await
                .map_err(|e| e.problem())?;
            files.insert(path.to_owned(), hex::encode(hash));
        }
        self.append_own(
            Uuid::nil(),
            "knowledge-adopted",
            &KnowledgeAdopted { sha256, files },
        )
        .await
    }

    pub(super) async fn append_own(
        &self,
        by: Uuid,
        kind: &str,
        payload: &impl Serialize,
    ) -> Result<(), Problem> {
        self.append_own_at(Timestamp::now(), by, kind, payload)
            .await
    }

    /// Appends an event of the clinic's own that happened at this instant.
    pub(super) async fn append_own_at(
        &self,
        happened: Timestamp,
        by: Uuid,
        kind: &str,
        payload: &impl Serialize,
    ) -> Result<(), Problem> {
        let stream = self.streams.clinic;
        for _ in 0..TRIES {
            let at = self.journal.stream(stream.id).await;
            let expected = at.map_err(|e| e.problem())?.map_or(0, |info| info.sequence);
            let event = own(kind, happened, by, payload)?;
            let append = self
                .journal
                .append(stream, expected, vec![event], Rows::Keep);
            match append.await {
                Ok(_) => return Ok(()),
                // Somebody else wrote first; this holds after that as well.
                Err(Error::Conflict { .. }) => {}
                Err(error) => return Err(error.problem()),
            }
        }
        Err(contended())
    }
}

/// The first of everything that is wrong with the knowledge.
fn broken(problems: &[Problem]) -> Problem {
    problems.first().cloned().unwrap_or_else(|| {
        Problem::new(
            "knowledge",
            "knowledge",
            "",
            "cannot be loaded",
            "run `annulus knowledge check`",
        )
    })
}

fn make_folder(folder: &Path) -> Result<(), Problem> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| {
            Problem::new(
                "folder",
                folder.display().to_string(),
                "",
                error.to_string(),
                "choose a folder that this user may write",
            )
        })
}

/// Every kind of event this program writes; others make the store read-only.
/// Every kind of event that a clinic's store holds, with its newest version.
#[must_use]
pub fn known_kinds() -> Vec<(String, u16)> {
    let care = What::KINDS
        .iter()
        .map(|kind| ((*kind).to_owned(), Event::VERSION));
    let ours = KINDS.into_iter().chain(users::KINDS).chain(audit::KINDS);
    let table = crate::bedside::KINDS.into_iter();
    care.chain(ours.chain(table).map(|(kind, v)| (kind.to_owned(), v)))
        .collect()
}

/// The streams there is one of; made together with the store.
async fn streams(journal: &Journal, demo: bool) -> Result<Streams, Problem> {
    let first = async |kind| {
        let streams = journal.streams(kind).await.map_err(|e| e.problem())?;
        Ok::<_, Problem>(streams.first().map(|info| info.stream))
    };
    let fresh = |kind| Stream::new(kind, Uuid::from_bytes(random::bytes()));
    let audit = first(StreamKind::Audit)
        .await?
        .unwrap_or_else(|| fresh(StreamKind::Audit));
    if let Some(clinic) = first(StreamKind::Clinic).await? {
        return Ok(Streams { clinic, audit });
    }
    let clinic = fresh(StreamKind::Clinic);
    let event = own(
        "clinic-opened",
        Timestamp::now(),
        Uuid::nil(),
        &Opened { demo },
    )?;
    journal
        .append(clinic, 0, vec![event], rows::of_clinic())
        .await
        .map_err(|e| e.problem())?;
    Ok(Streams { clinic, audit })
}

/// Rows that another version of this program wrote are written anew from the events.
async fn rows_in_force(journal: &Journal, clinic: Stream) -> Result<(), Problem> {
    let model = (rows::VERSION_MODEL, rows::VERSION_KEY);
    let row = journal.row(model.0, model.1, clinic.id).await;
    let row = row.map_err(|e| e.problem())?;
    if row.is_some_and(|row| row.sort == rows::VERSION) {
        return Ok(());
    }
    // Lists that leave an alarm out would say that nobody is in trouble.
    if let Some(why) = journal.read_only() {
        return Err(Problem::new(
            "lists-of-another-version",
            "journal",
            why.to_string(),
            "lists cannot be written anew where nothing may be written",
            "open the store with the version of the program that wrote it last",
        ));
    }
    tracing::info!("lists are written anew from the journal");
    let rebuilt = journal.rebuild(&rows::Rows).await;
    let rebuilt = rebuilt.map_err(|e| e.problem())?;
    for (stream, what) in rebuilt.damaged {
        tracing::error!(stream = %stream.id, what, "a record cannot be read; its lists stay as they were");
    }
    Ok(())
}

pub(super) async fn read_own(journal: &Journal, stream: Stream) -> Result<Own, Problem> {
    let mut own = Own::default();
    for stored in journal.read(stream.id).await.map_err(|e| e.problem())? {
        let Some(payload) = stored.payload.as_ref().filter(|_| !stored.is_own()) else {
            continue;
        };
        match stored.kind.as_str() {
            "clinic-opened" => own.demo = read::<Opened>(payload)?.demo,
            "clock-moved" => own.ahead_s = read::<ClockMoved>(payload)?.ahead_s,
            approvals::KIND => {
                read::<approvals::Approved>(payload)?.count_in(&mut own.approvals, stored.at);
            }
            switch::KIND => own.switch_tests.count_in(read(payload)?, stored.at),
            "knowledge-adopted" => own.knowledge = Some(read::<KnowledgeAdopted>(payload)?.sha256),
            _ => {}
        }
    }
    Ok(own)
}

pub(super) fn read<'a, T: Deserialize<'a>>(payload: &'a [u8]) -> Result<T, Problem> {
    serde_json::from_slice(payload).map_err(|_| {
        Problem::new(
            "event-unreadable",
            "clinic",
            "",
            "cannot be read",
            "verify the journal",
        )
    })
}

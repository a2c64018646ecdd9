//! Opening a clinic's store, or making one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use care::episode::{Event, What};
use care::knowledge::{Approvals, Knowledge};
use care::plan::Dose;
use jiff::Timestamp;
use record::{DatabaseUrl, Journal, Location, OpenOptions, Serving, Stream, StreamKind};
use serde::{Deserialize, Serialize};
use si::Problem;
use uuid::Uuid;

use super::keeping::retention;
use super::{
    Clinic, ClinicClock, ClinicKey, Settings, Streams, approvals, audit, clients, diary, heeded,
    mail, own, research, restricted, rows, switch, systems, users,
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
    /// Whether it is a server that opens it.
    pub serve: bool,
    /// Whether its key may be another than the one that signed a journal in a database.
    pub new_key: bool,
}

/// Event kinds of the clinic's own stream.
const KINDS: [(&str, u16); 12] = [
    ("clinic-opened", 1),
    ("clock-moved", 1),
    ("knowledge-adopted", 1),
    (approvals::KIND, 1),
    (switch::KIND, 1),
    (diary::KIND, 1),
    (mail::KIND, 1),
    (restricted::KIND, 1),
    (heeded::KIND, 1),
    (clients::KIND, 1),
    (research::KIND, 1),
    (systems::KIND, 1),
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
        let key = options.key.unwrap_or_else(|| folder.join("clinic.key"));
        if !options.new_key {
            signed_by(&journal, &key).await?;
        }
        let key = ClinicKey::open(&key, &folder.join("clinic.pub"))?;
        let alike = alike(knowledge, &key);
        let serving = match options.serve {
            true => Some(journal.serve(&alike).await.map_err(|e| e.problem())?),
            false => None,
        };
        // Of servers that start at once the first makes what there is one of.
        let opening = journal.alone("opening").await.map_err(|e| e.problem())?;
        let streams = streams(&journal, options.demo).await?;
        rows_in_force(&journal, streams.clinic, &alike).await?;
        let own = read_own(&journal, streams.clinic).await?;
        if options.demo && !own.demo {
            return Err(no_demonstration(folder));
        }
        let known = journal.streams(StreamKind::Patient).await;
        let known = known.map_err(|e| e.problem())?;
        let clinic = Self {
            audit: audit::Writer::start(journal.clone(), streams.audit),
            patients: RwLock::new(known.iter().map(|info| info.stream.id).collect()),
            charts: Mutex::new(BTreeMap::new()),
            clock: ClinicClock::ahead(if own.demo { own.ahead_s } else { 0 }),
            index: journal.found_by(key.index()),
            journal,
            dose: Arc::new(Dose::in_force(knowledge, &own.approvals)?),
            knowledge,
            standing: knowledge.standing(&own.approvals),
            approvals: own.approvals,
            settings: in_force(options.settings, own.demo)?,
            demo: own.demo,
            key,
            folder: options.home.folder,
            switch_tests: Default::default(),
            courses: Default::default(),
            diary: Default::default(),
            mail: Default::default(),
            restricted: Default::default(),
            clients: Default::default(),
            research: Default::default(),
            systems: Default::default(),
            reached: Default::default(),
            damaged: Default::default(),
            server: random::id(),
            serving: Mutex::new(serving),
            streams,
        };
        clinic.adopt_knowledge(own.knowledge.as_deref()).await?;
        drop(opening);
        Ok(clinic)
    }

    /// What says that this server serves the store; whoever takes it keeps it.
    pub fn take_serving(&self) -> Option<Serving> {
        let serving = self.serving.lock();
        serving.unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Moves the clock of a demonstration to where another server moved it.
    ///
    /// # Errors
    /// The journal.
    pub async fn follow_clock(&self) -> Result<(), Problem> {
        if self.demo {
            let own = read_own(&self.journal, self.streams.clinic).await?;
            self.clock.follow(own.ahead_s);
        }
        Ok(())
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
        self.retire().await;
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
}

/// What was set; for a demonstration as far as it is left to choose.
fn in_force(settings: Settings, demo: bool) -> Result<Settings, Problem> {
    match demo {
        true => crate::demo::settings(settings),
        false => Ok(settings),
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
    // The first line makes it, at whichever server that is written: the id is the same at all.
    let audit = first(StreamKind::Audit).await?.unwrap_or_else(|| {
        let hash = record::sha256(format!("audit of {}", journal.identity()).as_bytes());
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        Stream::new(StreamKind::Audit, Uuid::from_bytes(id))
    });
    if let Some(clinic) = first(StreamKind::Clinic).await? {
        return Ok(Streams { clinic, audit });
    }
    let clinic = Stream::new(StreamKind::Clinic, Uuid::from_bytes(random::bytes()));
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

fn no_demonstration(folder: &Path) -> Problem {
    Problem::new(
        "not-a-demonstration",
        "demo",
        folder.display().to_string(),
        "this store was not made by --demo",
        "choose another folder, or leave --demo away",
    )
}

/// What servers of one database have in common: whoever writes lists of another version, decides
/// by other rules or signs with another key is none of them.
fn alike(knowledge: &Knowledge, key: &ClinicKey) -> String {
    let public = hex::encode(key.signing().verifying_key().to_bytes());
    let (rows, rules) = (rows::VERSION, knowledge.sha256());
    format!("annulus server, rows {rows}, knowledge {rules}, key {public}")
}

/// A database may have been begun at another machine: without its key no link, code or signature
/// of before would be worth anything.
async fn signed_by(journal: &Journal, path: &Path) -> Result<(), Problem> {
    let signer = journal.signer().await.map_err(|e| e.problem())?;
    let (Some(signer), Location::Database(_)) = (signer, journal.location()) else {
        return Ok(());
    };
    let ours = match path.exists() {
        true => Some(ClinicKey::public(path)?),
        false => None,
    };
    if ours == Some(signer) {
        return Ok(());
    }
    Err(Problem::new(
        "clinic-key-other",
        path.display().to_string(),
        hex::encode(signer),
        match ours {
            Some(_) => "is not the key that signed this journal",
            None => "is missing, and this journal was signed already",
        },
        "copy clinic.key of the server that signed it, or of its backup, to this path with mode \
         0600; where it is lost for good, start one server with --new-key",
    ))
}

/// Rows that another version of this program wrote are written anew from the events.
async fn rows_in_force(journal: &Journal, clinic: Stream, alike: &str) -> Result<(), Problem> {
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
    // Servers of another version write rows of theirs: not while one of them serves.
    let _serving = journal.serve(alike).await.map_err(|e| e.problem())?;
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
            "clock-moved" => {
                own.ahead_s = own.ahead_s.max(read::<ClockMoved>(payload)?.ahead_s);
            }
            approvals::KIND => {
                read::<approvals::Approved>(payload)?.count_in(&mut own.approvals, stored.at);
            }
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

//! The auditor: told what was found, in commit order, it keeps its own idea of
//! every chain and reports where the store disagrees.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Place, Proven, Report};
use crate::Result;
use crate::checkpoint::{Anchor, Checkpoint};
use crate::erase::{ERASED, ErasedPayload, KEPT_KINDS};
use crate::event::{Hash, Header, Stream, genesis};
use crate::journal::StreamInfo;
use crate::merkle::{Tree, leaf};
use crate::recording::{ARCHIVED, ArchivedPayload, Format, RECORDING, Recording};
use crate::store::{Counts, Fields, Found, Listed};

/// What the auditor knows of one stream.
struct Chain {
    stored: StreamInfo,
    sequence: u64,
    link: Hash,
    payloads: Payloads,
}

/// Which payloads of a stream were there and which were not.
#[derive(Default)]
struct Payloads {
    /// First of the caller's that is present.
    first_present: Option<u64>,
    /// Last that is missing, and how many are.
    last_missing: u64,
    missing: u64,
    /// Where the last missing one stands in the journal.
    missing_position: u64,
    /// Last sequence covered by an `erased`.
    erased_through: u64,
}

impl Payloads {
    /// Everything up to `through` is said to be erased; says what is not.
    fn erased(&mut self, through: u64) -> Option<String> {
        self.erased_through = self.erased_through.max(through);
        let first = self
            .first_present
            .take()
            .filter(|first| *first <= through)?;
        Some(format!(
            "the payload of sequence {first} was erased and is there"
        ))
    }
}

/// Own kinds whose payload the auditor reads.
#[derive(Clone, Copy)]
pub(super) enum Own {
    Erased,
    Recording,
    Archived,
}

impl Own {
    fn of(kind: &str) -> Option<Self> {
        match kind {
            ERASED => Some(Self::Erased),
            RECORDING => Some(Self::Recording),
            ARCHIVED => Some(Self::Archived),
            _ => None,
        }
    }
}

fn read<T: DeserializeOwned>(payload: &[u8]) -> std::result::Result<T, String> {
    serde_json::from_slice(payload).map_err(|error| format!("an event cannot be read: {error}"))
}

/// Everything the auditor knows.
pub(super) struct Audit<'a> {
    pub(super) report: Report,
    store: Uuid,
    trusted: &'a [[u8; 32]],
    /// Still to be met.
    anchor: Option<Anchor>,
    chains: BTreeMap<i64, Chain>,
    begun: i64,
    position: u64,
    payloads: u64,
    kinds: BTreeSet<(String, i64)>,
    tree: Tree,
    moved: BTreeSet<i64>,
    checkpoints: u64,
    previous: Hash,
    covered: u64,
    /// Recordings as the events say.
    listed: BTreeMap<Uuid, Listed>,
    /// Stream of the last event, for what its payload says.
    current: i64,
}

impl<'a> Audit<'a> {
    pub(super) fn new(store: Uuid, trusted: &'a [[u8; 32]], anchor: Option<Anchor>) -> Self {
        Self {
            report: Report::default(),
            store,
            trusted,
            anchor,
            chains: BTreeMap::new(),
            begun: 0,
            position: 0,
            payloads: 0,
            kinds: BTreeSet::new(),
            tree: Tree::default(),
            moved: BTreeSet::new(),
            checkpoints: 0,
            previous: [0; 32],
            covered: 0,
            listed: BTreeMap::new(),
            current: 0,
        }
    }

    pub(super) fn streams(&mut self, found: Vec<(i64, Result<StreamInfo>)>) {
        self.report.streams = found.len() as u64;
        for (number, info) in found {
            match info {
                Ok(stored) => {
                    let chain = Chain {
                        link: genesis(self.store, stored.stream),
                        stored,
                        sequence: 0,
                        payloads: Payloads::default(),
                    };
                    self.chains.insert(number, chain);
                }
                Err(error) => self
                    .report
                    .fault(Place::Store, format!("stream number {number}: {error}")),
            }
        }
    }

    /// Takes the next event. Returns which of the journal's own
    /// kinds it is, if the payload matters.
    pub(super) fn event(&mut self, found: Found) -> Option<Own> {
        self.report.events += 1;
        let expected = self.position + 1;
        if found.position != expected {
            let what = format!("position {expected} is missing before {}", found.position);
            self.report.fault(Place::Store, what);
        }
        self.position = found.position;
        self.payloads += u64::from(found.payload.is_some());
        self.current = found.stream;
        let Some(chain) = self.chains.get_mut(&found.stream) else {
            let what = format!("the event at position {} has no stream", found.position);
            self.report.fault(Place::Store, what);
            return None;
        };
        if chain.sequence == 0 {
            self.begun += 1;
            if found.stream != self.begun {
                let what = format!("its number is {} instead of {}", found.stream, self.begun);
                let place = Place::Stream(chain.stored.stream.id);
                self.report.fault(place, what);
            }
        }
        self.moved.insert(found.stream);
        let place = |sequence| Place::Event {
            stream: chain.stored.stream.id,
            sequence,
            position: found.position,
        };
        match found.fields {
            Ok(fields) => {
                self.kinds
                    .insert((fields.kind.clone(), i64::from(fields.v)));
                let at = place(fields.sequence);
                if let Some(what) = chain.follow(&fields) {
                    self.report.fault(at.clone(), what);
                }
                if let Some(what) = chain.payload(&fields, found.payload, found.position) {
                    self.report.fault(at, what);
                }
                let sealed = found.payload == Some(fields.commitment);
                Own::of(&fields.kind).filter(|_| sealed)
            }
            Err(error) => {
                let at = place(chain.sequence + 1);
                chain.sequence += 1;
                self.report.fault(at, error.to_string());
                None
            }
        }
    }

    /// Takes what the last event, one of the journal's own, says.
    pub(super) fn own(&mut self, own: Own, payload: &[u8]) {
        let Some(chain) = self.chains.get_mut(&self.current) else {
            return;
        };
        let id = chain.stored.stream.id;
        let read = match own {
            Own::Erased => read(payload).map(|said: ErasedPayload| {
                self.listed.retain(|_, (stream, ..)| *stream != id);
                chain.payloads.erased(said.through)
            }),
            Own::Recording => read(payload).map(|said: Recording| {
                let listed = (id, self.position, said.clone());
                self.listed.insert(said.session, listed);
                None
            }),
            Own::Archived => read(payload).map(|said: ArchivedPayload| {
                if let Some((_, _, recording)) = self.listed.get_mut(&said.session) {
                    recording.file = said.file;
                    recording.sha256 = said.sha256;
                    recording.format = Format::Parquet;
                }
                None
            }),
        };
        if let Some(what) = read.unwrap_or_else(Some) {
            self.report.fault(Place::Stream(id), what);
        }
    }

    /// Compares the list of recordings with what the events say.
    pub(super) fn recordings(&mut self, found: Vec<Result<Listed>>) {
        self.report.recordings = found.len() as u64;
        for listed in found {
            match listed {
                Ok(listed) => {
                    let session = listed.2.session;
                    if self.listed.remove(&session).as_ref() != Some(&listed) {
                        let what = "it is not as its events say";
                        self.report.fault(Place::Recording(session), what);
                    }
                }
                Err(error) => self.report.fault(Place::Store, error.to_string()),
            }
        }
        for session in std::mem::take(&mut self.listed).into_keys() {
            let what = "it is sealed, but not listed";
            self.report.fault(Place::Recording(session), what);
        }
    }

    pub(super) fn checkpoint(&mut self, found: &Checkpoint) {
        self.checkpoints += 1;
        let place = Place::Checkpoint(found.number);
        if let Some(what) = self.doubt(found) {
            self.report.fault(place, what);
        } else if self.trusted.contains(&found.key) && self.report.is_sound() {
            self.report.proven = Some(Proven {
                checkpoint: found.number,
                at: found.at,
                position: found.position,
            });
        }
        self.covered = found.position;
        self.previous = found.digest(self.store).unwrap_or_default();
        let here = Anchor {
            number: found.number,
            digest: self.previous,
        };
        self.anchor = self.anchor.filter(|wanted| *wanted != here);
    }

    fn doubt(&mut self, found: &Checkpoint) -> Option<String> {
        self.grow();
        if found.number != self.checkpoints {
            return Some(format!("its number should be {}", self.checkpoints));
        }
        if !found.is_signed(self.store) {
            return Some("its signature does not fit".to_owned());
        }
        if found.previous != self.previous {
            return Some("it does not follow the checkpoint before".to_owned());
        }
        if found.position != self.position || found.position <= self.covered {
            return Some("it covers events that are not there".to_owned());
        }
        if found.streams != self.tree.len() as u64 || found.root != self.tree.root() {
            return Some("the streams it covers were changed since".to_owned());
        }
        None
    }

    /// Brings the tree to where the chains are.
    fn grow(&mut self) {
        for number in std::mem::take(&mut self.moved) {
            let Some(chain) = self.chains.get(&number) else {
                continue;
            };
            let leaf = leaf(chain.stored.stream, chain.sequence, &chain.link);
            if let Ok(index) = usize::try_from(number - 1) {
                self.tree.set(index, leaf);
            }
        }
    }

    pub(super) fn kinds(&mut self, listed: &[(String, i64)]) {
        let listed: BTreeSet<_> = listed.iter().cloned().collect();
        for (kind, v) in self.kinds.symmetric_difference(&listed) {
            let what = format!("`{kind}` version {v} is listed or occurs, but not both");
            self.report.fault(Place::Kinds, what);
        }
    }

    /// Compares heads and counts at the end; returns the streams.
    pub(super) fn close(&mut self, counts: &Counts) -> Vec<Stream> {
        let mut streams = Vec::with_capacity(self.chains.len());
        for chain in self.chains.values() {
            let place = Place::Stream(chain.stored.stream.id);
            streams.push(chain.stored.stream);
            if (chain.sequence, chain.link) != (chain.stored.sequence, chain.stored.link) {
                self.report.fault(place, "its head is not its last event");
            }
            let payloads = &chain.payloads;
            self.report.erased += payloads.missing;
            if payloads.last_missing > payloads.erased_through {
                let place = Place::Event {
                    stream: chain.stored.stream.id,
                    sequence: payloads.last_missing,
                    position: payloads.missing_position,
                };
                self.report.fault(place, "its payload is missing");
            }
        }
        if let Some(missing) = self.anchor {
            let what = "it was made and is not there: the store is an older copy";
            self.report.fault(Place::Checkpoint(missing.number), what);
        }
        self.totals(counts);
        streams
    }

    fn totals(&mut self, counts: &Counts) {
        self.grow();
        self.report.root = self.tree.root();
        self.report.payloads = self.payloads;
        self.report.checkpoints = counts.checkpoints;
        for (what, found, there) in [
            ("events", self.report.events, counts.events),
            ("payloads", self.payloads, counts.payloads),
            ("checkpoints", self.checkpoints, counts.checkpoints),
        ] {
            if found != there {
                let what = format!("{there} {what} are stored, {found} belong to it");
                self.report.fault(Place::Store, what);
            }
        }
        let proven = self.report.proven.map_or(0, |p| p.position);
        self.report.unproven = self.position.saturating_sub(proven);
    }
}

impl Chain {
    /// Moves on by one event; says what does not fit. Goes on from what is
    /// stored, so that one fault is not reported at every event after it.
    fn follow(&mut self, fields: &Fields) -> Option<String> {
        let expected = self.sequence + 1;
        let header = Header {
            stream: self.stored.stream,
            sequence: fields.sequence,
            kind: &fields.kind,
            v: fields.v,
            at_ns: fields.at_ns,
            actor: fields.actor,
            commitment: fields.commitment,
        };
        let link = header.link(&self.link);
        self.sequence = fields.sequence;
        self.link = fields.link;
        if fields.sequence != expected {
            return Some(format!("sequence {expected} should come here"));
        }
        (link != fields.link).then(|| "its link does not follow from the one before".to_owned())
    }

    fn payload(&mut self, fields: &Fields, found: Option<Hash>, position: u64) -> Option<String> {
        let own = KEPT_KINDS.contains(&fields.kind.as_str());
        let seen = &mut self.payloads;
        match found {
            Some(commits_to) if commits_to != fields.commitment => {
                Some("its payload is not the one that was sealed".to_owned())
            }
            Some(_) => {
                if !own && seen.first_present.is_none() {
                    seen.first_present = Some(fields.sequence);
                }
                None
            }
            None if own => Some("its payload is missing".to_owned()),
            None => {
                seen.last_missing = fields.sequence;
                seen.missing_position = position;
                seen.missing += 1;
                None
            }
        }
    }
}

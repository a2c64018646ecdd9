//! The auditor: told what was found, in commit order, it keeps its own idea of
//! every chain and reports where the store disagrees.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Place, Proven, Report};
use crate::Result;
use crate::checkpoint::Checkpoint;
use crate::erase::{ERASED, ErasedPayload, OWN_KINDS};
use crate::event::{Hash, Header, Stream, genesis};
use crate::journal::StreamInfo;
use crate::merkle::{Tree, leaf};
use crate::sqlite::{Counts, Fields, Found};

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

/// Everything the auditor knows.
pub(super) struct Audit<'a> {
    pub(super) report: Report,
    store: Uuid,
    trusted: &'a [[u8; 32]],
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
    /// Stream of the last event, for what its payload says.
    current: i64,
}

impl<'a> Audit<'a> {
    pub(super) fn new(store: Uuid, trusted: &'a [[u8; 32]]) -> Self {
        Self {
            report: Report::default(),
            store,
            trusted,
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

    /// Takes the next event. Returns whether its payload says what was erased.
    pub(super) fn event(&mut self, found: Found) -> bool {
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
            return false;
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
                fields.kind == ERASED && found.payload == Some(fields.commitment)
            }
            Err(error) => {
                let at = place(chain.sequence + 1);
                chain.sequence += 1;
                self.report.fault(at, error.to_string());
                false
            }
        }
    }

    /// Takes what the last event, an `erased`, says.
    pub(super) fn erased(&mut self, payload: &[u8]) {
        let Some(chain) = self.chains.get_mut(&self.current) else {
            return;
        };
        let id = chain.stored.stream.id;
        let through = match serde_json::from_slice::<ErasedPayload>(payload) {
            Ok(said) => said.through,
            Err(error) => {
                let what = format!("`erased` cannot be read: {error}");
                self.report.fault(Place::Stream(id), what);
                return;
            }
        };
        let payloads = &mut chain.payloads;
        payloads.erased_through = payloads.erased_through.max(through);
        if let Some(first) = payloads.first_present.take()
            && first <= through
        {
            let what = format!("the payload of sequence {first} was erased and is there");
            self.report.fault(Place::Stream(id), what);
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
        self.totals(counts);
        streams
    }

    fn totals(&mut self, counts: &Counts) {
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
        let own = OWN_KINDS.contains(&fields.kind.as_str());
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

//! One patient: loading, and acting on, their stream.

use std::collections::BTreeMap;
use std::sync::Arc;

use care::episode::{Actor, Command, Context, Episode, Event, decide, fold};
use record::{Error, Stored, Stream, StreamKind};
use si::Problem;
use uuid::Uuid;

use super::{Chart, Clinic, rows, sealed};

/// How often a command is decided again when somebody else appended first.
pub(super) const TRIES: usize = 5;

/// The kind by which the journal says that everything before it is gone.
pub(super) const ERASED: &str = record::OWN_KINDS[0];

/// A patient's stream by id.
#[derive(Clone, Copy, Debug)]
pub struct Patient(pub Uuid);

impl Patient {
    /// The stream.
    #[must_use]
    pub const fn stream(self) -> Stream {
        Stream::new(StreamKind::Patient, self.0)
    }
}

impl Clinic {
    /// The patient as of now. A record that cannot be read is kept in mind.
    pub async fn chart(&self, patient: Uuid) -> Result<Arc<Chart>, Problem> {
        let read = self.read_chart(patient).await;
        read.inspect_err(|problem| self.heed_damage(patient, problem))
    }

    async fn read_chart(&self, patient: Uuid) -> Result<Arc<Chart>, Problem> {
        let held = self.charts().get(&patient).cloned();
        let (mut episode, mut sequence) = held.as_ref().map_or_else(
            || (Episode::default(), 0),
            |c| (c.episode.clone(), c.sequence),
        );
        let mut changed = held.is_none();
        loop {
            let page = self
                .journal
                .read_after(patient, sequence, 256)
                .await
                .map_err(|e| e.problem())?;
            let Some(last) = page.last() else { break };
            sequence = last.sequence;
            changed = true;
            for stored in &page {
                episode = folded(episode, stored)?;
            }
        }
        match held {
            Some(chart) if !changed => Ok(chart),
            _ => Ok(self.hold(Chart {
                id: patient,
                episode,
                sequence,
            })),
        }
    }

    /// These patients as of now, in their order: who has not moved since is not read again, and
    /// a record that is damaged is left out.
    pub async fn charts_of(&self, patients: &[Uuid]) -> Result<Vec<Arc<Chart>>, Problem> {
        let stand = self.journal.stand(patients).await;
        let stand = stand.map_err(|e| e.problem())?;
        let stand: BTreeMap<Uuid, u64> = stand
            .into_iter()
            .map(|info| (info.stream.id, info.sequence))
            .collect();
        let mut charts = Vec::new();
        for patient in patients {
            let held = self.charts().get(patient).cloned();
            let current = held.filter(|chart| stand.get(patient) == Some(&chart.sequence));
            charts.extend(match current {
                Some(chart) => Some(chart),
                None => self.readable(*patient).await?,
            });
        }
        Ok(charts)
    }

    /// What is on a patient's record, event by event: one for each line of the timeline.
    pub async fn told(&self, patient: Uuid) -> Result<Vec<Event>, Problem> {
        let (mut told, mut sequence) = (Vec::new(), 0);
        loop {
            let page = self.journal.read_after(patient, sequence, 256).await;
            let page = page.map_err(|e| e.problem())?;
            let Some(last) = page.last() else {
                return Ok(told);
            };
            sequence = last.sequence;
            for stored in &page {
                if stored.kind == ERASED {
                    told.clear();
                }
                told.extend(event_of(stored)?);
            }
        }
    }

    /// Decides a command and appends what follows from it.
    pub async fn act(
        &self,
        patient: Uuid,
        actor: &Actor,
        command: Command,
    ) -> Result<Arc<Chart>, Problem> {
        self.act_at(patient, actor, command, None).await
    }

    /// The same for something that happened earlier: what the bedside tells late.
    pub async fn act_at(
        &self,
        patient: Uuid,
        actor: &Actor,
        command: Command,
        at: Option<jiff::Timestamp>,
    ) -> Result<Arc<Chart>, Problem> {
        self.act_all(patient, actor, &[command], at).await
    }

    /// Several one after the other, all or none.
    pub(super) async fn act_all(
        &self,
        patient: Uuid,
        actor: &Actor,
        commands: &[Command],
        at: Option<jiff::Timestamp>,
    ) -> Result<Arc<Chart>, Problem> {
        for _ in 0..TRIES {
            let chart = self.chart(patient).await?;
            let context = self.context(actor, at);
            let events = decided(&chart.episode, commands, &context)?;
            match self.append(&chart, &events).await {
                Ok(chart) => return Ok(chart),
                Err(Error::Conflict { .. }) => {
                    self.charts().remove(&patient);
                }
                Err(error) => return Err(error.problem()),
            }
        }
        Err(contended())
    }

    /// What a command would make of a record: nothing is appended.
    pub fn preview(
        &self,
        episode: &Episode,
        actor: &Actor,
        command: Command,
    ) -> Result<Episode, Problem> {
        let events = decide(episode, command, &self.context(actor, None))?;
        Ok(events.iter().fold(episode.clone(), fold))
    }

    fn context<'a>(&'a self, actor: &'a Actor, at: Option<jiff::Timestamp>) -> Context<'a> {
        Context {
            knowledge: self.knowledge,
            approvals: &self.approvals,
            at: at.unwrap_or_else(|| self.now()),
            zone: self.zone(),
            actor,
        }
    }

    async fn append(&self, chart: &Chart, events: &[Event]) -> Result<Arc<Chart>, Error> {
        if events.is_empty() {
            return Ok(self.hold(Chart {
                id: chart.id,
                episode: chart.episode.clone(),
                sequence: chart.sequence,
            }));
        }
        let episode = events.iter().fold(chart.episode.clone(), fold);
        let invalid = |problem: Problem| Error::Invalid {
            place: "event",
            what: problem.log(),
        };
        let sealed = events
            .iter()
            .map(sealed)
            .collect::<Result<Vec<_>, _>>()
            .map_err(invalid)?;
        let rows = rows::of_patient(chart.id, &episode);
        let stored = self
            .journal
            .append(Patient(chart.id).stream(), chart.sequence, sealed, rows)
            .await?;
        let sequence = stored.last().map_or(chart.sequence, |last| last.sequence);
        self.learn_of(chart.id);
        Ok(self.hold(Chart {
            id: chart.id,
            episode,
            sequence,
        }))
    }

    fn hold(&self, chart: Chart) -> Arc<Chart> {
        let chart = Arc::new(chart);
        let mut charts = self.charts();
        // Charts are a cache: any of them can be read again.
        if charts.len() > 2_000 {
            charts.clear();
        }
        charts.insert(chart.id, Arc::clone(&chart));
        chart
    }
}

/// What follows from commands, each decided on what the ones before it made.
fn decided(
    episode: &Episode,
    commands: &[Command],
    context: &Context<'_>,
) -> Result<Vec<Event>, Problem> {
    let (mut episode, mut all) = (episode.clone(), Vec::new());
    for command in commands {
        let events = decide(&episode, command.clone(), context)?;
        episode = events.iter().fold(episode, fold);
        all.extend(events);
    }
    Ok(all)
}

pub(super) fn contended() -> Problem {
    Problem::new(
        "conflict",
        "patient",
        "",
        "somebody else is changing this record",
        "look at the page again and repeat",
    )
}

/// One stored event folded in. The journal's own say nothing of care, except
/// that everything before an erasure is gone, also from whoever still held it.
pub(super) fn folded(episode: Episode, stored: &Stored) -> Result<Episode, Problem> {
    if stored.kind == ERASED {
        return Ok(Episode::default());
    }
    Ok(match event_of(stored)? {
        Some(event) => fold(episode, &event),
        None => episode,
    })
}

/// An event of care; none where the journal tells of itself.
pub(super) fn event_of(stored: &Stored) -> Result<Option<Event>, Problem> {
    match &stored.payload {
        Some(payload) if !stored.is_own() => Event::read(&stored.kind, stored.v, payload).map(Some),
        _ => Ok(None),
    }
}

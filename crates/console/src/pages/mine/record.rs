//! What is on record of a patient, part by part and newest first, for the patient: their page
//! and their paper say the same.

use std::cmp::Reverse;

use care::episode::{Episode, Session, Signed, SignedNote, Visit};
use care::fact::{Catalogue, Reading};
use jiff::Timestamp;

use super::super::checkin::meaning;
use super::super::inputs::provenance;
use super::super::note::{said, signed};
use super::super::session::ended_by;
use super::super::{note, safety};
use crate::clinic::{Chart, Clinic};
use crate::frame::Frame;

/// Newtons that pull like a kilogram hanging still (the standard acceleration of gravity).
const N_PER_KG: f64 = 9.806_65;

/// A part, never empty.
#[derive(Debug)]
pub(in crate::pages) struct Part {
    /// Names it in an address.
    pub(in crate::pages) id: &'static str,
    pub(in crate::pages) title: String,
    pub(in crate::pages) lines: Vec<Line>,
}

/// One thing on record.
#[derive(Debug)]
pub(in crate::pages) struct Line {
    pub(in crate::pages) when: String,
    pub(in crate::pages) what: String,
    /// More of it.
    pub(in crate::pages) more: Vec<String>,
}

struct Record<'a> {
    f: &'a Frame,
    phone: &'a str,
    catalogue: &'a Catalogue,
    episode: &'a Episode,
}

/// All parts that have something in them.
pub(in crate::pages) fn parts(f: &Frame, clinic: &Clinic, chart: &Chart) -> Vec<Part> {
    let catalogue = clinic.knowledge().catalogue();
    let episode = &chart.episode;
    let of = Record {
        f,
        phone: &clinic.settings().phone,
        catalogue,
        episode,
    };
    let t = f.t;
    let part = |id, title, lines| Part { id, title, lines };
    let mut all = vec![
        part("who", t.mine_who(), of.who()),
        part("sessions", t.mine_sessions(), of.sessions()),
        part("check-ins", t.mine_check_ins(), of.check_ins()),
        part("decision", t.mine_decision(), of.decision()),
        part("plan", t.mine_plan(), of.plan()),
        part("consent", t.mine_consent(), of.consent()),
        part("safety", t.mine_safety(), of.safety()),
        part("notes", t.mine_notes(), of.notes()),
        part("letters", t.mine_letters(), of.letters()),
        part("permissions", t.mine_permissions(), of.permissions()),
        part("therapies", t.mine_therapies(), of.therapies()),
        part("facts", t.mine_facts(), of.facts()),
        part("imports", t.mine_imports(), of.imports()),
        part("all", t.mine_all(), of.all()),
    ];
    all.retain(|part| !part.lines.is_empty());
    all
}

impl Record<'_> {
    fn line(&self, at: &Timestamp, what: impl Into<String>, more: Vec<String>) -> Line {
        Line {
            when: self.f.when(at),
            what: what.into(),
            more,
        }
    }

    fn said(&self, readings: &[Reading]) -> Vec<String> {
        let readings = readings.iter();
        readings.map(|one| said(self.catalogue, one)).collect()
    }

    /// Readings in one line; none where there are none.
    fn joined<'r>(&self, readings: impl IntoIterator<Item = &'r Reading>) -> Option<String> {
        let readings = readings.into_iter();
        let words: Vec<String> = readings.map(|one| said(self.catalogue, one)).collect();
        (!words.is_empty()).then(|| words.join("; "))
    }

    fn sessions(&self) -> Vec<Line> {
        let visits = self.episode.visits.iter().rev();
        visits.filter_map(|visit| self.session(visit)).collect()
    }

    /// A session that began, with what was told and found around it.
    fn session(&self, visit: &Visit) -> Option<Line> {
        let t = self.f.t;
        let session = visit.session.as_ref()?;
        let began = session.started.as_ref()?;
        let mut more = vec![t.mine_session_with(&session.attendant)];
        let summary = session.summary.as_ref();
        let worst = summary.and_then(|summary| summary.peak_discomfort);
        more.extend(worst.map(|worst| t.mine_session_worst(worst)));
        let told = session.reports.iter().flat_map(|told| &told.readings);
        let left = visit.leaving.iter().flat_map(|left| &left.check.readings);
        let before = self
            .joined(&visit.arrival)
            .map(|words| t.mine_before(words));
        let during = self.joined(told).map(|words| t.mine_during(words));
        let after = self.joined(left).map(|words| t.mine_after(words));
        more.extend([before, during, after].into_iter().flatten());
        Some(self.line(began, self.pull(session), more))
    }

    fn pull(&self, session: &Session) -> String {
        let t = self.f.t;
        let Some(summary) = &session.summary else {
            return t.mine_session_open();
        };
        let whole = |number: f64| format!("{number:.0}");
        let (force, weight) = (summary.peak_force_n, summary.peak_force_n / N_PER_KG);
        let end = ended_by(t, session).unwrap_or_else(|| t.unknown());
        let minutes = t.mine_minutes((summary.duration_s / 60.0).max(0.0) as u64);
        let words = match session.simulated {
            true => t.mine_session_simulated(whole(force), minutes),
            false => t.mine_session(whole(force), whole(weight), minutes),
        };
        format!("{words} {}", t.mine_session_end(end))
    }

    fn check_ins(&self) -> Vec<Line> {
        let t = self.f.t;
        let told = self.episode.all_sessions().flat_map(|s| &s.check_ins);
        let mut told: Vec<_> = told.collect();
        told.sort_by_key(|told| Reverse(told.given_at()));
        let line = |told: &care::episode::CheckIn| match &told.triage {
            _ if told.missed => self.line(&told.at, t.mine_unanswered(), Vec::new()),
            Some(triage) => {
                let means = meaning(t, &triage.result, self.phone);
                self.line(&told.given_at(), means.head, self.said(&told.readings))
            }
            None => self.line(&told.given_at(), "", self.said(&told.readings)),
        };
        told.into_iter().map(line).collect()
    }

    /// The screening that counts, and what reviews came to.
    fn decision(&self) -> Vec<Line> {
        let t = self.f.t;
        let kept = self.episode.decision.iter().map(|kept| {
            let fired = kept.decision.fired.iter();
            let verdict = t.verdict(kept.decision.verdict.as_str());
            let words = match self.episode.clears_no_longer() {
                true => t.verdict_overtaken(verdict),
                false => verdict,
            };
            let why = fired.map(|fired| fired.statement.clone()).collect();
            (kept.at, self.line(&kept.at, words, why))
        });
        let reviews = self.episode.reviews.iter().map(|review| {
            let words = t.verdict(&review.result);
            (review.at, self.line(&review.at, words, Vec::new()))
        });
        newest_first(kept.chain(reviews).collect())
    }

    fn plan(&self) -> Vec<Line> {
        let t = self.f.t;
        let line = |plan: &Signed, ended: bool| {
            let (name, who) = (t.candidate(&plan.candidate), &plan.by.name);
            let words = match ended || plan.expires <= self.f.now.timestamp() {
                true => t.mine_plan_ended(name, who),
                false => t.mine_plan_signed(name, who, self.f.when(&plan.expires)),
            };
            self.line(&plan.at, words, Vec::new())
        };
        let plans = self.episode.plan.iter().map(|plan| line(plan, false));
        let former = self.episode.former_plan.iter();
        plans.chain(former.map(|plan| line(plan, true))).collect()
    }

    fn consent(&self) -> Vec<Line> {
        let consent = self.episode.consent.iter();
        let line = consent.map(|consent| {
            let words = self.f.t.mine_consent_to(&consent.given.explained_by);
            let text = consent.given.words.iter().cloned();
            self.line(&consent.at, words, text.collect())
        });
        line.collect()
    }

    /// Stops, alarms and unwanted events.
    fn safety(&self) -> Vec<Line> {
        let f = self.f;
        let mut dated: Vec<(Timestamp, Line)> = Vec::new();
        for stop in &self.episode.suspensions {
            let block = safety::block(f, stop);
            let more = block.lifted.into_iter().collect();
            dated.push((stop.at, self.line(&stop.at, block.why, more)));
        }
        for alert in &self.episode.alerts {
            let words = f.t.mine_alert(f.t.urgency(&alert.urgency));
            let more = safety::taken(f, alert).into_iter().collect();
            dated.push((alert.at, self.line(&alert.at, words, more)));
        }
        for event in &self.episode.adverse_events {
            let view = safety::adverse(f, event);
            let mut more = vec![view.title, view.relation];
            more.extend(view.notes);
            more.extend(view.closed);
            dated.push((event.at, self.line(&event.at, view.description, more)));
        }
        newest_first(dated)
    }

    /// Signed notes of visits and of examinations, word for word, with what was added.
    fn notes(&self) -> Vec<Line> {
        let visits = self.episode.visits.iter();
        let visits = visits.filter_map(|visit| {
            let when = self.f.when(&visit.arrived);
            Some((visit.arrived, when, visit.note.as_ref()?))
        });
        let days = self.episode.examinations.iter();
        let days = days.filter_map(|one| {
            let begins = one.day.to_zoned_datetime(self.f.zone.clone()).ok()?;
            let when = self.f.calendar(one.day);
            Some((begins.timestamp(), when, &one.note))
        });
        let all = visits.chain(days);
        newest_first(
            all.map(|(at, when, kept)| (at, self.note(when, kept)))
                .collect(),
        )
    }

    fn note(&self, when: String, kept: &SignedNote) -> Line {
        let under = signed(self.f, kept);
        let parts = note::parts(self.f, &kept.note).into_iter();
        let words = parts.map(|part| format!("{}: {}", part.title, part.text));
        let mut more: Vec<String> = words.collect();
        let added = under.addenda.into_iter();
        more.extend(added.map(|(who, words)| format!("{who} {words}")));
        Line {
            when,
            what: under.by,
            more,
        }
    }

    fn letters(&self) -> Vec<Line> {
        let t = self.f.t;
        let letters = self.episode.referrals.iter().rev();
        let line = letters.map(|letter| {
            let of = &letter.letter;
            let words = t.referral_line(t.urgency(of.urgency.as_str()), &of.to);
            let first = t.referral_first_line(&of.reason.0, &of.onset.0);
            let mut more = vec![first, of.findings.0.clone(), of.request.0.clone()];
            if let Some((at, who, end, told)) = &letter.closed {
                let when = self.f.when(at);
                more.push(t.referral_closed(t.referral_ended(*end), &who.name, when, &told.0));
            }
            more.retain(|words| !words.is_empty());
            self.line(&letter.at, words, more)
        });
        line.collect()
    }

    /// What others cleared, and what a practitioner decided against a rule.
    fn permissions(&self) -> Vec<Line> {
        let t = self.f.t;
        let letters = self.episode.clearances.iter().map(|one| {
            let words = t.mine_cleared(&one.name, self.f.when(&one.expires));
            let more = one.conditions.clone();
            (one.issued, self.line(&one.issued, words, more))
        });
        let acts = self.episode.overrides.iter().map(|one| {
            let words = t.mine_overridden(&one.by, self.f.when(&one.until));
            let more = vec![one.reason.clone(), one.examination.clone()];
            (one.at, self.line(&one.at, words, more))
        });
        newest_first(letters.chain(acts).collect())
    }

    /// How the clinic knows and reaches them.
    fn who(&self) -> Vec<Line> {
        let person = &self.episode.demographics.0;
        let born = person.birth_date.map(|born| born.to_string());
        let ids = person.identifiers.iter().cloned();
        let known = [born, person.phone.clone(), person.email.clone()];
        let more = known.into_iter().flatten().chain(ids).collect();
        let since = self.episode.opened.unwrap_or(Timestamp::UNIX_EPOCH);
        vec![self.line(&since, person.name.clone(), more)]
    }

    fn therapies(&self) -> Vec<Line> {
        let visits = self.episode.therapies.iter().rev();
        let line = visits.map(|visit| {
            let reaction = visit.reaction.iter().map(|one| one.0.clone());
            let mut more = vec![visit.detail.clone(), visit.response.0.clone()];
            more.extend(reaction);
            more.retain(|words| !words.is_empty());
            self.line(&visit.at, format!("{}, {}", visit.kind, visit.region), more)
        });
        line.collect()
    }

    /// What was told or found in one act stands together.
    fn facts(&self) -> Vec<Line> {
        let of_an_act = |a: &Reading, b: &Reading| a.at == b.at && provenance(a) == provenance(b);
        let acts = self.episode.readings.chunk_by(of_an_act).rev();
        let line = acts.filter_map(|act| {
            let first = act.first()?;
            Some(self.line(&first.at, provenance(first), self.said(act)))
        });
        line.collect()
    }

    fn imports(&self) -> Vec<Line> {
        let t = self.f.t;
        let imports = self.episode.imports.iter().rev();
        let line = imports.map(|one| {
            let day = self.f.day(&one.at);
            let words = t.patient_import_line(&one.source, one.readings, day);
            self.line(&one.at, words, Vec::new())
        });
        line.collect()
    }

    /// Every event, one line each.
    fn all(&self) -> Vec<Line> {
        let t = self.f.t;
        let entries = self.episode.timeline.iter().rev();
        let line = entries.map(|entry| {
            // Ids of rules and numbers of those on call say nothing here.
            let detail = Some(t.verdict(&entry.detail)).filter(|words| *words != t.unknown());
            let who = match entry.who.is_empty() {
                true => t.role(entry.role),
                false => entry.who.clone(),
            };
            let more = detail.into_iter().chain([who]).collect();
            self.line(&entry.at, t.entry(entry.kind), more)
        });
        line.collect()
    }
}

fn newest_first(mut dated: Vec<(Timestamp, Line)>) -> Vec<Line> {
    dated.sort_by_key(|(at, _)| Reverse(*at));
    dated.into_iter().map(|(_, line)| line).collect()
}

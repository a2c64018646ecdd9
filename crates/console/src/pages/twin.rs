//! The spine beside the table: one `spine::column` that follows the measured force.
//!
//! Whoever watches a session has a twin of their own. It begins at rest when the table
//! was armed, is told every force that was measured since, in steps of half a second, and
//! what it then is like is drawn: creep, recovery and guarding included. It is the
//! median spine of this build and of what earlier sessions taught; each level is told no
//! finer than ± 0.5 mm. It only watches: nothing at the table depends on it.

use care::episode::Episode;
use care::subject::Lying;
use draw::{Caption, Pose};
use jiff::Timestamp;
use si::{Newtons, Radians, Region, Seconds, Segment};
use spine::anatomy::Anatomy;
use spine::column::{Column, Output, Scratch, State, openings, stated_range, step};
use spine::world::Load;
use uuid::Uuid;

use super::spine::{EXAGGERATION, Picture, number, picture};
use crate::bedside::Point;
use crate::messages::Say;

/// Length of a step, s.
const STEP: f64 = 0.5;

/// One spine at one moment of a session.
#[derive(Debug)]
pub struct Twin {
    anatomy: Anatomy,
    pulled: (Region, Segment),
    angle: Radians,
    column: Column<f64>,
    state: State<f64>,
    scratch: Scratch<f64>,
    /// The last force that a cell measured, and when, N and s of the session.
    last: (f64, f64),
    /// Whether the last point had a force.
    measured: bool,
    /// Set once a step found no equilibrium: nothing is drawn from there on.
    lost: bool,
}

impl Twin {
    /// The spine of a session that is on record; nothing where age or plan is not.
    #[must_use]
    pub fn of(episode: &Episode, session: Uuid, at: Timestamp) -> Option<Box<Self>> {
        let Lying {
            pull,
            subject,
            setting,
        } = Lying::of(episode, session, at).ok()?;
        let median = episode.expected(pull.region).belief.member(0);
        let column = Column::new(&subject, &setting, &median).ok()?;
        Some(Box::new(Self {
            pulled: (pull.region, pull.target),
            angle: Radians::from_degrees(pull.angle_deg)?,
            state: State::rest(&column),
            scratch: Scratch::new(&column),
            anatomy: subject.anatomy,
            column,
            last: (0.0, 0.0),
            measured: true,
            lost: false,
        }))
    }

    /// Lets the spine live through what was measured since.
    pub fn follow(&mut self, points: &[Point]) {
        for point in points {
            self.measured = point.force.is_some();
            let (before, since) = self.last;
            // Where no cell answers nobody knows better than the last force.
            let force = point.force.unwrap_or(before);
            if point.t <= since {
                continue;
            }
            let rate = (force - before) / (point.t - since);
            while !self.lost && self.state.elapsed() + STEP <= point.t {
                let at = self.state.elapsed() + STEP;
                self.step(before + rate * (at - since));
            }
            self.last = (force, point.t);
        }
    }

    fn step(&mut self, force: f64) {
        let (low, high) = stated_range(self.pulled.0);
        let load = Load {
            tension: Newtons::raw(force.clamp(low, high)),
            angle: self.angle,
        };
        let (state, scratch) = (&mut self.state, &mut self.scratch);
        let done = step(&self.column, state, scratch, load, Seconds::of(STEP));
        if let Err(error) = done {
            tracing::warn!(%error, "the spine beside the table is lost");
            self.lost = true;
        }
    }

    /// The spine as it lies; nothing once it is lost.
    #[must_use]
    pub fn picture(&self, t: Say) -> Option<String> {
        if self.lost {
            return None;
        }
        let now: Vec<(Segment, [f64; 2])> = openings(&self.column, &self.state).collect();
        let middle = |[front, back]: [f64; 2]| 0.5 * (front + back);
        let told: Vec<String> = now
            .iter()
            .map(|(level, edges)| format!("{level} {}", number(middle(*edges) * 1e3, 1)))
            .collect();
        let (title, desc) = (t.live_spine(), t.live_spine_desc(told.join(", ")));
        let note = match self.measured {
            true => t.live_spine_note(EXAGGERATION),
            false => t.live_spine_held(EXAGGERATION),
        };
        let of = Picture {
            caption: Caption {
                id: "live-spine-now",
                title: &title,
                desc: &desc,
            },
            note: "",
            anatomy: &self.anatomy,
            pulled: self.pulled,
            output: Output::Separation,
            pose: Pose::Lying,
            // Drawn small and shown large: its words are read from two metres.
            width: (36.0 * now.len() as f64).max(290.0),
        };
        let drawn = picture(&of, |output, segment| {
            let (_, edges) = now.iter().find(|(level, _)| *level == segment)?;
            Some(match output {
                Output::SeparationAnterior => edges[0],
                Output::SeparationPosterior => edges[1],
                _ => middle(*edges),
            })
        });
        Some(format!("{drawn}<p class=\"mut\">{note}</p>"))
    }
}

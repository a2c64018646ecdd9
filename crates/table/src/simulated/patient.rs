//! The patient on the simulated table: a body that is stretched and a person who acts.

use super::Options;
use crate::wire::Simulated;
use si::{Metres, Problem, Radians, Region, Seconds};
use spine::lumped::{Carriage, Lumped, Scratch, State, impose};
use traction::TICK;
use traction::input::Command;

/// The body: `spine::Lumped` with its harness, held by the carriage.
#[derive(Clone, Debug)]
pub(super) struct Body {
    column: Lumped,
    state: State,
    scratch: Scratch,
}

impl Body {
    pub(super) fn new(options: &Options, region: Region) -> Result<Self, Problem> {
        if !options.regions.contains(&region) {
            return Err(Problem::new(
                "table-region",
                "region",
                region.as_str(),
                "this table has no harness for the region",
                "use a table that supports the region",
            ));
        }
        let column = Lumped::new(&options.patient, region, &options.support)
            .map_err(|error| refused(&error.to_string()))?;
        let state = State::rest(&column);
        Ok(Self {
            column,
            state,
            scratch: Scratch::new(),
        })
    }

    /// The tension after one tick with the carriage `reach` metres from home.
    pub(super) fn pull(&mut self, reach: f64) -> Result<f64, Problem> {
        let carriage = Carriage {
            travel: Metres::raw(reach),
            angle: Radians::ZERO,
        };
        let dt: Seconds = TICK;
        impose(
            &self.column,
            &mut self.state,
            &mut self.scratch,
            carriage,
            dt,
        )
        .map(si::Newtons::get)
        .map_err(|error| refused(&error.to_string()))
    }
}

fn refused(why: &str) -> Problem {
    Problem::new(
        "simulated-patient",
        "simulated",
        "",
        why.to_owned(),
        "give the simulated table a patient within the column's ranges",
    )
}

/// One thing that somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The staff give a command.
    Staff(Command),
    /// The patient or a fault acts on the simulated table.
    Table(Simulated),
    /// The patient's own control shows this discomfort from now on.
    Feels(u8),
}

/// What happens at which tick after arming.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    acts: Vec<(u32, Act)>,
}

impl Script {
    /// Adds an act; acts of one tick keep their order.
    #[must_use]
    pub fn at(mut self, tick: u32, act: Act) -> Self {
        let place = self.acts.partition_point(|(when, _)| *when <= tick);
        self.acts.insert(place, (tick, act));
        self
    }

    /// Starts without incident: the patient tries the switch, the staff start.
    #[must_use]
    pub fn routine() -> Self {
        let switch = |pressed| Act::Table(Simulated::Switch { pressed });
        Self::default()
            .at(10, switch(true))
            .at(30, switch(false))
            .at(100, Act::Staff(Command::Start))
    }
}

/// A script being played.
#[derive(Clone, Debug)]
pub struct Behaviour {
    script: Script,
    next: usize,
}

impl Behaviour {
    /// From its beginning.
    #[must_use]
    pub const fn new(script: Script) -> Self {
        Self { script, next: 0 }
    }

    /// Whether nobody will act any more.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.next >= self.script.acts.len()
    }

    /// The next act that is due at `tick`, if there is one.
    pub fn due(&mut self, tick: u32) -> Option<Act> {
        let (when, act) = *self.script.acts.get(self.next)?;
        if when > tick {
            return None;
        }
        self.next += 1;
        Some(act)
    }
}

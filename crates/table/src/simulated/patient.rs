//! What patient and staff do on a simulated table, and when.

use crate::links::LinkAct;
use crate::wire::Simulated;
use traction::input::Command;

/// One thing that somebody does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    /// The staff give a command.
    Staff(Command),
    /// The patient or a fault acts on the simulated table.
    Table(Simulated),
    /// The patient's own control shows this discomfort from now on.
    Feels(u8),
    /// A console, its line or the loop's clock does this.
    Link(LinkAct),
}

/// What happens at which tick after arming.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    acts: Vec<(u32, Act)>,
    console: bool,
}

impl Script {
    /// Adds an act; acts of one tick keep their order.
    #[must_use]
    pub fn at(mut self, tick: u32, act: Act) -> Self {
        let place = self.acts.partition_point(|(when, _)| *when <= tick);
        self.acts.insert(place, (tick, act));
        self
    }

    /// The same with consoles that are heard and may fall silent; without them every
    /// command is the program's own.
    #[must_use]
    pub fn with_consoles(self) -> Self {
        Self {
            console: true,
            ..self
        }
    }

    /// Whether there are consoles.
    #[must_use]
    pub const fn has_consoles(&self) -> bool {
        self.console
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

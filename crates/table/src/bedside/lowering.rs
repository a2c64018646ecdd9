//! What can only take force away, or tells what the patient feels: open to every console.
//!
//! STOP, a symptom and a score that is no better than the last one are flags, not messages:
//! they stand behind nothing and are answered before any disk, lock or queue is touched.

use super::desk::{Answer, Caller, Desk, done, lock};
use super::link::{Order, no_session};
use super::refusals;
use crate::wire::Request;
use traction::input::{Command, Symptom};
use traction::limits::WORST_COMFORT;

impl Desk {
    /// Answers what only lowers; nothing for what is not, or not for this caller.
    pub(super) fn lower(&self, caller: &Caller, request: &Request) -> Option<Answer> {
        let order = |command| done(self.orders.post(Order::Command(command)));
        Some(match request {
            Request::Stop => {
                self.link.urgent.stop();
                done(Ok(()))
            }
            Request::Pause => order(Command::Pause),
            Request::Lower => order(Command::Lower),
            Request::NoIncrease => order(Command::NoIncrease),
            Request::Symptom { symptom } => self.symptom(symptom),
            Request::Well => self.answered(done(self.orders.post(Order::Well))),
            Request::Comfort { score } if *score > WORST_COMFORT => {
                Err(refusals::comfort_range(*score))
            }
            Request::Comfort { score } => {
                let told = self.comfort(caller, *score)?;
                self.answered(told)
            }
            _ => return None,
        })
    }

    /// Whoever tells how the patient is has seen that nobody answered.
    fn answered(&self, told: Answer) -> Answer {
        if told.is_ok() {
            self.alarms.answered();
        }
        told
    }

    fn symptom(&self, name: &str) -> Answer {
        let symptom = Symptom::from_name(name);
        let symptom = symptom.ok_or_else(|| refusals::unknown_name("symptom", name))?;
        self.in_session()?;
        self.link.urgent.symptom(symptom);
        done(Ok(()))
    }

    /// A better score lifts what a worse one held: it is for whoever is in control to tell, and
    /// takes its turn among the other commands.
    fn comfort(&self, caller: &Caller, score: u8) -> Option<Answer> {
        let told = lock(&self.view).comfort;
        if told.is_none_or(|told| score >= told) {
            return Some(self.in_session().and_then(|()| {
                self.link.urgent.comfort(score);
                done(Ok(()))
            }));
        }
        let now = self.link.now_ms();
        let in_control = lock(&self.control).lease.held_by(caller.id, now);
        in_control.then(|| done(self.orders.post(Order::Command(Command::Comfort(score)))))
    }

    fn in_session(&self) -> Result<(), si::Problem> {
        let armed = lock(&self.control).session;
        let last = lock(&self.view).last.as_ref().map(|(id, _)| *id);
        let open = armed.filter(|armed| Some(*armed) != last);
        open.map(|_| ()).ok_or_else(no_session)
    }
}

//! A value measured or asked for while the patient is on the table.

use care::decide::Verdict;
use care::episode::Command;
use care::fact::Value;
use traction::input::Symptom;

use super::report::{begun, fact_of};
use super::{both, href, let_go, noted};
use crate::door::form::Form;
use crate::door::{Fault, Reply, Visit, see};
use crate::pages::inputs;
use crate::pages::who::Desk;

/// POST `…/monitor`: a stop symptom lets go first, as if its button were pressed. Whatever
/// else is entered goes on record, and if the rules then answer `stop`, the table lets go.
pub async fn monitor(visit: Visit) -> Reply {
    if let Some((symptom, fact)) = symptom_in(&visit.form) {
        let told = let_go(&visit, symptom).await;
        let written = noted(&visit, fact, Value::Bool(true)).await;
        return both(told, written);
    }
    let session = visit.id("session")?;
    begun(&visit.app, visit.patient()?, session).await?;
    let desk = Desk::of(&visit).await?;
    let catalogue = visit.app.clinic.knowledge().catalogue();
    let readings = inputs::readings(&visit.form, catalogue, &desk.entry(&visit))?;
    let command = Command::ReportInSession { session, readings };
    let chart = desk.act(&visit, command).await?;
    let session = chart.episode.session(session).ok_or(Fault::NotFound)?;
    let stops = session
        .reports
        .last()
        .is_some_and(|report| report.decision.verdict == Verdict::Stop);
    match stops && session.ended.is_none() {
        true => let_go(&visit, Symptom::Other).await,
        false => Ok(see(&href(&visit)?)),
    }
}

/// The stop symptom that a form says yes to.
fn symptom_in(form: &Form) -> Option<(Symptom, &'static str)> {
    let of = |name: &str| {
        let symptoms = Symptom::ALL.iter().copied();
        let mut known = symptoms.filter_map(|symptom| Some((symptom, fact_of(symptom.as_str())?)));
        known.find(|(_, fact)| name.strip_prefix("f:") == Some(fact))
    };
    let mut yes = form.iter().filter(|(_, value)| *value == "yes");
    yes.find_map(|(name, _)| of(name))
}

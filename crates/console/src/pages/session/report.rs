//! What the patient says on the table, as the record keeps it.

use std::time::Duration;

use care::episode::{Actor, Command};
use care::fact::{By, FactKey, Reading, Value};
use traction::input::Symptom;
use uuid::Uuid;

use super::is_here;
use crate::app::App;
use crate::bedside::Bedside;
use crate::door::Fault;

/// Writes what the patient said into the record, of the session or, before its start, of the visit.
pub(in crate::pages) async fn report(
    app: &App,
    (patient, who): (Uuid, Actor),
    session: Uuid,
    fact: &str,
    value: Value,
) -> Result<(), Fault> {
    let started = begun(app, patient, session).await?;
    let at = app.clinic.now();
    let reading = Reading::value(FactKey::plain(fact), value, at, By::Patient).with_who(&who.name);
    let reading = if fact == "discomfort" {
        reading.with_unit("1")
    } else {
        reading
    };
    let readings = vec![reading];
    let command = if started {
        Command::ReportInSession { session, readings }
    } else {
        Command::RecordFacts {
            readings,
            denied: Vec::new(),
        }
    };
    app.clinic.act(patient, &who, command).await?;
    Ok(())
}

/// Whether the session's start is on record; what pulls gets a moment for that.
pub(super) async fn begun(app: &App, patient: Uuid, session: Uuid) -> Result<bool, Fault> {
    for _ in 0..20 {
        let chart = app.clinic.chart(patient).await?;
        let of = chart.episode.session(session).ok_or(Fault::NotFound)?;
        if of.started.is_some() {
            return Ok(true);
        }
        if !pulls(app, session) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(false)
}

fn pulls(app: &App, session: Uuid) -> bool {
    let live = app.bedside.as_ref().map(Bedside::live);
    live.filter(|live| is_here(live, session))
        .and_then(|live| live.status)
        .is_some_and(|status| !matches!(status.stage.as_str(), "idle" | "armed"))
}

pub(super) fn symptom_of(word: &str) -> Option<Symptom> {
    Symptom::ALL
        .iter()
        .copied()
        .find(|symptom| symptom.as_str() == word)
}

/// The fact a symptom becomes; "other" is on the black box alone.
pub(super) fn fact_of(word: &str) -> Option<&'static str> {
    Some(match word {
        "new-pain" => "table_new_pain",
        "sharp-pain" => "table_sharp_pain",
        "radiating-pain" | "peripheralisation" => "table_radiating_pain",
        "numbness" => "table_numbness",
        "weakness" => "table_weakness",
        "crack" => "table_crack",
        "leg-pain-lost" => "table_sudden_relief",
        "visual-sign" | "speech-sign" | "balance-sign" => "table_vision_speech_balance",
        "faintness" => "table_faintness",
        _ => return None,
    })
}

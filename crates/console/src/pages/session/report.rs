//! What the patient says on the table, as the record keeps it.

use std::time::Duration;

use care::episode::Command;
use care::fact::{By, FactKey, Reading, Value};
use traction::input::Symptom;
use uuid::Uuid;

use super::is_here;
use crate::bedside::Bedside;
use crate::door::{Fault, Visit};
use crate::pages::who::Desk;

/// Writes what the patient said into the record, of the session or, before its start, of the visit.
pub(super) async fn report(visit: &Visit, fact: &str, value: Value) -> Result<(), Fault> {
    let (desk, started) = begun(visit).await?;
    let session = visit.id("session")?;
    let reading = Reading::value(
        FactKey::plain(fact),
        value,
        visit.app.clinic.now(),
        By::Patient,
    );
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
    desk.act(visit, command).await?;
    Ok(())
}

/// The chart, and whether the session's start is on record; what pulls gets a moment for that.
pub(super) async fn begun(visit: &Visit) -> Result<(Desk, bool), Fault> {
    let id = visit.id("session")?;
    for _ in 0..20 {
        let desk = Desk::of(visit).await?;
        let session = desk.chart.episode.session(id).ok_or(Fault::NotFound)?;
        let started = session.started.is_some();
        if started || !pulls(visit, id) {
            return Ok((desk, started));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok((Desk::of(visit).await?, false))
}

fn pulls(visit: &Visit, id: Uuid) -> bool {
    let live = visit.app.bedside.as_ref().map(Bedside::live);
    live.filter(|live| is_here(live, id))
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

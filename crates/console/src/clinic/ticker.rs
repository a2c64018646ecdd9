//! What falls due by the clock: check-ins nobody answered, alarms nobody took.

use std::sync::Arc;

use care::episode::Command;

use super::{Clinic, program};

/// Looks once at every patient of whom something falls due.
pub async fn tick(clinic: &Arc<Clinic>) {
    let patients = match clinic.fallen_due().await {
        Ok(patients) => patients,
        Err(problem) => {
            tracing::error!(problem = %problem.log(), "the clock could not be kept");
            return;
        }
    };
    let on_call = clinic.settings().on_call.clone();
    for patient in patients {
        let command = Command::KeepTime {
            on_call: on_call.clone(),
        };
        if let Err(problem) = clinic.act(patient, &program(), command).await {
            tracing::warn!(problem = %problem.log(), "the clock could not be kept for one record");
        }
    }
}

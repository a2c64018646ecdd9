//! `annulus knowledge approve`: a clinician vouches for rules and caps as they stand.

use crate::cli::{ApproveArgs, Format};
use crate::failure::Failure;
use crate::settings::Settings;
use crate::{files, input};
use care::decide::RuleSet;
use care::knowledge::{Approval, Approvals, DOSE, Knowledge};
use console::clinic::{Approver, Clinic, ClinicOptions, Home, approvals_of};
use jiff::Timestamp;
use serde_json::json;
use si::Problem;
use std::future::Future;

/// Runs the command. The server is stopped meanwhile: one process writes a store.
pub(crate) fn run(args: ApproveArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    let knowledge = input::knowledge(settings)?;
    let entries = asked(&args, knowledge)?;
    let approver = Approver {
        by: args.by,
        licence: args.licence,
        at: args.at.unwrap_or_else(Timestamp::now),
    };
    let home = settings.store(args.store)?;
    // A store that is not there is not made by an approval.
    read(&home)?;
    waited(async {
        let clinic = Clinic::open(ClinicOptions {
            home: home.clone(),
            key: None,
            demo: false,
            settings: console::clinic::Settings::default(),
            knowledge: Some(knowledge),
            serve: false,
            new_key: false,
        })
        .await?;
        let done = clinic.approve(&approver, &entries).await;
        clinic.close().await?;
        Ok(done?)
    })?;
    let standing = knowledge.standing(&read(&home)?);
    let told = match format {
        Format::Json => json!({
            "schema": "annulus.approval/1",
            "approved": entries,
            "rules_left": standing.rules,
            "dose_approved": standing.dose,
        })
        .to_string(),
        Format::Text => format!(
            "{} approved by {}; {} rules are left, the numbers of dose are {}",
            entries.len(),
            approver.by,
            standing.rules,
            if standing.dose {
                "approved"
            } else {
                "not approved"
            }
        ),
    };
    files::print(told.as_bytes())
}

/// The entries that the caller named, each once and each known.
fn asked<'k>(args: &ApproveArgs, knowledge: &'k Knowledge) -> Result<Vec<&'k str>, Failure> {
    for name in &args.set {
        if !RuleSet::ALL.iter().any(|set| set.as_str() == name) {
            let remedy = "screening, in-session, triage, review, indication or advice";
            return Err(
                Problem::new("unknown-set", "--set", name, "is not a rule set", remedy).into(),
            );
        }
    }
    if let Some(id) = args.rules.iter().find(|id| knowledge.rule(id).is_none()) {
        let remedy = "see `annulus knowledge list`; the numbers of dose are --dose";
        return Err(Problem::new("unknown-rule", "RULE", id, "is not a rule", remedy).into());
    }
    let rules = knowledge.all_rules().iter();
    let named = rules.filter(|rule| {
        args.all || args.rules.contains(&rule.id) || args.set.iter().any(|s| s == rule.set.as_str())
    });
    let mut entries: Vec<&str> = named.map(|rule| rule.id.as_str()).collect();
    if args.all || args.dose {
        entries.push(DOSE);
    }
    Ok(entries)
}

/// The approvals in a store.
pub(crate) fn read(home: &Home) -> Result<Approvals, Failure> {
    waited(async { Ok(approvals_of(home).await?) })
}

/// Who approved an entry, in words.
pub(crate) fn in_words(approval: Option<&Approval>) -> String {
    approval.map_or_else(
        || "by nobody yet: simulated table only".to_owned(),
        |approval| {
            format!(
                "by {} ({}) on {}",
                approval.by,
                approval.licence,
                approval.at.strftime("%F")
            )
        },
    )
}

fn waited<T>(doing: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::new("starting the runtime", error))?;
    runtime.block_on(doing)
}

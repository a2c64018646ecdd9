//! From a signed plan and the facts of this moment to a Grant, through the same
//! gates as the clinic: an episode is folded from them and asked for the permission.

use crate::failure::Failure;
use care::decide::Gate;
use care::episode::{
    Actor, Command, ConsentGiven, Context, Episode, Event, Licence, Private, Role, What, decide,
    fold,
};
use care::fact::{Reading, Value};
use care::input::FactsDocument;
use care::knowledge::{Approvals, Knowledge};
use care::plan::{Against, Dose, Proposal, SignedPlan};
use care::session::{ARRIVAL, START};
use ed25519_dalek::VerifyingKey;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use si::Problem;
use traction::grant::Grant;
use uuid::Uuid;

/// A session that may start.
pub(crate) struct Permitted {
    /// What the table is allowed.
    pub(crate) grant: Grant,
    /// The weight the plan was made for, kg.
    pub(crate) body_weight_kg: f64,
    /// The patient's age, where it is known.
    pub(crate) age_years: Option<f64>,
    /// When it starts.
    pub(crate) at: Timestamp,
}

/// Checks the plan and every gate, and grants one session.
pub(crate) fn permit(
    signed: &SignedPlan,
    document: &FactsDocument,
    (knowledge, zone): (&Knowledge, &TimeZone),
    seed: u64,
) -> Result<Permitted, Failure> {
    let proposal = checked(signed, document, knowledge, zone)?;
    let ids = Ids::of(signed, seed);
    let episode = opened(signed, document, knowledge, &ids, &proposal)?;
    let actor = signer(signed, document.at);
    let context = Context {
        knowledge,
        approvals: Approvals::NONE,
        at: document.at,
        zone,
        actor: &actor,
    };
    let asked = Command::IssueGrant {
        session: ids.session,
        table: Uuid::from_bytes(crate::commands::bedside::SIMULATED_TABLE),
        nonce: ids.nonce,
        attendant: attendant(document),
        expires: document
            .at
            .saturating_add(SignedDuration::from_hours(1))
            .unwrap_or(document.at),
        simulated: true,
    };
    let events = decide(&episode, asked, &context)?;
    Ok(Permitted {
        grant: granted(&events)?,
        body_weight_kg: proposal.body_weight_kg,
        age_years: latest_number(&document.readings, "age"),
        at: document.at,
    })
}

/// The plan, if its bytes, its signature, its region, its time and the decision of now allow it.
/// A demonstration key vouches for itself: the Grant is for a simulated table only.
fn checked(
    signed: &SignedPlan,
    document: &FactsDocument,
    knowledge: &Knowledge,
    zone: &TimeZone,
) -> Result<Proposal, Failure> {
    let key = demonstration_key(signed)?;
    let facts = document.fact_set();
    let decision = care::decide::evaluate(
        &facts,
        document.region,
        Gate::TREAT,
        knowledge,
        document.at,
        zone,
    );
    let against = Against {
        region: document.region,
        decision: &decision,
        keys: &[key],
        dose: &Dose::of_knowledge(knowledge)?,
        at: document.at,
    };
    let (proposal, _) = signed.check(&against)?;
    Ok(proposal)
}

fn demonstration_key(signed: &SignedPlan) -> Result<VerifyingKey, Failure> {
    let mut bytes = [0_u8; 32];
    let key = hex::decode_to_slice(&signed.public_key, &mut bytes)
        .ok()
        .and_then(|()| VerifyingKey::from_bytes(&bytes).ok());
    key.ok_or_else(|| {
        Problem::new(
            "plan-altered",
            "public_key",
            signed.public_key.clone(),
            "is not an Ed25519 public key",
            "give the file that `sign` wrote, unchanged",
        )
        .into()
    })
}

/// Ids that the same plan and seed always get: a run in this process is reproducible.
struct Ids {
    pseudonym: Uuid,
    session: Uuid,
    nonce: Uuid,
}

impl Ids {
    fn of(signed: &SignedPlan, seed: u64) -> Self {
        let id = |name: &str| {
            let hash = Sha256::new()
                .chain_update(name)
                .chain_update(signed.plan_sha256.as_bytes())
                .chain_update(signed.candidate.as_bytes())
                .chain_update(seed.to_le_bytes())
                .finalize();
            let mut bytes = [0_u8; 16];
            bytes.copy_from_slice(&hash[..16]);
            uuid::Builder::from_custom_bytes(bytes).into_uuid()
        };
        Self {
            pseudonym: id("pseudonym"),
            session: id("session"),
            nonce: id("nonce"),
        }
    }
}

fn signer(signed: &SignedPlan, at: Timestamp) -> Actor {
    let expires = at
        .saturating_add(SignedDuration::from_hours(24))
        .unwrap_or(at);
    let licence = Licence {
        number: format!("demonstration key of {}", signed.signer),
        expires,
    };
    Actor {
        id: Uuid::nil(),
        role: Role::Practitioner,
        name: signed.signer.clone(),
        licence: Some(licence),
    }
}

/// The episode as these documents tell it.
fn opened(
    signed: &SignedPlan,
    document: &FactsDocument,
    knowledge: &Knowledge,
    ids: &Ids,
    proposal: &Proposal,
) -> Result<Episode, Failure> {
    let actor = signer(signed, document.at);
    let (arrival, rest): (Vec<_>, Vec<_>) = split(document, &ARRIVAL);
    let (start, chart): (Vec<_>, Vec<_>) = rest
        .into_iter()
        .partition(|reading| START.contains(&reading.fact.as_str()));
    let mut events = vec![
        What::Registered {
            pseudonym: ids.pseudonym,
            demographics: Private::default(),
            region: document.region,
            language: "en".into(),
        },
        What::FactsRecorded {
            readings: chart,
            denied: document.denied.clone(),
        },
    ];
    if confirms_consent(&start) {
        events.push(What::ConsentGiven(consent(knowledge, document, signed)?));
    }
    events.extend(planned(signed, proposal));
    if !arrival.is_empty() {
        events.push(What::ArrivalRecorded {
            visit: 1,
            readings: arrival,
        });
        events.push(What::StartChecked {
            visit: 1,
            readings: start,
        });
    }
    let stamp = |what| Event::new(document.at, actor.clone(), what);
    let mut episode = events
        .into_iter()
        .map(stamp)
        .fold(Episode::default(), |episode, event| fold(episode, &event));
    episode.clearances.clone_from(&document.clearances);
    episode.overrides.clone_from(&document.overrides);
    Ok(episode)
}

/// Readings of the arrival record are those of this visit; older scores stay in the chart.
fn split(document: &FactsDocument, names: &[&str]) -> (Vec<Reading>, Vec<Reading>) {
    document
        .readings
        .iter()
        .cloned()
        .partition(|reading| names.contains(&reading.fact.as_str()))
}

fn confirms_consent(start: &[Reading]) -> bool {
    start.iter().any(|reading| {
        reading.fact.as_str() == "start_consent_confirmed"
            && reading.as_value() == Some(&Value::Bool(true))
    })
}

fn consent(
    knowledge: &Knowledge,
    document: &FactsDocument,
    signed: &SignedPlan,
) -> Result<ConsentGiven, Failure> {
    let evidence = knowledge.evidence();
    let facts = document.fact_set();
    let condition = evidence.condition_of(facts.iter(), document.region);
    let text = care::consent::text(knowledge, document.region, condition)?;
    Ok(ConsentGiven {
        text_version: text.version.clone(),
        language: "en".into(),
        explained_by: signed.signer.clone(),
        interpreter: None,
        questions: Private::default(),
        signed_by: Private::default(),
        cost: None,
        condition: text.condition.clone(),
        words: Some(text.plain()),
    })
}

fn planned(signed: &SignedPlan, proposal: &Proposal) -> [What; 2] {
    [
        What::PlanProposed {
            plan: signed.plan.clone(),
            plan_sha256: signed.plan_sha256.clone(),
            decision_sha256: proposal.decision_hash.clone(),
            expires: proposal.expires,
        },
        What::PlanSigned {
            plan_sha256: signed.plan_sha256.clone(),
            candidate: signed.candidate.clone(),
            verdict: proposal.verdict.to_string(),
            decision_sha256: proposal.decision_hash.clone(),
            expires: proposal.expires,
            document: None,
        },
    ]
}

/// Who attends: whoever named the attendant on the start list.
fn attendant(document: &FactsDocument) -> String {
    let named = document
        .readings
        .iter()
        .find(|reading| reading.fact.as_str() == "start_attendant_named");
    named
        .and_then(|reading| reading.who.clone())
        .unwrap_or_else(|| "attendant".into())
}

fn granted(events: &[Event]) -> Result<Grant, Failure> {
    let bytes = events.iter().find_map(|event| match &event.what {
        What::GrantIssued { grant, .. } => hex::decode(grant).ok(),
        _ => None,
    });
    let bytes = bytes.ok_or_else(|| Failure::new("issuing the grant", "no grant was issued"))?;
    Grant::decode(&bytes).map_err(|error| Failure::new("reading the grant", error))
}

fn latest_number(readings: &[Reading], fact: &str) -> Option<f64> {
    readings
        .iter()
        .rev()
        .find_map(|reading| match reading.as_value() {
            Some(Value::Number(number)) if reading.fact.as_str() == fact => Some(*number),
            _ => None,
        })
}

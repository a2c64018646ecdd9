//! SMART App Launch 2, as an app: another record system opens Annulus for one of its patients.
//!
//! ```text
//! /launch?iss,launch ─▶ is iss registered? ─▶ its configuration ─▶ its authorization page
//! /launch/callback?code,state ─▶ is the state ours? ─▶ token ─▶ who, what was granted ─▶ the record, read
//! ```
//!
//! Only what an administrator registered is ever asked; what it answers is bounded in size, number
//! and time, and no answer leads elsewhere. Its token lives as long as the reading.

mod base;
mod configuration;
mod identity;
mod reading;
mod scopes;
mod token;
mod waiting;
mod wire;

use std::time::Duration;

use si::Problem;
use tokio::time::Instant;

pub use base::Base;
pub use scopes::{ASKED, asked};
pub use waiting::{Offer, Offers, STATE_FOR, Waiting, Waits};
pub use wire::Wire;

use crate::clinic::System;
use crate::random;
use configuration::Configuration;
use wire::Call;

/// How long a record system may take for everything together *(ours: an answer of ours may take
/// 30 s, and the record is read after it)*.
const PATIENCE: Duration = Duration::from_secs(20);
/// Characters of what it passes through our hands: its launch, code *(ours: tokens of today have
/// some hundreds)*.
const OPAQUE: usize = 1024;

/// What a launch brought.
#[derive(Debug)]
pub struct Launched {
    /// The patient's id there.
    pub patient: String,
    /// What was read, as one Bundle.
    pub record: String,
    /// Types that it did not give.
    pub withheld: Vec<String>,
    /// Who is signed in there, as it says.
    pub user: Option<String>,
}

/// What the callback says.
#[derive(Clone, Copy)]
pub struct Back<'a> {
    /// What the token is given for.
    pub code: &'a str,
    /// Who gave it, where it says so (RFC 9207).
    pub issuer: Option<&'a str>,
}

impl Wire {
    /// Where the browser goes for permission, and what waits for it to come back.
    ///
    /// # Errors
    /// A record system that does not answer, or not as SMART asks.
    pub async fn begin(
        &self,
        system: &System,
        (issuer, launch): (&str, &str),
        redirect: String,
    ) -> Result<(url::Url, Waiting), Problem> {
        opaque("launch", launch)?;
        let mut call = Call::new(self, Instant::now() + PATIENCE)?;
        let configuration = Configuration::of(&mut call, &system.base).await?;
        let waiting = Waiting {
            system: system.id,
            state: random::token(),
            nonce: random::token(),
            verifier: hex::encode(random::bytes::<32>()),
            redirect,
        };
        let url = token::permission(system, &configuration, (issuer, launch), &waiting)?;
        Ok((url, waiting))
    }

    /// Gets the token, and reads with it what the importer reads.
    ///
    /// # Errors
    /// A record system that does not answer, gives less than is needed, or says what does not
    /// hold. Nothing is kept then.
    pub async fn finish(
        &self,
        system: &System,
        secret: Option<String>,
        waiting: &Waiting,
        back: Back<'_>,
    ) -> Result<Launched, Problem> {
        opaque("code", back.code)?;
        let until = Instant::now() + PATIENCE;
        let mut call = Call::new(self, until)?;
        let configuration = Configuration::of(&mut call, &system.base).await?;
        configuration.is_of(back.issuer)?;
        let given = token::exchange(
            &call,
            (system, secret),
            &configuration,
            (waiting, back.code),
        )
        .await?;
        let user = match given.identity() {
            None => None,
            Some(identity) => {
                let issuer = configuration.identity.as_ref();
                identity::check(
                    &mut call,
                    identity?,
                    issuer,
                    (&system.client_id, &waiting.nonce),
                )
                .await?
            }
        };
        let patient = given.patient()?;
        let (record, withheld) =
            reading::record(&mut call, &system.base, (&given, patient)).await?;
        Ok(Launched {
            patient: patient.to_owned(),
            record,
            withheld,
            user,
        })
    }
}

/// What is passed on unread: letters, digits and signs, not too many.
fn opaque(field: &str, text: &str) -> Result<(), Problem> {
    let fits = (1..=OPAQUE).contains(&text.len());
    if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(Problem::new(
        "launch-parameter",
        field,
        "",
        format!("is missing, longer than {OPAQUE} characters, or holds what it cannot"),
        AGAIN,
    ))
}

/// What to do when a launch went wrong.
const AGAIN: &str = "open Annulus from the other record system again";

//! How a session is armed and how it is led back to force: Grants, nonces, tokens.
//!
//! Nothing here holds the desk's lock while it waits for a disk or for the loop: heartbeats
//! need that lock.

use super::desk::{Answer, Caller, Control, Desk, done, frame_bytes, lock};
use super::link::Order;
use super::refusals;
use crate::blackbox::{Header, PROGRAM};
use crate::grant::{SignedGrant, admit};
use crate::lease::ConnectionId;
use crate::token::Spender;
use crate::wire::{Purpose, Reply};
use si::Problem;
use traction::Setup as TableSetup;
use traction::grant::Grant;
use traction::input::{Command, ResumeAct};

impl Desk {
    /// Arms a Grant for the console in control; one arming at a time.
    pub(super) fn arm(&self, caller: &Caller, grant: &str, signature: &str) -> Answer {
        let signed = SignedGrant::from_hex(grant, signature)?;
        let grant = signed.verify(&self.setup.key)?;
        let now_ms = self.link.unix_ms();
        admit(&grant, &self.setup.info, now_ms)?;
        {
            let mut control = lock(&self.control);
            self.check_lease(&control, caller.id)?;
            if std::mem::replace(&mut control.arming, true) {
                return Err(refusals::arming());
            }
        }
        let armed = self.arm_on_disk(caller.id, &grant, (signed, now_ms));
        let mut control = lock(&self.control);
        control.arming = false;
        armed?;
        self.alarms.begin_session();
        control.session = Some(grant.session);
        done(Ok(()))
    }

    fn arm_on_disk(
        &self,
        caller: ConnectionId,
        grant: &Grant,
        (signed, now_ms): (SignedGrant, i64),
    ) -> Result<(), Problem> {
        if self.evidence.is_spent(&grant.nonce) {
            return Err(refusals::nonce_spent(&grant.nonce));
        }
        if self.evidence.hangs() || self.recorder.figures().failing {
            return Err(refusals::disk_silent());
        }
        let setup = self.orders.prepare(grant)?;
        let header = self.header(grant, signed, now_ms, setup);
        self.evidence.keep(grant, header)?;
        // The disk may have taken its time: whoever is in control now has not asked for this.
        if let Err(problem) = self.check_lease(&lock(&self.control), caller) {
            self.orders.post(Order::Abandon)?;
            return Err(problem);
        }
        self.orders.post(Order::Arm(Box::new(*grant), setup))
    }

    fn header(&self, grant: &Grant, signed: SignedGrant, now_ms: i64, setup: TableSetup) -> Header {
        Header {
            frame_bytes: frame_bytes(),
            setup,
            simulated: self.setup.info.simulated,
            seed: self.setup.seed,
            armed_at_ms: now_ms,
            table: self.setup.info.id,
            session: grant.session,
            grant: signed.bytes,
            signature: signed.signature,
            program: Some(PROGRAM.to_owned()),
        }
    }

    /// Issues a token to the console in control; for a resume, asking is its first act.
    pub(super) fn token(&self, caller: ConnectionId, purpose: Purpose) -> Answer {
        let session = lock(&self.control).session;
        let session = session.ok_or_else(super::link::no_session)?;
        if purpose == Purpose::Resume {
            let act = ResumeAct::Prepare;
            self.orders.post(Order::Command(Command::Resume { act }))?;
        }
        let mut secret = [0; 16];
        getrandom::fill(&mut secret).map_err(|error| refusals::no_randomness(&error))?;
        let spender = self.spender(caller, purpose, session);
        let mut control = lock(&self.control);
        self.check_lease(&control, caller)?;
        control.tokens.issue(secret, spender);
        let token = hex::encode(secret);
        Ok((Reply::Token { token }, Vec::new()))
    }

    pub(super) fn spend(
        &self,
        control: &mut Control,
        caller: ConnectionId,
        token: &str,
        purpose: Purpose,
    ) -> Result<(), Problem> {
        let session = control.session.ok_or_else(super::link::no_session)?;
        let mut secret = [0; 16];
        hex::decode_to_slice(token, &mut secret)
            .map_err(|_| refusals::token_problem("is not 16 bytes as hex"))?;
        control
            .tokens
            .spend(&secret, self.spender(caller, purpose, session))
            .map_err(|error| refusals::token_problem(&error.to_string()))
    }

    fn spender(&self, connection: ConnectionId, purpose: Purpose, session: [u8; 16]) -> Spender {
        Spender {
            purpose,
            connection,
            session,
            now_ms: self.link.now_ms(),
        }
    }
}

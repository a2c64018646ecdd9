//! The console's side of the wire: blocking calls with typed answers.
//!
//! One [`Client`] is one connection. It may be shared between threads, so a
//! STOP never waits behind another call. A thread of its own sorts what comes
//! in: replies to their callers, pushed statuses to [`Client::next_status`].
//! Reconnecting is the caller's business, and so are heartbeats: they must
//! come from the part of the console whose life they prove.

mod sorter;

use crate::blackbox::{Contents, format::Tail};
use crate::grant::SignedGrant;
use crate::wire::{
    Purpose, Refusal, Reply, Request, SessionLine, Simulated, Status, WireError, Writer,
};
use si::Newtons;
use sorter::{Answer, Newest, Sorter, Waiting, lock};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use traction::Mode;
use traction::input::{StopKind, Symptom};

/// How long a call waits for its answer.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(5);
/// Recording bytes asked for at a time.
const FETCH_BYTES: u32 = 32 * 1024;
/// Wait before a recording that is being closed is looked at again.
const FETCH_PAUSE: Duration = Duration::from_millis(20);

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No connection could be made.
    #[error("the bedside cannot be reached")]
    Connect(#[source] std::io::Error),
    /// The wire failed; the connection is over.
    #[error("the connection to the bedside failed")]
    Wire(#[from] WireError),
    /// The bedside closed the connection.
    #[error("the bedside closed the connection")]
    Closed,
    /// No answer within [`CALL_TIMEOUT`].
    #[error("the bedside did not answer within 5 s")]
    Timeout,
    /// The bedside refused, and says why.
    #[error("the bedside refused")]
    Refused(#[source] Refusal),
    /// An answer of another kind than asked for.
    #[error("the bedside answered something else than was asked")]
    Unexpected,
}

impl ClientError {
    /// The refusal, if the bedside refused.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

/// What the bedside says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Welcome {
    /// The table's id.
    pub table: [u8; 16],
    /// Whether it is simulated.
    pub simulated: bool,
    /// The regions it supports, by name.
    pub regions: Vec<String>,
    /// The most force its hardware can make, N.
    pub hardware_ceiling_n: f64,
}

/// A connection to a bedside.
pub struct Client {
    stream: UnixStream,
    writer: Mutex<Writer<UnixStream>>,
    waiting: Waiting,
    newest: Arc<Newest>,
    welcome: Welcome,
}

impl Client {
    /// Connects and says hello as `console` (shown to other consoles; no patient data).
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn connect(socket: &Path, console: &str) -> Result<Self, ClientError> {
        let stream = UnixStream::connect(socket).map_err(ClientError::Connect)?;
        stream
            .set_write_timeout(Some(CALL_TIMEOUT))
            .map_err(ClientError::Connect)?;
        let reading = stream.try_clone().map_err(ClientError::Connect)?;
        let writing = stream.try_clone().map_err(ClientError::Connect)?;
        let waiting = Waiting::default();
        let newest = Arc::new(Newest::default());
        let sorter = Sorter {
            waiting: Arc::clone(&waiting),
            newest: Arc::clone(&newest),
        };
        std::thread::Builder::new()
            .name("bedside-client".into())
            .spawn(move || sorter.run(reading))
            .map_err(ClientError::Connect)?;
        let mut client = Self {
            stream,
            writer: Mutex::new(Writer::new(writing)),
            waiting,
            newest,
            welcome: Welcome {
                table: [0; 16],
                simulated: false,
                regions: Vec::new(),
                hardware_ceiling_n: 0.0,
            },
        };
        client.welcome = client.hello(console)?;
        Ok(client)
    }

    /// What the bedside said of itself.
    #[must_use]
    pub const fn welcome(&self) -> &Welcome {
        &self.welcome
    }

    /// Takes control of the table.
    ///
    /// # Errors
    /// `lease-held` while another console controls it.
    pub fn take_lease(&self) -> Result<(), ClientError> {
        self.done(&Request::LeaseTake)
    }

    /// Gives control to another connected console.
    ///
    /// # Errors
    /// `lease-not-held`, `console-absent`.
    pub fn hand_over(&self, to: &str) -> Result<(), ClientError> {
        self.done(&Request::LeaseHandOver { to: to.to_owned() })
    }

    /// Lets go of control.
    ///
    /// # Errors
    /// `lease-not-held`.
    pub fn release_lease(&self) -> Result<(), ClientError> {
        self.done(&Request::LeaseRelease)
    }

    /// Opens a session.
    ///
    /// # Errors
    /// A refusal that names what in the Grant does not hold here and now.
    pub fn arm(&self, grant: &SignedGrant) -> Result<(), ClientError> {
        self.done(&Request::Arm {
            grant: hex::encode(&grant.bytes),
            signature: hex::encode(grant.signature),
        })
    }

    /// Asks for a one-time token: the first of two deliberate acts.
    ///
    /// # Errors
    /// `lease-not-held`, `no-session`.
    pub fn token(&self, purpose: Purpose) -> Result<String, ClientError> {
        match self.call(&Request::Token { purpose })?.0 {
            Reply::Token { token } => Ok(token),
            _ => Err(ClientError::Unexpected),
        }
    }

    /// Starts the armed session with a token.
    ///
    /// # Errors
    /// `token-refused` and what the session's state does not allow.
    pub fn start(&self, token: &str) -> Result<(), ClientError> {
        self.done(&Request::Start {
            token: token.to_owned(),
        })
    }

    /// Returns to tension after a comfort or technical stop, once.
    ///
    /// # Errors
    /// `token-refused` and what the session's state does not allow.
    pub fn resume(&self, token: &str) -> Result<(), ClientError> {
        self.done(&Request::Resume {
            token: token.to_owned(),
        })
    }

    /// Goes to base force.
    ///
    /// # Errors
    /// `lease-not-held`, `no-session`.
    pub fn pause(&self) -> Result<(), ClientError> {
        self.done(&Request::Pause)
    }

    /// Goes on after a pause, with a token of its own.
    ///
    /// # Errors
    /// `lease-not-held`, `no-session`, and what the session's state does not allow.
    pub fn continue_session(&self) -> Result<(), ClientError> {
        let token = self.token(Purpose::Continue)?;
        self.done(&Request::Continue { token })
    }

    /// Allows increases again after a no-increase, with a token of its own.
    ///
    /// # Errors
    /// `lease-not-held`, `no-session`, and what the session's state does not allow.
    pub fn allow_increase(&self) -> Result<(), ClientError> {
        let token = self.token(Purpose::AllowIncrease)?;
        self.done(&Request::AllowIncrease { token })
    }

    /// Goes on in another mode or with another force, with a token of its own.
    ///
    /// # Errors
    /// `lease-not-held`, `no-session`, and a mode or force that was not signed.
    pub fn change(&self, mode: Mode, force: Newtons) -> Result<(), ClientError> {
        let token = self.token(Purpose::Change)?;
        self.done(&Request::Change {
            token,
            mode: mode.as_str().to_owned(),
            force_n: force.get(),
        })
    }

    /// Lowers the ceiling to 75 % of the present force.
    ///
    /// # Errors
    /// `lease-not-held`, `no-session`.
    pub fn lower(&self) -> Result<(), ClientError> {
        self.done(&Request::Lower)
    }

    /// Allows no more force than now.
    ///
    /// # Errors
    /// `lease-not-held`, `no-session`.
    pub fn no_increase(&self) -> Result<(), ClientError> {
        self.done(&Request::NoIncrease)
    }

    /// Unloads and latches. Needs no lease.
    ///
    /// # Errors
    /// The wire's alone; where no session is open there is nothing to stop.
    pub fn stop(&self) -> Result<(), ClientError> {
        self.done(&Request::Stop)
    }

    /// Reports the patient's discomfort, 0–10.
    ///
    /// # Errors
    /// `lease-not-held`, `no-session`, `comfort-range`.
    pub fn comfort(&self, score: u8) -> Result<(), ClientError> {
        self.done(&Request::Comfort { score })
    }

    /// The patient answers that nothing is worse than told last, or on arrival.
    ///
    /// # Errors
    /// `no-session`.
    pub fn well(&self) -> Result<(), ClientError> {
        self.done(&Request::Well)
    }

    /// Reports a stop symptom.
    ///
    /// # Errors
    /// `lease-not-held`, `no-session`.
    pub fn symptom(&self, symptom: Symptom) -> Result<(), ClientError> {
        self.done(&Request::Symptom {
            symptom: symptom.as_str().to_owned(),
        })
    }

    /// Says what a stop turned out to be, with a token of its own.
    ///
    /// # Errors
    /// `lease-not-held`, `no-session`, and what the session's state does not allow.
    pub fn explain(&self, stop: StopKind) -> Result<(), ClientError> {
        let token = self.token(Purpose::Explain)?;
        self.done(&Request::Explain {
            stop: stop.as_str().to_owned(),
            token,
        })
    }

    /// Silences the alarms that have been heard, for 120 s at most. Needs no lease.
    ///
    /// # Errors
    /// The wire's.
    pub fn silence(&self) -> Result<(), ClientError> {
        self.done(&Request::Silence)
    }

    /// Acknowledges the alarms shown. Needs no lease.
    ///
    /// # Errors
    /// The wire's.
    pub fn ack(&self) -> Result<(), ClientError> {
        self.done(&Request::Ack)
    }

    /// Ends by the therapy ramp; the session closes by itself once it is down.
    ///
    /// # Errors
    /// `lease-not-held`, `no-session`, and what the session's state does not allow.
    pub fn end(&self) -> Result<(), ClientError> {
        self.done(&Request::End)
    }

    /// Closes a stopped session that will not be resumed.
    ///
    /// # Errors
    /// `lease-not-held`, `no-session`, `still-loaded`.
    pub fn close(&self) -> Result<(), ClientError> {
        self.done(&Request::Close)
    }

    /// Says that the console lives; every 250 ms while in control.
    ///
    /// # Errors
    /// The wire's.
    pub fn heartbeat(&self) -> Result<(), ClientError> {
        self.done(&Request::Heartbeat)
    }

    /// The status now.
    ///
    /// # Errors
    /// The wire's.
    pub fn status(&self) -> Result<Status, ClientError> {
        match self.call(&Request::Status)?.0 {
            Reply::Status(status) => Ok(*status),
            _ => Err(ClientError::Unexpected),
        }
    }

    /// Asks for the status `hz` times a second from now on.
    ///
    /// # Errors
    /// `subscribe-range` outside 1–20.
    pub fn subscribe(&self, hz: u8) -> Result<(), ClientError> {
        self.done(&Request::Subscribe { hz })
    }

    /// The newest pushed status not yet fetched; nothing if none came in time.
    ///
    /// # Errors
    /// [`ClientError::Closed`] once the connection is over.
    pub fn next_status(&self, timeout: Duration) -> Result<Option<Status>, ClientError> {
        self.newest.take(timeout)
    }

    /// The sessions that ended after line `after` of the bedside's list.
    ///
    /// # Errors
    /// The wire's.
    pub fn sessions_since(&self, after: u64) -> Result<Vec<SessionLine>, ClientError> {
        let mut all: Vec<SessionLine> = Vec::new();
        loop {
            let after = all.last().map_or(after, |line| line.line);
            let (Reply::Sessions { sessions }, _) = self.call(&Request::SessionsSince { after })?
            else {
                return Err(ClientError::Unexpected);
            };
            if sessions.is_empty() {
                return Ok(all);
            }
            all.extend(sessions);
        }
    }

    /// A session's whole recording. One that was just ended is waited for until it is
    /// closed, for [`CALL_TIMEOUT`] at most; one that is open comes as far as it is written.
    ///
    /// # Errors
    /// `session-unknown`.
    pub fn fetch_recording(&self, session: &str) -> Result<Vec<u8>, ClientError> {
        let deadline = Instant::now() + CALL_TIMEOUT;
        let mut bytes = Vec::new();
        loop {
            self.fetch_rest(session, &mut bytes)?;
            let closed = Contents::read(&bytes).is_ok_and(|read| read.tail == Tail::Closed);
            if closed || Instant::now() >= deadline {
                return Ok(bytes);
            }
            if self.status()?.session.as_deref() == Some(session) {
                return Ok(bytes);
            }
            std::thread::sleep(FETCH_PAUSE);
        }
    }

    /// Appends what the recording has behind `bytes`.
    fn fetch_rest(&self, session: &str, bytes: &mut Vec<u8>) -> Result<(), ClientError> {
        loop {
            let request = Request::FetchFrames {
                session: session.to_owned(),
                offset: bytes.len() as u64,
                length: FETCH_BYTES,
            };
            let (Reply::Frames { total, .. }, blob) = self.call(&request)? else {
                return Err(ClientError::Unexpected);
            };
            bytes.extend_from_slice(&blob);
            if blob.is_empty() || bytes.len() as u64 >= total {
                return Ok(());
            }
        }
    }

    /// Does something to a simulated table, or for its patient.
    ///
    /// # Errors
    /// `table-not-simulated`.
    pub fn simulate(&self, act: Simulated) -> Result<(), ClientError> {
        self.done(&Request::Simulate { act })
    }

    /// Sends a request and waits for its answer.
    ///
    /// # Errors
    /// [`ClientError`]; a refusal is [`ClientError::Refused`].
    pub fn call(&self, request: &Request) -> Result<Answer, ClientError> {
        let (answered, answer) = std::sync::mpsc::sync_channel(1);
        let sequence = {
            let mut writer = lock(&self.writer);
            lock(&self.waiting).insert(writer.next_sequence(), answered);
            if self.newest.is_over() {
                return Err(ClientError::Closed);
            }
            writer.write(request, Vec::new())?
        };
        let outcome = answer.recv_timeout(CALL_TIMEOUT);
        lock(&self.waiting).remove(&sequence);
        match outcome {
            Ok((Reply::Refused(refusal), _)) => Err(ClientError::Refused(refusal)),
            Ok(answer) => Ok(answer),
            Err(RecvTimeoutError::Timeout) => Err(ClientError::Timeout),
            Err(RecvTimeoutError::Disconnected) => Err(ClientError::Closed),
        }
    }

    fn done(&self, request: &Request) -> Result<(), ClientError> {
        match self.call(request)?.0 {
            Reply::Done => Ok(()),
            _ => Err(ClientError::Unexpected),
        }
    }

    fn hello(&self, console: &str) -> Result<Welcome, ClientError> {
        let hello = Request::Hello {
            console: console.to_owned(),
        };
        let Reply::Welcome {
            table,
            simulated,
            regions,
            hardware_ceiling_n,
            ..
        } = self.call(&hello)?.0
        else {
            return Err(ClientError::Unexpected);
        };
        let mut id = [0; 16];
        hex::decode_to_slice(table, &mut id).map_err(|_| ClientError::Unexpected)?;
        Ok(Welcome {
            table: id,
            simulated,
            regions,
            hardware_ceiling_n,
        })
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

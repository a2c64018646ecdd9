//! What a console says to the bedside and what the bedside says back.
//!
//! Messages are JSON with a `kind`; names are kebab-case, quantities carry
//! their unit in the name. A new field is an addition, a removed one a new
//! [`super::VERSION`].

use super::alarm::{AlarmNow, SounderNow};
use super::question::Question;
use super::simulated::Simulated;
use serde::{Deserialize, Serialize};
use si::Problem;

/// What a token is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// The first start of an armed session.
    Start,
    /// The one resume after a comfort or technical stop; asking for it is its first act.
    Resume,
    /// Going on after a pause.
    Continue,
    /// Allowing increases again after a no-increase.
    AllowIncrease,
    /// Another mode or force in a running session.
    Change,
    /// Saying what a stop turned out to be.
    Explain,
}

/// What a console asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Request {
    /// The first message of a connection.
    Hello {
        /// The console's own name, shown to the others; no patient data.
        console: String,
    },
    /// Take control.
    LeaseTake,
    /// Give control to another connected console.
    LeaseHandOver {
        /// Its name.
        to: String,
    },
    /// Let go of control.
    LeaseRelease,
    /// Open a session with a signed Grant.
    Arm {
        /// The Grant's bytes, hex.
        grant: String,
        /// The clinic's Ed25519 signature over them, hex.
        signature: String,
    },
    /// Ask for a one-time token: the first of two deliberate acts.
    Token {
        /// What it will be spent on.
        purpose: Purpose,
    },
    /// Start the armed session.
    Start {
        /// The token, hex.
        token: String,
    },
    /// Return to tension after a comfort or technical stop, once.
    Resume {
        /// The token, hex.
        token: String,
    },
    /// Go to base force.
    Pause,
    /// Go on after a pause.
    Continue {
        /// The token, hex.
        token: String,
    },
    /// Allow increases again after a no-increase.
    AllowIncrease {
        /// The token, hex.
        token: String,
    },
    /// Go on in another mode or with another force, within what was signed.
    Change {
        /// The token, hex.
        token: String,
        /// The mode's name.
        mode: String,
        /// Force of a pull, N.
        force_n: f64,
    },
    /// Lower the session's ceiling to 75 % of the present force.
    Lower,
    /// No more force than now.
    NoIncrease,
    /// Unload and latch; accepted from every connection.
    Stop,
    /// The patient's discomfort.
    Comfort {
        /// 0–10, higher is worse.
        score: u8,
    },
    /// The patient answers that nothing is worse: the score told last once more, before any the
    /// one on arrival; accepted from every connection.
    Well,
    /// A stop symptom the patient reports.
    Symptom {
        /// Its name in `traction::input::Symptom`.
        symptom: String,
    },
    /// What a stop turned out to be.
    Explain {
        /// Its name in `traction::input::StopKind`.
        stop: String,
        /// The token, hex: what was a comfort or technical stop may be resumed.
        #[serde(default)]
        token: String,
    },
    /// Acknowledge the alarms shown; accepted from every connection.
    Ack,
    /// Silence what has been heard, for 120 s at most; accepted from every connection.
    Silence,
    /// End by the therapy ramp.
    End,
    /// Close a session that is unloaded and will not be resumed.
    Close,
    /// Every 250 ms while in control.
    Heartbeat,
    /// The status now.
    Status,
    /// The status again and again.
    Subscribe {
        /// How many times a second, 1–20.
        hz: u8,
    },
    /// The sessions that ended after the given line of the bedside's list.
    SessionsSince {
        /// The last line already known; 0 for all.
        after: u64,
    },
    /// Every recording up to this line was fetched, and its sum sealed in the clinic's journal:
    /// the bedside need not keep more of them than it wants to.
    Sealed {
        /// The last of them.
        line: u64,
        /// SHA-256 of its recording, hex.
        sha256: String,
    },
    /// Part of a session's recording.
    FetchFrames {
        /// Session id, hex.
        session: String,
        /// First byte.
        offset: u64,
        /// How many at most.
        length: u32,
    },
    /// Do something to a simulated table.
    Simulate {
        /// What.
        act: Simulated,
    },
}

/// A problem as it travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of si::Problem")]
pub struct Refusal {
    pub code: String,
    pub place: String,
    pub value: String,
    pub problem: String,
    pub remedy: String,
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self {
            code: problem.code.to_owned(),
            place: problem.place,
            value: problem.value,
            problem: problem.problem,
            remedy: problem.remedy,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}: {} {}; {}",
            self.place, self.value, self.problem, self.remedy
        )
    }
}

impl std::error::Error for Refusal {}

/// A reply with the request it answers; a pushed status answers none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Addressed {
    /// Sequence number of the request.
    pub re: Option<u32>,
    /// The answer.
    pub reply: Reply,
}

/// What the bedside answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Reply {
    /// Done.
    Done,
    /// The answer to hello.
    Welcome {
        /// The table's id, hex.
        table: String,
        /// Whether it is simulated.
        simulated: bool,
        /// The regions it supports.
        regions: Vec<String>,
        /// The most force its hardware can make, N.
        hardware_ceiling_n: f64,
        /// Bytes of one frame of a recording.
        frame_bytes: u32,
    },
    /// A one-time token, hex.
    Token {
        /// To be sent with start or resume within 30 s.
        token: String,
    },
    /// The status.
    Status(Box<Status>),
    /// Ended sessions, oldest first.
    Sessions {
        /// One line each.
        sessions: Vec<SessionLine>,
    },
    /// Part of a recording, in the frame's blob.
    Frames {
        /// First byte.
        offset: u64,
        /// Bytes of the whole recording so far.
        total: u64,
    },
    /// Not done, and why.
    Refused(Refusal),
}

/// A session that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLine {
    /// Its place in the bedside's list, from 1.
    pub line: u64,
    /// Session id, hex.
    pub session: String,
    /// Name of its recording under the state directory.
    pub file: String,
    /// Why it ended: `completed`, a stop's cause, `bedside-restarted`, …
    pub reason: String,
    /// Whether the whole profile was delivered.
    pub completed: bool,
    /// Frames recorded.
    pub frames: u64,
    /// Frames that could not be recorded.
    pub lost_frames: u64,
    /// Bytes of the recording.
    pub bytes: u64,
    /// SHA-256 of the recording, hex.
    pub sha256: String,
    /// What the guard's own thread did in it that the frames do not tell: where all are 0 the
    /// drive was told what they say. Nothing where no such thread ran, or its count is lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<GuardFigures>,
}

/// What the table does now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Session id, hex; nothing when none is open.
    pub session: Option<String>,
    /// The session that ended last, hex.
    pub last_session: Option<String>,
    /// Why it ended.
    pub last_reason: Option<String>,
    /// Whether the table is simulated.
    pub simulated: bool,
    /// Simulated seconds a wall second.
    pub speed: u32,
    /// Ticks since the session was armed.
    pub tick: u32,
    /// Stage of the supervisor; `idle` when no session is open.
    pub stage: String,
    /// Phase of the profile.
    pub phase: String,
    /// Pull of the profile, from 1.
    pub cycle: u32,
    /// The force that the loop believes, N.
    pub force_n: f64,
    /// Load cell A, N, if it answers.
    pub force_a_n: Option<f64>,
    /// Load cell B, N, if it answers.
    pub force_b_n: Option<f64>,
    /// What the profile asks for now, N.
    pub set_point_n: f64,
    /// What the loop steers for under every limit, N.
    pub target_n: f64,
    /// The highest force allowed now, N.
    pub ceiling_n: f64,
    /// The highest force so far, N.
    pub peak_n: f64,
    /// Force times time so far, N·s.
    pub impulse_n_s: f64,
    /// Travel of the carriage, mm, if it is known.
    pub travel_mm: Option<f64>,
    /// Seconds of the profile done.
    pub elapsed_s: f64,
    /// Seconds of the profile left.
    pub remaining_s: f64,
    /// How strongly the loop answers: `none` follows the profile.
    pub action: String,
    /// What limits it, if anything does.
    pub limiter: Option<String>,
    /// The lowest bound, its name in `traction::limiter::Limit`; empty where it is not told.
    #[serde(default)]
    pub limit: String,
    /// What latched the session, if it is stopped.
    pub latch: Option<String>,
    /// The kind of that stop.
    pub latch_kind: Option<String>,
    /// What holds increases back until a practitioner's act.
    pub held: Option<String>,
    /// What brought it to base force.
    pub pause: Option<String>,
    /// Whether the one resume would be taken.
    pub may_resume: bool,
    /// Whether another session today needs an examination first.
    pub closes_day: bool,
    /// The last reported discomfort.
    pub comfort: Option<u8>,
    /// How the question to a silent patient stands.
    #[serde(default)]
    pub question: Question,
    /// Whether the patient's switch is pressed, open or missing.
    pub switch_pressed: bool,
    /// Whether an alarm waits for its acknowledgement.
    pub alarm: bool,
    /// Every alarm, the most urgent first, among equals the youngest.
    #[serde(default)]
    pub alarms: Vec<AlarmNow>,
    /// Seconds of silence left, at most 120; 0 while alarms are heard.
    #[serde(default)]
    pub silenced_s: f64,
    /// The sounder at the table.
    #[serde(default)]
    pub sounder: SounderNow,
    /// Whether sensors were implausible twice in a session of this bedside's: service is due.
    #[serde(default)]
    pub service_due: bool,
    /// The console in control.
    pub lease: Option<String>,
    /// Milliseconds since it was heard.
    pub link_age_ms: Option<u64>,
    /// The last stop.
    pub stop: Option<StopFigures>,
    /// The loop: the thread that commands the drive.
    pub loop_figures: LoopFigures,
    /// The session's thread, in real time: controller and its guard.
    #[serde(default)]
    pub controller_figures: Option<LoopFigures>,
    /// The guard's own thread, in real time.
    #[serde(default)]
    pub guard: Option<GuardFigures>,
    /// The loop during the session that ended last.
    #[serde(default)]
    pub last_loop: Option<LoopFigures>,
    /// `locked`, `present` or `unlocked`: whether the process's memory stays where it is.
    #[serde(default)]
    pub memory: String,
    /// `fifo`, `nice` or `plain`: how the threads of the loop share their processors.
    #[serde(default)]
    pub scheduling: String,
    /// The black box.
    pub ring: RingFigures,
    /// What the levels of a simulated spine do, from the head downwards; empty on a real
    /// table, and from a bedside that does not tell it.
    #[serde(default)]
    pub levels: Vec<LevelNow>,
}

/// How much further apart the bones of one level are than at rest, mm: the true value of
/// a simulation, without doubt; no measurement and no forecast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelNow {
    /// The level, such as `L4-L5`.
    pub segment: String,
    /// At the front of its disc.
    pub front_mm: f64,
    /// At its back.
    pub back_mm: f64,
}

/// How a stop went, in milliseconds of session time after its cause could first be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopFigures {
    /// Until the drive was told to unload.
    pub command_ms: Option<u32>,
    /// Until the force fell.
    pub falling_ms: Option<u32>,
    /// Until it was below 20 N.
    pub unloaded_ms: Option<u32>,
}

/// How punctual the loop is, in wall time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoopFigures {
    /// Wake-ups measured.
    pub wakes: u64,
    /// Median lateness, µs (upper edge of its histogram bin, as the next two).
    #[serde(default)]
    pub p50_us: u64,
    /// 99th percentile of lateness, µs.
    pub p99_us: u64,
    /// 99.9th percentile of lateness, µs.
    #[serde(default)]
    pub p999_us: u64,
    /// Worst lateness, µs.
    pub max_us: u64,
    /// Wake-ups more than 20 ms late.
    pub missed: u64,
    /// Whether the process's memory is locked against swapping.
    pub memory_locked: bool,
}

/// What the guard's own thread did that the session had not asked for: in a status since
/// the start of the process, in a line of the list in that session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardFigures {
    /// Ticks in which the session did not answer in time.
    pub alone: u64,
    /// Ticks in which less went to the drive than the session commanded.
    pub lowered: u64,
}

/// How the black box keeps up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RingFigures {
    /// Frames waiting for the disk.
    pub waiting: u64,
    /// Frames that found the ring full.
    pub lost: u64,
    /// Frames of the present recording that a power cut would leave.
    pub written: u64,
    /// Whether the last write or sync failed.
    pub failing: bool,
}

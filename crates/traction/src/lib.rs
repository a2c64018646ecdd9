//! The session core: what a table does with a signed prescription, 100 times a second.
//!
//! Two layers, written apart. The [`controller`] wants to follow the
//! prescription; the [`guard`] knows only the limits and can only reduce. The
//! [`supervisor`] holds the few states of a session; [`session`] calls the three
//! in order. Everything is a pure function of state and [`input::Input`]: the
//! product, the replay of a recording and a simulation call the same code and get
//! the same bits.
//!
//! What controller and guard share, and so can be wrong about together:
//!
//! - the input of a tick: load cells, travel, motor force, switch, and the table
//!   code that fills it (each keeps its own reading, history and ages of it);
//! - the numbers of the region; not the release and not the estimate of stiffness:
//!   each has its own law for both, in its own code (only how gently a release
//!   begins, 100 ms as with a stiff patient, is one law that both write out);
//! - the target and the ceiling of the plan: the guard uses them for guarding,
//!   for a lowered ceiling and for a drive that runs away; the grant's ceiling,
//!   travel, discomfort and times it takes from the grant itself;
//! - the supervisor's stage: it decides what is latched, and only its resume
//!   opens the guard's own latch;
//! - in simulation and replay one thread; at the bedside, in real time, one process:
//!   there a second guard judges each tick in a thread of its own, with a clock, a
//!   state and a copy of the samples of its own, and alone commands the drive.
//!
//! Not shared: the switch, STOP, symptoms, discomfort, the heartbeat, the age
//! and agreement of the samples and the 5.0 s of the second channel are judged by
//! the guard alone; without it the supervisor still hears STOP and symptoms as
//! commands.
//!
//! Must never know: a patient, a rule, a screen, a clock, a thread, an
//! allocator. No panic: a violated invariant is an input to the guard, and its
//! answer is less force.
#![no_std]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]
#![forbid(unsafe_code)]

pub mod acts;
pub mod cause;
mod codec;
pub mod controller;
pub mod drive;
pub mod frame;
pub mod grant;
pub mod guard;
pub mod input;
pub mod limiter;
pub mod limits;
pub mod numbers;
pub mod output;
pub mod profile;
pub mod release;
pub mod session;
mod stiffness;
pub mod supervisor;
mod ticks;

pub use drive::{ArmError, Drive, MetresPerSecond, Setup};
pub use frame::Frame;
pub use grant::{Grant, GrantError};
pub use limiter::Limit;
pub use limits::{ComfortAnswer, ComfortLimits, Limits, LimitsSpec, ceiling};
pub use output::{Output, Refusal};
pub use profile::{Mode, Phase, Profile, ProfileError, ProfileSpec, SetPoint, Shape};
pub use session::Session;
pub use ticks::{PER_SECOND, TICK, TICK_MS, Ticks};

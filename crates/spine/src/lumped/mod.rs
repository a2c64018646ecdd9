//! The column: what a pull does to each level, in time.
//!
//! **Phenomenon.** A pull on a harness loses part of itself to friction, the
//! rest stretches the motion segments, which lie in series: at once by a toe
//! and a stiffer branch, then slowly by creep.
//!
//! **Model.** One axial degree of freedom a level, on the *tension branch*
//! only; inertia is left out (a session moves by millimetres in seconds).
//!
//! ```text
//! harness F ──▶ friction ──▶ T(F, θ) ──▶ T_l = T − friction of the slices between   (friction)
//! x_l(T) = a (1 − e^(−T/T₀)) + T/k                       elastic: toe and branch    (segment)
//! ż_i    = (s_i C_l(T_l) − z_i) / τ_i,  i = fast, slow   creep; τ longer going back (creep)
//! opening of level l = x_l + z_fast + z_slow
//! carriage = slack + harness(F) + Σ openings                                        (harness)
//! ```
//!
//! Each step is exact for a constant pull and second order in a changing one
//! (first order where creep turns round), stable at any step length; more pull
//! never gives less opening at any time.
//!
//! **Limits of validity.** Stated range: lumbar 1,000 N, cervical 250 N; the
//! lumbar elongations were measured at 51 N only, so a treatment's force is an
//! extrapolation and [`Prediction::extrapolated`] says so. Left out, for a
//! deeper column: bending and shear, anterior against posterior opening,
//! facets, muscle and guarding, pressure, disc degeneration, friction that
//! holds on while the pull lets go.
//!
//! [`Lumped`] is the model and never changes; [`State`] is where the spine is;
//! [`Scratch`] keeps what only saves time. No allocation after construction.

mod creep;
mod friction;
mod harness;
mod model;
mod parameters;
mod patient;
mod predict;
mod segment;
mod state;
mod step;

pub use crate::error::ColumnError;
pub use model::{Lumped, MAX_LEVELS};
pub use parameters::Parameters;
pub use patient::{Patient, Sex};
pub use predict::{Curve, LevelPrediction, Prediction, predict};
pub use state::{LevelState, Scratch, State};
pub use step::{impose, step};

pub use crate::world::{Carriage, Load, Position, Pull, Steady, Support};

//! What a session teaches about one spine, from what the table measured.
//!
//! **Phenomenon.** The table knows force and travel. Travel is harness and spine
//! in series, so their sum is measured well and their shares are not; creep and
//! recovery differ between them and tell a little more.
//!
//! **Model.** The unknowns are coordinates ξ, standard normal over people
//! ([`crate::unknown`]). A person p is believed N(m, L Lᵀ); a session's ξ is the
//! person with a part η that is new every day: ξ = K p + N η ([`today`]). A
//! [`Forward`] model gives the [`Features`] f(ξ) that the session would show; the
//! table measured y = f(ξ) + ε, ε ~ N(0, R), where R holds the instrument *and*
//! the model's own error ([`Noise`]). With p = m + L w and θ = (w, η):
//!
//! ```text
//! most probable θ:  min ½ |θ|² + ½ |R^(−½) (y − f(K(m + L w) + N η))|²    Gauss–Newton with a line search
//! G = R^(−½) ∂f/∂ξ                                                        central differences, one batch
//! J = (J_w, J_η) = (G K L, G N),    S = I + J Jᵀ
//! posterior of p:   N(m + L w, L (I − J_wᵀ S⁻¹ J_w) Lᵀ)                   the day's part integrated out
//! new factor:       L M with M Mᵀ = I − J_wᵀ S⁻¹ J_w                      both lower triangular
//! ```
//!
//! This is the iterated extended Kalman update (Bell and Cathey 1993 showed it
//! to be Gauss–Newton on that sum) with the covariance of Laplace's
//! approximation. Known limits: one mode; the spread is that of the tangent at
//! the most probable point.
//!
//! **Why not an ensemble Kalman filter.** Seven numbers a session and 36
//! unknowns (ten of them twice): an ensemble of 100 has chance correlations of 0.1 between every
//! unknown and every feature, so each update narrows coordinates that the data
//! say nothing about; localisation, the usual cure, has no distance to work
//! with here. Here a coordinate without influence has J = 0, a row of M that is
//! a row of the identity, and keeps its bits. **Why not a particle filter.**
//! In 36 dimensions the weights collapse onto one particle within a session or
//! two unless there are exponentially many. **Why not Markov chain Monte
//! Carlo.** It is the reference, at ten thousand runs of the model a session;
//! this takes about 400 and has to be shown to cover, which [`study`] does.
//!
//! **What it reaches** (axial model, 200 synthetic patients, five sessions,
//! `tests/learning.rs`): the raw 90 % range holds the next session's truth in
//! 0.88–0.95 of cases for every feature and level of both regions; the error of
//! the features falls from 0.85 of the population's spread to 0.57, 0.51, 0.49,
//! 0.48 (lumbar), that of single levels from 0.82 to 0.70, 0.67, 0.65 and stays:
//! a table that measures one travel cannot learn more of them.
//!
//! On the column (two holds, 200 patients of five sessions, 96 members) the range holds
//! the truth in 0.87–0.93 of cases of the loins and 0.89–0.93 of the neck, output by
//! output; the error of the features falls from 0.82 to 0.54, 0.50, 0.47, 0.46 and from
//! 0.81 to 0.55, 0.50, 0.48, 0.47, that of single levels from 0.81 to 0.66, 0.64, 0.63,
//! 0.64 and from 0.78 to 0.69, 0.67, 0.66, 0.66.
//!
//! **Identifiability.** Nothing is fixed to make the split unique: where the
//! data cannot part two unknowns, the prior does, their posterior stays wide and
//! correlated, and [`Learned::ties`] says so. The levels share one travel: their
//! sum narrows, their differences keep the prior's spread.
//!
//! Shown by the tests here and by `tests/learning.rs`: coverage over synthetic
//! patients, error that falls from session to session, no narrowing without
//! information, the linear closed form.

mod algebra;
mod day;
mod error;
mod features;
mod learned;
mod on_column;
mod on_lumped;
mod recording;
mod session;
pub mod study;
mod update;

pub use day::{day_to_day, today};
pub use error::{LearnError, RecordingError};
pub use features::{FEATURES, Feature, Features, Measured, Noise};
pub use learned::{Change, Learned, Outcome, Tie};
pub use on_column::OnColumn;
pub use on_lumped::{OnLumped, parameters};
pub use recording::{BIN, Recording, Samples};
pub use session::{MARKS, Mark, Session};
pub use update::{Forward, update};

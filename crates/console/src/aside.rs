//! Work with spines in it, on a thread of its own: never on those that answer pages.

use std::thread;

use spine::column::{ColumnError, Ensemble, Part};
use spine::unknown::Belief;
use tokio::sync::oneshot;

/// Room for a batch of spines, which a thread keeps on its stack.
const STACK: usize = 64 << 20;

/// Does the work and waits for it; nothing where the thread could not begin or did not end
/// well. Whoever stops waiting leaves the work to end by itself.
pub(crate) async fn aside<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (done, answered) = oneshot::channel();
    let thread = thread::Builder::new().stack_size(STACK);
    let begun = thread.name(name.into()).spawn(move || {
        // Whoever asked may have moved on.
        let _ = done.send(work());
    });
    begun.ok()?;
    answered.await.ok()
}

/// Members in a part are a multiple of the widest kernel's lanes.
const STRIDE: usize = 8;

/// Runs the members of an ensemble, shared out over the processor's cores; nothing where a thread
/// could not begin or ended early. The numbers are the same on however many cores.
///
/// # Errors
/// As [`Ensemble::run`].
#[must_use]
pub fn shared_out(
    ensemble: &Ensemble,
    belief: &Belief,
    members: usize,
) -> Option<Result<Vec<Part>, ColumnError>> {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = members.div_ceil(cores).next_multiple_of(STRIDE);
    let draw = |member| belief.member(member as u32);
    thread::scope(|scope| {
        let begin = |start: usize| {
            let range = start..(start + share).min(members);
            let thread = thread::Builder::new().stack_size(STACK);
            thread.spawn_scoped(scope, move || ensemble.run(range, draw))
        };
        let begun: Result<Vec<_>, _> = (0..members).step_by(share).map(begin).collect();
        let ended = begun.ok()?.into_iter().map(|thread| thread.join().ok());
        ended.collect()
    })
}

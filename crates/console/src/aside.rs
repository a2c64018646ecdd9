//! Work with spines in it, on a thread of its own: never on those that answer pages.

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
    let thread = std::thread::Builder::new().stack_size(STACK);
    let begun = thread.name(name.into()).spawn(move || {
        // Whoever asked may have moved on.
        let _ = done.send(work());
    });
    begun.ok()?;
    answered.await.ok()
}

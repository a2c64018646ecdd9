//! What was received before, as `care` keeps it, told in the clinic's time.

use care::triage::received_at;

use crate::frame::Frame;

/// Lines as people of this clinic read them; what `care` did not date stands as it is.
pub(super) fn lines(f: &Frame, kept: &[String]) -> Vec<String> {
    let line = |kept: &String| match received_at(kept) {
        Some((at, what)) => f.t.received_line(f.when(&at), what),
        None => kept.clone(),
    };
    kept.iter().map(line).collect()
}

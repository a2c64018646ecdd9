//! A certificate that is renewed while the server runs.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::tls::{Files, Shown, Tls, read};

/// A certificate that ends within this is named in the log (ours: renewal by machine is due a
/// third of ninety days before the end, so one that is this near was forgotten).
const NEAR: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Between two such lines.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

/// Looks for a renewed certificate until it is dropped.
pub(super) struct Renewals(JoinHandle<()>);

impl Drop for Renewals {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub(super) fn watch(tls: &Tls) -> Renewals {
    Renewals(tokio::spawn(look(
        tls.files.clone(),
        Arc::clone(&tls.shown),
    )))
}

/// When a file was last written, and its size: none where it is not there.
type Stamp = Option<(SystemTime, u64)>;

fn stamps(files: &Files) -> [Stamp; 2] {
    let stamp = |path: &Path| {
        let meta = fs::metadata(path).ok()?;
        Some((meta.modified().ok()?, meta.len()))
    };
    [stamp(&files.certificate), stamp(&files.key)]
}

async fn look(files: Files, shown: Arc<Shown>) {
    let (mut tried, mut told) = ([None; 2], None::<Instant>);
    let mut tick = tokio::time::interval(files.look);
    loop {
        tick.tick().await;
        // Before the files are read: what is written meanwhile is another stamp at the next look.
        let stamps = stamps(&files);
        if stamps != tried {
            tried = stamps;
            renew(&files, &shown);
        }
        let until = shown.until();
        let near = until.duration_since(Timestamp::now()) < NEAR;
        if near && told.is_none_or(|at| at.elapsed() >= AGAIN) {
            tracing::warn!(%until, "the certificate ends soon: renew it");
            told = Some(Instant::now());
        }
    }
}

/// Takes what the files hold now; what cannot be used leaves the one that was shown.
fn renew(files: &Files, shown: &Shown) {
    match read(files, Timestamp::now()) {
        Ok(certificate) => {
            tracing::info!(until = %certificate.until, "this certificate is shown from now on");
            shown.change(certificate);
        }
        Err(problem) => {
            tracing::error!(problem = %problem.log(), what = %problem.problem,
                "a renewed certificate was refused; the one before stays");
        }
    }
}

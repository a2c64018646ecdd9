//! What of an answer's time the audit log took, told to programs by `Server-Timing` (W3C).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::http::{HeaderName, HeaderValue, Response};

/// Time that one request waited for its lines of the audit log.
#[derive(Clone, Debug, Default)]
pub struct Noting(Arc<AtomicU64>);

impl Noting {
    /// Counts how long this takes.
    pub async fn of<T>(&self, noting: impl Future<Output = T>) -> T {
        let since = Instant::now();
        let done = noting.await;
        let micros = u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.0.fetch_add(micros, Ordering::Relaxed);
        done
    }

    /// Says it in an answer, with the time of everything.
    pub(super) fn tell<T>(&self, response: &mut Response<T>, all: Duration) {
        let audit = Duration::from_micros(self.0.load(Ordering::Relaxed));
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let told = format!("all;dur={:.3}, audit;dur={:.3}", ms(all), ms(audit));
        if let Ok(told) = HeaderValue::from_str(&told) {
            let name = HeaderName::from_static("server-timing");
            response.headers_mut().insert(name, told);
        }
    }
}

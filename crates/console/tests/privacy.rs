//! Trace logs of the whole demonstration name nobody and date nothing.

use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex};

use crate::browser::House;

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// One log for the whole test binary: whatever any test does must be fit to be logged.
static LOG: LazyLock<Sink> = LazyLock::new(|| {
    let sink = Sink::default();
    let writer = sink.clone();
    let log = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(log).expect("no other test sets a subscriber");
    sink
});

#[tokio::test]
async fn trace_logs_of_the_demonstration_hold_no_name_date_or_free_text() {
    let sink = LOG.clone();
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let mut private: Vec<String> = Vec::new();
    let mut browser = house.as_demo("colin").await;
    for summary in clinic.patients().await.unwrap() {
        let chart = clinic.chart(summary.id).await.unwrap();
        let who = &chart.episode.demographics.0;
        private.extend(who.name.split_whitespace().map(str::to_owned));
        private.extend(who.birth_date.map(|date| date.to_string()));
        private.extend(who.phone.clone());
        for page in [
            "",
            "/facts",
            "/evaluate",
            "/plan",
            "/treat",
            "/recover",
            "/safety",
            "/referrals",
            "/review",
        ] {
            browser
                .get(&format!("/patients/{}{page}", summary.id))
                .await;
        }
        let words = "my secret complaint about the left foot";
        browser
            .post(
                &format!("/patients/{}/safety/suspend", summary.id),
                &[("reason", words)],
            )
            .await;
        browser
            .post(
                &format!("/patients/{}/evaluate/answers", summary.id),
                &[("f:nonsense", words)],
            )
            .await;
        private.push(words.into());
    }
    let mut learner = console::lessons::Learner::default();
    while learner.one(clinic).await.unwrap().is_some() {}
    let log = String::from_utf8_lossy(&sink.0.lock().unwrap()).into_owned();
    assert!(log.contains("answered"), "the log was kept");
    for word in private.iter().filter(|word| word.len() > 2) {
        assert!(!log.contains(word.as_str()), "the log holds {word:?}");
    }
    for login in house.server.logins() {
        assert!(!log.contains(&login.password), "the log holds a password");
    }
}

//! Measuring: several runs, the median and the slowest.

use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// One measured figure beside what was asked.
pub(crate) struct Figure {
    name: String,
    asked: Asked,
    /// What would be better still.
    stretch: Option<f64>,
    runs: Vec<f64>,
    by: &'static str,
    /// Whether what it depends on holds (a speed of wrong answers counts nothing).
    holds: bool,
}

/// What is asked of a criterion estimate.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    /// At most so many seconds a call.
    Time(f64),
    /// At least so many calls a second.
    Rate(f64),
}

/// Median and slow end of what criterion measured last, in seconds a call.
pub(crate) fn estimate(bench: &str) -> [f64; 2] {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let path = target
        .join("criterion")
        .join(bench.replace(' ', "_"))
        .join("new/estimates.json");
    let path = if path.exists() {
        path
    } else {
        target
            .join("criterion")
            .join(bench)
            .join("new/estimates.json")
    };
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let estimates: serde_json::Value = serde_json::from_str(&text).expect("criterion writes JSON");
    let median = &estimates["median"];
    [
        &median["point_estimate"],
        &median["confidence_interval"]["upper_bound"],
    ]
    .map(|ns| ns.as_f64().expect("nanoseconds") / 1e9)
}

/// What was asked of a figure.
#[derive(Clone, Copy)]
enum Asked {
    /// At most so many seconds.
    Seconds(f64),
    /// At least so many a second.
    PerSecond(f64),
    /// At least so many times as fast as a peer.
    Times(f64),
    /// At most so many of a unit.
    AtMost(f64, &'static str),
    /// At least so many of a unit.
    AtLeast(f64, &'static str),
    /// Nothing: it is told, as many times something else.
    Nothing,
}

impl Figure {
    /// A time: `once` returns how long the measured part took.
    pub(crate) fn time(
        name: &str,
        at_most: f64,
        runs: usize,
        mut once: impl FnMut() -> Duration,
    ) -> Self {
        let runs = (0..runs).map(|_| once().as_secs_f64()).collect();
        Self {
            name: name.to_owned(),
            asked: Asked::Seconds(at_most),
            stretch: None,
            runs,
            by: "whole command",
            holds: true,
        }
    }

    /// Times that another program measured, in seconds.
    pub(crate) fn runs(name: &str, at_most: f64, runs: Vec<f64>) -> Self {
        Self {
            name: name.to_owned(),
            asked: Asked::Seconds(at_most),
            stretch: None,
            runs,
            by: "Chromium",
            holds: true,
        }
    }

    /// What was measured in turn with a peer, in CPU seconds: `times` as fast, or
    /// without a peer `times` a second. It counts while its answers hold.
    pub(crate) fn in_turn(
        name: &str,
        least: f64,
        ratio: bool,
        runs: Vec<f64>,
        holds: bool,
    ) -> Self {
        let asked = if ratio {
            Asked::Times
        } else {
            Asked::PerSecond
        };
        Self {
            name: name.to_owned(),
            asked: asked(least),
            stretch: None,
            runs,
            by: "CPU seconds, in turn",
            holds,
        }
    }

    /// How many times as much one run takes as another, of the same whole command.
    pub(crate) fn growth(name: &str, most: f64, times: f64) -> Self {
        Self {
            name: name.to_owned(),
            asked: Asked::AtMost(most, "×"),
            stretch: None,
            runs: vec![times],
            by: "whole command",
            holds: true,
        }
    }

    /// A time of requests at a rate, in seconds.
    pub(crate) fn load(name: &str, at_most: f64, value: f64) -> Self {
        Self {
            by: "open loop",
            ..Self::of_campaign(name, Asked::Seconds(at_most), value)
        }
    }

    /// So many a second, of requests sent one after the other over some connections.
    pub(crate) fn rate(name: &str, least: f64, value: f64) -> Self {
        Self {
            by: "over the wire",
            ..Self::of_campaign(name, Asked::PerSecond(least), value)
        }
    }

    /// How many times as long a peer takes for the same in the same run; nothing is asked of it.
    pub(crate) fn beside(name: &str, times: f64) -> Self {
        Self {
            by: "same run",
            ..Self::of_campaign(name, Asked::Nothing, times)
        }
    }

    /// What something whole has of a unit: at most so much.
    pub(crate) fn whole(name: &str, most: f64, unit: &'static str, value: f64) -> Self {
        Self {
            by: "over the wire",
            ..Self::of_campaign(name, Asked::AtMost(most, unit), value)
        }
    }

    /// Simulated seconds a second, of whole sessions on one thread.
    pub(crate) fn real_time(name: &str, least: f64, runs: Vec<f64>) -> Self {
        Self {
            name: name.to_owned(),
            asked: Asked::AtLeast(least, "× real time"),
            stretch: None,
            runs,
            by: "whole sessions",
            holds: true,
        }
    }

    /// The worst of a whole campaign: at most so many of a unit.
    pub(crate) fn worst_of(name: &str, most: f64, unit: &'static str, value: f64) -> Self {
        Self::of_campaign(name, Asked::AtMost(most, unit), value)
    }

    /// A count of a whole campaign: at least so many of a unit.
    pub(crate) fn count_of(name: &str, least: f64, unit: &'static str, value: f64) -> Self {
        Self::of_campaign(name, Asked::AtLeast(least, unit), value)
    }

    /// A share that another program counted, in percent.
    pub(crate) fn share_of(name: &str, least: f64, percent: f64, by: &'static str) -> Self {
        Self {
            by,
            ..Self::of_campaign(name, Asked::AtLeast(least, "%"), percent)
        }
    }

    /// A share that may be so large at most, in percent.
    pub(crate) fn share_at_most(name: &str, most: f64, percent: f64, by: &'static str) -> Self {
        Self {
            by,
            ..Self::of_campaign(name, Asked::AtMost(most, "%"), percent)
        }
    }

    fn of_campaign(name: &str, asked: Asked, value: f64) -> Self {
        Self {
            name: name.to_owned(),
            asked,
            stretch: None,
            runs: vec![value],
            by: "the campaign",
            holds: true,
        }
    }

    /// It counts only if its answers hold; `note` says what is known of that.
    pub(crate) fn only_if(mut self, holds: bool, note: &str) -> Self {
        self.holds &= holds;
        self.name.push_str(note);
        self
    }

    /// With the value that would be better still.
    pub(crate) fn stretch(mut self, value: f64) -> Self {
        self.stretch = Some(value);
        self
    }

    /// What criterion measured: median, and the upper end of its interval.
    pub(crate) fn estimated(name: &str, asked: Source, seconds: [f64; 2]) -> Self {
        let (asked, runs) = match asked {
            Source::Time(most) => (Asked::Seconds(most), seconds.to_vec()),
            Source::Rate(least) => (Asked::PerSecond(least), seconds.map(|s| 1.0 / s).to_vec()),
        };
        Self {
            name: name.to_owned(),
            asked,
            stretch: None,
            runs,
            by: "criterion",
            holds: true,
        }
    }

    fn median(&self) -> f64 {
        if self.by == "criterion" {
            return self.runs[0];
        }
        let mut sorted = self.runs.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    }

    fn worst(&self) -> f64 {
        let pick = match self.asked {
            Asked::Seconds(_) | Asked::AtMost(..) | Asked::Nothing => f64::max,
            Asked::PerSecond(_) | Asked::Times(_) | Asked::AtLeast(..) => f64::min,
        };
        self.runs.iter().copied().reduce(pick).unwrap_or(f64::NAN)
    }

    fn inside(&self) -> bool {
        self.holds
            && match self.asked {
                Asked::Seconds(most) | Asked::AtMost(most, _) => self.median() <= most,
                Asked::PerSecond(least) | Asked::Times(least) | Asked::AtLeast(least, _) => {
                    self.median() >= least
                }
                Asked::Nothing => true,
            }
    }

    fn show(&self, value: f64) -> String {
        match self.asked {
            Asked::Seconds(_) if value < 1e-4 => format!("{:.2} µs", value * 1e6),
            Asked::Seconds(_) if value < 1.0 => format!("{:.1} ms", value * 1e3),
            Asked::Seconds(most) if most >= 120.0 => format!("{:.1} min", value / 60.0),
            Asked::Seconds(_) => format!("{value:.2} s"),
            Asked::PerSecond(_) => format!("{value:.0}/s"),
            Asked::Times(_) => format!("{value:.0} ×"),
            Asked::AtMost(_, "×") | Asked::AtLeast(_, "×") | Asked::Nothing => {
                format!("{value:.2} ×")
            }
            Asked::AtMost(_, unit) => format!("{value:.1} {unit}"),
            Asked::AtLeast(_, unit) => format!("{value:.0} {unit}"),
        }
    }

    /// The figure as a row of the page.
    pub(crate) fn row(&self) -> String {
        let mut asked = match self.asked {
            Asked::Seconds(most) | Asked::AtMost(most, _) => format!("≤ {}", self.show(most)),
            Asked::PerSecond(least) | Asked::Times(least) | Asked::AtLeast(least, _) => {
                format!("≥ {}", self.show(least))
            }
            Asked::Nothing => "–".to_owned(),
        };
        if let Some(better) = self.stretch {
            let _ = write!(asked, " (better {})", self.show(better));
        }
        let inside = match (self.asked, self.inside()) {
            (Asked::Nothing, _) => "–",
            (_, true) => "yes",
            (_, false) => "**no**",
        };
        let (median, worst) = (self.show(self.median()), self.show(self.worst()));
        format!(
            "| {} | {asked} | {median} | {worst} | {} | {inside} |",
            self.name, self.by
        )
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.row())
    }
}

/// How long `work` takes.
pub(crate) fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// The workspace root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("crates/annulus lies two below the root")
        .to_path_buf()
}

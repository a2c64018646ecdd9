//! Soreness, warnings and adverse events by condition, by mode and by strength.

use care::outcomes::{Course, Figures, Part, Seen, Share, Shared};

use super::{condition, mode, share};
use crate::frame::Frame;

/// Courses that share a condition, a mode or a strength.
pub(super) struct Harm {
    pub(super) name: String,
    pub(super) courses: u32,
    /// What is counted, and how often it was seen.
    pub(super) seen: Vec<(String, String)>,
}

/// The most common first, conditions before modes before strengths.
pub(super) fn harm(f: &Frame, shown: &Figures) -> Vec<Harm> {
    let mut parts: Vec<&Part> = shown.parts.iter().collect();
    parts.sort_by_key(|part| {
        let kind = match part.shared {
            Shared::Condition(..) => 0,
            Shared::Mode(_) => 1,
            Shared::Protocol(_) => 2,
        };
        (kind, core::cmp::Reverse(part.course.courses))
    });
    let row = |part: &Part| Harm {
        name: name(f, &part.shared),
        courses: part.course.courses,
        seen: seen(f, &part.course),
    };
    parts.into_iter().map(row).collect()
}

fn name(f: &Frame, shared: &Shared) -> String {
    match shared {
        Shared::Condition(region, named) => match condition(region, named.as_deref()) {
            Some(named) => format!("{region} · {named}"),
            None => f.t.outcomes_unnamed(region),
        },
        Shared::Mode(named) => mode(f, named).unwrap_or_else(|| f.t.unknown()),
        Shared::Protocol(named) => f.t.outcomes_protocol(f.t.candidate(named)),
    }
}

fn seen(f: &Frame, course: &Course) -> Vec<(String, String)> {
    let t = f.t;
    let after = |words, seen| {
        let sessions = course.often(seen).sessions;
        let courses = share(f, course.share(seen));
        (words, t.outcomes_often(sessions, course.received, courses))
    };
    let events: u32 = course.adverse.values().sum();
    let harmed = share(f, Share::of(course.harmed, course.courses));
    vec![
        after(t.outcomes_sore(), Seen::Sore),
        after(t.outcomes_warned(), Seen::Warned),
        (t.outcomes_adverse(), t.outcomes_events(events, harmed)),
    ]
}

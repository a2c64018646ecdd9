//! What to expect of the first session, in the patient's words: on their own page, and behind
//! the consent that they take home.
//!
//! The signs are those of triage (CLINICAL.md §6): what it calls an emergency, and what is to be
//! seen today.

use si::Region;

use crate::clinic::Settings;
use crate::frame::Frame;

/// A part: its heading, and one thing a line.
#[derive(Debug)]
pub(super) struct Part {
    /// Names it on a page.
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) lines: Vec<String>,
}

/// All of it, in the order in which it happens; where to turn to stands last.
pub(super) fn parts(f: &Frame, settings: &Settings, region: Region) -> Vec<Part> {
    let t = f.t;
    let lies = match region {
        Region::Lumbar => t.expect_lie_lumbar(),
        Region::Cervical => t.expect_lie_cervical(),
    };
    let part = |id, title, lines| Part { id, title, lines };
    vec![
        part(
            "happens",
            t.expect_happens(),
            vec![t.expect_asked(), lies, t.expect_pull(), t.expect_with_you()],
        ),
        part(
            "feels",
            t.expect_feels(),
            vec![t.expect_stretch(), t.expect_told(), t.expect_tell_now()],
        ),
        part(
            "stops",
            t.expect_stops(),
            vec![t.expect_switch(), t.expect_stop(), t.expect_any_reason()],
        ),
        part(
            "after",
            t.expect_after(),
            vec![t.expect_sore(), t.expect_rise(), t.expect_ask()],
        ),
        part("call", t.expect_call(), call(f, settings, region)),
        part("go", t.expect_go(), go(f, settings)),
    ]
}

/// What is to be seen today.
fn call(f: &Frame, settings: &Settings, region: Region) -> Vec<String> {
    let t = f.t;
    let further = match region {
        Region::Lumbar => t.expect_call_leg(),
        Region::Cervical => t.expect_call_arm(),
    };
    let mut lines = vec![
        t.expect_call_lead(&settings.phone),
        t.expect_call_pain(),
        t.expect_call_days(),
        further,
        t.expect_call_numb(),
        t.expect_call_fever(),
        t.expect_call_fall(),
    ];
    if region == Region::Cervical {
        lines.push(t.expect_call_head());
    }
    lines
}

/// What is an emergency, whatever was treated.
fn go(f: &Frame, settings: &Settings) -> Vec<String> {
    let (t, emergency) = (f.t, &settings.emergency);
    vec![
        t.expect_go_lead(&emergency.number, &emergency.hospital),
        t.expect_go_saddle(),
        t.expect_go_bladder(),
        t.expect_go_both(),
        t.expect_go_foot(),
        t.expect_go_walk(),
        t.expect_go_stroke(),
        t.expect_go_head(),
        t.expect_go_tear(),
        t.expect_go_faint(),
    ]
}

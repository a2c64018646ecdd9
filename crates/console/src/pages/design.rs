//! The design system on a page of its own: tokens and parts, drawn as every page draws them.

mod tokens;

use askama::Template;
use care::fact::{Catalogue, FactKey};
use draw::{BodyView, Caption, Facing, IntervalRow, IntervalRows, Part};

use self::tokens::{Swatch, Tokens, pixels};
use super::glyph;
use super::inputs::{Input, Voice};
use crate::assets::font;
use crate::door::{Reply, Visit, html};
use crate::frame::{Frame, Place};

/// One of each sign, by a word that it stands for.
const SIGNS: [&str; 6] = [
    "cleared",
    "expected-soreness",
    "caution",
    "see-clinician-today",
    "refuse",
    "",
];
/// One question of each kind: yes or no, scale, choice, number, date.
const QUESTIONS: [&str; 5] = [
    "saddle_numbness",
    "pain_now",
    "distal_extent",
    "age",
    "saddle_numbness_onset",
];

#[derive(Template)]
#[template(path = "design.html")]
struct Page {
    f: Frame,
    /// Its name, if it was built in.
    font: Option<&'static str>,
    rules: Vec<String>,
    swatches: Vec<Colour>,
    sizes: Vec<(&'static str, String)>,
    spaces: Vec<(&'static str, String, f64)>,
    signs: Vec<(&'static str, String)>,
    questions: Vec<Input>,
    rows: String,
    body: String,
}

/// A colour with its numbers in words.
struct Colour {
    swatch: Swatch,
    contrast: [String; 2],
    asked: String,
}

/// GET `/design`.
pub async fn show(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Elsewhere);
    let tokens = Tokens::read();
    let t = f.t;
    let px = |length| format!("{:.0} px", pixels(length));
    html(&Page {
        font: font::first().map(|_| font::NAME),
        rules: rules(&f),
        swatches: tokens.swatches().into_iter().map(colour).collect(),
        sizes: tokens
            .sizes("t-")
            .into_iter()
            .map(|(name, length)| (name, px(length)))
            .collect(),
        spaces: tokens
            .sizes("s")
            .into_iter()
            .map(|(name, length)| (name, px(length), pixels(length)))
            .collect(),
        signs: SIGNS.map(|word| (glyph(word), t.verdict(word))).into(),
        questions: questions(&f, visit.app.clinic.knowledge().catalogue()),
        rows: rows(&f),
        body: body(&f),
        f,
    })
}

fn rules(f: &Frame) -> Vec<String> {
    vec![
        f.t.design_rule_answer(),
        f.t.design_rule_next(),
        f.t.design_rule_unknown(),
        f.t.design_rule_doubt(),
        f.t.design_rule_why(),
        f.t.design_rule_label(),
        f.t.design_rule_far(),
        f.t.design_rule_touch(),
    ]
}

fn colour(swatch: Swatch) -> Colour {
    Colour {
        contrast: swatch.contrast.map(|ratio| format!("{ratio:.1}")),
        asked: swatch.asked.to_string(),
        swatch,
    }
}

fn questions(f: &Frame, catalogue: &Catalogue) -> Vec<Input> {
    let one = |id: &str| {
        let fact = catalogue.get(id)?;
        let key = FactKey::parse(id)?;
        Some(Input::of(f.t, fact, &key, Voice::Patient))
    };
    QUESTIONS.into_iter().filter_map(one).collect()
}

fn rows(f: &Frame) -> String {
    let words = f.t.design_picture_rows();
    let (near, far) = (
        f.t.design_picture_row_narrow(),
        f.t.design_picture_row_wide(),
    );
    let row = |label, low, mid, high, strong| IntervalRow {
        label,
        low,
        mid,
        high,
        strong,
    };
    draw::interval_rows(&IntervalRows {
        caption: Caption {
            id: "design-rows",
            title: &words,
            desc: &words,
        },
        width: 420.0,
        heading: &f.t.design_picture_rows_head(),
        unit: "mm",
        rows: &[
            row(&near, 0.4, 1.1, 1.9, true),
            row(&far, -0.3, 0.6, 1.6, false),
        ],
        bare: false,
        decimals: 1,
    })
}

fn body(f: &Frame) -> String {
    let words = f.t.design_picture_body();
    draw::body(&BodyView {
        caption: Caption {
            id: "design-body",
            title: &words,
            desc: &words,
        },
        facing: Facing::Back,
        part: Part::Lower,
        marked: &["lower-back-left", "lower-back-right", "thigh-back-left"],
        sides: [&f.t.body_left(), &f.t.body_right()],
    })
}

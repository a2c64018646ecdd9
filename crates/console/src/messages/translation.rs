//! Translations: which of them may be shown, and why the others may not.
//!
//! A translation is a folder named by its language. It is shown when it says every message with
//! the arguments of the English one, and a named person reviewed exactly this text. The review
//! names a digest of both sides, so a change of either ends it. What is decided here is decided
//! from text and a date alone; `folder` reads the files.

mod accept;
mod folder;
mod review;
mod text;

use std::collections::BTreeMap;
use std::fmt;

use intl_pluralrules::{PluralRuleType, PluralRules};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use sha2::{Digest as _, Sha256};
use si::Problem;
use unic_langid::{CharacterDirection, LanguageIdentifier};

pub use self::folder::read;
pub use self::review::Review;
use self::text::Told;
use super::bundle::Bundle;

/// The language that is translated from.
pub const ORIGINAL: &str = "en";
/// The file that says who reviewed a translation.
pub const REVIEW: &str = "review.toml";

/// A translation as its folder holds it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The folder's name.
    pub tag: String,
    /// Names and texts of its Fluent files.
    pub files: Vec<(String, String)>,
    /// The text of its review.
    pub review: Option<String>,
    /// What could not be read.
    pub unread: Vec<Problem>,
}

/// What was decided of one translation.
#[derive(Debug)]
pub struct Verdict {
    /// Its language.
    pub tag: String,
    /// Ids of the messages that it does not say.
    pub missing: Vec<&'static str>,
    /// What a reviewer signs; none while the text is not whole.
    pub digest: Option<String>,
    /// Who reviewed it, where the review counts.
    pub review: Option<Review>,
    /// The translation, or every reason why it is not shown.
    pub outcome: Result<Translation, Vec<Problem>>,
}

/// A translation that may be shown.
pub struct Translation {
    tag: String,
    rtl: bool,
    bundle: Bundle,
}

impl Translation {
    /// Its language, as BCP 47 writes it.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Whether it is written from right to left.
    #[must_use]
    pub const fn is_rtl(&self) -> bool {
        self.rtl
    }

    pub(super) const fn bundle(&self) -> &Bundle {
        &self.bundle
    }
}

impl fmt::Debug for Translation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Translation").field(&self.tag).finish()
    }
}

/// Two are the same when they are one: a server reads each once.
impl PartialEq for Translation {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Translation {}

/// The translations that a server shows.
#[derive(Clone, Debug, Default)]
pub struct Shown(Vec<&'static Translation>);

impl Shown {
    /// Those that may be shown; the log says of each other one why it is not.
    #[must_use]
    pub fn of(verdicts: Vec<Verdict>) -> Self {
        let mut shown = Vec::new();
        for verdict in verdicts {
            let tag = verdict.tag;
            match verdict.outcome {
                Ok(translation) => {
                    tracing::info!(tag, "a translation is shown");
                    // Read once a start and kept until the end: that is what makes `Say` small.
                    shown.push(&*Box::leak(Box::new(translation)));
                }
                Err(reasons) => {
                    let why: Vec<_> = reasons.iter().map(Problem::log).collect();
                    tracing::warn!(tag, why = why.join(", "), "a translation is not shown");
                }
            }
        }
        Self(shown)
    }

    /// Whether there is none to choose from.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one that somebody reads best; none where that is English.
    #[must_use]
    pub fn choose(&self, accepted: &str) -> Option<&'static Translation> {
        let tags: Vec<&str> = self.0.iter().map(|one| one.tag()).collect();
        accept::choose(accepted, &tags).and_then(|at| self.0.get(at).copied())
    }
}

/// The day that it is where days begin first, 14 hours ahead of UTC: no review that was made is of
/// a later one, wherever the reviewer lives.
#[must_use]
pub fn latest_day(now: Timestamp) -> Date {
    TimeZone::fixed(Offset::constant(14))
        .to_datetime(now)
        .date()
}

/// Whether a translation may be shown, from its text and what day it is.
#[must_use]
pub fn judge(draft: &Draft, today: Date) -> Verdict {
    let mut reasons = draft.unread.clone();
    let language = language(&draft.tag).map_err(|reason| reasons.push(reason));
    let mut told = BTreeMap::new();
    let mut broken = false;
    for (name, text) in &draft.files {
        let place = format!("{}/{name}", draft.tag);
        broken |= !text::read((&place, text), &mut told, &mut reasons);
    }
    let english = text::english();
    let unsaid = english.keys().filter(|id| !told.contains_key(**id));
    let missing: Vec<&'static str> = unsaid.copied().collect();
    // What stands in a broken file is not missing: it cannot be read yet.
    if let Some(first) = missing.first().filter(|_| !broken) {
        reasons.push(incomplete(&draft.tag, missing.len(), first));
    }
    text::compare(&told, &mut reasons);
    let digest = reasons.is_empty().then(|| digest(&draft.tag, &told));
    let mut review = None;
    let signed = draft.review.as_deref();
    match review::read(&draft.tag, signed, digest.as_deref(), today) {
        Ok(signed) => review = signed,
        Err(reason) => reasons.push(reason),
    }
    let outcome = match (language, reasons.is_empty()) {
        (Ok(language), true) => Ok(made(draft, &language)),
        _ => Err(reasons),
    };
    Verdict {
        tag: draft.tag.clone(),
        missing,
        digest,
        review,
        outcome,
    }
}

fn made(draft: &Draft, language: &LanguageIdentifier) -> Translation {
    let files: Vec<&str> = draft.files.iter().map(|(_, text)| text.as_str()).collect();
    let rtl = language.character_direction() == CharacterDirection::RTL;
    Translation {
        tag: draft.tag.clone(),
        rtl,
        bundle: Bundle::of_language(language.clone(), rtl, &files),
    }
}

/// The language of a folder: one whose plurals are known, in the spelling of BCP 47.
fn language(tag: &str) -> Result<LanguageIdentifier, Problem> {
    let refused = |problem| {
        let remedy = "name the folder by its language as BCP 47 does, such as de, pt-BR or ar";
        Problem::new("translation-tag", tag, tag, problem, remedy)
    };
    let language: LanguageIdentifier = tag.parse().map_err(|_| refused("is not a language"))?;
    if language != tag {
        return Err(refused("is not written as BCP 47 writes it"));
    }
    if tag == ORIGINAL {
        return Err(refused("is the language that is translated from"));
    }
    let known = PluralRules::get_locales(PluralRuleType::CARDINAL);
    if known.iter().any(|one| one.language == language.language) {
        Ok(language)
    } else {
        Err(refused("is not a language whose plurals are known"))
    }
}

fn incomplete(tag: &str, count: usize, first: &str) -> Problem {
    let value = format!("{count} missing, the first is {first}");
    let remedy = "translate them; `annulus translations --format json` lists them all";
    Problem::new(
        "translation-missing",
        tag,
        value,
        "does not say every message",
        remedy,
    )
}

/// Over the language and, in order of id, each English message and its translation.
fn digest(tag: &str, told: &BTreeMap<&str, Told>) -> String {
    let mut hash = Sha256::new_with_prefix(b"annulus translation/1\n");
    // Each part says how long it is: no two texts run into each other.
    let mut part = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    };
    part(tag);
    for (id, english) in text::english() {
        part(id);
        part(&english.text);
        part(told.get(id).map_or("", |told| told.text.as_str()));
    }
    hex::encode(hash.finalize())
}

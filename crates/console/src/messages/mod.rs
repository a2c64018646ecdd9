//! Every sentence on a page, by its message id; English, and what was translated and reviewed.
//!
//! The sentences stand in Fluent files (`messages/en` of this crate). The build makes a
//! method of [`Say`] of each, so an id that does not exist or an argument that is missing
//! does not compile. Clinical texts are not here: they are data in `care`'s knowledge.

mod alarm;
mod body;
mod bundle;
mod care;
mod common;
mod diary;
mod knowledge;
mod lesson;
mod outcomes;
mod patient;
mod pull;
mod referral;
mod session;
pub mod translation;

use std::fmt::Display;

use fluent_bundle::FluentValue;

use self::translation::Translation;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// Which words are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// English.
    English,
    /// A translation that somebody reviewed.
    Translated(&'static Translation),
    /// Accented English between brackets: what shows no brackets is not a message.
    Pseudo,
}

/// Says messages in one locale.
#[derive(Clone, Copy, Debug)]
pub struct Say {
    /// Which words.
    pub locale: Locale,
}

impl Say {
    /// A message with its arguments filled in.
    fn fill<const N: usize>(
        self,
        id: &str,
        arguments: [(&'static str, FluentValue<'static>); N],
    ) -> String {
        let words = bundle::of(self.locale).say(id, arguments);
        match self.locale {
            Locale::English | Locale::Translated(_) => words,
            Locale::Pseudo => format!("⟦{words}⟧"),
        }
    }

    /// The language of what is said, as a page names it.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self.locale {
            Locale::Translated(translation) => translation.tag(),
            Locale::English | Locale::Pseudo => translation::ORIGINAL,
        }
    }

    /// Whether it is written from right to left.
    #[must_use]
    pub const fn is_rtl(self) -> bool {
        matches!(self.locale, Locale::Translated(translation) if translation.is_rtl())
    }

    /// Marks what knowledge says, which is English, on a page of another language.
    #[must_use]
    pub const fn in_english(self) -> &'static str {
        match self.locale {
            Locale::Translated(_) => " lang=\"en\" dir=\"ltr\"",
            Locale::English | Locale::Pseudo => "",
        }
    }

    /// An argument that is only shown.
    fn shown(argument: &impl Display) -> FluentValue<'static> {
        FluentValue::String(argument.to_string().into())
    }
}

/// An argument that also chooses between forms of a sentence.
pub trait Number {
    /// As it is counted.
    fn number(self) -> FluentValue<'static>;
}

macro_rules! numbers {
    ($($kind:ty),+) => {$(
        impl Number for $kind {
            fn number(self) -> FluentValue<'static> {
                FluentValue::from(self)
            }
        }
    )+};
}
numbers!(u8, u16, u32, u64, usize, f64);

impl<T: Number + Copy> Number for &T {
    fn number(self) -> FluentValue<'static> {
        (*self).number()
    }
}

/// Every message there is: its id, its English text and its arguments.
pub fn all() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static [&'static str])>
{
    ALL.iter()
}

//! Every sentence on a page, by its message id; English now.
//!
//! A message is a method of [`Say`], so an id that does not exist or an
//! argument that is missing does not compile. Clinical texts are not here:
//! they are data in `care`'s knowledge.

pub mod account;
pub mod alarm;
pub mod body;
pub mod care;
pub mod common;
pub mod diary;
pub mod knowledge;
pub mod lesson;
pub mod mail;
pub mod note;
pub mod on_table;
pub mod outcomes;
pub mod paper;
pub mod patient;
pub mod permission;
pub mod pull;
pub mod referral;
pub mod session;

use std::fmt::Display;

/// Which words are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// English.
    English,
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
    #[must_use]
    pub fn fill(self, text: &str, arguments: &[(&str, &dyn Display)]) -> String {
        let mut out = String::with_capacity(text.len() + 16);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            self.put(&mut out, before);
            let (name, tail) = after.split_once('}').unwrap_or((after, ""));
            if let Some((_, value)) = arguments.iter().find(|(key, _)| *key == name) {
                out.push_str(&value.to_string());
            }
            rest = tail;
        }
        self.put(&mut out, rest);
        match self.locale {
            Locale::English => out,
            Locale::Pseudo => format!("⟦{out}⟧"),
        }
    }

    fn put(self, out: &mut String, text: &str) {
        match self.locale {
            Locale::English => out.push_str(text),
            Locale::Pseudo => out.extend(text.chars().map(accent)),
        }
    }
}

fn accent(letter: char) -> char {
    const FROM: &str = "aceinorsuyzACEINORSUYZ";
    const TO: &str = "äçéïñôŕšüýžÄÇÉÏÑÔŔŠÜÝŽ";
    FROM.chars()
        .position(|c| c == letter)
        .and_then(|at| TO.chars().nth(at))
        .unwrap_or(letter)
}

/// Defines messages as methods of [`Say`] and lists them in `ALL`.
macro_rules! messages {
    ($($id:ident $(($($arg:ident),+))? = $text:literal;)+) => {
        #[allow(missing_docs, reason = "the text is the documentation")]
        impl $crate::messages::Say {
            $(
                #[doc = $text]
                #[must_use]
                pub fn $id(self $($(, $arg: impl std::fmt::Display)+)?) -> String {
                    self.fill($text, &[$($((stringify!($arg), &$arg as &dyn std::fmt::Display)),+)?])
                }
            )+
        }
        /// Every message of this file: id, English text, arguments.
        pub const ALL: &[(&str, &str, &[&str])] =
            &[$((stringify!($id), $text, &[$($(stringify!($arg)),+)?])),+];
    };
}
pub(crate) use messages;

/// Every message there is.
pub fn all() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static [&'static str])>
{
    [
        account::ALL,
        alarm::ALL,
        care::ALL,
        common::ALL,
        diary::ALL,
        knowledge::ALL,
        lesson::ALL,
        mail::ALL,
        note::ALL,
        body::ALL,
        on_table::ALL,
        outcomes::ALL,
        paper::ALL,
        patient::ALL,
        permission::ALL,
        pull::ALL,
        referral::ALL,
        session::ALL,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_has_its_argument_and_every_argument_its_place() {
        for (id, text, arguments) in all() {
            let places: Vec<&str> = text
                .split('{')
                .skip(1)
                .filter_map(|part| part.split_once('}').map(|(name, _)| name))
                .collect();
            for place in &places {
                assert!(arguments.contains(place), "{id}: {place} has no argument");
            }
            for argument in *arguments {
                assert!(places.contains(argument), "{id}: {argument} is never shown");
            }
        }
    }

    #[test]
    fn the_pseudo_locale_keeps_arguments_and_changes_words() {
        let say = Say {
            locale: Locale::Pseudo,
        };
        assert_eq!(say.fill("call {name}", &[("name", &"Ann")]), "⟦çäll Ann⟧");
    }
}

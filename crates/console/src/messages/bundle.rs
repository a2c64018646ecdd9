//! The messages of a locale, parsed once.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::Locale;

/// The messages of one locale.
pub(super) struct Bundle(FluentBundle<FluentResource>);

pub(super) fn of(locale: Locale) -> &'static Bundle {
    static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| Bundle::new(super::ENGLISH));
    static PSEUDO: LazyLock<Bundle> = LazyLock::new(|| {
        let mut bundle = Bundle::new(super::ENGLISH);
        bundle.0.set_transform(Some(accented));
        bundle
    });
    match locale {
        Locale::English => &ENGLISH,
        Locale::Pseudo => &PSEUDO,
        Locale::Translated(translation) => translation.bundle(),
    }
}

impl Bundle {
    fn new(files: &[&str]) -> Self {
        let english: LanguageIdentifier = "en".parse().unwrap_or_default();
        Self::of_language(english, false, files)
    }

    /// What does not parse is left out: these files were read before.
    pub(super) fn of_language(language: LanguageIdentifier, rtl: bool, files: &[&str]) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Marks of direction around arguments would stand in letters and feeds; what is written
        // from right to left needs them.
        bundle.set_use_isolating(rtl);
        for file in files {
            let read = FluentResource::try_new((*file).to_owned());
            bundle.add_resource_overriding(read.unwrap_or_else(|(read, _)| read));
        }
        Self(bundle)
    }

    /// A message with its arguments filled in; its id where there is none.
    pub(super) fn say<const N: usize>(
        &self,
        id: &str,
        arguments: [(&'static str, FluentValue<'static>); N],
    ) -> String {
        let message = self.0.get_message(id);
        let Some(words) = message.and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let arguments: FluentArgs<'_> = arguments.into_iter().collect();
        let mut errors = Vec::new();
        self.0
            .format_pattern(words, Some(&arguments), &mut errors)
            .into_owned()
    }
}

fn accented(words: &str) -> Cow<'_, str> {
    const FROM: &str = "aceinorsuyzACEINORSUYZ";
    const TO: &str = "äçéïñôŕšüýžÄÇÉÏÑÔŔŠÜÝŽ";
    let accent = |letter: char| {
        let at = FROM.chars().position(|c| c == letter);
        at.and_then(|at| TO.chars().nth(at)).unwrap_or(letter)
    };
    words.chars().map(accent).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_said_with_its_arguments_and_nothing_else() {
        for (id, text, arguments) in crate::messages::all() {
            let filled = arguments.iter().fold((*text).to_owned(), |text, name| {
                text.replace(&format!("{{{name}}}"), "7")
            });
            let mut given = FluentArgs::new();
            arguments.iter().for_each(|name| given.set(*name, 7));
            let bundle = &of(Locale::English).0;
            let words = bundle.get_message(id).and_then(|m| m.value()).unwrap();
            let mut errors = Vec::new();
            let said = bundle.format_pattern(words, Some(&given), &mut errors);
            assert!(errors.is_empty(), "{id}: {errors:?}");
            assert_eq!(said, filled, "{id}");
        }
    }

    #[test]
    fn a_number_chooses_the_form_of_its_sentence() {
        let head = |count: usize| {
            let day = FluentValue::from("Sunday");
            of(Locale::English).say("diary-head", [("day", day), ("count", count.into())])
        };
        let points =
            |points: f64| of(Locale::English).say("course-points", [("points", points.into())]);
        assert_eq!(
            (points(1.0), points(1.5)),
            ("one point".into(), "1.5 points".into())
        );
        assert_eq!(head(0), "Sunday: nobody is booked.");
        assert_eq!(head(1), "Sunday: one appointment.");
        assert_eq!(head(1200), "Sunday: 1200 appointments.");
    }

    #[test]
    fn the_pseudo_locale_keeps_arguments_and_changes_words() {
        let said = of(Locale::Pseudo).say("diary-refused", [("problem", "no table".into())]);
        assert_eq!(said, "Ñôt bôôkéd: no table.");
    }
}

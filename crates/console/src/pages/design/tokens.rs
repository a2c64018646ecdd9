//! The tokens as the styles hold them: read from the file, so that this page cannot differ.

use std::collections::BTreeMap;

/// The file that every page is drawn with.
const FILE: &str = include_str!("../../../static/tokens.css");
/// Where the dark theme begins in it.
const DARK: &str = "@media (prefers-color-scheme: dark)";

/// The tokens of both themes; what dark does not name is as in light.
#[derive(Debug)]
pub(super) struct Tokens {
    light: BTreeMap<&'static str, &'static str>,
    dark: BTreeMap<&'static str, &'static str>,
}

/// A colour with its value in each theme.
#[derive(Debug)]
pub(super) struct Swatch {
    /// Its token.
    pub(super) name: &'static str,
    /// As written, light and dark.
    pub(super) values: [&'static str; 2],
    /// The token that it stands on.
    pub(super) against: &'static str,
    /// That as written.
    pub(super) under: [&'static str; 2],
    /// Contrast ratio, light and dark.
    pub(super) contrast: [f64; 2],
    /// What WCAG 2.2 asks: 4.5 for words, 3 for the edges of controls.
    pub(super) asked: f64,
}

/// Each pair that is drawn: what is seen, what it stands on, the contrast it needs.
const PAIRS: [(&str, &str, f64); 17] = [
    ("ink", "paper", 4.5),
    ("ink-2", "paper", 4.5),
    ("ink-2", "wash", 4.5),
    ("edge", "paper", 3.0),
    ("act", "paper", 4.5),
    ("act", "act-wash", 4.5),
    ("on-act", "act", 4.5),
    ("act", "wash", 3.0),
    ("care", "paper", 4.5),
    ("care", "care-wash", 4.5),
    ("care-edge", "paper", 3.0),
    ("stop", "paper", 4.5),
    ("stop", "stop-wash", 4.5),
    ("on-stop", "stop-fill", 4.5),
    ("on-alarm-high", "alarm-high", 4.5),
    ("on-alarm", "alarm-medium", 4.5),
    ("on-alarm", "alarm-low", 4.5),
];

impl Tokens {
    /// Those of this build.
    pub(super) fn read() -> Self {
        let (light, dark) = FILE.split_once(DARK).unwrap_or((FILE, ""));
        let light = declared(light);
        let mut both = light.clone();
        both.extend(declared(dark));
        Self { light, dark: both }
    }

    /// Every pair that is drawn.
    pub(super) fn swatches(&self) -> Vec<Swatch> {
        let value = |of: &BTreeMap<_, &'static str>, name| of.get(name).copied().unwrap_or("");
        PAIRS
            .iter()
            .map(|&(name, against, asked)| Swatch {
                name,
                values: [value(&self.light, name), value(&self.dark, name)],
                against,
                under: [value(&self.light, against), value(&self.dark, against)],
                contrast: [&self.light, &self.dark]
                    .map(|theme| contrast(value(theme, name), value(theme, against))),
                asked,
            })
            .collect()
    }

    /// The tokens whose names begin so, with their values in light, in order of size.
    pub(super) fn sizes(&self, prefix: &str) -> Vec<(&'static str, &'static str)> {
        let of = |(name, _): &(&&'static str, &&'static str)| {
            let rest = name.strip_prefix(prefix);
            rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        let mut all: Vec<_> = self
            .light
            .iter()
            .filter(of)
            .map(|(n, v)| (*n, *v))
            .collect();
        all.sort_by(|a, b| pixels(a.1).total_cmp(&pixels(b.1)));
        all
    }
}

/// A length in pixels at the browser's usual size of letters.
pub(super) fn pixels(length: &str) -> f64 {
    let (number, factor) = match length.strip_suffix("rem") {
        Some(number) => (number, 16.0),
        None => (length.trim_end_matches("px"), 1.0),
    };
    number.parse::<f64>().unwrap_or(0.0) * factor
}

fn declared(text: &'static str) -> BTreeMap<&'static str, &'static str> {
    text.split(['{', ';', '}'])
        .filter_map(|part| part.trim().strip_prefix("--")?.split_once(": "))
        .collect()
}

/// The contrast ratio of WCAG 2.2, 1 to 21; 0 where either is no colour.
fn contrast(one: &str, other: &str) -> f64 {
    let (Some(one), Some(other)) = (luminance(one), luminance(other)) else {
        return 0.0;
    };
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance of `#rgb` or `#rrggbb` (WCAG 2.2, definitions).
fn luminance(colour: &str) -> Option<f64> {
    let hex = colour.strip_prefix('#')?;
    let wide: String = match hex.len() {
        3 => hex.chars().flat_map(|c| [c, c]).collect(),
        6 => hex.to_owned(),
        _ => return None,
    };
    let linear = |at: usize| {
        let share = f64::from(u8::from_str_radix(wide.get(at..at + 2)?, 16).ok()?) / 255.0;
        Some(if share <= 0.040_45 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        })
    };
    Some(0.2126 * linear(0)? + 0.7152 * linear(2)? + 0.0722 * linear(4)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_has_the_contrast_it_needs_in_both_themes() {
        for swatch in Tokens::read().swatches() {
            for (theme, contrast) in ["light", "dark"].iter().zip(swatch.contrast) {
                assert!(
                    contrast >= swatch.asked,
                    "{} on {} in {theme}: {contrast:.2}",
                    swatch.name,
                    swatch.against
                );
            }
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((contrast("#fff", "#000000") - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#ffffff") - 4.478).abs() < 1e-3);
        assert!(contrast("red", "#fff") == 0.0);
    }

    #[test]
    fn sizes_are_read_in_their_order() {
        let sizes = Tokens::read().sizes("t-");
        let names: Vec<_> = sizes.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.first(), Some(&"t-12"));
        assert_eq!(names.last(), Some(&"t-160"));
        assert_eq!(pixels("2.125rem"), 34.0);
    }
}

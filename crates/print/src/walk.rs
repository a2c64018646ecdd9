//! Every text of a document, with its place: lengths, letters.

use serde_json::Value;
use si::Problem;

const MOST_TEXT: usize = 20_000;
const MOST_FIGURE: usize = 1 << 20;

/// Lengths.
pub(crate) fn check(document: &Value) -> Result<(), Problem> {
    each(document, "", &mut |place, text| {
        let most = if is_figure(place) {
            MOST_FIGURE
        } else {
            MOST_TEXT
        };
        if text.len() <= most {
            return Ok(());
        }
        let (size, what) = (text.len().to_string(), "are too many bytes for a text");
        let remedy = format!("send {most} at most");
        Err(Problem::new("too-long", place, size, what, remedy))
    })
}

/// Whether a place is a figure's, whose letters the figure itself sets.
pub(crate) fn is_figure(place: &str) -> bool {
    place.ends_with(".svg")
}

/// Calls `seen` with the place of each text and the text.
pub(crate) fn each(
    value: &Value,
    place: &str,
    seen: &mut impl FnMut(&str, &str) -> Result<(), Problem>,
) -> Result<(), Problem> {
    match value {
        Value::String(text) => seen(place, text),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(number, item)| each(item, &format!("{place}[{number}]"), seen)),
        Value::Object(fields) => fields.iter().try_for_each(|(name, field)| {
            let joint = if place.is_empty() { "" } else { "." };
            each(field, &format!("{place}{joint}{name}"), seen)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

/// A text as it is set: control and direction-changing characters are spaces, and lines end
/// with one sign.
pub(crate) fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let set = |letter: char| match letter {
        '\n' => '\n',
        letter if letter.is_control() => ' ',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => ' ',
        letter => letter,
    };
    text.chars().map(set).collect()
}

/// Whether a letter is seen: joiners and variation selectors are not.
pub(crate) const fn is_seen(letter: char) -> bool {
    !matches!(
        letter,
        '\n' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}'
            | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

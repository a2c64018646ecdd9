//! How values are written in a query: prefixes, separators, what a backslash takes apart.

/// A prefix of two letters, and the rest.
pub(super) fn prefixed(text: &str) -> (&str, &str) {
    match text.get(..2) {
        Some(prefix) if prefix.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            (prefix, &text[2..])
        }
        _ => ("eq", text),
    }
}

/// The place of the last digit that a number is written with.
pub(super) fn precision(text: &str) -> Option<f64> {
    let (digits, power) = match text.split_once(['e', 'E']) {
        Some((digits, power)) => (digits, power.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let places = digits.split_once('.').map_or(0, |(_, after)| after.len());
    let places = i32::try_from(places).ok()?;
    Some(10_f64.powi(power.checked_sub(places)?))
}

/// Parts between separators; one after a backslash separates nothing (R4, §3.1.1.4.12).
pub(super) fn split(text: &str, separator: char) -> Vec<String> {
    let (mut parts, mut escaped) = (vec![String::new()], false);
    for letter in text.chars() {
        if letter == separator && !escaped {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(letter);
        }
        escaped = letter == '\\' && !escaped;
    }
    parts
}

/// Without the backslashes before what would separate.
pub(super) fn plain(text: &str) -> String {
    let (mut plain, mut escaped) = (String::new(), false);
    for letter in text.chars() {
        match letter {
            '\\' if !escaped => escaped = true,
            other => {
                plain.push(other);
                escaped = false;
            }
        }
    }
    plain
}

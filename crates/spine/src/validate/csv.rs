//! The tables beside this crate, read as they are: RFC 4180 with `"` for quotes, no line breaks in a field.

use std::borrow::Cow;

/// The fields of one line, quotes taken off.
#[must_use]
pub(crate) fn fields(line: &str) -> Vec<Cow<'_, str>> {
    let mut found = Vec::new();
    let mut rest = line;
    loop {
        let (field, after) = first(rest);
        found.push(field);
        match after {
            Some(after) => rest = after,
            None => return found,
        }
    }
}

/// The first field and what follows its comma, where there is one.
fn first(line: &str) -> (Cow<'_, str>, Option<&str>) {
    let Some(quoted) = line.strip_prefix('"') else {
        return match line.split_once(',') {
            Some((field, after)) => (Cow::Borrowed(field), Some(after)),
            None => (Cow::Borrowed(line), None),
        };
    };
    let mut text = String::new();
    let mut rest = quoted;
    loop {
        let Some((piece, after)) = rest.split_once('"') else {
            text.push_str(rest);
            return (Cow::Owned(text), None);
        };
        text.push_str(piece);
        match after.strip_prefix('"') {
            Some(after) => {
                text.push('"');
                rest = after;
            }
            None => return (Cow::Owned(text), after.strip_prefix(',')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn quoted_commas_and_quotes_stay_inside_their_field() {
        assert_eq!(
            fields("a,\"b, \"\"c\"\"\",,\"d\""),
            ["a", "b, \"c\"", "", "d"]
        );
        assert_eq!(fields(""), [""]);
    }
}

//! Which language somebody reads best, by what their browser asks for (RFC 4647, lookup).

use super::ORIGINAL;

/// A browser asks for a handful; no more are looked at (ours).
const MOST: usize = 32;

/// The place of the best tag; none where English is best, or nothing fits.
///
/// A range of a region is looked for as it stands, then without its region. One without finds a
/// tag that has one: whoever reads Portuguese is not sent to English for want of a country.
pub(super) fn choose(accepted: &str, tags: &[&str]) -> Option<usize> {
    let ranges = ranges(accepted);
    let refused = |tag: &str| {
        let mut none = ranges.iter().filter(|(_, weight)| *weight == 0);
        none.any(|(range, _)| range.eq_ignore_ascii_case(tag))
    };
    let known = |wanted: &dyn Fn(&str) -> bool| {
        let all = std::iter::once(ORIGINAL).chain(tags.iter().copied());
        let mut found = all
            .enumerate()
            .filter(|(_, tag)| wanted(tag) && !refused(tag));
        found.next().map(|(at, _)| at)
    };
    let mut wanted: Vec<_> = ranges.iter().filter(|(_, weight)| *weight > 0).collect();
    // The sort is stable: of equal weight the first counts.
    wanted.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    for (range, _) in wanted {
        if *range == "*" {
            return None;
        }
        let mut shorter = Some(*range);
        while let Some(range) = shorter {
            if let Some(at) = known(&|tag| tag.eq_ignore_ascii_case(range)) {
                return at.checked_sub(1);
            }
            shorter = range.rsplit_once('-').map(|(head, _)| head);
        }
        if let Some(at) = known(&|tag| within(tag, range)) {
            return at.checked_sub(1);
        }
    }
    None
}

/// Whether a tag says more than the range, and nothing else.
fn within(tag: &str, range: &str) -> bool {
    let head = tag.get(..range.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(range)) && tag[range.len()..].starts_with('-')
}

/// Each range with its weight in thousandths; what is not one is left out.
fn ranges(accepted: &str) -> Vec<(&str, u16)> {
    accepted.split(',').take(MOST).filter_map(range).collect()
}

fn range(part: &str) -> Option<(&str, u16)> {
    let mut parts = part.split(';').map(str::trim);
    let range = parts.next().filter(|range| !range.is_empty())?;
    let mut weight = 1000;
    for parameter in parts {
        let (name, value) = parameter.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("q") {
            weight = thousandths(value.trim())?;
        }
    }
    Some((range, weight))
}

/// `0`, `1`, or up to three decimals between.
fn thousandths(value: &str) -> Option<u16> {
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    let digits = part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let part = format!("{part:0<3}").parse().ok().filter(|_| digits);
    match (whole, part) {
        ("0", part) => part,
        ("1", Some(0)) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::choose;

    const TAGS: [&str; 4] = ["ar", "de", "fr", "pt-BR"];

    fn chosen(accepted: &str) -> &'static str {
        choose(accepted, &TAGS).map_or("en", |at| TAGS[at])
    }

    #[test]
    fn a_region_finds_its_language_and_a_language_its_region() {
        assert_eq!(chosen("de-AT,de;q=0.9,en;q=0.5"), "de");
        assert_eq!(chosen("de-AT"), "de");
        assert_eq!(chosen("DE-at"), "de");
        assert_eq!(chosen("pt"), "pt-BR");
        assert_eq!(chosen("pt-PT"), "en");
        assert_eq!(chosen("d"), "en");
    }

    #[test]
    fn weights_count_and_english_is_a_wish_like_any_other() {
        assert_eq!(chosen("fr;q=0.4, de;q=0.8"), "de");
        assert_eq!(chosen("en-GB, de;q=0.8"), "en");
        assert_eq!(chosen("nl, fr;q=0.2"), "fr");
        assert_eq!(chosen("de;q=0, fr;q=0.1"), "fr");
        assert_eq!(chosen("de-AT, de;q=0"), "en");
    }

    #[test]
    fn what_is_not_asked_for_or_not_readable_is_english() {
        for accepted in [
            "", "*", ",;,", "de;q=x", "de;q=2", ";q=1", "日本", "d\u{e9}",
        ] {
            assert_eq!(chosen(accepted), "en", "{accepted}");
        }
        assert_eq!(chosen("*;q=0.1, de"), "de");
    }
}

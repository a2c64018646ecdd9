//! Narratives: a well-formed `div` of the elements that FHIR allows, nothing that acts.
//!
//! After `narrative.html` (FHIR 4.0.1) and its rules txt-1 and txt-2: no
//! script, form, frame, event or entity beyond XML's own; some content.

use super::issue::{Fault, IssueType};
use super::place::Place;
use super::walk::Checker;

const XHTML: &str = "http://www.w3.org/1999/xhtml";

const ELEMENTS: [&str; 58] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "b",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "kbd",
    "li",
    "map",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];

/// A fault found at a place in the text.
type Found = (&'static str, String, &'static str);

/// The text of a `Narrative.div`.
pub(super) fn check(checker: &mut Checker<'_>, text: &str, place: &Place<'_>) {
    if let Err((rule, problem, remedy)) = read(text) {
        let fault = Fault::new(IssueType::Invariant, rule, problem, remedy);
        checker.report(fault, place);
    }
}

fn malformed(problem: impl Into<String>) -> Found {
    (
        "txt-1",
        problem.into(),
        "write well-formed XHTML in one div",
    )
}

/// Reads the markup from front to back.
fn read(text: &str) -> Result<(), Found> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text.trim();
    let (mut content, mut done) = (false, false);
    while !rest.is_empty() {
        let Some(markup) = rest.strip_prefix('<') else {
            let end = rest.find('<').unwrap_or(rest.len());
            let (words, after) = rest.split_at(end);
            entities(words)?;
            content |= !words.trim().is_empty();
            if open.is_empty() && !words.trim().is_empty() {
                return Err(malformed("has text outside its div"));
            }
            rest = after;
            continue;
        };
        if let Some(comment) = markup.strip_prefix("!--") {
            let end = comment.find("-->");
            let end = end.ok_or_else(|| malformed("has a comment that does not end"))?;
            rest = &comment[end + 3..];
            continue;
        }
        let end = tag_end(markup).ok_or_else(|| malformed("has a tag that does not end"))?;
        let (tag, after) = (&markup[..end], &markup[end + 1..]);
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name.trim_end()) {
                let shown: String = name.chars().take(20).collect();
                return Err(malformed(format!("closes <{shown}> where it is not open")));
            }
            done |= open.is_empty();
            continue;
        }
        if done {
            return Err(malformed("goes on after its div"));
        }
        let alone = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let name = start(tag, open.is_empty())?;
        content |= name == "img";
        if !alone {
            open.push(name);
        } else if open.is_empty() {
            done = true;
        }
    }
    if !open.is_empty() || !done {
        return Err(malformed("does not end: a tag is left open"));
    }
    if !content {
        return Err((
            "txt-2",
            "has no content".to_owned(),
            "write what a person should read, or leave the text out",
        ));
    }
    Ok(())
}

/// Where a tag ends: the first `>` outside quotes.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'>') => return Some(at),
            _ => {}
        }
    }
    None
}

/// The name of a start tag that may stand there.
fn start(tag: &str, outermost: bool) -> Result<&str, Found> {
    let end = tag.find(|c: char| c.is_ascii_whitespace());
    let (name, mut rest) = tag.split_at(end.unwrap_or(tag.len()));
    if outermost && name != "div" {
        return Err(malformed("does not begin with <div>"));
    }
    if !ELEMENTS.contains(&name) {
        let shown: String = name.chars().take(20).collect();
        return Err((
            "txt-1",
            format!("has the element <{shown}>, which a narrative may not have"),
            "use XHTML's elements of text, lists, tables, links and images alone",
        ));
    }
    let mut namespace = None;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let (attribute, value, after) = attribute(rest)
            .ok_or_else(|| malformed(format!("has a broken attribute in <{name}>")))?;
        entities(value)?;
        let plain = value.trim().to_ascii_lowercase();
        if attribute.to_ascii_lowercase().starts_with("on") || plain.starts_with("javascript:") {
            return Err((
                "txt-1",
                format!("has a script in <{name}>"),
                "take the script out: a narrative is read, not run",
            ));
        }
        if attribute == "xmlns" {
            namespace = Some(value);
        }
        rest = after;
    }
    if outermost && namespace != Some(XHTML) {
        return Err((
            "txt-1",
            "has a div outside the namespace of XHTML".to_owned(),
            "begin it with <div xmlns=\"http://www.w3.org/1999/xhtml\">",
        ));
    }
    Ok(name)
}

/// An attribute, its value, and what follows.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once('=')?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, after) = rest[1..].split_once(quote)?;
    let name = name.trim_end();
    let plain = |c: char| !c.is_whitespace() && !matches!(c, '<' | '>' | '"' | '\'');
    (!name.is_empty() && name.chars().all(plain) && !value.contains('<'))
        .then_some((name, value, after))
}

/// That every `&` begins one of XML's own entities or a character by its number.
fn entities(text: &str) -> Result<(), Found> {
    for part in text.split('&').skip(1) {
        let name = part.split_once(';').map(|(name, _)| name);
        let fine = name.is_some_and(|name| match name.strip_prefix('#') {
            Some(number) => match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).is_ok(),
                None => number.parse::<u32>().is_ok(),
            },
            None => matches!(name, "lt" | "gt" | "amp" | "quot" | "apos"),
        });
        if !fine {
            let shown: String = name.unwrap_or(part).chars().take(20).collect();
            return Err((
                "txt-1",
                format!("has '&{shown}', which is no entity of XML"),
                "write the character itself, or its number as &#174;",
            ));
        }
    }
    Ok(())
}

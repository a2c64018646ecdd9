//! A reader of pictures that is strict about what every one of them promises.

use draw::Caption;

pub(crate) const CAPTION: Caption<'static> = Caption {
    id: "p1",
    title: "A title",
    desc: "What it shows",
};

/// Checks the promises of every picture and gives its start tags, in order.
pub(crate) fn read(svg: &str) -> Vec<String> {
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"draw\""));
    assert!(svg.contains("role=\"img\""));
    assert!(svg.contains("<title id=") && svg.contains("<desc id="));
    for word in [
        "NaN",
        "inf",
        "<script",
        "<style",
        " style=",
        "href",
        "on",
        "javascript:",
    ] {
        let found = match word {
            "on" => svg.contains(" onload") || svg.contains(" onclick"),
            _ => svg.contains(word),
        };
        assert!(!found, "{word} in {svg}");
    }
    tags(svg)
}

/// Start tags of a well-formed text; panics where tags do not nest or a bare `&` stands.
fn tags(svg: &str) -> Vec<String> {
    let (mut open, mut seen) = (Vec::new(), Vec::new());
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        entities(&rest[..start]);
        let end = start + rest[start..].find('>').expect("every tag ends");
        let tag = &rest[start + 1..end];
        entities(tag);
        rest = &rest[end + 1..];
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name.to_owned()), "tags nest");
            continue;
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "quotes pair in {tag}");
        if !tag.ends_with('/') {
            open.push(name.to_owned());
        }
        seen.push(tag.to_owned());
    }
    assert!(open.is_empty() && rest.is_empty(), "{open:?} {rest}");
    seen
}

fn entities(text: &str) {
    for after in text.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
        assert!(known.iter().any(|name| after.starts_with(name)), "{text}");
    }
    assert!(!text.chars().any(char::is_control), "{text:?}");
}

/// How many of the tags have this class among theirs.
pub(crate) fn count(tags: &[String], class: &str) -> usize {
    tags.iter()
        .filter(|tag| {
            let classes = tag.split("class=\"").nth(1).unwrap_or_default();
            let classes = classes.split('"').next().unwrap_or_default();
            classes.split(' ').any(|one| one == class)
        })
        .count()
}

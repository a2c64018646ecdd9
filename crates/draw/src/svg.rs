//! The pen: escaped text, finite numbers, and the few marks every picture uses.

use core::fmt::Write as _;

/// What a picture is called, for those who see it and those who do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caption<'a> {
    /// Unique on the page; letters, digits and dashes, anything else is dropped.
    pub id: &'a str,
    /// A short title.
    pub title: &'a str,
    /// What the picture shows, in a sentence with its numbers.
    pub desc: &'a str,
}

/// Colours for print, the light theme of the design.
pub(crate) mod ink {
    pub(crate) const WASH: &str = "#f2f4f1";
    pub(crate) const INK: &str = "#15201e";
    pub(crate) const SOFT: &str = "#4d5a57";
    pub(crate) const LINE: &str = "#d5dbd7";
    pub(crate) const EDGE: &str = "#7d8a86";
    pub(crate) const ACT: &str = "#0b5960";
    pub(crate) const CARE: &str = "#7f4d00";
    pub(crate) const STOP: &str = "#b81c11";
    pub(crate) const BONE: &str = "#f0ebe1";
    pub(crate) const BONE_LINE: &str = "#6f6c62";
    pub(crate) const NERVE: &str = "#c9962f";
    pub(crate) const DISC: [&str; 5] = ["#dfe9e8", "#b4d3d2", "#7fb4b5", "#428c91", "#0b5960"];
}

/// How text is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Type {
    /// 11, 12 or 13: the sizes the stylesheet knows.
    pub(crate) size: u8,
    pub(crate) bold: bool,
    pub(crate) colour: Colour,
    pub(crate) anchor: Anchor,
}

/// Colour of text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Colour {
    Ink,
    Soft,
    Act,
    Care,
}

/// Which end of the text is at its point.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

impl Type {
    /// Quiet text at `anchor`.
    pub(crate) const fn soft(anchor: Anchor) -> Self {
        Self {
            size: 12,
            bold: false,
            colour: Colour::Soft,
            anchor,
        }
    }

    /// Text in ink at `anchor`.
    pub(crate) const fn plain(anchor: Anchor) -> Self {
        Self {
            colour: Colour::Ink,
            ..Self::soft(anchor)
        }
    }
}

/// A picture being drawn.
pub(crate) struct Svg {
    text: String,
}

impl Svg {
    /// Opens a picture of `width` × `height`, with its title and description.
    pub(crate) fn new(caption: &Caption<'_>, width: f64, height: f64) -> Self {
        let id = id_of(caption);
        let (w, h) = (num(width), num(height));
        let (title, desc) = (escape(caption.title), escape(caption.desc));
        let text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"draw\" viewBox=\"0 0 {w} {h}\" \
             width=\"{w}\" height=\"{h}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" \
             font-family=\"system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',sans-serif\">\
             <title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{desc}</desc>"
        );
        Self { text }
    }

    /// Closes the picture.
    pub(crate) fn done(mut self) -> String {
        self.text.push_str("</svg>");
        self.text
    }

    /// A path with a class and its print attributes.
    pub(crate) fn path(&mut self, class: &str, attributes: &str, d: &str) {
        if d.is_empty() {
            return;
        }
        let _ = write!(
            self.text,
            "<path class=\"{class}\" {attributes} d=\"{d}\"/>"
        );
    }

    /// Something to clip by; gives its id.
    pub(crate) fn clip(&mut self, caption: &Caption<'_>, mark: &str, d: &str) -> String {
        let id = format!("{}-{mark}", id_of(caption));
        let _ = write!(
            self.text,
            "<clipPath id=\"{id}\"><path d=\"{d}\"/></clipPath>"
        );
        id
    }

    /// A straight line.
    pub(crate) fn line(&mut self, class: &str, attributes: &str, from: Point, to: Point) {
        self.path(class, attributes, &open(&[from, to]));
    }

    /// A filled circle.
    pub(crate) fn circle(&mut self, class: &str, attributes: &str, centre: Point, radius: f64) {
        if !centre.is_finite() {
            return;
        }
        let (x, y, r) = (num(centre.x), num(centre.y), num(radius));
        let _ = write!(
            self.text,
            "<circle class=\"{class}\" {attributes} cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>"
        );
    }

    /// Text at a point.
    pub(crate) fn text(&mut self, style: Type, at: Point, words: &str) {
        if words.is_empty() || !at.is_finite() {
            return;
        }
        let (class, colour) = match style.colour {
            Colour::Ink => ("", ink::INK),
            Colour::Soft => (" m", ink::SOFT),
            Colour::Act => (" act", ink::ACT),
            Colour::Care => (" care", ink::CARE),
        };
        let anchor = match style.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (bold, weight) = if style.bold {
            (" b", " font-weight=\"650\"")
        } else {
            ("", "")
        };
        let size = style.size;
        let _ = write!(
            self.text,
            "<text class=\"t{size}{bold}{class}\" font-size=\"{size}\"{weight} fill=\"{colour}\" \
             text-anchor=\"{anchor}\" x=\"{}\" y=\"{}\">{}</text>",
            num(at.x),
            num(at.y),
            escape(words)
        );
    }
}

/// The id of a picture: letters, digits and dashes.
fn id_of(caption: &Caption<'_>) -> String {
    let letters = caption.id.chars();
    letters
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect()
}

/// A point of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Point {
    pub(crate) const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub(crate) const fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

/// A polyline; points that are not finite leave a gap.
pub(crate) fn open(points: &[Point]) -> String {
    let mut d = String::new();
    let mut lifted = true;
    for point in points {
        if !point.is_finite() {
            lifted = true;
            continue;
        }
        let pen = if lifted { 'M' } else { 'L' };
        let _ = write!(d, "{pen}{} {}", num(point.x), num(point.y));
        lifted = false;
    }
    d
}

/// A closed polygon over the finite points.
pub(crate) fn closed(points: &[Point]) -> String {
    let finite: Vec<Point> = points.iter().copied().filter(|p| p.is_finite()).collect();
    if finite.len() < 3 {
        return String::new();
    }
    open(&finite) + "Z"
}

/// A closed smooth curve through all points: each piece a cubic whose handles are a
/// third of its chord, along the line between its neighbours, so that close
/// points make a tight corner and nothing overshoots.
pub(crate) fn smooth(points: &[Point]) -> String {
    let count = points.len();
    if count < 3 || points.iter().any(|point| !point.is_finite()) {
        return String::new();
    }
    let at = |index: usize| points[index % count];
    let mut d = format!("M{} {}", num(points[0].x), num(points[0].y));
    for index in 0..count {
        let around = [
            at(index + count - 1),
            at(index),
            at(index + 1),
            at(index + 2),
        ];
        piece(&mut d, around);
    }
    d + "Z"
}

/// The same, open: the ends point at their neighbours.
pub(crate) fn smooth_open(points: &[Point]) -> String {
    let Some(last) = points.len().checked_sub(1).filter(|last| *last > 0) else {
        return String::new();
    };
    if points.iter().any(|point| !point.is_finite()) {
        return String::new();
    }
    let at = |index: usize| points[index.min(last)];
    let mut d = format!("M{} {}", num(points[0].x), num(points[0].y));
    for index in 0..last {
        let before = at(index.saturating_sub(1));
        piece(&mut d, [before, at(index), at(index + 1), at(index + 2)]);
    }
    d
}

/// A cubic from the second to the third of four points.
fn piece(d: &mut String, [before, from, to, after]: [Point; 4]) {
    let length = |one: Point, other: Point| {
        let (x, y) = (other.x - one.x, other.y - one.y);
        libm::sqrt(x * x + y * y)
    };
    let third = length(from, to) / 3.0;
    let handle = |one: Point, other: Point| {
        let along = length(one, other).max(1e-9);
        (
            third * (other.x - one.x) / along,
            third * (other.y - one.y) / along,
        )
    };
    let (out, into) = (handle(before, to), handle(from, after));
    let _ = write!(
        d,
        "C{} {} {} {} {} {}",
        num(from.x + out.0),
        num(from.y + out.1),
        num(to.x - into.0),
        num(to.y - into.1),
        num(to.x),
        num(to.y)
    );
}

/// A coordinate with at most two decimals; what is not finite becomes 0.
pub(crate) fn num(value: f64) -> String {
    decimals(value, 2)
}

/// A number with at most `places` decimals, no trailing zeros, no negative zero.
pub(crate) fn decimals(value: f64, places: usize) -> String {
    let value = if value.is_finite() {
        value.clamp(-1e9, 1e9)
    } else {
        0.0
    };
    let mut text = format!("{value:.places$}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if text == "-0" { "0".to_owned() } else { text }
}

/// A number for people: fixed decimals and a true minus sign.
pub(crate) fn human(value: f64, places: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{value:.places$}");
    let zero = text
        .trim_start_matches('-')
        .chars()
        .all(|c| c == '0' || c == '.');
    match (text.strip_prefix('-'), zero) {
        (Some(size), true) => size.to_owned(),
        (Some(size), false) => format!("−{size}"),
        (None, _) => text,
    }
}

/// Text made safe inside elements and attributes; control characters become spaces.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

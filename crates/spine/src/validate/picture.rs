//! Published curves beside ours, as numbers; whoever draws them is elsewhere.

use super::Measured;

/// One curve of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Words at its end.
    pub label: String,
    /// What was published: place, value with its spread or tolerance; may be empty.
    pub published: Vec<(f64, Measured)>,
    /// What the model gives.
    pub ours: Vec<(f64, Measured)>,
}

/// One picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// File name without its ending: lower-case letters and dashes.
    pub name: &'static str,
    /// Title.
    pub title: &'static str,
    /// What is shown, in a sentence, with the rows.
    pub what: &'static str,
    /// Unit of the horizontal axis.
    pub x_unit: &'static str,
    /// Unit of the vertical axis.
    pub y_unit: &'static str,
    /// The curves.
    pub courses: Vec<Course>,
}

impl Picture {
    /// Least and largest place and value, zero among the values.
    #[must_use]
    pub fn bounds(&self) -> [(f64, f64); 2] {
        let points = || {
            let all = self.courses.iter();
            all.flat_map(|course| course.published.iter().chain(&course.ours))
        };
        let around = |values: &mut dyn Iterator<Item = f64>, start: (f64, f64)| {
            values
                .filter(|value| value.is_finite())
                .fold(start, |(low, high), value| {
                    (low.min(value), high.max(value))
                })
        };
        let x = around(&mut points().map(|point| point.0), (f64::MAX, f64::MIN));
        let ends = points().flat_map(|(_, at)| [at.low, at.high]);
        let y = around(&mut { ends }, (0.0, 0.0));
        [x, y]
    }
}

//! Who answers for a translation: a named person, on a day, for one text.

use jiff::civil::Date;
use serde::Deserialize;
use si::Problem;

use super::REVIEW;

/// A review that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The person's name.
    pub reviewer: String,
    /// What they are, with the number of their licence where they have one.
    pub profession: String,
    /// The day of the review.
    pub date: Date,
}

/// The file. Everything is optional, so that each gap has its own words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    reviewer: Option<String>,
    profession: Option<String>,
    date: Option<toml::Value>,
    digest: Option<String>,
}

/// The review, where it is one of this text; none where there is no whole text to review.
pub(super) fn read(
    tag: &str,
    text: Option<&str>,
    now: Option<&str>,
    today: Date,
) -> Result<Option<Review>, Problem> {
    let place = format!("{tag}/{REVIEW}");
    let Some(text) = text else {
        return Err(missing(place, now));
    };
    let sheet: Sheet = toml::from_str(text).map_err(|error| {
        Problem::new(
            "review-unreadable",
            place.clone(),
            "",
            error.to_string().trim().replace('\n', " "),
            "its keys are reviewer, profession, date and digest",
        )
    })?;
    let reviewer = words(&place, "reviewer", sheet.reviewer)?;
    let profession = words(&place, "profession", sheet.profession)?;
    let date = day(&place, sheet.date)?;
    let signed = words(&place, "digest", sheet.digest)?;
    if date > today {
        return Err(Problem::new(
            "review-later",
            format!("{place}.date"),
            date.to_string(),
            format!("is a day to come: today is {today} at most"),
            "write the day on which it was reviewed, or set this machine's clock",
        ));
    }
    let Some(now) = now else { return Ok(None) };
    if signed != now {
        return Err(Problem::new(
            "review-other-text",
            format!("{place}.digest"),
            signed,
            format!("is the review of another text: this one is {now}"),
            "have the changed messages reviewed, then write the new digest and its date",
        ));
    }
    Ok(Some(Review {
        reviewer,
        profession,
        date,
    }))
}

fn missing(place: String, now: Option<&str>) -> Problem {
    let remedy = match now {
        Some(now) => format!(
            "have it reviewed; then write reviewer, profession, date and digest = \"{now}\" there"
        ),
        None => "mend what else is named here first, then have it reviewed".to_owned(),
    };
    Problem::new("review-missing", place, "", "nobody reviewed it", remedy)
}

fn words(place: &str, key: &str, value: Option<String>) -> Result<String, Problem> {
    let value = value.unwrap_or_default();
    match value.trim() {
        "" => Err(incomplete(place, key, &value)),
        said => Ok(said.to_owned()),
    }
}

/// A day, with or without quotes.
fn day(place: &str, value: Option<toml::Value>) -> Result<Date, Problem> {
    let said = match value {
        Some(toml::Value::String(said)) => said,
        Some(other) => other.to_string(),
        None => String::new(),
    };
    said.parse().map_err(|_| incomplete(place, "date", &said))
}

fn incomplete(place: &str, key: &str, value: &str) -> Problem {
    let remedy = match key {
        "reviewer" => "write the name of the person who answers for it",
        "profession" => "write what they are, with the number of their licence",
        "date" => "write the day of the review, such as 2026-11-29",
        _ => "write the digest that `annulus translations` prints",
    };
    let place = format!("{place}.{key}");
    let problem = match value.trim() {
        "" => "is not said",
        _ => "is not a day",
    };
    Problem::new("review-incomplete", place, value, problem, remedy)
}

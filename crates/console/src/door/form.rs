//! What a form sent: names and values in order, bounded before it is read.

use std::str::FromStr;

use si::Problem;

/// The fields of a query, a form or an upload.
#[derive(Clone, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
}

/// Field values may be patient data: only the names are printed.
impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.fields.iter().map(|(name, _)| name))
            .finish()
    }
}

impl Form {
    /// From pairs.
    #[must_use]
    pub fn new(fields: Vec<(String, String)>) -> Self {
        Self { fields }
    }

    /// From `application/x-www-form-urlencoded` bytes.
    #[must_use]
    pub fn urlencoded(bytes: &[u8]) -> Self {
        Self::new(form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// The value of a field, trimmed; an empty one counts as absent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of a field that are not empty.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let name = name.to_owned();
        self.fields
            .iter()
            .filter(move |(field, _)| *field == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// Every field with a value, in the order sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.trim()))
            .filter(|(_, value)| !value.is_empty())
    }

    /// Every field as it was sent, also those without a value.
    #[must_use]
    pub fn every(&self) -> Vec<(String, String)> {
        self.fields.clone()
    }

    /// The value of a field that must be there.
    pub fn need(&self, name: &str) -> Result<&str, Problem> {
        self.get(name).ok_or_else(|| {
            Problem::new(
                "field-missing",
                name,
                "",
                "is missing",
                "fill in this field",
            )
        })
    }

    /// A field read as `T`, when it is there.
    pub fn read<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| {
            let shown: String = text.chars().take(60).collect();
            Problem::new(
                "field-unreadable",
                name,
                shown,
                "could not be read",
                "correct this field",
            )
        })
    }

    /// A field read as `T` that must be there.
    pub fn need_read<T: FromStr>(&self, name: &str) -> Result<T, Problem> {
        self.need(name)?;
        self.read(name)?.ok_or_else(|| {
            Problem::new(
                "field-missing",
                name,
                "",
                "is missing",
                "fill in this field",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_field_is_an_absent_one_and_debug_shows_no_value() {
        let form = Form::urlencoded(b"name=Ada+L&note=+&score=7");
        assert_eq!(form.get("name"), Some("Ada L"));
        assert_eq!(form.get("note"), None);
        assert_eq!(form.need_read::<u8>("score"), Ok(7));
        assert!(form.need("note").is_err());
        assert!(!format!("{form:?}").contains("Ada"));
    }
}

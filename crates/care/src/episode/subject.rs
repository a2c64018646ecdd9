//! What an alert is about, as the journal keeps it: how it is written, and how it is read again.

/// Who is told first: the patient's own practitioner, on the page of today.
pub const TOLD_FIRST: &str = "practitioner";

/// A check-in; its result or what is amiss with it follows.
pub(super) const CHECK_IN: &str = "check-in: ";
/// A decision; its rules follow.
pub(super) const EVALUATION: &str = "evaluation: ";
/// What was told at the table; the session, a colon and the rules follow.
pub(super) const SESSION: &str = "session ";
/// Sessions that were suspended in the middle of one; the rules follow.
pub(super) const SUSPENDED: &str = "suspended during a session: ";
/// The check after a session; the facts follow that failed it.
pub(super) const LEAVING: &str = "leaving check: ";

/// What an alert is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject<'a> {
    /// A check-in, by its result or what is amiss with it.
    CheckIn(&'a str),
    /// A decision, by its rules.
    Evaluation(Vec<&'a str>),
    /// What was told at the table, by the rules that it fired.
    Session(Vec<&'a str>),
    /// Sessions that were suspended in the middle of one, by the rules.
    Suspended(Vec<&'a str>),
    /// The check after a session, by the facts that failed it.
    Leaving(Vec<&'a str>),
    /// Anything else, in words.
    Other(&'a str),
}

impl<'a> Subject<'a> {
    /// Of an alert's words.
    #[must_use]
    pub fn of(about: &'a str) -> Self {
        let ids = |rest: &'a str| rest.split(", ").collect();
        if let Some(rest) = about.strip_prefix(CHECK_IN) {
            Self::CheckIn(rest)
        } else if let Some(rest) = about.strip_prefix(EVALUATION) {
            Self::Evaluation(ids(rest))
        } else if let Some(rest) = about.strip_prefix(SUSPENDED) {
            Self::Suspended(ids(rest))
        } else if let Some(rest) = about.strip_prefix(LEAVING) {
            Self::Leaving(ids(rest))
        } else if let Some((_, rules)) =
            about.strip_prefix(SESSION).and_then(|s| s.split_once(": "))
        {
            Self::Session(ids(rules))
        } else {
            Self::Other(about)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let two = || vec!["one-rule", "other-rule"];
        for (about, subject) in [
            (
                format!("{CHECK_IN}emergency"),
                Subject::CheckIn("emergency"),
            ),
            (
                format!("{EVALUATION}one-rule, other-rule"),
                Subject::Evaluation(two()),
            ),
            (
                format!("{SESSION}7a: one-rule, other-rule"),
                Subject::Session(two()),
            ),
            (
                format!("{SUSPENDED}one-rule, other-rule"),
                Subject::Suspended(two()),
            ),
            (
                format!("{LEAVING}pain_now, can_walk"),
                Subject::Leaving(vec!["pain_now", "can_walk"]),
            ),
            ("adverse event".to_owned(), Subject::Other("adverse event")),
            (String::new(), Subject::Other("")),
        ] {
            assert_eq!(Subject::of(&about), subject, "{about}");
        }
    }
}

//! How long a reading stays fresh.

/// How long a reading stays fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// For this session: twelve hours, the longest life of a grant (ENGINEERING §5; ours).
    Session,
    /// For so many days.
    Days(u32),
    /// For so many calendar months.
    Months(u32),
    /// For ever.
    Permanent,
}

impl Freshness {
    /// Reads `session`, `permanent`, `14 days` or `12 months`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "session" => return Some(Self::Session),
            "permanent" => return Some(Self::Permanent),
            _ => {}
        }
        let (number, unit) = text.split_once(' ')?;
        let number: u32 = number
            .parse()
            .ok()
            .filter(|number| (1..=1200).contains(number))?;
        match unit {
            "day" | "days" => Some(Self::Days(number)),
            "month" | "months" => Some(Self::Months(number)),
            _ => None,
        }
    }
}

//! The forms that results come in.

use clap::ValueEnum;

/// How results are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatAsked {
    /// For people.
    Text,
    /// For programs: the JSON contract.
    Json,
    /// A picture (simulate).
    Svg,
    /// A table of numbers (simulate).
    Parquet,
}

/// How results and errors are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs: the JSON contract.
    Json,
}

impl FormatAsked {
    /// The form for commands that know text and JSON only.
    pub(crate) const fn plain(self) -> Option<Format> {
        match self {
            Self::Text => Some(Format::Text),
            Self::Json => Some(Format::Json),
            Self::Svg | Self::Parquet => None,
        }
    }
}

//! Arguments of `annulus campaign`.

use clap::Args;
use std::path::PathBuf;

pub(crate) const HELP: &str = "Examples:
  annulus campaign --seeds 2000
  annulus campaign --seeds 0..1000000 --append campaign.json
  annulus campaign --seeds 4711..4712 --format json | jq '.failures'";

/// Arguments of `annulus campaign`.
#[derive(Debug, Args)]
pub(crate) struct CampaignArgs {
    /// How many seeds from 0 on, or from which to before which
    #[arg(long, value_name = "N|A..B", default_value = "2000", value_parser = seeds)]
    pub(crate) seeds: (u64, u64),
    /// Keep the report in this file, and go on where it ends: a run that is cut off loses little
    #[arg(long, value_name = "FILE")]
    pub(crate) append: Option<PathBuf>,
    /// How many threads; all cores where nothing is said
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
}

/// `N` or `A..B`.
fn seeds(text: &str) -> Result<(u64, u64), String> {
    let number = |text: &str| {
        let plain: String = text.chars().filter(|c| *c != '_').collect();
        let parsed = plain.parse::<u64>();
        parsed.map_err(|_| format!("{text:?} is not a whole number; give N or A..B"))
    };
    let (from, to) = match text.split_once("..") {
        Some((from, to)) => (number(from)?, number(to)?),
        None => (0, number(text)?),
    };
    if from < to {
        Ok((from, to))
    } else {
        Err(format!(
            "{text:?} holds no seed; give N above 0, or A..B with A below B"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::seeds;

    #[test]
    fn seeds_are_a_count_or_a_range() {
        assert_eq!(seeds("2000"), Ok((0, 2000)));
        assert_eq!(seeds("5..1_000"), Ok((5, 1000)));
        for nothing in ["0", "7..7", "9..2", "x", "..3", "-1"] {
            assert!(seeds(nothing).is_err(), "{nothing}");
        }
    }
}

//! Arguments of `annulus translations`.

use clap::Args;
use std::path::PathBuf;

pub(crate) const HELP: &str = "Examples:
  cp -r crates/console/messages/en translations/de   # then translate, see docs/translations.md
  annulus translations translations
  annulus translations translations --format json | jq '.translations[] | select(.shown == false)'

Exit status: 0 where every translation may be shown, 1 where one may not.";

/// `translations`.
#[derive(Debug, Args)]
pub(crate) struct TranslationsArgs {
    /// The folder that `serve --translations` is given.
    pub(crate) folder: PathBuf,
}

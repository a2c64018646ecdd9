//! The fonts that documents are set in.
//!
//! Libertinus Serif (SIL Open Font License 1.1) comes with the program and has the Latin,
//! Greek and Cyrillic letters; whoever writes names in others gives fonts that have them.

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// Fonts, in the order in which they are tried.
#[derive(Debug)]
pub struct Fonts {
    pub(crate) fonts: Vec<Font>,
    pub(crate) book: LazyHash<FontBook>,
}

impl Fonts {
    /// Those that come with the program.
    #[must_use]
    pub fn embedded() -> Self {
        Self::with(Vec::new())
    }

    /// The same and those that these files (TTF, OTF, TTC) hold; a file that is no font has none.
    #[must_use]
    pub fn with(files: Vec<Vec<u8>>) -> Self {
        let own = typst_assets::fonts().map(Bytes::new);
        let all = own.chain(files.into_iter().map(Bytes::new));
        let fonts: Vec<Font> = all.flat_map(Font::iter).collect();
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        Self { fonts, book }
    }

    /// Whether any of them has this letter.
    pub(crate) fn have(&self, letter: char) -> bool {
        let code = u32::from(letter);
        self.fonts
            .iter()
            .any(|font| font.info().coverage.contains(code))
    }
}

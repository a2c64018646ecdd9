//! The typeface: Atkinson Hyperlegible Next, drawn by the Braille Institute so that
//! letters are told apart by those who see little; SIL Open Font License 1.1, from the
//! package `@fontsource-variable/atkinson-hyperlegible-next`.

use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

/// Its name, as styles call it.
pub const NAME: &str = "Atkinson Hyperlegible Next";

/// One file: its name, its bytes and the letters that it holds.
pub struct Face {
    /// Under `/assets`.
    pub name: &'static str,
    /// Empty when it was built without Node.
    pub bytes: &'static [u8],
    letters: &'static str,
}

macro_rules! face {
    ($name:literal, $letters:literal) => {
        Face {
            name: $name,
            bytes: include_bytes!(concat!(env!("OUT_DIR"), "/islands/", $name)),
            letters: $letters,
        }
    };
}

/// What English needs, and names from the rest of Europe: loaded only where one is shown.
pub const FACES: [Face; 2] = [
    face!(
        "letters.woff2",
        "U+0-FF, U+131, U+152-153, U+2BB-2BC, U+2C6, U+2DA, U+2DC, U+304, U+308, U+329, \
         U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD"
    ),
    face!(
        "more-letters.woff2",
        "U+100-130, U+132-151, U+154-2BA, U+2BD-2C5, U+2C7-2CC, U+2CE-2D7, U+2DD-2FF, U+1D00-1DBF, \
         U+1E00-1E9F, U+1EF2-1EFF, U+2020, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, \
         U+A720-A7FF"
    ),
];

/// Its licence, as the package brings it.
pub const LICENCE: &str = include_str!(concat!(env!("OUT_DIR"), "/islands/letters.txt"));

/// Changes with the bytes of either file.
static DIGEST: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    FACES.iter().for_each(|face| hash.update(face.bytes));
    hex::encode(&hash.finalize()[..6])
});

/// The address of the file that every page needs; none when it was built without Node.
#[must_use]
pub fn first() -> Option<String> {
    let [face, _] = &FACES;
    (!face.bytes.is_empty()).then(|| address(face))
}

fn address(face: &Face) -> String {
    format!("/assets/{}?v={}", face.name, *DIGEST)
}

/// What tells the styles of it: nothing when it was built without Node, and the system's
/// typeface is taken.
#[must_use]
pub fn style() -> String {
    let shown = FACES.iter().filter(|face| !face.bytes.is_empty());
    shown
        .map(|face| {
            format!(
                "@font-face {{ font-family: \"{NAME}\"; font-weight: 200 800; font-display: swap; \
                 src: url(\"{}\") format(\"woff2\"); unicode-range: {} }}\n",
                address(face),
                face.letters
            )
        })
        .collect()
}

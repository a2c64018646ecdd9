//! JSON forms of the words that `si` owns without knowing serde.

macro_rules! word {
    ($(#[$doc:meta])* $module:ident, $name:ty) => {
        $(#[$doc])*
        pub(crate) mod $module {
            use serde::{Deserialize, Deserializer, Serializer, de::Error};

            pub(crate) fn serialize<S: Serializer>(word: &$name, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(word.as_str())
            }

            pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<$name, D::Error> {
                String::deserialize(d)?.parse().map_err(D::Error::custom)
            }
        }
    };
}

word!(
    /// A region by its name.
    region, si::Region);
word!(
    /// A motion segment by its name.
    segment, si::Segment);

/// A region that may not be known yet.
pub(crate) fn region_option<S: serde::Serializer>(
    region: &Option<si::Region>,
    s: S,
) -> Result<S::Ok, S::Error> {
    match region {
        Some(region) => s.serialize_str(region.as_str()),
        None => s.serialize_none(),
    }
}

//! JSON forms of the words that `si` owns without knowing serde.

/// A region by its name.
pub(crate) mod region {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use si::Region;

    pub(crate) fn serialize<S: Serializer>(region: &Region, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(region.as_str())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Region, D::Error> {
        let name = String::deserialize(d)?;
        name.parse().map_err(D::Error::custom)
    }
}

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

//! Spinal levels: vertebrae C1–S1, motion segments C0–C1 … L5–S1, nerve roots C1–S5.

use crate::{Region, UnknownName};
use core::fmt;
use core::str::FromStr;

macro_rules! levels {
    ($(#[$doc:meta])* $name:ident, $expected:literal, [$($variant:ident = $text:literal),+ $(,)?]) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "the variants are the anatomical names themselves")]
        pub enum $name { $($variant),+ }

        impl $name {
            /// Every level, from the head downwards.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The anatomical name, as written in JSON and in criteria.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Position from the head downwards, from 0.
            #[must_use]
            pub const fn index(self) -> usize {
                self as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownName;
            fn from_str(name: &str) -> Result<Self, UnknownName> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|level| level.as_str() == name)
                    .ok_or(UnknownName { expected: $expected })
            }
        }
    };
}

levels!(
    /// A vertebra, C1 to S1.
    Vertebra, "a vertebra from C1 to S1",
    [C1 = "C1", C2 = "C2", C3 = "C3", C4 = "C4", C5 = "C5", C6 = "C6", C7 = "C7",
     T1 = "T1", T2 = "T2", T3 = "T3", T4 = "T4", T5 = "T5", T6 = "T6", T7 = "T7", T8 = "T8",
     T9 = "T9", T10 = "T10", T11 = "T11", T12 = "T12",
     L1 = "L1", L2 = "L2", L3 = "L3", L4 = "L4", L5 = "L5", S1 = "S1"]);

levels!(
    /// A motion segment, named by the two bones it joins; C0 is the skull.
    Segment, "a segment from C0-C1 to L5-S1",
    [C0C1 = "C0-C1", C1C2 = "C1-C2", C2C3 = "C2-C3", C3C4 = "C3-C4", C4C5 = "C4-C5",
     C5C6 = "C5-C6", C6C7 = "C6-C7", C7T1 = "C7-T1", T1T2 = "T1-T2", T2T3 = "T2-T3",
     T3T4 = "T3-T4", T4T5 = "T4-T5", T5T6 = "T5-T6", T6T7 = "T6-T7", T7T8 = "T7-T8",
     T8T9 = "T8-T9", T9T10 = "T9-T10", T10T11 = "T10-T11", T11T12 = "T11-T12",
     T12L1 = "T12-L1", L1L2 = "L1-L2", L2L3 = "L2-L3", L3L4 = "L3-L4", L4L5 = "L4-L5",
     L5S1 = "L5-S1"]);

levels!(
    /// A nerve root, C1 to S5 (there are eight cervical ones).
    Root, "a nerve root from C1 to S5",
    [C1 = "C1", C2 = "C2", C3 = "C3", C4 = "C4", C5 = "C5", C6 = "C6", C7 = "C7", C8 = "C8",
     T1 = "T1", T2 = "T2", T3 = "T3", T4 = "T4", T5 = "T5", T6 = "T6", T7 = "T7", T8 = "T8",
     T9 = "T9", T10 = "T10", T11 = "T11", T12 = "T12",
     L1 = "L1", L2 = "L2", L3 = "L3", L4 = "L4", L5 = "L5",
     S1 = "S1", S2 = "S2", S3 = "S3", S4 = "S4", S5 = "S5"]);

impl Segment {
    /// The segments a course in `region` treats: C2–C3 … C7–T1, or L1–L2 … L5–S1.
    #[must_use]
    pub const fn of(region: Region) -> &'static [Self] {
        const CERVICAL: &[Segment] = &[
            Segment::C2C3,
            Segment::C3C4,
            Segment::C4C5,
            Segment::C5C6,
            Segment::C6C7,
            Segment::C7T1,
        ];
        const LUMBAR: &[Segment] = &[
            Segment::L1L2,
            Segment::L2L3,
            Segment::L3L4,
            Segment::L4L5,
            Segment::L5S1,
        ];
        match region {
            Region::Lumbar => LUMBAR,
            Region::Cervical => CERVICAL,
        }
    }
}

impl Root {
    /// The roots examined for `region`: L1–S4 (ENGINEERING §3), or C5–T1.
    #[must_use]
    pub const fn examined_in(region: Region) -> &'static [Self] {
        const CERVICAL: &[Root] = &[Root::C5, Root::C6, Root::C7, Root::C8, Root::T1];
        const LUMBAR: &[Root] = &[
            Root::L1,
            Root::L2,
            Root::L3,
            Root::L4,
            Root::L5,
            Root::S1,
            Root::S2,
            Root::S3,
            Root::S4,
        ];
        match region {
            Region::Lumbar => LUMBAR,
            Region::Cervical => CERVICAL,
        }
    }
}

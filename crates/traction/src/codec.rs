//! Fixed little-endian encodings of values whose bytes are signed or kept.
//!
//! Every type has one size; a reader that runs out of bytes answers nothing.
//! Nothing here can panic: no index, no length that could disagree.

use si::{Metres, Newtons, NewtonsPerSecond, Region, Seconds};

/// Which layout bytes have: the second is written, the first still read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Grants and frames of version 1.
    One,
    /// Grants and frames of version 2.
    Two,
}

/// A value with a fixed encoding.
pub(crate) trait Codec: Sized {
    /// Bytes it takes, always.
    const SIZE: usize;
    /// Appends the bytes.
    fn put(&self, out: &mut Writer<'_>);
    /// Reads the bytes back; nothing if they are too few or mean nothing.
    fn take(from: &mut Reader<'_>) -> Option<Self>;
}

/// Fills a buffer from its start; what does not fit is not written.
pub(crate) struct Writer<'a> {
    rest: &'a mut [u8],
}

impl<'a> Writer<'a> {
    pub(crate) fn new(buffer: &'a mut [u8]) -> Self {
        Self { rest: buffer }
    }

    pub(crate) fn bytes<const N: usize>(&mut self, bytes: &[u8; N]) {
        match core::mem::take(&mut self.rest).split_first_chunk_mut::<N>() {
            Some((slot, rest)) => {
                *slot = *bytes;
                self.rest = rest;
            }
            None => self.rest = &mut [],
        }
    }

    pub(crate) fn u8(&mut self, value: u8) {
        self.bytes(&[value]);
    }

    pub(crate) fn u16(&mut self, value: u16) {
        self.bytes(&value.to_le_bytes());
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.bytes(&value.to_le_bytes());
    }

    pub(crate) fn i64(&mut self, value: i64) {
        self.bytes(&value.to_le_bytes());
    }

    pub(crate) fn f64(&mut self, value: f64) {
        self.bytes(&value.to_bits().to_le_bytes());
    }

    pub(crate) fn item<T: Codec>(&mut self, value: &T) {
        value.put(self);
    }
}

/// Reads a buffer from its start.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*head)
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.bytes::<1>().map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.bytes().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.bytes().map(u32::from_le_bytes)
    }

    pub(crate) fn i64(&mut self) -> Option<i64> {
        self.bytes().map(i64::from_le_bytes)
    }

    /// Any bits, as they were: also those that are not a number.
    pub(crate) fn f64(&mut self) -> Option<f64> {
        self.bytes().map(|b| f64::from_bits(u64::from_le_bytes(b)))
    }

    pub(crate) fn item<T: Codec>(&mut self) -> Option<T> {
        T::take(self)
    }
}

macro_rules! quantities {
    ($($name:ident),+) => {$(
        impl Codec for $name {
            const SIZE: usize = 8;
            fn put(&self, out: &mut Writer<'_>) {
                out.f64(self.get());
            }
            fn take(from: &mut Reader<'_>) -> Option<Self> {
                from.f64().map(Self::raw)
            }
        }
    )+};
}

quantities!(Newtons, NewtonsPerSecond, Metres, Seconds);

impl Codec for bool {
    const SIZE: usize = 1;
    fn put(&self, out: &mut Writer<'_>) {
        out.u8(u8::from(*self));
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
        match from.u8()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Codec for Region {
    const SIZE: usize = 1;
    fn put(&self, out: &mut Writer<'_>) {
        out.u8(match self {
            Self::Lumbar => 1,
            Self::Cervical => 2,
        });
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
        match from.u8()? {
            1 => Some(Self::Lumbar),
            2 => Some(Self::Cervical),
            _ => None,
        }
    }
}

/// Nothing is a nought byte and as many nought bytes as the value would take.
impl<T: Codec> Codec for Option<T> {
    const SIZE: usize = 1 + T::SIZE;
    fn put(&self, out: &mut Writer<'_>) {
        match self {
            Some(value) => {
                out.u8(1);
                value.put(out);
            }
            None => (0..Self::SIZE).for_each(|_| out.u8(0)),
        }
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
        match from.u8()? {
            0 => (1..Self::SIZE)
                .all(|_| from.u8() == Some(0))
                .then_some(None),
            1 => T::take(from).map(Some),
            _ => None,
        }
    }
}

/// Lists the variants of an enum without data once: its names for people and
/// machines, its codes on the wire, its order, and the array of all of them.
macro_rules! closed {
    ($(#[$doc:meta])* $vis:vis enum $name:ident {
        $($(#[$variant_doc:meta])* $variant:ident = $code:literal $text:literal),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        $vis enum $name { $($(#[$variant_doc])* $variant = $code),+ }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name in JSON, journals and tests.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The byte in fixed encodings.
            #[must_use]
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// The one with this byte.
            #[must_use]
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// The one with this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::codec::Codec for $name {
            const SIZE: usize = 1;
            fn put(&self, out: &mut $crate::codec::Writer<'_>) {
                out.u8(self.code());
            }
            fn take(from: &mut $crate::codec::Reader<'_>) -> Option<Self> {
                Self::from_code(from.u8()?)
            }
        }
    };
}

pub(crate) use closed;

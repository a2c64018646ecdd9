//! True, false and unknown, and the set of them that disagreeing sources leave open.

/// True, false, or unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kleene {
    /// It does not hold.
    False,
    /// Nobody can tell.
    Unknown,
    /// It holds.
    True,
}

impl From<bool> for Kleene {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl From<Kleene> for Option<bool> {
    fn from(value: Kleene) -> Self {
        match value {
            Kleene::False => Some(false),
            Kleene::Unknown => None,
            Kleene::True => Some(true),
        }
    }
}

/// A set of outcomes, and whether a reading was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcomes(u8);

const TRUE: u8 = 1;
const UNKNOWN: u8 = 2;
const FALSE: u8 = 4;
const ERROR: u8 = 8;

impl From<Kleene> for Outcomes {
    fn from(value: Kleene) -> Self {
        Self(match value {
            Kleene::True => TRUE,
            Kleene::Unknown => UNKNOWN,
            Kleene::False => FALSE,
        })
    }
}

impl Outcomes {
    pub(super) const NONE: Self = Self(0);
    pub(super) const BROKEN: Self = Self(UNKNOWN | ERROR);

    /// Whether this outcome is possible.
    #[must_use]
    pub fn may_be(self, value: Kleene) -> bool {
        self.0 & Self::from(value).0 != 0
    }

    /// Whether a reading could not be read at all.
    #[must_use]
    pub fn is_error(self) -> bool {
        self.0 & ERROR != 0
    }

    /// The only outcome, or unknown.
    #[must_use]
    pub fn certain(self) -> Kleene {
        match self.0 & !ERROR {
            TRUE => Kleene::True,
            FALSE => Kleene::False,
            _ => Kleene::Unknown,
        }
    }

    /// The outcome that is worst where holding is worse: it fires, is undecided, is false.
    #[must_use]
    pub fn worst(self, holding_is_worse: bool) -> Kleene {
        let order = [Kleene::True, Kleene::Unknown, Kleene::False];
        let order = if holding_is_worse {
            order
        } else {
            [order[2], order[1], order[0]]
        };
        order
            .into_iter()
            .find(|value| self.may_be(*value))
            .unwrap_or(Kleene::Unknown)
    }

    /// As a byte that is never 0.
    pub(super) const fn byte(self) -> u8 {
        self.0
    }

    /// From the byte, if there is one.
    pub(super) fn from_byte(byte: u8) -> Option<Self> {
        (byte != 0).then_some(Self(byte))
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn and(self, other: Self) -> Self {
        let (a, b) = (self.0, other.0);
        let open = |x: u8, y: u8| x & UNKNOWN != 0 && y & (UNKNOWN | TRUE) != 0;
        let unknown = if open(a, b) || open(b, a) { UNKNOWN } else { 0 };
        Self((a & b & TRUE) | ((a | b) & (FALSE | ERROR)) | unknown)
    }

    pub(super) fn not(self) -> Self {
        let swapped = (self.0 & TRUE) << 2 | (self.0 & FALSE) >> 2;
        Self(swapped | self.0 & (UNKNOWN | ERROR))
    }

    pub(super) fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    pub(super) fn not_shown(self) -> Self {
        let shown = if self.0 & TRUE != 0 { FALSE } else { 0 };
        let other = if self.0 & (FALSE | UNKNOWN) != 0 {
            TRUE
        } else {
            0
        };
        Self(shown | other | self.0 & ERROR)
    }

    pub(super) fn at_least(count: usize, parts: impl Iterator<Item = Self>) -> Self {
        // Every reachable pair (how many hold, how many are unknown).
        let (mut pairs, mut error) = (vec![(0usize, 0usize)], 0);
        for part in parts {
            error |= part.0 & ERROR;
            let mut next = Vec::new();
            for (held, open) in pairs {
                for value in [Kleene::False, Kleene::Unknown, Kleene::True] {
                    let pair = match value {
                        Kleene::False => (held, open),
                        Kleene::Unknown => (held, open + 1),
                        Kleene::True => (held + 1, open),
                    };
                    if part.may_be(value) && !next.contains(&pair) {
                        next.push(pair);
                    }
                }
            }
            pairs = next;
        }
        let outcome = |(held, open): (usize, usize)| match held {
            held if held >= count => TRUE,
            held if held + open < count => FALSE,
            _ => UNKNOWN,
        };
        Self(
            pairs
                .into_iter()
                .fold(error, |bits, pair| bits | outcome(pair)),
        )
    }
}

impl Kleene {
    pub(super) const fn not_kleene(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::Unknown => Self::Unknown,
            Self::False => Self::True,
        }
    }
}

//! Two intervals of 95 % that need no table of a distribution.

/// Standard normal quantile of 97.5 %.
const Z: f64 = 1.959_963_984_540_054;
/// What lies outside an interval on each side, at most.
const TAIL: f64 = 0.025;

/// A share of a count, with its interval after Wilson (J Am Stat Assoc 1927;22:209–212).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// How many.
    pub count: u32,
    /// Of how many; never 0.
    pub of: u32,
    /// Lower end, 0 to 1.
    pub low: f64,
    /// Upper end, 0 to 1.
    pub high: f64,
}

impl Share {
    /// None of none: there is no share.
    #[must_use]
    pub fn of(count: u32, of: u32) -> Option<Self> {
        if of == 0 || count > of {
            return None;
        }
        let (n, share) = (f64::from(of), f64::from(count) / f64::from(of));
        let middle = share + Z * Z / (2.0 * n);
        let spread = Z * libm::sqrt(share * (1.0 - share) / n + Z * Z / (4.0 * n * n));
        let scale = 1.0 + Z * Z / n;
        Some(Self {
            count,
            of,
            low: ((middle - spread) / scale).max(0.0),
            high: ((middle + spread) / scale).min(1.0),
        })
    }

    /// The share itself, 0 to 1.
    #[must_use]
    pub fn value(&self) -> f64 {
        f64::from(self.count) / f64::from(self.of)
    }
}

/// The median of these numbers, which are put in order.
#[must_use]
pub fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    match values.len() % 2 {
        0 => Some(f64::midpoint(values[middle - 1], upper)),
        _ => Some(upper),
    }
}

/// The interval of the median between two of the numbers in their order, whatever they are
/// distributed like (Thompson, Ann Math Stat 1936;7:122–128): half of all patients lie on each
/// side of the median, so how many of these do is binomial. Fewer than six numbers have none.
#[must_use]
pub fn median_interval(ordered: &[f64]) -> Option<(f64, f64)> {
    let n = u32::try_from(ordered.len()).ok()?;
    // So many may be left away at each end that both tails stay below 2.5 %.
    // By logarithms: a half to the power of many is no number any more.
    let (mut below, mut log, mut cut) = (0.0, -f64::from(n) * core::f64::consts::LN_2, 0_u32);
    while cut < n {
        below += libm::exp(log);
        if below > TAIL {
            break;
        }
        cut += 1;
        log += libm::log(f64::from(n - cut + 1) / f64::from(cut));
    }
    let first = usize::try_from(cut.checked_sub(1)?).ok()?;
    let last = ordered.len().checked_sub(first + 1)?;
    Some((*ordered.get(first)?, *ordered.get(last)?))
}

#[cfg(test)]
mod tests {
    use super::{Share, median, median_interval};

    #[test]
    fn shares_agree_with_published_examples() {
        // Newcombe, Stat Med 1998;17:857–872, table I, method 3.
        for (count, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let share = Share::of(count, of).unwrap();
            assert!((share.low - low).abs() < 5e-5, "{share:?}");
            assert!((share.high - high).abs() < 5e-5, "{share:?}");
        }
        assert_eq!(Share::of(0, 0), None);
        assert_eq!(Share::of(2, 1), None);
    }

    #[test]
    fn the_interval_of_a_median_takes_the_order_that_the_binomial_names() {
        let upto = |n: usize| (1..=n).map(|one| one as f64).collect::<Vec<_>>();
        // Conover, Practical Nonparametric Statistics: 6 to 8 numbers, the outermost; 9 to 11,
        // the second; 20, the sixth; 40, the fourteenth.
        assert_eq!(median_interval(&upto(5)), None);
        for (n, rank) in [(6, 1), (8, 1), (9, 2), (11, 2), (12, 3), (20, 6), (40, 14)] {
            let expected = (f64::from(rank), (n + 1) as f64 - f64::from(rank));
            assert_eq!(median_interval(&upto(n)), Some(expected), "{n}");
        }
        assert_eq!(median_interval(&[]), None);
    }

    #[test]
    fn many_numbers_do_not_underflow() {
        let many: Vec<f64> = (0..5_000).map(f64::from).collect();
        let (low, high) = median_interval(&many).unwrap();
        assert!(
            low < 2_499.5 && 2_499.5 < high && high - low < 200.0,
            "{low} {high}"
        );
    }

    #[test]
    fn the_median_of_an_even_count_lies_between() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }
}

//! The standard normal distribution: its quantile and the share below a point.
//!
//! [`quantile`] is AS 241 (Wichura MJ, *Applied Statistics* 1988;37:477–484,
//! routine PPND16): three rational approximations, relative error about 1e-16.
//! It is chosen over Acklam's shorter one (1e-9) because a member's numbers are
//! then as good as the processor's. [`share_below`] is ½ erfc(−x/√2) from libm.
//!
//! Shown by the tests below: one undoes the other, tails included.

const SQRT_HALF: f64 = core::f64::consts::FRAC_1_SQRT_2;

/// |p − ½| ≤ 0.425.
const CENTRE: [[f64; 8]; 2] = [
    [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854e3,
    ],
];
/// √(−ln min(p, 1 − p)) ≤ 5.
const SHOULDER: [[f64; 8]; 2] = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_545,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];
/// Beyond.
const TAIL: [[f64; 8]; 2] = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_7e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

/// The x below which a share `p` of a standard normal lies; ±∞ at 1 and 0, not a
/// number outside.
#[must_use]
pub fn quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(&CENTRE, 0.180_625 - q * q);
    }
    let nearer = if q < 0.0 { p } else { 1.0 - p };
    let r = libm::sqrt(-libm::log(nearer));
    if r == f64::INFINITY {
        return if q < 0.0 { -r } else { r };
    }
    let x = if r <= 5.0 {
        ratio(&SHOULDER, r - 1.6)
    } else {
        ratio(&TAIL, r - 5.0)
    };
    if q < 0.0 { -x } else { x }
}

/// The share of a standard normal that lies below `x`.
#[must_use]
pub fn share_below(x: f64) -> f64 {
    0.5 * libm::erfc(-x * SQRT_HALF)
}

fn ratio(of: &[[f64; 8]; 2], x: f64) -> f64 {
    let sum = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * x + term);
    sum(&of[0]) / sum(&of[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_and_the_share_undo_each_other() {
        for step in -80..=80 {
            let x = f64::from(step) * 0.1;
            let back = quantile(share_below(x));
            // Near one, p itself is only known to 1e-16 of the share above.
            let lost = 2e-16 / libm::exp(-0.5 * x * x) * 2.6 * f64::from(u8::from(x > 0.0));
            assert!(
                (back - x).abs() <= 4e-15 * (1.0 + x.abs()) + lost,
                "{x} {back}"
            );
        }
    }

    #[test]
    fn the_published_points_come_out() {
        for (p, x) in [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
            (0.95, 1.644_853_626_951_472_2),
        ] {
            assert!((quantile(p) - x).abs() < 4e-15 * x.abs(), "{p}");
        }
        assert_eq!((quantile(0.0), quantile(0.5)), (f64::NEG_INFINITY, 0.0));
        assert_eq!(quantile(1.0), f64::INFINITY);
        assert!(quantile(1.5).is_nan() && quantile(f64::NAN).is_nan());
    }
}

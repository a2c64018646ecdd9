//! A small deterministic source of noise for the simulated table.
//!
//! SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
//! generators", OOPSLA 2014): a 64-bit counter stepped by the golden-ratio
//! constant and mixed by two xor-shift-multiplies. Its period is 2⁶⁴, its only
//! state one word, and equal seeds give equal bits on every machine. It is not
//! for secrets; tokens come from the operating system.

/// Counter increment: 2⁶⁴ divided by the golden ratio, made odd.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The generator. Copying it copies the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rng(u64);

impl Rng {
    /// The stream of `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// An independent stream named by `stream`, so that one part's draws never shift another's.
    #[must_use]
    pub fn fork(self, stream: u64) -> Self {
        Self(Self(self.0 ^ stream.wrapping_mul(GOLDEN)).next_u64())
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in 0 ≤ x < 1, 53 bits.
    #[allow(
        clippy::cast_precision_loss,
        reason = "53 bits fit an f64 without loss"
    )]
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Noise of mean 0 and standard deviation 1 within ±3.5: the sum of twelve uniforms
    /// less six (Irwin–Hall), because its additions round alike everywhere, where a
    /// logarithm would not.
    pub fn noise(&mut self) -> f64 {
        let mut sum = -6.0;
        for _ in 0..12 {
            sum += self.unit();
        }
        sum
    }
}

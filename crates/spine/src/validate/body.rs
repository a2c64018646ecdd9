//! Heights, wedges and masses of the anatomy.

use super::bench::{lying, person};
use super::{Measured, Results};
use crate::anatomy::{Anatomy, Measured as Readings};
use crate::lumped::Sex;

const LEVELS: [&str; 6] = ["T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1"];
/// T12–L1.
const FIRST: usize = 19;

fn of(sex: Sex, height: f64, mass: f64) -> Option<Anatomy> {
    lying(&person(Some(sex), 45.0, height, mass), &Readings::default())
}

/// B065–B105; what anatomy gives has no ensemble here, its spread is drawn by factors.
pub(super) fn anatomy() -> Results {
    collect().unwrap_or_default()
}

fn collect() -> Option<Results> {
    let man = of(Sex::Male, 1.75, 70.0)?;
    let woman = of(Sex::Female, 1.62, 62.0)?;
    let mut all: Vec<(String, f64)> = Vec::new();
    for (index, level) in LEVELS.iter().enumerate() {
        let [his, hers] = [&man, &woman].map(|one| one.joints[FIRST + index]);
        all.push((format!("height man {level}"), 1e3 * his.height));
        all.push((format!("height woman {level}"), 1e3 * hers.height));
        let half = 0.5 * his.wedge;
        all.push((
            format!("wedge {level}"),
            (his.height + half) / (his.height - half),
        ));
    }
    let mean = |one: &Anatomy| {
        let lumbar = &one.joints[FIRST + 1..];
        1e3 * lumbar.iter().map(|joint| joint.height).sum::<f64>() / lumbar.len() as f64
    };
    all.push(("mean height".into(), 0.5 * (mean(&man) + mean(&woman))));
    all.push(("men-women".into(), mean(&man) - mean(&woman)));
    let slices: f64 = man.bones[8..25].iter().map(|bone| bone.mass).sum();
    all.push(("trunk".into(), 100.0 * slices / 70.0));
    all.push(("trunk kg".into(), slices));
    all.push(("head kg".into(), man.bones[0].mass));
    let exact = |(name, value): (String, f64)| (name, Measured::exact(value));
    Some(all.into_iter().map(exact).collect())
}

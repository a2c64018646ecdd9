//! One lumbar session: what the median spine does, and how long an ensemble takes.
#![allow(clippy::print_stdout, reason = "a program that prints its result")]
use si::*;
use spine::anatomy::{Measured, Posture};
use spine::column::*;
use spine::lumped::Patient;
use spine::unknown::Belief;
use spine::world::{Pull, Support};

struct Cycles;
impl Pull for Cycles {
    fn tension(&self, t: Seconds) -> Newtons {
        let t = t.get() % 80.0;
        let base = 90.0;
        let top = 260.0;
        let f = if t < 10.0 {
            base + (top - base) * t / 10.0
        } else if t < 60.0 {
            top
        } else if t < 70.0 {
            top - (top - base) * (t - 60.0) / 10.0
        } else {
            base
        };
        Newtons::of(f)
    }
    fn angle(&self) -> Radians {
        Radians::ZERO
    }
}
fn main() {
    let n: usize = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(200);
    let patient = Patient {
        sex: Some(spine::lumped::Sex::Male),
        age_years: 46.0,
        height: Some(Metres::of(1.75)),
        mass: Kilograms::of(71.0),
    };
    let subject = Subject::new(
        &patient,
        &Posture::neutral(spine::world::Position::Supine),
        &Measured::default(),
    )
    .unwrap();
    let setting = Setting {
        region: Region::Lumbar,
        support: Support::level(true),
        comfort: Comfort::default(),
    };
    let belief = Belief::prior(Region::Lumbar);
    let t = std::time::Instant::now();
    let n0 = std::env::args().nth(2);
    let _ = n0;
    let e = refined(
        &subject,
        &setting,
        (&Cycles, Seconds::of(1200.0)),
        &Instants::Even(121),
        &belief,
    )
    .unwrap();
    println!("refined {:?}: {} steps", t.elapsed(), e.grid().steps());
    for k in Kernel::ALL {
        if std::env::args().nth(2).is_some_and(|x| x != k.as_str()) {
            continue;
        }
        let e = e.clone().on(k);
        let t = std::time::Instant::now();
        let part = match e.run(0..n, |m| belief.member(m as u32)) {
            Ok(p) => p,
            Err(x) => {
                println!("{x}");
                continue;
            }
        };
        println!("{}: {n} members {:?}", k.as_str(), t.elapsed());

        let p = Prediction::joined(&subject, &setting, &e, &[part]);
        if k == Kernel::Avx512 {
            for level in p.levels() {
                print!("{level}: ");
                for o in Output::ALL {
                    let b = p.at(o, *level, p.held).unwrap();
                    print!(
                        "{} {:.4e} [{:.3e} {:.3e}] ",
                        o.as_str(),
                        b.mid,
                        b.low,
                        b.high
                    );
                }
                println!();
            }
            println!(
                "delivered {:?} stature {:?} travel {:?} act {:?} {:?}",
                p.overall(Overall::Delivered, p.held),
                p.overall(Overall::Stature, p.held),
                p.overall(Overall::Travel, p.held),
                p.overall(Overall::Activation, p.held),
                p.warnings
            );
        }
    }
}

//! Cells, motor, encoder, and the line that brings their samples.

use super::Hand;
use table::wire::{Fault, FaultKind, Sensor, Wrong};
use table::{Sensors, Table as _};
use traction::input::Sample;

/// The sample of a sensor; of both cells that of B.
fn of(sensors: &Sensors, sensor: Sensor) -> Option<Sample> {
    match sensor {
        Sensor::CellA => sensors.force_a,
        Sensor::CellB | Sensor::BothCells => sensors.force_b,
        Sensor::Motor => sensors.motor_force,
        Sensor::Encoder => sensors.travel,
    }
}

const ALL: [Sensor; 5] = [
    Sensor::CellA,
    Sensor::CellB,
    Sensor::BothCells,
    Sensor::Motor,
    Sensor::Encoder,
];

/// Whether a fault of `wrong` reaches `sensor`.
fn reaches(wrong: Sensor, sensor: Sensor) -> bool {
    let cell = matches!(sensor, Sensor::CellA | Sensor::CellB);
    wrong == sensor || (wrong == Sensor::BothCells && cell)
}

/// Runs a healthy table beside one whose sensor lies; `judge` sees both readings of it.
fn beside(
    sensor: Sensor,
    wrong: Wrong,
    fault: Fault,
    mut judge: impl FnMut(usize, f64, Option<f64>),
) {
    let (mut whole, mut lying) = (Hand::under(200.0), Hand::under(200.0));
    lying.fault(Fault {
        kind: FaultKind::Sensor(sensor, wrong),
        ..fault
    });
    for tick in 0..100 {
        let (healthy, faulty) = (whole.read(), lying.read());
        for other in [Sensor::CellA, Sensor::CellB, Sensor::Motor, Sensor::Encoder] {
            let (healthy, faulty) = (of(&healthy, other), of(&faulty, other));
            if reaches(sensor, other) {
                let healthy = healthy.expect("a healthy sensor").value;
                judge(tick, healthy, faulty.map(|sample| sample.value));
            } else {
                assert_eq!(healthy, faulty, "{sensor:?} {wrong:?} reaches {other:?}");
            }
        }
        let (true_one, true_other) = (whole.tick(0.002), lying.tick(0.002));
        assert_eq!(true_one, true_other, "a sensor moves nothing by itself");
    }
}

/// What a fault of this size is given for; kind and place are put in by [`beside`].
fn sized(magnitude: f64) -> Fault {
    Fault::of(FaultKind::DriveDead, magnitude)
}

/// Metres or newtons in the unit of a size.
fn unit(sensor: Sensor) -> f64 {
    if sensor == Sensor::Encoder { 1e-3 } else { 1.0 }
}

/// fault of: H2, H4, H1
#[test]
fn a_gain_scales_the_reading_and_nothing_else() {
    for sensor in ALL {
        for gain in [0.0, 0.5, 0.8, 2.2, 4.45, 9.81, -1.0] {
            beside(sensor, Wrong::Gain, sized(gain), |_, healthy, faulty| {
                let faulty = faulty.expect("a value");
                let slack = 0.02 * healthy.abs() + 15.0 * unit(sensor) * (1.0 + gain.abs());
                assert!(
                    (faulty - gain * healthy).abs() < slack,
                    "{faulty} of {healthy}"
                );
            });
        }
    }
}

/// fault of: H2, H20
#[test]
fn an_offset_shifts_the_reading_and_grows_with_its_onset() {
    for sensor in ALL {
        for offset in [-200.0, -10.0, 50.0] {
            let drift = sized(offset).over_ms(500);
            beside(sensor, Wrong::Offset, drift, |tick, healthy, faulty| {
                #[allow(clippy::cast_precision_loss, reason = "100 ticks")]
                let share = (tick as f64 / 50.0).min(1.0);
                let shift = faulty.expect("a value") - healthy;
                assert!(
                    (shift - share * offset * unit(sensor)).abs() < 1e-9,
                    "{tick}: {shift}"
                );
            });
        }
    }
}

/// fault of: H2
#[test]
fn a_sweep_of_gain_goes_from_true_to_its_size() {
    let sweep = sized(0.0).over_ms(1_000);
    beside(
        Sensor::CellA,
        Wrong::Gain,
        sweep,
        |tick, healthy, faulty| {
            #[allow(clippy::cast_precision_loss, reason = "100 ticks")]
            let wanted = healthy * (1.0 - tick as f64 / 100.0);
            let faulty = faulty.expect("a value");
            assert!(
                (faulty - wanted).abs() < 3.0,
                "{tick}: {faulty} for {wanted}"
            );
        },
    );
}

/// fault of: H3
#[test]
fn a_stuck_sensor_repeats_its_last_bit_and_a_held_one_stays_noisy() {
    for sensor in ALL {
        let mut first = [None; 2];
        let mut at = 0;
        beside(sensor, Wrong::Stuck, sized(1.0), |_, _, faulty| {
            // Both cells take turns.
            let slot = &mut first[if sensor == Sensor::BothCells {
                at % 2
            } else {
                0
            }];
            at += 1;
            assert_eq!(*slot.get_or_insert(faulty), faulty);
        });
        let mut values = Vec::new();
        beside(sensor, Wrong::Held, sized(1.0), |_, _, faulty| {
            values.push(faulty.expect("a value"));
        });
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // Noise, but not the 4 N (2 mm) that the truth moves away.
        assert!(
            most > least && most - least < 25.0 * unit(sensor),
            "{sensor:?} {least} {most}"
        );
    }
}

/// fault of: H3, H18
#[test]
fn a_broken_sensor_reads_its_rail_no_number_or_nothing() {
    for sensor in ALL {
        beside(sensor, Wrong::Rail, sized(1_100.0), |_, _, faulty| {
            assert_eq!(faulty, Some(1_100.0 * unit(sensor)));
        });
        beside(sensor, Wrong::NotANumber, sized(1.0), |_, _, faulty| {
            assert!(faulty.expect("a value").is_nan());
        });
        beside(sensor, Wrong::Infinite, sized(1.0), |_, _, faulty| {
            assert_eq!(faulty, Some(f64::INFINITY));
        });
        beside(sensor, Wrong::Lost, sized(1.0), |_, _, faulty| {
            assert_eq!(faulty, None);
        });
    }
}

/// fault of: H18
#[test]
fn swapped_words_and_a_flipped_bit_are_those_of_the_register() {
    #[allow(clippy::cast_possible_truncation, reason = "a register's value")]
    let register = |value: f64| (value * 1_000.0).round() as i32;
    beside(
        Sensor::CellA,
        Wrong::WordSwap,
        sized(1.0),
        |_, healthy, faulty| {
            let swapped = register(faulty.expect("a value"));
            assert_eq!(swapped, register(healthy).rotate_left(16));
        },
    );
    for number in [0, 17, 31] {
        beside(
            Sensor::CellB,
            Wrong::BitFlip,
            sized(f64::from(number)),
            |_, healthy, faulty| {
                let flipped = register(faulty.expect("a value")) ^ register(healthy);
                assert_eq!(flipped, 1_i32.wrapping_shl(number));
            },
        );
    }
}

/// fault of: H18
#[test]
fn noise_is_as_large_as_it_is_said() {
    let mut squares = Vec::new();
    beside(
        Sensor::CellA,
        Wrong::Noise,
        sized(5.0),
        |_, healthy, faulty| {
            squares.push((faulty.expect("a value") - healthy).powi(2));
        },
    );
    #[allow(clippy::cast_precision_loss, reason = "100 values")]
    let rms = (squares.iter().sum::<f64>() / squares.len() as f64).sqrt();
    assert!((4.0..6.0).contains(&rms), "{rms}");
}

/// Travel as read and in truth over a second at 4 mm/s, with the age that is told.
fn on_the_line(fault: Fault) -> Vec<(f64, f64, u16)> {
    let mut hand = Hand::under(100.0);
    hand.ticks(100, 0.004);
    hand.fault(fault);
    (0..100)
        .map(|_| {
            let truth = hand.table.truth().travel.get();
            let read = hand.read().travel.expect("a sample");
            hand.table.apply(super::PULL_FAST).expect("a drive");
            (read.value, truth, read.age_ms)
        })
        .collect()
}

/// fault of: H17
#[test]
fn late_samples_say_their_age_and_old_ones_hide_it() {
    let behind = 0.004 * 0.1;
    for (kind, told) in [(FaultKind::SamplesLate, 100), (FaultKind::SamplesOld, 0)] {
        // `under` and the reading of this loop fill the line tick by tick.
        let seen = on_the_line(Fault::of(kind, 100.0));
        for (read, truth, age) in &seen[12..] {
            assert!(
                (truth - read - behind).abs() < 2e-5,
                "{kind:?} {read} {truth}"
            );
            assert_eq!(*age, told);
        }
    }
}

/// fault of: H17
#[test]
fn repeated_samples_come_fresh_and_equal_and_jitter_stays_within_its_size() {
    let seen = on_the_line(Fault::of(FaultKind::SamplesRepeated, 50.0));
    let changes = seen.windows(2).filter(|two| two[0].0 != two[1].0).count();
    assert!((19..=20).contains(&changes), "{changes} in 100 ticks");
    assert!(seen.iter().all(|(_, _, age)| *age == 0));
    let seen = on_the_line(Fault::of(FaultKind::SamplesJitter, 50.0));
    let ages: std::collections::BTreeSet<u16> = seen.iter().map(|(_, _, age)| *age).collect();
    assert_eq!(
        ages.into_iter().collect::<Vec<_>>(),
        [0, 10, 20, 30, 40, 50]
    );
    for (read, truth, age) in &seen[12..] {
        let behind = 4e-6 * f64::from(*age);
        assert!((truth - read - behind).abs() < 2e-5, "{read} {truth} {age}");
    }
}

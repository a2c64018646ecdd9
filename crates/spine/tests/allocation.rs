//! A tick of the simulated patient allocates nothing.
//!
//! A binary of its own, because the allocator counts: each thread its own allocations,
//! so that what the test harness does beside it does not count.
#![allow(
    unsafe_code,
    reason = "an allocator can only be written in unsafe code"
)]

use si::{Kilograms, Metres, Newtons, Radians, Region, Seconds};
use spine::anatomy::{Measured, Posture};
use spine::column::{Column, Comfort, Scratch, Setting, State, Subject, impose, step};
use spine::lumped::{Patient, Sex};
use spine::unknown::Belief;
use spine::world::{Carriage, Load, Position, Support};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

/// One more on this thread.
fn count() {
    COUNT.set(COUNT.get() + 1);
}

/// The system's allocator with a counter before it.
struct Counting;

// SAFETY: every call is passed on unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise is the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is the system's.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller's promise is the system's.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn column(region: Region) -> Column<f64> {
    let patient = Patient {
        sex: Some(Sex::Male),
        age_years: 46.0,
        height: Some(Metres::of(1.75)),
        mass: Kilograms::of(71.0),
    };
    let posture = Posture::neutral(Position::Supine);
    let subject = Subject::new(&patient, &posture, &Measured::default()).unwrap();
    let setting = Setting {
        region,
        support: Support::level(true),
        comfort: Comfort::default(),
    };
    Column::new(&subject, &setting, &Belief::prior(region).member(0)).unwrap()
}

/// Allocations of `ticks` calls of `tick` after a first one.
fn allocations(ticks: usize, mut tick: impl FnMut(usize)) -> usize {
    tick(0);
    let before = COUNT.get();
    for index in 1..=ticks {
        tick(index);
    }
    COUNT.get() - before
}

#[test]
fn after_the_first_tick_neither_a_carriage_nor_a_pull_allocates() {
    let dt = Seconds::of(0.01);
    for region in [Region::Lumbar, Region::Cervical] {
        let column = column(region);
        let (mut state, mut scratch) = (State::rest(&column), Scratch::new(&column));
        let imposed = allocations(1000, |tick| {
            let carriage = Carriage {
                travel: Metres::of(1e-5 * tick as f64),
                angle: Radians::ZERO,
            };
            impose(&column, &mut state, &mut scratch, carriage, dt).unwrap();
        });
        let pulled = allocations(1000, |tick| {
            let load = Load::along(Newtons::of(0.1 * tick as f64));
            step(&column, &mut state, &mut scratch, load, dt).unwrap();
        });
        assert_eq!((imposed, pulled), (0, 0), "{region:?}");
    }
}

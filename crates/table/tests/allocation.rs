//! No thread of the loop allocates while a session is open.
//!
//! A binary of its own, because the allocator counts: by thread, and each thread of the loop
//! names itself, the session's in its hook and the guard's when it reads the table.
#![allow(
    unsafe_code,
    reason = "an allocator can only be written in unsafe code"
)]

#[allow(dead_code, reason = "shared with the other tests")]
mod support;

use si::{Problem, Region};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::*;
use table::bedside::{Bedside, Parts};
use table::client::Client;
use table::wire::{Purpose, Simulated, Status};
use table::{Openings, Sensors, Table, TableInfo, TorqueLine};
use traction::{Drive, Setup};

/// Nobody, the session's thread, the guard's.
static COUNTS: [AtomicUsize; 3] = [const { AtomicUsize::new(0) }; 3];
const CONTROLLER: usize = 1;
const GUARD: usize = 2;

thread_local! {
    static NAME: Cell<usize> = const { Cell::new(0) };
}

/// One more by this thread.
fn count() {
    COUNTS[NAME.get()].fetch_add(1, Ordering::SeqCst);
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

/// The simulated table; whoever reads it is the guard, where it has a thread of its own.
struct Named(Box<dyn Table>, bool);

impl Table for Named {
    fn info(&self) -> &TableInfo {
        self.0.info()
    }

    fn prepare(&mut self, region: Region) -> Result<Setup, Problem> {
        self.0.prepare(region)
    }

    fn read(&mut self) -> Sensors {
        if self.1 {
            NAME.set(GUARD);
        }
        self.0.read()
    }

    fn apply(&mut self, drive: Drive) -> Result<(), Problem> {
        self.0.apply(drive)
    }

    fn torque_line(&self) -> Option<&TorqueLine> {
        self.0.torque_line()
    }

    fn simulate(&mut self, act: Simulated) -> bool {
        self.0.simulate(act)
    }

    fn openings(&self) -> Option<Openings> {
        self.0.openings()
    }
}

fn counts() -> [usize; 2] {
    [CONTROLLER, GUARD].map(|name| COUNTS[name].load(Ordering::SeqCst))
}

/// Waits for so many ticks of the session.
fn ticks(client: &Client, many: u32) {
    let since = client.status().expect("a status").tick;
    wait(client, "ticks", |status| status.tick >= since + many);
}

fn is_over(status: &Status) -> bool {
    status.stage == "unloaded"
}

/// A start that a machine which holds up a thread does not take is tried again.
fn start(console: &Controlling) {
    let grant = fresh_grant(static_profile(200.0, 1_200.0), 1);
    console.client.arm(&signed(&grant)).expect("a good grant");
    console.try_switch();
    until("a start", || {
        let token = console.client.token(Purpose::Start).expect("a token");
        console.client.start(&token).is_ok()
    });
}

/// One test: what one counts the other must not disturb.
#[test]
fn no_thread_of_the_loop_allocates_from_the_start_of_a_session_to_its_unloading() {
    for speed in [1, 10] {
        let dir = tempfile::tempdir().expect("a directory");
        let mut parts = Parts::of(Box::new(Named(Box::new(table(1)), speed == 1)));
        parts.each_tick = Some(Box::new(|| NAME.set(CONTROLLER)));
        let bedside = Bedside::start_on(parts, options(dir.path(), speed)).expect("a bedside");
        let bedside = Some(bedside);
        let rig = Rig { dir, bedside };
        let console = rig.control("desk");
        start(&console);
        let client = &console.client;
        ticks(client, 100);
        let before = counts();
        ticks(client, 300);
        client.stop().expect("open to all");
        wait(client, "unloaded", is_over);
        ticks(client, 50);
        assert_eq!(counts(), before, "at {speed}×");
        assert!(before[0] > 0, "the counter counts: arming allocates");
    }
}

//! Controller and guard in threads of their own: each may hang, and the patient is let go.

use crate::process::code;
use crate::support::*;
use si::{Newtons, NewtonsPerSecond, Problem, Region, Seconds};
use std::sync::{Arc, Mutex};
use table::bedside::{Bedside, Memory, Parts, measure, serve_on};
use table::blackbox::{Contents, file_name};
use table::client::Client;
use table::modbus::{Address, ModbusTable, Served, Server};
use table::replay::{Replayed, frames, replay};
use table::summary::Summary;
use table::wire::{GuardFigures, Purpose, Simulated, Status};
use table::{Openings, Sensors, Table, TableInfo, TorqueLine, Truth};
use traction::{Drive, Mode, Profile, ProfileSpec, Setup, Shape};

/// A table that shows what is true in it, and whose `read` hangs when it is told to.
struct Spied {
    inner: Box<dyn Table>,
    truth: Arc<Mutex<Option<Truth>>>,
    /// The force at which the drive lost its torque last.
    dropped: Arc<Mutex<Option<f64>>>,
    hangs: Hangs,
}

impl Spied {
    fn on(inner: Box<dyn Table>) -> (Self, Arc<Mutex<Option<Truth>>>, Hangs) {
        let (truth, hangs) = (Arc::default(), Hangs::default());
        let spied = Self {
            inner,
            truth: Arc::clone(&truth),
            dropped: Arc::default(),
            hangs: hangs.clone(),
        };
        (spied, truth, hangs)
    }
}

impl Table for Spied {
    fn info(&self) -> &TableInfo {
        self.inner.info()
    }

    fn prepare(&mut self, region: Region) -> Result<Setup, Problem> {
        self.inner.prepare(region)
    }

    fn hold_under(&mut self, ceiling: Newtons) -> Result<(), Problem> {
        self.inner.hold_under(ceiling)
    }

    fn read(&mut self) -> Sensors {
        self.hangs.wait();
        let sensors = self.inner.read();
        let now = self.inner.truth();
        let mut truth = self.truth.lock().expect("no test failed here");
        if let (Some(before), Some(now)) = (*truth, now)
            && before.torque
            && !now.torque
        {
            let force = now.force.get();
            *self.dropped.lock().expect("no test failed here") = Some(force);
        }
        *truth = now;
        drop(truth);
        sensors
    }

    fn apply(&mut self, drive: Drive) -> Result<(), Problem> {
        self.inner.apply(drive)
    }

    fn torque_line(&self) -> Option<&TorqueLine> {
        self.inner.torque_line()
    }

    fn simulate(&mut self, act: Simulated) -> bool {
        self.inner.simulate(act)
    }

    fn feels(&mut self, score: u8) {
        self.inner.feels(score);
    }

    fn openings(&self) -> Option<Openings> {
        self.inner.openings()
    }
}

/// Quickly at so many N, and there for long.
fn brisk_to(force: f64) -> Profile {
    Profile::new(ProfileSpec {
        mode: Mode::Static,
        force: Newtons::of(force),
        base: Newtons::of(12.0),
        ramp: NewtonsPerSecond::of(20.0),
        release: NewtonsPerSecond::of(20.0),
        hold: Seconds::of(600.0),
        rest: Seconds::of(0.0),
        cycles: 1,
        shape: Shape::NONE,
    })
    .expect("a plain profile")
}

fn real_time(parts: Parts) -> Rig {
    let dir = tempfile::tempdir().expect("a directory");
    let bedside = Bedside::start_on(parts, options(dir.path(), 1)).expect("a bedside");
    let bedside = Some(bedside);
    Rig { dir, bedside }
}

/// Pulls to 40 N. On a machine that holds up one of the threads the session does not start,
/// or lets go by itself before: then it is tried again.
fn pulling(rig: &Rig) -> Controlling {
    pulling_to(rig, 40.0)
}

/// The same to another force.
fn pulling_to(rig: &Rig, force: f64) -> Controlling {
    let profile = brisk_to(1.5 * force);
    let console = rig.control("desk");
    let client = &console.client;
    for number in 1..20 {
        let grant = signed(&fresh_grant(profile, number));
        until("a line that is fast enough", || match client.arm(&grant) {
            Ok(()) => true,
            slow => {
                assert_eq!(code(slow), "table-slow");
                false
            }
        });
        console.try_switch();
        let token = client.token(Purpose::Start).expect("a token");
        if client.start(&token).is_ok() {
            let status = wait(client, "a pull", |status| {
                status.force_n > force || status.stage == "unloaded"
            });
            if status.stage == "running" {
                return console;
            }
        }
        client.close().expect("without tension");
    }
    panic!("this machine holds up every session");
}

fn has_alarm(status: &Status, name: &str) -> bool {
    status.alarms.iter().any(|alarm| alarm.cause == name)
}

/// Replayed; and what the guard's own thread did in it, as the list tells.
fn replays(rig: &Rig, client: &Client) -> GuardFigures {
    let session = client.status().expect("a status").session;
    client.close().expect("unloaded");
    let session = session.expect("a session");
    let mut guard = None;
    until("the list", || {
        let lines = client.sessions_since(0).expect("a list");
        let line = lines.into_iter().find(|line| line.session == session);
        guard = line.as_ref().and_then(|line| line.guard);
        line.is_some()
    });
    let mut id = [0; 16];
    hex::decode_to_slice(&session, &mut id).expect("an id");
    let path = rig.dir.path().join("state").join(file_name(&id));
    let contents = Contents::read(&std::fs::read(path).expect("a file")).expect("a recording");
    let ticks = contents.frame_count() as u64;
    assert_eq!(replay(&contents), Ok(Replayed::Equal { ticks }));
    guard.expect("a thread of its own")
}

/// hazard: H16
#[test]
fn if_the_controller_hangs_the_guard_lets_go_and_the_table_says_so() {
    let (spied, truth, _) = Spied::on(Box::new(table(1)));
    let hangs = Hangs::default();
    let mut parts = Parts::of(Box::new(spied));
    let controller = hangs.clone();
    parts.each_tick = Some(Box::new(move || controller.wait()));
    let rig = real_time(parts);
    let console = pulling(&rig);
    let now = || truth.lock().expect("no test failed here").expect("a truth");
    assert!(now().force.get() > 30.0 && now().torque);
    hangs.set(true);
    until("a patient who is let go", || now().force.get() < 20.0);
    until("torque that is off", || !now().torque);
    let status = wait(&console.client, "its alarm", |status| {
        has_alarm(status, "controller-hung")
    });
    assert_eq!(status.stage, "running", "its last word: it hangs");
    hangs.set(false);
    let status = wait(&console.client, "its own stop", |status| {
        status.stage == "unloaded"
    });
    assert_eq!(status.latch.as_deref(), Some("loop-late"));
    assert!(
        status.guard.is_some_and(|guard| guard.alone > 10),
        "{status:?}"
    );
    let listed = replays(&rig, &console.client);
    assert!(listed.alone > 10, "{listed:?}");
}

/// hazard: H9, H16
#[test]
fn a_controller_that_hangs_leaves_the_guard_the_time_of_a_whole_release() {
    let (spied, truth, _) = Spied::on(Box::new(table(1)));
    let dropped = Arc::clone(&spied.dropped);
    let hangs = Hangs::default();
    let mut parts = Parts::of(Box::new(spied));
    let controller = hangs.clone();
    parts.each_tick = Some(Box::new(move || controller.wait()));
    let rig = real_time(parts);
    let console = pulling_to(&rig, 120.0);
    let now = || truth.lock().expect("no test failed here").expect("a truth");
    assert!(now().force.get() > 100.0 && now().torque);
    *dropped.lock().expect("no test failed here") = None;
    hangs.set(true);
    until("torque that is off", || !now().torque);
    let force = dropped
        .lock()
        .expect("no test failed here")
        .expect("a drop");
    assert!(force < 20.0, "torque went at {force} N");
    hangs.set(false);
    wait(&console.client, "its own stop", |status| {
        status.stage == "unloaded"
    });
}

/// hazard: H16
#[test]
fn if_the_controllers_thread_dies_the_guard_lets_go_before_it_ends_too() {
    let (spied, truth, _) = Spied::on(Box::new(table(1)));
    let dies = Hangs::default();
    let mut parts = Parts::of(Box::new(spied));
    let controller = dies.clone();
    parts.each_tick = Some(Box::new(move || {
        assert!(!controller.is_set(), "as the test wants it");
    }));
    let mut rig = real_time(parts);
    let console = pulling(&rig);
    dies.set(true);
    let now = || truth.lock().expect("no test failed here").expect("a truth");
    until("a patient who is let go", || now().force.get() < 20.0);
    until("torque that is off", || !now().torque);
    drop(console);
    let bedside = rig.bedside.take().expect("running");
    assert_eq!(bedside.stop().expect_err("it died").code, "loop-died");
}

/// hazard: H16, H10
#[test]
fn if_the_guard_hangs_the_drives_watchdog_lets_go_and_the_table_says_so() {
    let served = Served::new(Box::new(table(1)), Region::Lumbar).expect("its numbers fit");
    let address = "tcp://127.0.0.1:0".parse().expect("an address");
    let server = Server::start(&address, served).expect("it serves");
    let at = Address::Tcp(server.at().expect("a port"));
    let remote = ModbusTable::connect(&at).expect("it answers");
    let (spied, _, hangs) = Spied::on(Box::new(remote));
    let rig = real_time(Parts::of(Box::new(spied)));
    let console = pulling(&rig);
    let truth = || {
        server
            .with(|served| served.table().truth())
            .expect("a truth")
    };
    assert!(truth().force.get() > 30.0);
    hangs.set(true);
    until("a drive without torque", || !truth().torque);
    until("a patient who is let go", || truth().force.get() < 20.0);
    let status = wait(&console.client, "its alarm", |status| {
        has_alarm(status, "guard-hung")
    });
    assert!(
        status.latch.is_some(),
        "the session has stopped for itself: {status:?}"
    );
    hangs.set(false);
    wait(&console.client, "unloaded", |status| {
        status.stage == "unloaded"
    });
    assert!(
        truth().force.get() < 20.0 && !truth().torque,
        "it does not come back"
    );
    replays(&rig, &console.client);
}

#[test]
fn the_stop_that_a_status_tells_is_the_stop_of_the_recording() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let client = &console.client;
    console.start(&fresh_grant(static_profile(200.0, 1_200.0), 1));
    wait(client, "tension", |status| status.force_n > 100.0);
    let act = Simulated::Switch { pressed: true };
    client.simulate(act).expect("a simulated table");
    let status = wait(client, "unloaded", |status| status.stage == "unloaded");
    let told = status.stop.expect("a stop");
    client.close().expect("unloaded");
    until("the list", || {
        client.sessions_since(0).is_ok_and(|lines| lines.len() == 1)
    });
    let session = status.session.expect("a session");
    let bytes = client.fetch_recording(&session).expect("a recording");
    let frames = frames(&Contents::read(&bytes).expect("a recording")).expect("frames");
    let kept = Summary::of(frames).stops.remove(0);
    assert_eq!(
        (told.command_ms, told.falling_ms, told.unloaded_ms),
        (kept.command_ms, kept.falling_ms, kept.unloaded_ms)
    );
    assert!(told.unloaded_ms.is_some());
}

/// The figure itself is measured by `annulus bedside --measure`; here only that it can be.
#[test]
fn the_loop_is_measured_under_load() {
    let dir = tempfile::tempdir().expect("a directory");
    let refused = measure(0, 1, Memory::Unlocked, dir.path()).expect_err("no time at all");
    assert_eq!(
        (refused.code, refused.value.as_str()),
        ("measure-seconds", "0")
    );
    // A busy machine may not take the start.
    until("a measurement", || {
        let dir = tempfile::tempdir().expect("a directory");
        measure(1, 1, Memory::Unlocked, dir.path()).is_ok_and(|measured| {
            let of = measured.guard;
            let order = [of.p50_us, of.p99_us, of.p999_us, of.max_us];
            assert!(of.wakes > 50 && order.is_sorted(), "{measured:?}");
            assert_eq!(measured.memory, "unlocked");
            true
        })
    });
}

#[test]
fn a_real_table_is_not_served_from_memory_that_may_be_swapped_out() {
    let mut inner = table(1).info().clone();
    inner.simulated = false;
    let dir = tempfile::tempdir().expect("a directory");
    let parts = Parts::of(Box::new(Real(inner)));
    let refused = serve_on(parts, options(dir.path(), 1), || ()).expect_err("unlocked");
    assert_eq!(refused.code, "memory-unlocked");
    assert!(refused.value == "unlocked" && refused.remedy.contains("CAP_IPC_LOCK"));
}

/// A real table, of which only that is known.
struct Real(TableInfo);

impl Table for Real {
    fn info(&self) -> &TableInfo {
        &self.0
    }

    fn prepare(&mut self, _region: Region) -> Result<Setup, Problem> {
        unreachable!("it is never served")
    }

    fn read(&mut self) -> Sensors {
        unreachable!("it is never served")
    }

    fn apply(&mut self, _drive: Drive) -> Result<(), Problem> {
        unreachable!("it is never served")
    }
}

/// hazard: H16
#[test]
fn a_guard_that_hears_every_tick_lowers_nothing_that_the_session_has_not_lowered() {
    let rig = real_time(Parts::of(Box::new(table(1))));
    let console = pulling(&rig);
    let since = console.client.status().expect("a status").tick;
    let status = wait(&console.client, "two seconds", |status| {
        status.tick > since + 200 || status.stage == "unloaded"
    });
    let guard = status.guard.expect("a thread of its own");
    assert!(guard.alone > 0 || guard.lowered == 0, "{status:?}");
    console.client.stop().expect("open to all");
    wait(&console.client, "unloaded", |status| {
        status.stage == "unloaded"
    });
    let listed = replays(&rig, &console.client);
    assert!(listed.alone > 0 || listed.lowered == 0, "{listed:?}");
}

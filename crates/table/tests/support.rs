//! What the tests share: grants, keys, tables, a bedside in a directory of its own.

use ed25519_dalek::SigningKey;
use si::{Metres, Newtons, NewtonsPerSecond, Region, Seconds};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use table::SignedGrant;
use table::bedside::{Bedside, Options};
use table::blackbox::{Contents, format::Tail};
use table::client::Client;
use table::replay::frames;
use table::runner::Recording;
use table::simulated::{Options as TableOptions, SimulatedTable};
use table::wire::{Purpose, Simulated, Status};
use tempfile::TempDir;
use traction::frame::Frame;
use traction::grant::Grant;
use traction::{ComfortLimits, Limits, LimitsSpec, Mode, Profile, ProfileSpec, Shape, Ticks};

pub(crate) const TABLE: [u8; 16] = [7; 16];
pub(crate) const NOW_MS: i64 = 1_790_000_000_000;

/// A static pull.
pub(crate) fn static_profile(force: f64, hold_s: f64) -> Profile {
    Profile::new(ProfileSpec {
        mode: Mode::Static,
        force: Newtons::of(force),
        base: Newtons::of((force * 0.2).min(40.0)),
        ramp: NewtonsPerSecond::of(10.0),
        release: NewtonsPerSecond::of(10.0),
        hold: Seconds::of(hold_s),
        rest: Seconds::of(0.0),
        cycles: 1,
        shape: Shape::NONE,
    })
    .expect("a plain profile")
}

/// Twenty minutes of 60 s on, 20 s off.
pub(crate) fn intermittent_profile() -> Profile {
    Profile::new(ProfileSpec {
        mode: Mode::Intermittent,
        force: Newtons::of(300.0),
        base: Newtons::of(80.0),
        ramp: NewtonsPerSecond::of(20.0),
        release: NewtonsPerSecond::of(20.0),
        hold: Seconds::of(50.0),
        rest: Seconds::of(10.0),
        cycles: 14,
        shape: Shape::NONE,
    })
    .expect("a plain profile")
}

/// A lumbar grant for `profile`, arrival discomfort 3.
pub(crate) fn grant(profile: Profile) -> Grant {
    grant_in(Region::Lumbar, profile)
}

pub(crate) fn grant_in(region: Region, profile: Profile) -> Grant {
    let force = profile.spec().force.get();
    let limits = Limits::new(LimitsSpec {
        region,
        ceiling: Newtons::of(force + 20.0),
        rate_up: NewtonsPerSecond::of(20.0),
        rate_down: NewtonsPerSecond::of(20.0),
        total_time: Ticks::new(profile.total().count() + 60_000),
        travel: Metres::of(0.12),
        resume_factor: 0.75,
        comfort: ComfortLimits::from_arrival(3).expect("3 is a score"),
        guarding_step: traction::limits::standard_guarding(region),
    })
    .expect("limits within the compiled ones");
    Grant {
        plan_hash: [1; 32],
        session: [2; 16],
        table: TABLE,
        pseudonym: [3; 16],
        not_before_ms: NOW_MS - 1_000,
        expires_ms: NOW_MS + 3_600_000,
        nonce: [4; 16],
        profile,
        limits,
        simulated_only: true,
    }
}

pub(crate) fn key() -> SigningKey {
    SigningKey::from_bytes(&[42; 32])
}

pub(crate) fn signed(grant: &Grant) -> SignedGrant {
    SignedGrant::sign(grant, &key())
}

pub(crate) fn table(seed: u64) -> SimulatedTable {
    SimulatedTable::new(TableOptions::lumped(TABLE, seed)).expect("the default patient")
}

/// The frames of a recording that was closed.
pub(crate) fn frames_of(recording: &Recording) -> Vec<Frame> {
    let contents = Contents::read(&recording.bytes).expect("a recording");
    assert_eq!(contents.tail, Tail::Closed);
    frames(&contents).expect("frames")
}

/// Longer than anything here takes on a busy machine; no test measures by it.
const GENEROUS: Duration = Duration::from_secs(60);

/// A grant that is valid on the real clock, with its own session and nonce.
pub(crate) fn fresh_grant(profile: Profile, number: u8) -> Grant {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    let now_ms = i64::try_from(now.as_millis()).expect("this century");
    Grant {
        session: [number; 16],
        nonce: [number; 16],
        not_before_ms: now_ms - 60_000,
        expires_ms: now_ms + 3_600_000,
        ..grant(profile)
    }
}

pub(crate) fn options(dir: &Path, speed: u32) -> Options {
    Options {
        socket: dir.join("socket"),
        state_dir: dir.join("state"),
        clinic_key: key().verifying_key().to_bytes(),
        speed,
        table: TableOptions::lumped(TABLE, 1),
    }
}

/// A bedside in a directory of its own.
pub(crate) struct Rig {
    pub(crate) dir: TempDir,
    pub(crate) bedside: Option<Bedside>,
}

impl Rig {
    pub(crate) fn new(speed: u32) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let bedside = Bedside::start(options(dir.path(), speed)).expect("a bedside");
        Self {
            dir,
            bedside: Some(bedside),
        }
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.dir.path().join("socket")
    }

    pub(crate) fn connect(&self, console: &str) -> Arc<Client> {
        Arc::new(Client::connect(&self.socket(), console).expect("a connection"))
    }

    /// A console in control that keeps its heart beating.
    pub(crate) fn control(&self, console: &str) -> Controlling {
        Controlling::new(self.connect(console))
    }

    pub(crate) fn stop(&mut self) {
        let bedside = self.bedside.take().expect("running");
        bedside.stop().expect("a loop that lived");
    }

    pub(crate) fn restart(&mut self, speed: u32) {
        self.stop();
        let bedside = Bedside::start(options(self.dir.path(), speed)).expect("a bedside");
        self.bedside = Some(bedside);
    }
}

/// A console with the lease; its heart stops when it is dropped.
pub(crate) struct Controlling {
    pub(crate) client: Arc<Client>,
    alive: Arc<AtomicBool>,
}

impl Controlling {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        client.take_lease().expect("a free table");
        let alive = Arc::new(AtomicBool::new(true));
        let (beating, heart) = (Arc::clone(&alive), Arc::clone(&client));
        std::thread::spawn(move || {
            while beating.load(Ordering::Relaxed) && heart.heartbeat().is_ok() {
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        Self { client, alive }
    }

    /// Arms a grant, lets the patient try the switch, starts.
    pub(crate) fn start(&self, grant: &Grant) {
        self.client.arm(&signed(grant)).expect("a good grant");
        self.try_switch();
        let token = self.client.token(Purpose::Start).expect("a token");
        self.client.start(&token).expect("ready to start");
    }

    /// The patient presses and releases the switch.
    pub(crate) fn try_switch(&self) {
        for pressed in [true, false] {
            let since = self.client.status().expect("a status").tick;
            let act = Simulated::Switch { pressed };
            self.client.simulate(act).expect("a simulated table");
            wait(&self.client, "20 ticks", |status| status.tick >= since + 20);
        }
    }
}

impl Drop for Controlling {
    fn drop(&mut self) {
        self.alive.store(false, Ordering::Relaxed);
    }
}

/// Looks at the status until it is as wanted.
pub(crate) fn wait(client: &Client, wanted: &str, is: impl Fn(&Status) -> bool) -> Status {
    let begun = Instant::now();
    loop {
        let status = client.status().expect("a status");
        if is(&status) {
            return status;
        }
        assert!(
            begun.elapsed() < GENEROUS,
            "waiting for {wanted}: {status:#?}"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Waits for something that no status tells.
pub(crate) fn until(wanted: &str, mut is: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < GENEROUS, "waiting for {wanted}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Whether a disk or a thread hangs now.
#[derive(Clone, Default)]
pub(crate) struct Hangs(Arc<AtomicBool>);

impl Hangs {
    pub(crate) fn set(&self, hangs: bool) {
        self.0.store(hangs, Ordering::SeqCst);
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn wait(&self) {
        while self.is_set() {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

//! A disk that hangs under a bedside: what must not wait for it does not, and no session
//! starts without its evidence.

use crate::process::code;
use crate::support::*;
use std::path::Path;
use std::time::Duration;
use table::bedside::{Bedside, Disks, Files, Parts};
use table::blackbox::{Contents, Disk};
use table::replay::{Replayed, replay};

/// A file whose writes hang while they are told to.
struct Hanging {
    disk: Box<dyn Disk>,
    hangs: Hangs,
}

impl Disk for Hanging {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> std::io::Result<()> {
        self.hangs.wait();
        self.disk.write_at(bytes, offset)
    }

    fn sync(&mut self) -> std::io::Result<()> {
        self.hangs.wait();
        self.disk.sync()
    }
}

/// Files on such a disk; making one hangs too.
struct HangingFiles(Hangs);

impl Disks for HangingFiles {
    fn create(&mut self, path: &Path) -> std::io::Result<Box<dyn Disk>> {
        self.0.wait();
        let disk = Files.create(path)?;
        let hangs = self.0.clone();
        Ok(Box::new(Hanging { disk, hangs }))
    }
}

fn rig(speed: u32) -> (Rig, Hangs) {
    let dir = tempfile::tempdir().expect("a directory");
    let hangs = Hangs::default();
    let mut parts = Parts::of(Box::new(table(1)));
    parts.disks = Box::new(HangingFiles(hangs.clone()));
    let bedside = Bedside::start_on(parts, options(dir.path(), speed)).expect("a bedside");
    let bedside = Some(bedside);
    (Rig { dir, bedside }, hangs)
}

/// hazard: H24
#[test]
fn while_the_disk_hangs_stop_unloads_at_once_and_the_next_start_is_refused() {
    let (rig, hangs) = rig(10);
    let console = rig.control("desk");
    let client = &console.client;
    console.start(&fresh_grant(static_profile(200.0, 1_200.0), 1));
    wait(client, "tension", |status| status.force_n > 100.0);
    hangs.set(true);
    let disk = |status: &table::wire::Status| {
        let mut alarms = status.alarms.iter();
        alarms.any(|alarm| alarm.cause == "disk")
    };
    let held = wait(client, "its alarm", disk);
    assert_eq!(
        (held.stage.as_str(), held.lease.as_deref()),
        ("running", Some("desk"))
    );
    client.stop().expect("open to all");
    let status = wait(client, "unloaded", |status| status.stage == "unloaded");
    let stop = status.stop.expect("a stop");
    assert!(stop.command_ms.is_some_and(|ms| ms <= 20), "{stop:?}");
    assert!(stop.unloaded_ms.is_some_and(|ms| ms < 5_000), "{stop:?}");
    client.close().expect("unloaded");
    let status = client.status().expect("a status");
    assert_eq!((status.session, status.ring.lost), (None, 0));
    let next = signed(&fresh_grant(static_profile(200.0, 60.0), 2));
    let refusal = client.arm(&next).expect_err("no evidence could be kept");
    let refusal = refusal.refusal().expect("a refusal");
    assert_eq!(
        (refusal.code.as_str(), refusal.place.as_str()),
        ("disk-silent", "black box")
    );
    assert!(refusal.remedy.contains("disk"), "{refusal:?}");
    hangs.set(false);
    until("the recording", || {
        client.sessions_since(0).is_ok_and(|lines| lines.len() == 1)
    });
    let line = client.sessions_since(0).expect("a list").remove(0);
    let bytes = client.fetch_recording(&line.session).expect("a recording");
    let contents = Contents::read(&bytes).expect("a recording");
    let ticks = line.frames;
    assert_eq!(replay(&contents), Ok(Replayed::Equal { ticks }));
    client.arm(&next).expect("its nonce was not spent");
}

/// hazard: H24
#[test]
fn an_arming_that_hangs_holds_up_neither_heartbeat_nor_stop_and_comes_to_nothing() {
    let (rig, hangs) = rig(60);
    let console = rig.control("desk");
    let client = &console.client;
    hangs.set(true);
    let grant = signed(&fresh_grant(static_profile(200.0, 60.0), 1));
    let arming = std::thread::scope(|scope| {
        let arming = scope.spawn(|| code(client.arm(&grant)));
        let mut answered = 0;
        while !arming.is_finished() {
            client.heartbeat().expect("the same connection answers");
            client.stop().expect("open to all");
            assert_eq!(
                client.status().expect("a status").lease.as_deref(),
                Some("desk")
            );
            answered += u32::from(!arming.is_finished());
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(answered >= 5, "{answered} answers while the arming waited");
        arming.join().expect("an answer")
    });
    assert_eq!(arming, "disk-silent");
    let other = signed(&fresh_grant(static_profile(200.0, 60.0), 2));
    assert_eq!(code(client.arm(&other)), "disk-silent", "at once");
    hangs.set(false);
    until("the recording nobody waited for", || {
        client.sessions_since(0).is_ok_and(|lines| lines.len() == 1)
    });
    let line = client.sessions_since(0).expect("a list").remove(0);
    assert_eq!(
        (line.reason.as_str(), line.completed),
        ("not-started", false)
    );
    assert_eq!(code(client.arm(&grant)), "nonce-spent");
    client.arm(&other).expect("the disk answers again");
}

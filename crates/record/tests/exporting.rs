//! The export, read and checked by code that shares nothing with the journal's.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::support::{Place, at, key, on_both, patient, write};

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().expect("text")).expect("hexadecimal")
}

fn id(value: &Value) -> [u8; 16] {
    let id: uuid::Uuid = value.as_str().expect("text").parse().expect("a uuid");
    id.into_bytes()
}

/// The chain of `event.rs`, written a second time from its description alone.
fn link(event: &Value, previous: &[u8]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(b"annulus.event.1");
    hash.update(id(&event["stream"]));
    assert_eq!(event["stream_kind"], "patient");
    hash.update([1]);
    hash.update(event["sequence"].as_u64().expect("number").to_be_bytes());
    let kind = event["kind"].as_str().expect("text");
    hash.update((kind.len() as u64).to_be_bytes());
    hash.update(kind);
    hash.update((event["v"].as_u64().expect("number") as u16).to_be_bytes());
    hash.update(event["at_ns"].as_i64().expect("number").to_be_bytes());
    hash.update(id(&event["actor"]));
    hash.update(bytes(&event["commitment"]));
    hash.update(previous);
    hash.finalize().to_vec()
}

fn genesis(store: &Value, event: &Value) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(b"annulus.stream.1");
    hash.update(id(&store["identity"]));
    hash.update(id(&event["stream"]));
    hash.update([1]);
    hash.finalize().to_vec()
}

async fn another_program_can_check_every_chain_from_the_export(place: Place) {
    let journal = place.open().await;
    for n in 0..6 {
        write(
            &journal,
            patient(n % 2),
            &format!("text {n} “quoted”\nand broken"),
        )
        .await;
    }
    journal
        .put_blob(record::sha256(b"\xff\x00"), b"\xff\x00")
        .await
        .expect("stored");
    crate::erasing::erase(&journal, patient(1), 3)
        .await
        .expect("erased");
    journal
        .checkpoint(at(60), &key())
        .await
        .expect("signed")
        .expect("new");
    let mut out = Vec::new();
    let done = journal.export(&mut out).await.expect("exported");
    assert_eq!((done.events, done.checkpoints, done.blobs), (7, 1, 1));

    let text = String::from_utf8(out).expect("text");
    let lines: Vec<Value> = text
        .lines()
        .map(|l| serde_json::from_str(l).expect("JSON"))
        .collect();
    assert_eq!(lines[0]["type"], "store");
    let mut heads: BTreeMap<[u8; 16], Vec<u8>> = BTreeMap::new();
    let mut erased = 0;
    for event in lines.iter().filter(|l| l["type"] == "event") {
        let head = heads
            .entry(id(&event["stream"]))
            .or_insert_with(|| genesis(&lines[0], event));
        *head = link(event, head);
        assert_eq!(*head, bytes(&event["link"]));
        match event["payload_text"].as_str() {
            Some(payload) => {
                let salted = [&bytes(&event["salt"])[..], payload.as_bytes()].concat();
                assert_eq!(Sha256::digest(salted).to_vec(), bytes(&event["commitment"]));
            }
            None => erased += 1,
        }
    }
    assert_eq!((heads.len(), erased), (2, 3));
    let blob = lines.iter().find(|l| l["type"] == "blob").expect("a blob");
    assert_eq!(blob["hex"], "ff00");
}

on_both!(another_program_can_check_every_chain_from_the_export,);

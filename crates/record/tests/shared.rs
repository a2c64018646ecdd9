//! What servers share for a short while, on both databases, and on one from two sides.

use std::time::Duration;

use futures_util::future::join_all;
use record::Journal;
use uuid::Uuid;

use crate::support::{Place, on_both};

const LIFE: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(60);
const ONE: Uuid = Uuid::from_u128(1);
const TWO: Uuid = Uuid::from_u128(2);

async fn value(journal: &Journal, key: &[u8]) -> Option<Vec<u8>> {
    let entry = journal.shared().get("space", key).await.expect("read");
    entry.map(|entry| entry.value)
}

async fn what_is_put_is_there_until_it_ends_or_is_taken_away(place: Place) {
    let journal = place.open().await;
    let shared = journal.shared();
    for (key, owner) in [(b"a", ONE), (b"b", ONE), (b"c", TWO)] {
        let put = shared.put("space", key, (owner, key), LIFE);
        put.await.expect("put");
    }
    assert_eq!(value(&journal, b"a").await.as_deref(), Some(&b"a"[..]));
    assert_eq!(shared.get("other", b"a").await.expect("read"), None);
    let of = shared.of("space", ONE).await.expect("read");
    let keys: Vec<_> = of.iter().map(|(key, _)| key.as_slice()).collect();
    assert_eq!(keys, [b"a", b"b"]);
    shared.remove("space", b"a").await.expect("removed");
    assert_eq!(value(&journal, b"a").await, None);
    shared.remove_of("space", ONE).await.expect("removed");
    assert_eq!(value(&journal, b"b").await, None);
    assert!(value(&journal, b"c").await.is_some());
    let short = shared.put("space", b"c", (TWO, b"c"), SHORT);
    short.await.expect("put");
    assert!(shared.keep("space", b"c", LIFE).await.expect("kept"));
    tokio::time::sleep(2 * SHORT).await;
    assert!(value(&journal, b"c").await.is_some());
    let short = shared.put("space", b"c", (TWO, b"c"), SHORT);
    short.await.expect("put");
    tokio::time::sleep(2 * SHORT).await;
    assert_eq!(value(&journal, b"c").await, None);
    assert!(!shared.keep("space", b"c", LIFE).await.expect("asked"));
    shared.sweep().await.expect("swept");
}

async fn of_many_who_claim_one_does_and_every_count_counts(place: Place) {
    let journal = place.open().await;
    let shared = journal.shared();
    let claims = (0..20).map(|_| shared.claim("space", b"act", (ONE, b"doing"), LIFE));
    let claimed = join_all(claims).await;
    let claimed = claimed.into_iter().map(|one| one.expect("asked"));
    assert_eq!(claimed.filter(|one| *one).count(), 1);
    let short = shared.put("space", b"act", (ONE, b"doing"), SHORT);
    short.await.expect("put");
    tokio::time::sleep(2 * SHORT).await;
    let again = shared.claim("space", b"act", (TWO, b"doing"), LIFE);
    assert!(again.await.expect("asked"), "what has ended is free");
    let counts = (0..20).map(|_| shared.count("tries", b"ada", LIFE));
    let counts = join_all(counts).await.into_iter();
    let mut counts: Vec<_> = counts.map(|one| one.expect("counted")).collect();
    counts.sort_unstable();
    assert_eq!(counts, (1..=20).collect::<Vec<_>>());
    let entry = shared.get("tries", b"ada").await.expect("read");
    assert_eq!(entry.map(|entry| entry.count), Some(20));
    shared.count("tries", b"bea", SHORT).await.expect("counted");
    tokio::time::sleep(2 * SHORT).await;
    let anew = shared.count("tries", b"bea", LIFE).await;
    assert_eq!(anew.expect("counted"), 1);
}

async fn one_at_a_time_is_at_a_matter(place: Place) {
    let journal = place.open().await;
    let first = journal.alone("names").await.expect("free");
    let other = journal.alone("clocks").await.expect("another matter");
    let second = tokio::spawn({
        let journal = journal.clone();
        async move { journal.alone("names").await.map(drop) }
    });
    tokio::time::sleep(SHORT).await;
    assert!(!second.is_finished());
    drop((first, other));
    second.await.expect("ran").expect("its turn");
}

on_both!(
    what_is_put_is_there_until_it_ends_or_is_taken_away,
    of_many_who_claim_one_does_and_every_count_counts,
    one_at_a_time_is_at_a_matter,
);

#[tokio::test]
async fn two_servers_know_the_same_and_one_has_a_lease() {
    let Some(place) = Place::postgres("shared::two_servers") else {
        return;
    };
    let [one, other] = [place.open().await, place.open().await];
    let put = one.shared().put("space", b"a", (ONE, b"value"), LIFE);
    put.await.expect("put");
    assert_eq!(value(&other, b"a").await.as_deref(), Some(&b"value"[..]));
    let lease = async |journal: &Journal, owner, life| {
        let lease = journal.shared().lease("lease", b"mail", owner, life);
        lease.await.expect("asked")
    };
    assert!(lease(&one, ONE, LIFE).await);
    assert!(!lease(&other, TWO, LIFE).await);
    assert!(lease(&one, ONE, SHORT).await, "its own, and shorter");
    tokio::time::sleep(2 * SHORT).await;
    assert!(lease(&other, TWO, LIFE).await, "nobody's any more");
    assert!(!lease(&one, ONE, LIFE).await);

    let first = one.alone("names").await.expect("free");
    let second = tokio::spawn({
        let other = other.clone();
        async move { other.alone("names").await.map(drop) }
    });
    tokio::time::sleep(2 * SHORT).await;
    assert!(!second.is_finished(), "the other process waits");
    drop(first);
    second.await.expect("ran").expect("its turn");
}

/// Twelve who wait take no connection from the one who is at it.
#[tokio::test]
async fn those_who_wait_hinder_nobody() {
    let Some(place) = Place::postgres("shared::those_who_wait") else {
        return;
    };
    let journal = place.open().await;
    let first = journal.alone("names").await.expect("free");
    let waiting: Vec<_> = (0..12)
        .map(|_| {
            let journal = journal.clone();
            tokio::spawn(async move { journal.alone("names").await.map(drop) })
        })
        .collect();
    tokio::time::sleep(SHORT).await;
    assert_eq!(value(&journal, b"a").await, None);
    drop(first);
    for one in join_all(waiting).await {
        one.expect("ran").expect("its turn");
    }
}

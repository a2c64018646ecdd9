//! Entries that are found by their values: kept beside a stream, made again where it lags.

use record::{
    Compare, Criterion, Entry, Error, Find, IndexKey, Journal, Named, Side, Stream, StreamKind,
    Test,
};

use crate::support::{Place, event, index_key, on_both, patient, verified, write};

fn named(name: &str, value: &str, until: &str) -> Named {
    Named {
        name: name.to_owned(),
        value: value.to_owned(),
        until: until.to_owned(),
    }
}

/// One of a number of things; most are red, and each has a span of one.
fn entry(n: u32) -> Entry {
    let colour = if n.is_multiple_of(100) { "blue" } else { "red" };
    Entry {
        key: format!("thing/{n:04}"),
        version: "1".to_owned(),
        body: format!("body {n}").into_bytes(),
        values: vec![
            named("order", &format!("{:04}", 9999 - n), ""),
            named("colour", colour, ""),
            named("number", &format!("{n:04}"), ""),
            named("span", &format!("{n:04}"), &format!("{:04}", n + 1)),
        ],
    }
}

fn is(name: &str, value: &str) -> Criterion {
    bounded(name, vec![(Side::Value, Compare::Is, value.to_owned())])
}

fn bounded(name: &str, bounds: Vec<(Side, Compare, String)>) -> Criterion {
    let name = name.to_owned();
    Criterion {
        any: vec![Test { name, bounds }],
        negated: false,
    }
}

fn find(all: Vec<Criterion>) -> Find {
    Find {
        order: "order".to_owned(),
        descending: false,
        within: Vec::new(),
        all,
        after: None,
        limit: 10,
    }
}

async fn keys(journal: &Journal, find: &Find) -> Vec<String> {
    let found = journal
        .found_by(index_key())
        .find(find)
        .await
        .expect("found");
    found.into_iter().map(|one| one.key).collect()
}

/// So many things of a stream, as far as it goes.
pub(crate) async fn index(journal: &Journal, stream: Stream, things: u32) {
    let all: Vec<Entry> = (0..things)
        .map(|n| Entry {
            key: format!("{}/{n}", stream.id),
            ..entry(n)
        })
        .collect();
    set(journal, stream, &all).await;
}

async fn set(journal: &Journal, stream: Stream, all: &[Entry]) {
    let stands = journal.stream(stream.id).await.expect("read");
    let sequence = stands.expect("a stream").sequence;
    let index = journal.found_by(index_key());
    let set = index.set(stream.id, (sequence, "so"), all).await;
    set.expect("indexed");
}

async fn filled(place: &Place, things: u32) -> Journal {
    let journal = place.open().await;
    write(&journal, patient(1), "x").await;
    let all: Vec<Entry> = (0..things).map(entry).collect();
    set(&journal, patient(1), &all).await;
    journal
}

async fn entries_are_found_by_their_values_in_an_order_and_by_page(place: Place) {
    // More than are few, so that both ways of looking are gone.
    let journal = filled(&place, 5200).await;
    let index = journal.found_by(index_key());
    let red = find(vec![is("colour", "red")]);
    assert_eq!(
        keys(&journal, &red).await[..2],
        ["thing/5199", "thing/5198"]
    );
    assert_eq!(index.count(&red).await.expect("counted"), 5148);
    let first = Find {
        limit: 3,
        ..red.clone()
    };
    let page = index.find(&first).await.expect("found");
    assert_eq!(page[0].body, b"body 5199");
    let after = Some((page[2].order.clone(), page[2].key.clone()));
    let next = keys(&journal, &Find { after, ..first }).await;
    assert_eq!(next, ["thing/5196", "thing/5195", "thing/5194"]);
    let last = Find {
        descending: true,
        limit: 1,
        ..red.clone()
    };
    assert_eq!(keys(&journal, &last).await, ["thing/0001"]);
    let few = vec![is("colour", "red"), is("number", "0012")];
    assert_eq!(keys(&journal, &find(few)).await, ["thing/0012"]);
    let none = vec![is("colour", "blue"), is("number", "0012")];
    assert!(keys(&journal, &find(none)).await.is_empty());
    let not = Criterion {
        negated: true,
        ..is("colour", "red")
    };
    let not = find(vec![not, is("number", "0100")]);
    assert_eq!(keys(&journal, &not).await, ["thing/0100"]);
    let either = Criterion {
        any: [is("number", "0003"), is("number", "0004")]
            .map(|one| one.any[0].clone())
            .to_vec(),
        negated: false,
    };
    assert_eq!(
        keys(&journal, &find(vec![either])).await,
        ["thing/0004", "thing/0003"]
    );
    let within = vec![
        (Side::Value, Compare::Least, "0010".to_owned()),
        (Side::Until, Compare::Most, "0012".to_owned()),
    ];
    let within = find(vec![bounded("span", within)]);
    assert_eq!(keys(&journal, &within).await, ["thing/0011", "thing/0010"]);
    let present = find(vec![bounded("nothing", Vec::new())]);
    assert!(keys(&journal, &present).await.is_empty());
}

async fn a_stream_that_moved_on_is_behind_until_it_is_indexed_again(place: Place) {
    let journal = filled(&place, 3).await;
    let index = journal.found_by(index_key());
    let behind = async |made: &str| index.behind(StreamKind::Patient, made).await.expect("read");
    assert!(behind("so").await.is_empty());
    assert_eq!(behind("otherwise").await, [patient(1).id]);
    let append = journal.append(patient(1), 1, vec![event("a", "y")], Vec::new());
    append.await.expect("appended");
    assert_eq!(behind("so").await, [patient(1).id]);
    let changed = Entry {
        version: "2".to_owned(),
        body: b"other".to_vec(),
        values: vec![named("order", "0", ""), named("colour", "green", "")],
        ..entry(1)
    };
    // What has another version is written again; what is left out is gone.
    let unsaid = Entry {
        body: b"unsaid".to_vec(),
        ..entry(2)
    };
    let set = index
        .set(patient(1).id, (2, "so"), &[changed, unsaid])
        .await;
    set.expect("indexed");
    assert!(behind("so").await.is_empty());
    assert_eq!(
        keys(&journal, &find(vec![is("colour", "green")])).await,
        ["thing/0001"]
    );
    assert!(
        keys(&journal, &find(vec![is("colour", "blue")]))
            .await
            .is_empty()
    );
    assert_eq!(
        index.entry("thing/0001").await.expect("read").as_deref(),
        Some(&b"other"[..])
    );
    assert_eq!(
        index.entry("thing/0002").await.expect("read").as_deref(),
        Some(&b"body 2"[..])
    );
    assert_eq!(index.entry("thing/0000").await.expect("read"), None);
    let more = index.add(patient(1).id, "so", &[entry(7)]).await;
    more.expect("indexed");
    assert_eq!(
        keys(&journal, &find(vec![is("number", "0007")])).await,
        ["thing/0007"]
    );
    assert!(index.entry("thing/0001").await.expect("read").is_some());
    // Made in another way, all of it is written again.
    let again = [Entry {
        body: b"new".to_vec(),
        ..entry(2)
    }];
    let again = index.set(patient(1).id, (2, "otherwise"), &again);
    again.await.expect("indexed");
    assert_eq!(
        index.entry("thing/0002").await.expect("read").as_deref(),
        Some(&b"new"[..])
    );
    assert!(index.entry("thing/0007").await.expect("read").is_none());
}

async fn what_is_found_of_a_stream_is_erased_with_it(place: Place) {
    let journal = filled(&place, 3).await;
    let index = journal.found_by(index_key());
    let erased = crate::erasing::erase(&journal, patient(1), 1).await;
    erased.expect("erased");
    assert_eq!(index.entry("thing/0001").await.expect("read"), None);
    assert!(keys(&journal, &find(Vec::new())).await.is_empty());
}

/// Who read a record before it was erased has nothing of it to set after.
async fn what_was_made_of_a_stream_that_moved_on_is_not_found(place: Place) {
    let journal = filled(&place, 3).await;
    let index = journal.found_by(index_key());
    let erased = crate::erasing::erase(&journal, patient(1), 1).await;
    erased.expect("erased");
    let late = index.set(patient(1).id, (1, "so"), &[entry(1)]).await;
    late.expect("left out");
    assert_eq!(index.entry("thing/0001").await.expect("read"), None);
    assert!(keys(&journal, &find(Vec::new())).await.is_empty());
    let behind = index.behind(StreamKind::Patient, "so").await;
    assert_eq!(behind.expect("read"), [patient(1).id]);
}

async fn what_is_too_long_or_holds_nul_is_kept_as_far_as_it_can_be(place: Place) {
    let journal = filled(&place, 1).await;
    let index = journal.found_by(index_key());
    let long = "ä".repeat(2000);
    let values = vec![
        named("order", "1", ""),
        named("text", &long, ""),
        named("text", "a\0b", ""),
    ];
    let odd = Entry {
        key: "odd".to_owned(),
        values,
        ..entry(9)
    };
    let more = index.add(patient(1).id, "so", &[odd]).await;
    more.expect("indexed");
    assert_eq!(
        keys(&journal, &find(vec![is("text", &long)])).await,
        ["odd"]
    );
    assert_eq!(
        keys(&journal, &find(vec![is("text", "a\0b")])).await,
        ["odd"]
    );
}

async fn body(journal: &Journal, key: &str) -> Result<Option<Vec<u8>>, Error> {
    journal.found_by(index_key()).entry(key).await
}

/// An entry is never served as another than the one that was set.
async fn what_was_changed_in_the_index_is_not_served_and_verify_finds_it(place: Place) {
    let journal = filled(&place, 3).await;
    assert!(verified(&journal).await.is_sound());
    let one = "WHERE key = 'thing/0001'";
    let changes = [
        format!("UPDATE found SET body = (SELECT body FROM found WHERE key = 'thing/0002') {one}"),
        format!("UPDATE found SET version = '2' {one}"),
        format!("UPDATE found SET seal = (SELECT seal FROM found WHERE key = 'thing/0002') {one}"),
    ];
    for sql in changes {
        place.tamper(&sql).await;
        let served = body(&journal, "thing/0001").await;
        assert!(
            matches!(served, Err(Error::Unsealed(id)) if id == patient(1).id),
            "{sql}"
        );
        let index = journal.found_by(index_key());
        let found = index.find(&find(vec![is("number", "0001")])).await;
        assert!(matches!(found, Err(Error::Unsealed(_))), "{sql}");
        assert!(!verified(&journal).await.is_sound(), "{sql}");
        // Made again, it is served.
        index.forget(patient(1).id).await.expect("forgotten");
        let all: Vec<Entry> = (0..3).map(entry).collect();
        set(&journal, patient(1), &all).await;
        let served = body(&journal, "thing/0001").await.expect("read");
        assert_eq!(served.as_deref(), Some(&b"body 1"[..]));
        assert!(verified(&journal).await.is_sound());
    }
    let other = journal.found_by(IndexKey::new([6; 32]));
    assert!(matches!(
        other.entry("thing/0001").await,
        Err(Error::Unsealed(_))
    ));
}

/// A search may miss what is not there any more, or find an old entry: `verify` does not.
async fn what_is_taken_away_or_put_back_in_the_index_is_found(place: Place) {
    for sql in [
        "DELETE FROM found_values WHERE key = 'thing/0001' AND name = 'colour'",
        "UPDATE found_values SET value = 'green' WHERE key = 'thing/0001' AND name = 'colour'",
        "INSERT INTO found_values VALUES ('colour', 'green', '', 'thing/0001')",
        "INSERT INTO found_values VALUES ('colour', 'green', '', 'thing/9999')",
        "DELETE FROM found_values WHERE key = 'thing/0001'; DELETE FROM found WHERE key = 'thing/0001'",
        "DELETE FROM found_streams",
        "UPDATE found_streams SET sequence = sequence - 1",
    ] {
        let place = place.another();
        let journal = filled(&place, 3).await;
        assert!(verified(&journal).await.is_sound());
        place.tamper(sql).await;
        assert!(!verified(&journal).await.is_sound(), "{sql}");
        journal.close().await;
    }
    // An entry of before, with its seal of before.
    let journal = filled(&place, 3).await;
    place
        .tamper("CREATE TABLE old AS SELECT * FROM found")
        .await;
    write(&journal, patient(1), "y").await;
    let changed = Entry {
        version: "2".to_owned(),
        body: b"changed".to_vec(),
        ..entry(1)
    };
    set(&journal, patient(1), &[entry(0), changed, entry(2)]).await;
    assert!(verified(&journal).await.is_sound());
    let back = "DELETE FROM found; INSERT INTO found SELECT * FROM old; DROP TABLE old";
    place.tamper(back).await;
    assert!(!verified(&journal).await.is_sound());
}

on_both!(
    what_was_changed_in_the_index_is_not_served_and_verify_finds_it,
    what_is_taken_away_or_put_back_in_the_index_is_found,
    entries_are_found_by_their_values_in_an_order_and_by_page,
    a_stream_that_moved_on_is_behind_until_it_is_indexed_again,
    what_is_found_of_a_stream_is_erased_with_it,
    what_was_made_of_a_stream_that_moved_on_is_not_found,
    what_is_too_long_or_holds_nul_is_kept_as_far_as_it_can_be,
);

//! Finding rows of read models.

use record::{RowQuery, Rows};

use crate::support::{Place, event, on_both, patient, row};

async fn filled(place: &Place) -> record::Journal {
    let journal = place.open().await;
    for n in 0..10_u128 {
        let rows = vec![
            row(&format!("a/{n}"), &format!("2026-11-{:02}", 20 - n), "x"),
            row(&format!("b/{n}"), "", "y"),
        ];
        journal
            .append(patient(n + 1), 0, vec![event("a", "x")], rows)
            .await
            .expect("appended");
    }
    journal
}

async fn keys(journal: &record::Journal, query: RowQuery) -> Vec<String> {
    let rows = journal.rows(&query).await.expect("rows");
    rows.into_iter().map(|r| r.row.key).collect()
}

async fn rows_are_found_by_prefix_range_direction_and_page(place: Place) {
    let journal = filled(&place).await;
    let a = || RowQuery::of("notes").key_prefix("a/");
    assert_eq!(keys(&journal, a()).await.len(), 10);
    let newest = keys(&journal, a().descending().limit(2)).await;
    assert_eq!(newest, ["a/0", "a/1"]);
    let range = a().sort_from("2026-11-12").sort_below("2026-11-14");
    assert_eq!(keys(&journal, range).await, ["a/8", "a/7"]);
    let page = journal.rows(&a().limit(3)).await.expect("rows");
    let next = keys(&journal, a().limit(3).after(&page[2])).await;
    assert_eq!(next, ["a/6", "a/5", "a/4"]);
    let one = RowQuery::of("notes").key("b/3");
    assert_eq!(keys(&journal, one).await, ["b/3"]);
    let own = RowQuery::of("notes").stream(patient(4).id);
    assert_eq!(keys(&journal, own).await, ["b/3", "a/3"]);
    assert!(keys(&journal, RowQuery::of("other")).await.is_empty());
}

async fn rows_go_by_key_or_hold_a_text_where_that_is_asked_for(place: Place) {
    let journal = filled(&place).await;
    let a = || RowQuery::of("notes").key_prefix("a/").by_key();
    let first = journal.rows(&a().limit(2)).await.expect("rows");
    assert_eq!(first[1].row.key, "a/1");
    let next = keys(&journal, a().limit(2).after(&first[1])).await;
    assert_eq!(next, ["a/2", "a/3"]);
    assert_eq!(keys(&journal, a().descending().limit(1)).await, ["a/9"]);
    let held = keys(&journal, a().sort_holds("-11-").sort_holds("-13")).await;
    let sort = |row: &record::StoredRow| row.row.sort.contains("-13");
    let all = journal.rows(&a()).await.expect("rows");
    let should: Vec<_> = all.iter().filter(|row| sort(row)).collect();
    assert_eq!(held, [&*should[0].row.key]);
    assert_eq!(should.len(), 1);
    assert!(keys(&journal, a().sort_holds("%")).await.is_empty());
}

async fn an_append_replaces_changes_or_keeps_the_rows_of_its_stream(place: Place) {
    let journal = place.open().await;
    let stream = patient(1);
    let all = || RowQuery::of("notes");
    let rows = vec![row("a", "1", "x"), row("b", "2", "x")];
    let append = |sequence, rows: Rows| {
        let journal = journal.clone();
        async move {
            let events = vec![event("a", "x")];
            journal
                .append(stream, sequence, events, rows)
                .await
                .expect("appended");
        }
    };
    append(0, rows.into()).await;
    append(1, Rows::Keep).await;
    assert_eq!(keys(&journal, all()).await, ["a", "b"]);
    let change = Rows::Change {
        put: vec![row("c", "3", "x"), row("b", "0", "x")],
        remove: vec![("notes".to_owned(), "a".to_owned())],
    };
    append(2, change).await;
    assert_eq!(keys(&journal, all()).await, ["b", "c"]);
    append(3, vec![row("d", "", "x")].into()).await;
    assert_eq!(keys(&journal, all()).await, ["d"]);
}

#[tokio::test]
async fn debug_output_shows_no_payload_key_or_body() {
    let secret = "Brenda Jackson";
    let text = format!("{:?} {:?}", event("a", secret), row(secret, secret, secret));
    assert!(!text.contains("Brenda"), "{text}");
    let bytes = format!("{:?}", secret.as_bytes());
    assert!(!text.contains(&bytes[1..bytes.len() - 1]), "{text}");
}

on_both!(
    rows_are_found_by_prefix_range_direction_and_page,
    rows_go_by_key_or_hold_a_text_where_that_is_asked_for,
    an_append_replaces_changes_or_keeps_the_rows_of_its_stream,
);

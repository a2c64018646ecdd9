//! Every change to the file of a store is found: cell by cell, row by row, byte by byte.

use record::{Journal, OpenOptions, Report, RowQuery, Verify};
use sqlx::{Connection as _, Row as _, SqliteConnection};

use crate::support::{Place, index_key, intrude, key, projector};
use crate::verifying::filled;

/// Every way to change a cell of a type.
fn changes(kind: &str) -> &'static [&'static str] {
    match kind {
        "INTEGER" => &["{c} + 1", "{c} - 1", "{c} + 4096", "-{c} - 1"],
        "TEXT" => &["{c} || 'x'", "substr({c}, 2)", "upper({c})"],
        "BLOB" => &["first", "middle", "last"],
        other => panic!("no change is known for {other}"),
    }
}

/// Changes one cell; false when the change changes nothing or a unique index refuses it.
async fn change(
    connection: &mut SqliteConnection,
    table: &str,
    column: &str,
    how: &str,
    nth: i64,
) -> bool {
    let old: Vec<u8> = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT CAST({column} AS BLOB) FROM {table} LIMIT 1 OFFSET {nth}"
    )))
    .fetch_one(&mut *connection)
    .await
    .expect("a cell")
    .try_get(0)
    .expect("bytes");
    let mut new = old.clone();
    let bit = match how {
        "first" => 0,
        "middle" => new.len() / 2,
        _ => new.len().saturating_sub(1),
    };
    let value = match how {
        "first" | "middle" | "last" => {
            new[bit] ^= 1;
            format!("x'{}'", hex::encode(new))
        }
        sql => sql.replace("{c}", column),
    };
    let keys: Vec<String> = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT name FROM pragma_table_info('{table}') WHERE pk > 0"
    )))
    .fetch_all(&mut *connection)
    .await
    .expect("columns")
    .iter()
    .map(|row| row.get(0))
    .collect();
    let keys = keys.join(", ");
    let sql = format!(
        "UPDATE {table} SET {column} = {value}
         WHERE ({keys}) = (SELECT {keys} FROM {table} LIMIT 1 OFFSET {nth})
         AND {column} IS NOT {value}"
    );
    let done = sqlx::query(sqlx::AssertSqlSafe(sql))
        .execute(connection)
        .await;
    done.is_ok_and(|d| d.rows_affected() == 1)
}

async fn table_names(path: &std::path::Path) -> Vec<(String, String, String, i64)> {
    let mut connection = intrude(path).await;
    let sql = "SELECT t.name, c.name, c.type FROM sqlite_schema t, pragma_table_info(t.name) c
         WHERE t.type = 'table' ORDER BY t.name, c.cid";
    let mut found = Vec::new();
    for row in sqlx::query(sql)
        .fetch_all(&mut connection)
        .await
        .expect("schema")
    {
        let (table, column, kind): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let count = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
            .fetch_one(&mut connection)
            .await
            .expect("count")
            .get(0);
        found.push((table, column, kind, count));
    }
    connection.close().await.expect("closes");
    found
}

pub(crate) async fn look(path: &std::path::Path) -> Option<Report> {
    let journal = Journal::open(path, OpenOptions::new().read_only())
        .await
        .ok()?;
    let projector = projector();
    let against = Verify {
        trusted: &[key().public()],
        projector: Some(&projector),
        index: Some(&index_key()),
    };
    let report = journal.verify(against).await.ok();
    journal.close().await;
    report
}

#[tokio::test]
async fn a_change_in_any_column_of_any_row_is_found() {
    let place = Place::new();
    filled(&place).await.close().await;
    let (sound, victim) = (place.path(), place.dir.path().join("victim.db"));
    let columns = table_names(&sound).await;
    assert!(
        columns.len() >= 57,
        "every table is walked: {}",
        columns.len()
    );
    assert!(look(&sound).await.expect("walks").is_sound());
    let mut tried = 0;
    for (table, column, kind, count) in columns {
        assert!(count > 0, "{table} holds something");
        let mut here = 0;
        for nth in 0..count {
            for how in changes(&kind) {
                std::fs::copy(&sound, &victim).expect("copied");
                let mut connection = intrude(&victim).await;
                let changed = change(&mut connection, &table, &column, how, nth).await;
                connection.close().await.expect("closes");
                if !changed {
                    continue;
                }
                here += 1;
                if let Some(report) = look(&victim).await {
                    assert!(
                        !report.is_sound(),
                        "{table}.{column} row {nth}: {how} went unseen"
                    );
                }
            }
        }
        assert!(here > 0, "{table}.{column} was changed at least once");
        tried += here;
    }
    assert!(tried > 500, "{tried}");
}

/// Everything that can be read.
async fn contents(path: &std::path::Path) -> Option<Vec<u8>> {
    let journal = Journal::open(path, OpenOptions::new().read_only())
        .await
        .ok()?;
    let mut out = Vec::new();
    journal.export(&mut out).await.ok()?;
    for model in ["counts", "notes"] {
        for found in journal.rows(&RowQuery::of(model)).await.ok()? {
            out.extend(found.stream.id.as_bytes());
            out.extend(format!("{} {}", found.row.key, found.row.sort).bytes());
            out.extend(found.row.body);
        }
    }
    journal.close().await;
    Some(out)
}

#[tokio::test]
async fn a_flipped_byte_of_the_file_is_found_or_changes_nothing_that_is_read() {
    let place = Place::new();
    filled(&place).await.close().await;
    let whole = std::fs::read(place.path()).expect("read");
    let sound = contents(&place.path()).await.expect("readable");
    let victim = place.dir.path().join("victim.db");
    let (mut found, mut idle) = (0, 0);
    for at in (0..whole.len()).step_by(499) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        std::fs::write(&victim, bytes).expect("written");
        match look(&victim).await {
            Some(report) if report.is_sound() => {
                assert!(
                    contents(&victim).await.as_ref() == Some(&sound),
                    "byte {at} went unseen"
                );
                idle += 1;
            }
            _ => found += 1,
        }
    }
    assert!(
        found > 5 && idle > 5,
        "{found} found, {idle} in empty space"
    );
}

#[tokio::test]
async fn a_row_that_vanished_is_found_in_every_table() {
    let place = Place::new();
    filled(&place).await.close().await;
    let (sound, victim) = (place.path(), place.dir.path().join("victim.db"));
    let mut tables: Vec<_> = table_names(&sound)
        .await
        .into_iter()
        .map(|c| (c.0, c.3))
        .collect();
    tables.dedup();
    for (table, count) in tables {
        // What only the newest checkpoint or nobody refers to cannot be missed.
        let last = match table.as_str() {
            "checkpoints" => count - 1,
            "blobs" => 0,
            _ => count,
        };
        for nth in 0..last {
            std::fs::copy(&sound, &victim).expect("copied");
            let mut connection = intrude(&victim).await;
            let key = match table.as_str() {
                "kinds" => "kind",
                "found_values" => "name, value, key, until",
                _ => "rowid",
            };
            let sql = format!(
                "DELETE FROM {table} WHERE ({key}) = (SELECT {key} FROM {table} LIMIT 1 OFFSET {nth})"
            );
            sqlx::query(sqlx::AssertSqlSafe(sql))
                .execute(&mut connection)
                .await
                .expect("deleted");
            connection.close().await.expect("closes");
            if let Some(report) = look(&victim).await {
                assert!(!report.is_sound(), "{table} row {nth} vanished unseen");
            }
        }
    }
}

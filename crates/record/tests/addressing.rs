//! The address of a database: what is refused, and that it shows no password.

use record::{DatabaseUrl, Journal, OpenOptions};
use sqlx::Row as _;

use crate::server::{self, Server};
use crate::support::{Place, patient, write};

#[test]
fn a_database_url_is_refused_with_its_remedy() {
    for (url, place) in [
        ("not a url", "database URL"),
        ("mysql://u:hunter2@localhost/db", "database URL, scheme"),
        ("postgres://u:hunter2@localhost", "database URL, database"),
        ("postgres://u:hunter2@localhost/", "database URL, database"),
        ("postgres://u:hunter2@localhost:x/db", "database URL"),
        (
            "postgres://u:hunter2@db.example.org/db",
            "database URL, sslmode",
        ),
        (
            "postgres://u:hunter2@db.example.org/db?sslmode=prefer",
            "database URL, sslmode",
        ),
        (
            "postgres://u:hunter2@localhost/db?host=db.example.org",
            "database URL, sslmode",
        ),
        (
            "postgres://u:hunter2@localhost/db?sslmode=hunter2",
            "database URL",
        ),
        (
            "postgres://u:hunter2@localhost/db?options=-c%20synchronous_commit%3Doff",
            "database URL, options",
        ),
    ] {
        let problem = DatabaseUrl::parse(url).expect_err(url);
        assert_eq!(problem.place, place, "{url}");
        assert!(!problem.remedy.is_empty() && !problem.problem.is_empty());
        assert!(!format!("{problem:?}").contains("hunter2"), "{problem:?}");
    }
}

#[test]
fn a_database_url_shows_server_and_name_and_no_password() {
    for (url, shown) in [
        (
            "postgres://u:hunter2@localhost/db",
            "PostgreSQL localhost:5432/db",
        ),
        (
            "postgresql://u:hunter2@[::1]:99/db",
            "PostgreSQL [::1]:99/db",
        ),
        (
            "postgres://u:hunter2@%2Frun%2Fpg/db",
            "PostgreSQL /run/pg/db",
        ),
        (
            "postgres://u:hunter2@db.example.org/db?sslmode=verify-full\n",
            "PostgreSQL db.example.org:5432/db",
        ),
    ] {
        let parsed = DatabaseUrl::parse(url).expect(url);
        assert_eq!(parsed.to_string(), shown);
        assert!(!format!("{parsed:?}").contains("hunter2"), "{parsed:?}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_named_without_the_password() {
    let url = DatabaseUrl::parse("postgres://u:hunter2@127.0.0.1:1/db").expect("a URL");
    let error = Journal::connect(&url, OpenOptions::new())
        .await
        .expect_err("nobody there");
    let problem = error.problem();
    assert_eq!(problem.code, "journal-unreachable");
    let text = format!("{error} {error:?} {problem:?}");
    assert!(text.contains("127.0.0.1:1/db"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_a_certificate_is_reached_by_tls_and_another_name_refused() {
    let Some(server) = Server::start() else {
        return server::skipped("addressing::a_server_with_a_certificate");
    };
    let url = server.behind_tls(&server.create());
    let place = Place::of(url.clone());
    let journal = place.open().await;
    write(&journal, patient(1), "sealed twice").await;
    let mut outsider = place.outsider().await;
    let sql = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
               WHERE application_name = 'annulus' AND ssl";
    let sealed = sqlx::query(sql).fetch_one(&mut outsider).await;
    assert!(sealed.expect("told").get::<i64, _>(0) >= 2);
    let other = Place::of(url.replace("@localhost", "@127.0.0.1"));
    let refused = other.open_with(OpenOptions::new()).await;
    let error = refused.expect_err("the certificate is of localhost");
    assert_eq!(error.problem().code, "journal-unreachable", "{error}");
}

#[test]
fn a_database_url_file_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::TempDir::new().expect("a directory");
    let path = dir.path().join("url");
    std::fs::write(&path, "postgres://u:hunter2@localhost/db\n").expect("written");
    let mode = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode));
    mode(0o640).expect("set");
    let problem = DatabaseUrl::read(&path).expect_err("too open");
    assert!(problem.remedy.contains("0600"), "{problem:?}");
    mode(0o600).expect("set");
    DatabaseUrl::read(&path).expect("read");
    let gone = dir.path().join("gone");
    DatabaseUrl::read(&gone).expect_err("not there");
}

//! `annulus backup` and `annulus restore`: a clinic's store in one sealed file, and again out of it.

use crate::postgres;
use crate::run::{Ended, Folder, annulus, command};
use crate::service::Server;
use age::secrecy::ExposeSecret as _;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

/// A pair of age: the recipient, and the path of the identity's file.
fn pair(folder: &Folder, name: &str) -> (String, String) {
    let identity = age::x25519::Identity::generate();
    let text = format!(
        "# made by a test\n{}\n",
        identity.to_string().expose_secret()
    );
    (
        identity.to_public().to_string(),
        secret(folder, name, &text),
    )
}

/// A file that only its owner may read.
fn secret(folder: &Folder, name: &str, text: &str) -> String {
    let path = folder.write(name, text.as_bytes());
    fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).expect("set");
    path
}

/// A store with somebody in it.
fn store(folder: &Folder) -> String {
    let data = folder.at("var");
    let added = annulus(&[
        "user",
        "add",
        "ada",
        "--name",
        "Ada Unmistakable",
        "--role",
        "administrator",
        "--data",
        &data,
    ]);
    assert_eq!(added.status, 0, "{}", added.err);
    data
}

fn backup(data: &str, to: &str, seal: &[&str]) -> Ended {
    let args = ["backup", "--data", data, "--to", to, "--format", "json"];
    annulus(&[&args[..], seal].concat())
}

fn restore(from: &str, data: &str, key: &[&str]) -> Ended {
    let args = [
        "restore", "--from", from, "--data", data, "--format", "json",
    ];
    annulus(&[&args[..], key].concat())
}

fn export(data: &str) -> String {
    let exported = annulus(&["journal", "export", "--data", data]);
    assert_eq!(exported.status, 0, "{}", exported.err);
    exported.out
}

/// What is in a folder, by name.
fn listed(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("readable").file_name());
    let mut names: Vec<_> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn a_backup_of_a_running_server_is_restored_with_the_same_chains_keys_and_recordings() {
    let folder = Folder::new();
    let (data, to, fresh) = (
        folder.at("var"),
        folder.at("clinic.age"),
        folder.at("fresh"),
    );
    let (recipient, identity) = pair(&folder, "clinic.key");
    let serve = [
        "serve",
        "--demo",
        "--listen",
        "127.0.0.1:0",
        "--format",
        "json",
        "--data",
    ];
    let server = Server::of(command(&[&serve[..], &[&data]].concat()));
    let made = backup(&data, &to, &["--recipient", &recipient]).json();
    assert_eq!(made["missing"], Value::Array(Vec::new()), "{made}");
    assert_eq!(
        fs::metadata(&to).expect("there").permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(server.stop(), Some(0));
    let restored = restore(&to, &fresh, &["--identity-file", &identity]).json();
    assert_eq!(restored, made);
    // What the server wrote after that is not in it; what it wrote before is, byte for byte.
    let (before, after) = (export(&fresh), export(&data));
    let events = |text: &str| text.matches("\"type\":\"event\"").count() as u64;
    assert_eq!(made["journal"]["events"].as_u64(), Some(events(&before)));
    assert!(events(&before) > 50 && events(&before) <= events(&after));
    let mut later = after.lines();
    assert!(
        before
            .lines()
            .filter(|line| line.contains("\"type\":\"event\""))
            .all(|line| { later.any(|other| other == line) })
    );
    let read = |folder: &str, name: &str| fs::read(Path::new(folder).join(name)).expect("a file");
    assert_eq!(read(&fresh, "clinic.key"), read(&data, "clinic.key"));
    let recordings = listed(&Path::new(&fresh).join("recordings").display().to_string());
    assert!(!recordings.is_empty());
    for name in recordings {
        let name = format!("recordings/{name}");
        assert_eq!(read(&fresh, &name), read(&data, &name), "{name}");
    }
    assert_eq!(
        fs::metadata(&fresh).expect("there").permissions().mode() & 0o777,
        0o700
    );
    // It is a clinic that works.
    let server = Server::of(command(&[&serve[..], &[&fresh]].concat()));
    assert_eq!(server.stop(), Some(0));
    let verified = annulus(&["journal", "verify", "--data", &fresh, "--format", "json"]).json();
    assert_eq!(verified["sound"], true, "{verified}");
    assert!(!listed(&data).contains(&".backup".to_owned()));
}

#[test]
fn a_sealed_backup_tells_nothing_and_opens_to_its_own_key_alone() {
    let folder = Folder::new();
    let (data, fresh) = (store(&folder), folder.at("fresh"));
    let (recipient, identity) = pair(&folder, "ours");
    let (_, other) = pair(&folder, "theirs");
    let recipients = folder.write("recipients", format!("# ours\n{recipient}\n").as_bytes());
    let words = secret(&folder, "words", "correct horse battery staple\n");
    let wrong = secret(&folder, "wrong", "incorrect horse\n");
    let (sealed, by_words, open) = (folder.at("a.age"), folder.at("b.age"), folder.at("c.tar"));
    backup(&data, &sealed, &["--recipient-file", &recipients]).json();
    backup(&data, &by_words, &["--passphrase-file", &words]).json();
    backup(&data, &open, &["--unencrypted"]).json();
    let holds = |path: &str, word: &[u8]| {
        let bytes = fs::read(path).expect("a backup");
        bytes.windows(word.len()).any(|window| window == word)
    };
    let key = fs::read(Path::new(&data).join("clinic.key")).expect("a key");
    for word in [&b"Unmistakable"[..], &key, b"journal.sqlite"] {
        assert!(!holds(&sealed, word) && !holds(&by_words, word));
        assert!(holds(&open, word), "the search finds what is there");
    }
    for (from, key) in [
        (&sealed, &["--identity-file", &other][..]),
        (&sealed, &["--passphrase-file", &words]),
        (&sealed, &[]),
        (&by_words, &["--passphrase-file", &wrong]),
        (&by_words, &["--identity-file", &identity]),
        (&open, &["--identity-file", &identity]),
    ] {
        let refused = restore(from, &fresh, key).problem();
        assert_eq!(
            refused["code"], "backup-sealed",
            "{from} {key:?}: {refused}"
        );
        assert!(!Path::new(&fresh).exists());
    }
    for (at, (from, key)) in [
        (&sealed, &["--identity-file", &identity][..]),
        (&by_words, &["--passphrase-file", &words]),
        (&open, &[]),
    ]
    .into_iter()
    .enumerate()
    {
        let to = folder.at(&format!("restored-{at}"));
        restore(from, &to, key).json();
        assert_eq!(export(&to), export(&data));
    }
}

#[test]
fn a_backup_that_was_cut_or_altered_restores_nothing() {
    let folder = Folder::new();
    let data = store(&folder);
    let (recipient, identity) = pair(&folder, "ours");
    let (sealed, open) = (folder.at("a.age"), folder.at("b.tar"));
    backup(&data, &sealed, &["--recipient", &recipient]).json();
    backup(&data, &open, &["--unencrypted"]).json();
    let spoilt = folder.at("spoilt");
    let fresh = folder.at("fresh");
    for (from, key) in [(&sealed, &["--identity-file", &identity][..]), (&open, &[])] {
        let whole = fs::read(from).expect("a backup");
        for at in 1..8 {
            let place = whole.len() * at / 8;
            let mut flipped = whole.clone();
            flipped[place] ^= 1;
            for bytes in [&whole[..place], &flipped] {
                fs::write(&spoilt, bytes).expect("written");
                let refused = restore(&spoilt, &fresh, key);
                // What is between the parts of a tar file holds nothing.
                let padding = refused.status == 0 && bytes.len() == whole.len() && key.is_empty();
                if padding {
                    assert_eq!(export(&fresh), export(&data));
                    fs::remove_dir_all(&fresh).expect("removed");
                    continue;
                }
                assert_eq!(refused.status, 2, "{at}: {}{}", refused.out, refused.err);
                assert!(!Path::new(&fresh).exists(), "nothing half restored");
            }
        }
    }
    let here = listed(
        &Path::new(&data)
            .parent()
            .expect("a folder")
            .display()
            .to_string(),
    );
    assert!(
        here.iter().all(|name| !name.starts_with(".annulus")),
        "{here:?}"
    );
}

#[test]
fn nothing_is_written_over_a_store_or_a_backup() {
    let folder = Folder::new();
    let data = store(&folder);
    let to = folder.at("b.tar");
    backup(&data, &to, &["--unencrypted"]).json();
    let bytes = fs::read(&to).expect("a backup");
    assert_eq!(
        backup(&data, &to, &["--unencrypted"]).problem()["code"],
        "backup-target"
    );
    assert_eq!(fs::read(&to).expect("a backup"), bytes);
    let before = (listed(&data), export(&data));
    assert_eq!(restore(&to, &data, &[]).problem()["code"], "restore-target");
    assert_eq!((listed(&data), export(&data)), before);
    let nobody = backup(&data, &folder.at("c"), &[]);
    assert_eq!(nobody.status, 2, "for whom is always said");
    let wrong = backup(&data, &folder.at("c"), &["--recipient", "age1nobody"]).problem();
    assert_eq!(wrong["code"], "backup-recipient");
    let words = folder.write("words", b"open to all");
    let open = backup(&data, &folder.at("c"), &["--passphrase-file", &words]).problem();
    assert_eq!(open["code"], "secret-is-open");
    assert!(!Path::new(&folder.at("c")).exists());
}

#[test]
fn a_backup_that_is_killed_leaves_nothing_that_looks_like_one() {
    let folder = Folder::new();
    let data = store(&folder);
    let away = folder.at("away");
    fs::create_dir(&away).expect("made");
    let (mut whole, mut killed) = (0, 0);
    for round in 0..12 {
        let to = format!("{away}/{round}.tar");
        let args = ["backup", "--data", &data, "--to", &to, "--unencrypted"];
        let mut child = command(&args)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("the binary runs");
        std::thread::sleep(Duration::from_millis(15 * round));
        let _ = child.kill();
        let status = child.wait().expect("it ends");
        killed += u32::from(!status.success());
        if Path::new(&to).exists() {
            restore(&to, &folder.at(&format!("restored-{round}")), &[]).json();
            whole += 1;
        } else {
            assert!(!status.success());
        }
    }
    assert!(killed > 0, "{whole} were done before they were killed");
    for name in listed(&away) {
        let partial = name.starts_with(".annulus-backup-") && name.ends_with(".partial");
        assert!(partial || name.ends_with(".tar"), "{name}");
    }
    // The next one clears what was left in the store, and is whole.
    let to = folder.at("last.tar");
    backup(&data, &to, &["--unencrypted"]).json();
    assert!(!listed(&data).contains(&".backup".to_owned()));
    restore(&to, &folder.at("last"), &[]).json();
}

#[test]
fn a_journal_in_postgresql_comes_back_as_a_file_with_the_same_chains() {
    let Some(server) = postgres::Server::start() else {
        return postgres::skipped(
            "a_journal_in_postgresql_comes_back_as_a_file_with_the_same_chains",
        );
    };
    let folder = Folder::new();
    let (data, to, fresh) = (store(&folder), folder.at("b.tar"), folder.at("fresh"));
    let url = secret(&folder, "database.url", &server.database());
    let copied = annulus(&["journal", "copy", "--from", &data, "--to", &url]);
    assert_eq!(copied.status, 0, "{}", copied.err);
    let expected = export(&data);
    fs::remove_file(Path::new(&data).join("journal.sqlite")).expect("removed");
    backup(&data, &to, &["--unencrypted", "--database-url-file", &url]).json();
    restore(&to, &fresh, &[]).json();
    assert_eq!(export(&fresh), expected);
}

//! Settings of mail as a clinic writes them.

use crate::run::{Folder, annulus, command};
use crate::service::Server;

fn example() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/annulus.toml");
    std::fs::read_to_string(path).expect("the example")
}

fn serve(folder: &Folder, settings: &str) -> Vec<String> {
    let config = folder.write("annulus.toml", settings.as_bytes());
    let data = folder.at("var");
    let args = ["serve", "--data", &data, "--listen", "127.0.0.1:0"];
    let more = ["--config", &config, "--format", "json"];
    let all = args.iter().chain(&more);
    all.map(|one| (*one).to_owned()).collect()
}

#[test]
fn the_example_of_a_clinic_s_settings_starts_a_clinic() {
    let folder = Folder::new();
    let args = serve(&folder, &example());
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let server = Server::of(command(&args));
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_mail_server_that_is_none_is_refused_by_place_and_without_its_password() {
    for (from, to, place) in [
        (
            "smtp://127.0.0.1:25",
            "smtp://me:hush@mail.example",
            "mail.server",
        ),
        ("annulus@clinic.example>", "annulus>", "mail.from"),
        ("https://annulus", "http://annulus", "mail.address"),
        (
            "practitioner@clinic",
            "practitioner",
            "clinic.on_call \"A. Practitioner, 555-0151\"",
        ),
        ("quiet = [\"21:00\"", "quiet = [\"25:00\"", ""),
        ("server = \"smtp://127.0.0.1:25\"\n", "", "mail.server"),
    ] {
        let folder = Folder::new();
        let args = serve(&folder, &example().replace(from, to));
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let problem = annulus(&args).problem();
        if !place.is_empty() {
            assert_eq!(problem["place"], place, "{problem}");
        }
        assert!(!problem.to_string().contains("hush"), "{problem}");
        assert!(!std::path::Path::new(&folder.at("var")).exists());
    }
}

#[test]
fn a_password_stands_in_a_file_that_nobody_else_reads() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let secret = folder.write("mail.server", b"smtp://me:hush@mail.example\n");
    let line = format!("server_file = {secret:?}\n");
    let settings = example().replace("server = \"smtp://127.0.0.1:25\"\n", &line);
    let args = serve(&folder, &settings);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mode = |mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&secret, permissions).expect("it is ours");
    };
    mode(0o644);
    assert_eq!(annulus(&args).problem()["code"], "secret-is-open");
    mode(0o600);
    // Read, and refused for what it says: no TLS.
    let problem = annulus(&args).problem();
    assert_eq!(problem["place"], "mail.server", "{problem}");
    assert!(!problem.to_string().contains("hush"));
}

#[test]
fn the_environment_names_the_mail_server_before_the_file() {
    let folder = Folder::new();
    let args = serve(&folder, &example());
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut open = command(&args);
    open.env("ANNULUS_MAIL_SERVER", "smtp://mail.example");
    let said = open.output().expect("the binary runs");
    assert_eq!(said.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&said.stderr).contains("mail.server"));
}

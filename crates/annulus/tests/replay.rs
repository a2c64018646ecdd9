//! `replay`: the same bits again, or the place of what is not; told, plotted, drawn.

use crate::path::signed_in;
use crate::run::{Ended, Folder, annulus, command, example};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use std::path::Path;
use table::blackbox::{Contents, Encoder, PROGRAM};
use traction::frame::Frame;

/// A recording in which the patient presses the switch in the hold.
fn recorded(folder: &Folder) -> String {
    let signed = signed_in(folder);
    let (file, start) = (folder.at("session.frames"), example("start"));
    let args = [
        "treat",
        &signed,
        "--facts",
        &start,
        "--recording",
        &file,
        "--press-switch-at",
        "150",
    ];
    let ended = annulus(&args);
    assert_eq!(ended.status, 0, "{}", ended.err);
    file
}

fn json_of(args: &[&str]) -> Ended {
    let mut all = vec!["replay"];
    all.extend(args);
    all.extend(["--format", "json"]);
    annulus(&all)
}

/// Refused with this code, and no picture written.
fn refused(folder: &Folder, file: &str, code: &str) -> Value {
    let svg = folder.at("never.svg");
    let problem = json_of(&[file, "--svg", &svg]).problem();
    assert_eq!(problem["code"], code, "{problem}");
    let place = problem["place"].as_str().expect("a place");
    let remedy = problem["remedy"].as_str().expect("a remedy");
    assert!(
        place.contains("session") || code == "recording-program",
        "{problem}"
    );
    assert!(!remedy.is_empty(), "{problem}");
    assert!(!Path::new(&svg).exists(), "nothing is written");
    problem
}

#[test]
fn a_recording_comes_out_again_and_is_summed_up_and_drawn() {
    let folder = Folder::new();
    let (file, svg) = (recorded(&folder), folder.at("session.svg"));
    let told = json_of(&[&file, "--svg", &svg]).json();
    assert_eq!(told["schema"], "annulus.replay/1");
    assert_eq!(told["replay"]["equal"], true);
    assert_eq!(told["replay"]["whole"], true);
    assert_eq!(told["recorded_by"], PROGRAM);
    assert!(told["replay"]["ticks"].as_u64().expect("ticks") > 15_000);
    let stop = &told["summary"]["stops"][0];
    assert_eq!(stop["cause"], "patient-switch");
    assert_eq!(told["worst"]["command_ms"], stop["command_ms"]);
    assert!(
        told["limits_s"]["release"].as_f64().expect("s") > 0.5,
        "{told}"
    );
    let svg = std::fs::read_to_string(svg).expect("a picture");
    assert!(
        svg.starts_with("<svg") && svg.contains("The patient pressed the switch"),
        "{svg:.2000}"
    );
    assert!(svg.len() < 120_000, "{} bytes", svg.len());
}

#[test]
fn the_plot_fits_eighty_columns_and_needs_no_colour() {
    let folder = Folder::new();
    let file = recorded(&folder);
    let ended = annulus(&["replay", &file]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    assert!(!ended.out.contains('\u{1b}'), "no colour off a terminal");
    let plot = ended.out.split("\n\n").nth(1).expect("a plot");
    for line in plot.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    for sign in [
        "▓",
        "─",
        "┆",
        "S stop",
        "h hold",
        "u unloading",
        "force",
        "ceiling",
    ] {
        assert!(plot.contains(sign), "{sign} in\n{plot}");
    }
    let strip = plot
        .lines()
        .find(|line| line.contains("tr"))
        .expect("phases");
    assert_eq!(strip.matches('S').count(), 1, "{strip}");
}

#[test]
fn a_recording_cut_short_is_refused_unless_its_intact_part_is_asked_for() {
    let folder = Folder::new();
    let file = recorded(&folder);
    let bytes = std::fs::read(&file).expect("a recording");
    std::fs::write(&file, &bytes[..bytes.len() / 2]).expect("cut");
    let problem = refused(&folder, &file, "recording-cut");
    assert!(problem["place"].as_str().expect("a place").contains("byte"));
    assert!(
        problem["remedy"]
            .as_str()
            .expect("a remedy")
            .contains("--intact")
    );
    let told = json_of(&[&file, "--intact"]).json();
    assert_eq!(
        (&told["replay"]["equal"], &told["replay"]["whole"]),
        (&json!(true), &json!(false))
    );
    std::fs::write(&file, &bytes[..40]).expect("cut");
    refused(&folder, &file, "recording-header");
    std::fs::write(&file, b"").expect("cut");
    refused(&folder, &file, "recording-header");
}

#[test]
fn a_recording_altered_in_header_frame_hash_or_tail_is_refused_with_its_place() {
    let folder = Folder::new();
    let file = recorded(&folder);
    let bytes = std::fs::read(&file).expect("a recording");
    let contents = Contents::read(&bytes).expect("a recording");
    let header = contents.header.bytes().len();
    let chunk = 4 + 10 * contents.header.frame_bytes as usize;
    let cases = [
        (60, "recording-header"),
        (header - 1, "recording-header"),
        (header, "recording-altered"),
        (header + 500, "recording-altered"),
        (header + chunk + 5, "recording-altered"),
        (bytes.len() - 60, "recording-altered"),
        (bytes.len() - 1, "recording-altered"),
    ];
    for (at, code) in cases {
        let mut altered = bytes.clone();
        altered[at] ^= 0x41;
        std::fs::write(&file, &altered).expect("altered");
        refused(&folder, &file, code);
    }
    // Two chunks in each other's place: every hash is a true one, the chain is not.
    let mut swapped = bytes.clone();
    let (one, other) = (header, header + chunk + 32);
    for at in 0..chunk + 32 {
        swapped.swap(one + at, other + at);
    }
    std::fs::write(&file, &swapped).expect("altered");
    refused(&folder, &file, "recording-altered");
    let longer = [&bytes[..], b"more"].concat();
    std::fs::write(&file, longer).expect("altered");
    refused(&folder, &file, "recording-altered");
    let later = [b"ANNBOX9\n", &bytes[8..]].concat();
    std::fs::write(&file, later).expect("altered");
    refused(&folder, &file, "recording-version");
}

/// The recording with one output changed and every hash made anew, under a program's name.
fn forged(file: &str, program: Option<&str>) {
    let bytes = std::fs::read(file).expect("a recording");
    let contents = Contents::read(&bytes).expect("a recording");
    let mut header = contents.header.clone();
    header.program = program.map(str::to_owned);
    let mut out = Vec::new();
    let mut encoder = Encoder::start(&header, &mut out);
    for (tick, kept) in contents.frames().enumerate() {
        let mut frame = Frame::decode(kept).expect("a frame");
        if tick == 4_321 {
            frame.output.drive.torque = false;
        }
        encoder.push(&frame.encode(), &mut out);
    }
    encoder.finish(&contents.end.expect("closed"), &mut out);
    std::fs::write(file, out).expect("forged");
}

#[test]
fn an_output_altered_under_true_hashes_fails_with_tick_and_field() {
    let folder = Folder::new();
    let file = recorded(&folder);
    forged(&file, Some(PROGRAM));
    let ended = json_of(&[&file]);
    assert_eq!(ended.status, 1, "{}", ended.err);
    let told: Value = serde_json::from_str(&ended.out).expect("JSON");
    let found = &told["replay"]["difference"];
    assert_eq!(
        (&found["tick"], &found["field"]),
        (&json!(4_321), &json!("drive_torque"))
    );
    assert!(
        ended.err.contains("4321") && ended.err.contains("drive_torque"),
        "{}",
        ended.err
    );
}

#[test]
fn a_difference_under_another_program_is_no_proof_and_names_it() {
    for program in [Some("annulus 0.0.9 abc"), None] {
        let folder = Folder::new();
        let file = recorded(&folder);
        forged(&file, program);
        let problem = refused(&folder, &file, "recording-program");
        assert!(
            problem["problem"].as_str().expect("text").contains(PROGRAM),
            "{problem}"
        );
    }
}

#[test]
fn a_recording_as_parquet_comes_out_again_alike_and_is_refused_where_it_was_changed() {
    let folder = Folder::new();
    let (file, parquet) = (recorded(&folder), folder.at("session.parquet"));
    let mut raw = json_of(&[&file, "--parquet", &parquet]).json();
    let mut told = json_of(&[&parquet]).json();
    assert_eq!(
        (&raw["form"], &told["form"]),
        (&json!("frames"), &json!("parquet"))
    );
    for one in [&mut raw, &mut told] {
        let fields = one.as_object_mut().expect("an object");
        fields.retain(|key, _| key != "file" && key != "form");
    }
    assert_eq!(raw, told, "the same recording");
    let back = folder.at("again.parquet");
    json_of(&[&parquet, "--parquet", &back]).json();
    let bytes = std::fs::read(&parquet).expect("there");
    assert!(
        std::fs::read(&back).expect("there") == bytes,
        "the same file again"
    );
    for cut in [3, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&parquet, &bytes[..cut]).expect("cut");
        let code = if cut < 4 {
            "recording-header"
        } else {
            "recording-altered"
        };
        refused(&folder, &parquet, code);
    }
    let mut altered = bytes.clone();
    let at = altered.len() / 3;
    altered[at] ^= 0x40;
    std::fs::write(&parquet, &altered).expect("altered");
    let problem = refused(&folder, &parquet, "recording-altered");
    assert!(
        problem["place"]
            .as_str()
            .expect("a place")
            .contains("column"),
        "{problem}"
    );
}

/// hazard: H14
#[test]
fn a_grant_that_the_named_key_did_not_sign_is_refused_and_an_unnamed_key_is_told() {
    let folder = Folder::new();
    let file = recorded(&folder);
    let bytes = std::fs::read(&file).expect("a recording");
    let contents = Contents::read(&bytes).expect("a recording");
    let clinic = SigningKey::from_bytes(&[7; 32]);
    let mut header = contents.header.clone();
    header.signature = clinic.sign(&header.grant).to_bytes();
    let mut out = Vec::new();
    let mut encoder = Encoder::start(&header, &mut out);
    contents
        .frames()
        .for_each(|kept| encoder.push(kept, &mut out));
    encoder.finish(&contents.end.expect("closed"), &mut out);
    std::fs::write(&file, out).expect("signed");
    let public = |seed: u8| hex::encode(SigningKey::from_bytes(&[seed; 32]).verifying_key());
    let mine = folder.write("mine.pub", public(7).as_bytes());
    let other = folder.write("other.pub", public(8).as_bytes());
    assert_eq!(
        json_of(&[&file, "--key", &mine]).json()["signature"],
        "verified"
    );
    let problem = json_of(&[&file, "--key", &other]).problem();
    assert_eq!(problem["code"], "recording-grant-forged", "{problem}");
    assert_eq!(problem["value"], other.as_str());
    let here = |key: Option<&str>| {
        if let Some(key) = key {
            std::fs::create_dir_all(folder.at("var")).expect("a folder");
            std::fs::copy(key, folder.at("var/clinic.pub")).expect("a key");
        }
        let mut command = command(&["replay", &file]);
        let told = command
            .current_dir(folder.at(""))
            .output()
            .expect("it runs");
        assert!(told.status.success(), "{told:?}");
        String::from_utf8(told.stdout).expect("text")
    };
    assert!(here(None).contains("the grant's signature was not checked"));
    assert!(here(Some(&other)).contains("signed by a key that is unknown here"));
    assert!(here(Some(&mine)).contains("the grant's signature verifies"));
    let stranger = folder.write("none.pub", b"no key");
    let problem = json_of(&[&file, "--key", &stranger]).problem();
    assert_eq!(problem["code"], "key", "{problem}");
}

//! `calibrate`: what a treated session teaches is written, told and simulated from.

use crate::path::signed_in;
use crate::run::{Ended, Folder, annulus, example};
use serde_json::{Value, json};

fn spine() -> String {
    crate::house::root()
        .join("examples/lumbar.spine.json")
        .display()
        .to_string()
}

/// A measured session: one hold of a minute on a chain that gives and creeps a little.
fn measured() -> Value {
    let force = |t: f64| match t {
        t if t < 2.0 => 5.0 * t,
        t if t < 12.0 => 10.0 + 19.0 * (t - 2.0),
        t if t < 72.0 => 200.0,
        t if t < 82.0 => 200.0 - 19.0 * (t - 72.0),
        _ => 10.0,
    };
    let at: Vec<f64> = (0..=170).map(|index| f64::from(index) * 0.5).collect();
    let travel = |t: f64| 0.012 + 1.3e-4 * force(t) + 1e-3 * (1.0 - (-t / 40.0).exp());
    json!({
        "schema": "annulus.measured-session/1",
        "region": "lumbar",
        "t_s": at,
        "force_n": at.iter().map(|t| force(*t)).collect::<Vec<_>>(),
        "travel_m": at.iter().map(|t| travel(*t)).collect::<Vec<_>>(),
    })
}

/// Runs `calibrate` on a session with further arguments.
fn calibrate(folder: &Folder, session: &Value, more: &[&str]) -> Ended {
    let session = folder.write("session.json", session.to_string().as_bytes());
    let (spine, out) = (spine(), folder.at("belief.json"));
    let mut args = vec!["calibrate", "--spine", &spine, "--session", &session];
    args.extend(["--out", &out]);
    args.extend(more);
    annulus(&args)
}

fn json_of(path: &str) -> Value {
    let text = std::fs::read_to_string(path).expect("it was written");
    serde_json::from_str(&text).expect("it is JSON")
}

#[test]
fn a_treated_session_teaches_and_the_next_simulation_knows_it() {
    let folder = Folder::new();
    let signed = signed_in(&folder);
    let (frames, belief, spine) = (folder.at("a.frames"), folder.at("belief.json"), spine());
    let start = example("start");
    let treat = ["treat", &signed, "--facts", &start, "--recording", &frames];
    assert_eq!(annulus(&treat).status, 0);

    let learn = [
        "calibrate",
        "--spine",
        &spine,
        "--session",
        &frames,
        "--prescription",
        &signed,
        "--out",
        &belief,
        "--format",
        "json",
    ];
    let told = annulus(&learn).json();
    assert_eq!(told["schema"], "annulus.calibration/1");
    assert_eq!(told["region"], "lumbar");
    let reach = told["measured"][0]["value_m"].as_f64().expect("a reach");
    assert!((0.005..0.2).contains(&reach), "{reach}");
    let written = json_of(&belief);
    assert_eq!(written["schema"], "annulus.belief/1");
    assert!(
        written["factor"]
            .as_array()
            .is_some_and(|of| of.len() > 100)
    );

    let planned = |more: &[&str]| -> Value {
        let chart = example("cleared");
        let mut args = vec!["plan", &chart, "--format", "json"];
        args.extend(more);
        annulus(&args).json()
    };
    assert_ne!(planned(&["--posterior", &belief]), planned(&[]));

    let simulate = [
        "simulate",
        "--spine",
        &spine,
        "--prescription",
        &signed,
        "--posterior",
        &belief,
        "--members",
        "8",
        "--instants",
        "5",
        "--format",
        "json",
    ];
    assert_eq!(annulus(&simulate).json()["learned"], true);
}

#[test]
fn a_second_session_goes_on_from_the_first_and_words_say_what_moved() {
    let folder = Folder::new();
    let first = calibrate(&folder, &measured(), &[]);
    assert_eq!(first.status, 0, "{}", first.err);
    for words in ["Lumbar session", "holds of 200 N", "% of the doubt is gone"] {
        assert!(first.out.contains(words), "{words}: {}", first.out);
    }
    let known = folder.write(
        "known.json",
        json_of(&folder.at("belief.json")).to_string().as_bytes(),
    );
    let second = calibrate(
        &folder,
        &measured(),
        &["--prior", &known, "--format", "json"],
    )
    .json();
    assert_eq!(second["learned_before"], true);
    let most = |told: &Value| told["unknowns"][0]["known"].as_f64().expect("a share");
    assert!(most(&second) > 0.05, "{second}");
}

#[test]
fn what_no_session_is_is_refused_by_place_value_and_remedy() {
    let folder = Folder::new();
    let refused = |change: &dyn Fn(&mut Value), more: &[&str], place: &str| {
        let mut session = measured();
        change(&mut session);
        let mut args = vec!["--format", "json"];
        args.extend(more);
        let problem = calibrate(&folder, &session, &args).problem();
        assert_eq!(problem["place"], place, "{problem}");
        assert!(
            problem["remedy"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        assert!(!std::path::Path::new(&folder.at("belief.json")).exists());
        problem
    };
    refused(
        &|of| of["schema"] = json!("annulus.session/1"),
        &[],
        "session.schema",
    );
    refused(
        &|of| of["region"] = json!("thoracic"),
        &[],
        "session.region",
    );
    refused(
        &|of| of["force_n"][17] = json!(1e9),
        &[],
        "session.force_n[17]",
    );
    refused(&|of| of["t_s"][3] = json!(0.1), &[], "session.t_s[3]");
    let short = |of: &mut Value| {
        for column in ["t_s", "force_n", "travel_m"] {
            of[column].as_array_mut().expect("a column").truncate(30);
        }
    };
    let problem = refused(&short, &[], "session.force_n");
    assert_eq!(problem["code"], "session-too-short");
    let neck = json!({
        "schema": "annulus.belief/1", "region": "cervical", "mean": [], "factor": []
    });
    let neck = folder.write("neck.json", neck.to_string().as_bytes());
    let problem = refused(&|_| {}, &["--prior", &neck], "region");
    assert_eq!(problem["value"], "cervical");
}

#[test]
fn the_lumped_patient_is_written_with_its_error() {
    let folder = Folder::new();
    let (spine, out) = (spine(), folder.at("lumped.json"));
    let args = ["calibrate", "--spine", &spine, "--lumped", "--out", &out];
    let ended = annulus(&args);
    assert_eq!(ended.status, 0, "{}", ended.err);
    assert!(
        ended.out.contains("travel under the same force"),
        "{}",
        ended.out
    );
    let written = json_of(&out);
    assert_eq!(written["schema"], "annulus.lumped/1");
    let off = written["error"]["travel_max_m"].as_f64().expect("an error");
    // The bound stated in spine's tests/fit.rs.
    assert!(off < 3e-3, "{written}");
}

//! The path of care as filters over files: evaluate, plan, sign, treat, triage, review.

use crate::run::{Folder, annulus, command, example, facts};
use serde_json::{Value, json};

/// A signed plan of the cleared example, in a folder of its own.
fn signed() -> (Folder, String) {
    let folder = Folder::new();
    let signed = signed_in(&folder);
    (folder, signed)
}

/// A signed plan of the cleared example, beside its key `demo.key`.
pub(crate) fn signed_in(folder: &Folder) -> String {
    let (plan, key, signed) = (
        folder.at("plan.json"),
        folder.at("demo.key"),
        folder.at("signed.json"),
    );
    assert_eq!(
        annulus(&["plan", &example("cleared"), "--out", &plan]).status,
        0
    );
    assert_eq!(annulus(&["key", "new", &key]).status, 0);
    let at = "2026-11-23T09:10:00Z";
    let args = [
        "sign",
        &plan,
        "--candidate",
        "gentle",
        "--by",
        "dr-okafor",
        "--key",
        &key,
        "--at",
        at,
        "--out",
        &signed,
    ];
    let ended = annulus(&args);
    assert_eq!(ended.status, 0, "{}", ended.err);
    signed
}

fn treat(signed: &str, more: &[&str]) -> Value {
    let start = example("start");
    let mut args = vec!["treat", signed, "--facts", &start, "--format", "json"];
    args.extend(more);
    annulus(&args).json()
}

#[test]
fn a_cleared_patient_is_planned_signed_and_treated() {
    let decision = annulus(&["evaluate", &example("cleared"), "--format", "json"]).json();
    assert_eq!(
        (&decision["verdict"], &decision["urgency"]),
        (&json!("cleared"), &json!("none"))
    );
    let (_folder, signed) = signed();
    let session = treat(&signed, &[]);
    assert_eq!(session["simulated"], true);
    assert_eq!(session["summary"]["completed"], true, "{session}");
    let signed = std::fs::read_to_string(&signed).expect("it was written");
    let signed: Value = serde_json::from_str(&signed).expect("JSON");
    let plan = signed["plan"].as_str().expect("the plan's bytes are text");
    let plan: Value = serde_json::from_str(plan).expect("the plan is JSON");
    let force = plan["candidates"]["gentle"]["prescription"]["force_n"]
        .as_f64()
        .expect("a force");
    let peak = session["summary"]["peak_n"].as_f64().expect("a peak");
    assert!(
        (peak - force).abs() <= 10.0,
        "prescribed {force} N, pulled {peak} N"
    );
}

#[test]
fn the_candidates_stay_inside_the_dose_limits() {
    let folder = Folder::new();
    let plan = folder.at("plan.json");
    assert_eq!(
        annulus(&["plan", &example("cleared"), "--out", &plan]).status,
        0
    );
    let plan: Value = serde_json::from_str(&std::fs::read_to_string(plan).expect("it was written"))
        .expect("JSON");
    let weight_n: f64 = 78.0 * 9.806_65;
    let candidates = plan["candidates"].as_object().expect("candidates by name");
    assert!(candidates.contains_key("gentle"));
    for (name, candidate) in candidates {
        let force = candidate["prescription"]["force_n"]
            .as_f64()
            .expect("a force");
        let ceiling = candidate["course"]["ceiling_n"]
            .as_f64()
            .expect("a ceiling");
        assert!(
            force <= (0.25 * weight_n).min(222.5),
            "{name}: {force} N in the first session"
        );
        assert!(
            ceiling <= (0.5 * weight_n).min(534.0) + 1e-9,
            "{name}: ceiling {ceiling} N"
        );
        let reasons = candidate["prescription"]["reasons"]
            .as_array()
            .expect("reasons");
        assert!(
            reasons.iter().any(|reason| reason["setting"] == "force_n"),
            "{name} says why its force"
        );
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (_folder, signed) = signed();
    let sha = |seed: &str| treat(&signed, &["--seed", seed])["recording"]["sha256"].clone();
    assert_eq!(sha("3"), sha("3"));
    assert_ne!(sha("3"), sha("4"));
}

#[test]
fn a_processor_without_avx2_gives_the_same_bytes() {
    let (_folder, signed) = signed();
    let start = example("start");
    let args = ["treat", &signed, "--facts", &start, "--format", "json"];
    let with = treat(&signed, &[]);
    let plain = command(&args)
        .env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2,-FMA")
        .output()
        .expect("the binary runs");
    let plain: Value = serde_json::from_slice(&plain.stdout).expect("JSON");
    assert_eq!(with["recording"]["sha256"], plain["recording"]["sha256"]);
}

#[test]
fn a_pressed_switch_unloads_within_five_seconds() {
    let (_folder, signed) = signed();
    let session = treat(&signed, &["--press-switch-at", "120"]);
    assert_eq!(session["summary"]["completed"], false);
    let stop = &session["summary"]["stops"][0];
    assert!(
        stop["command_ms"].as_u64().expect("a latency") <= 20,
        "{stop}"
    );
    assert!(
        stop["unloaded_ms"].as_u64().expect("a time") <= 5_000,
        "{stop}"
    );
}

/// hazard: H30
#[test]
fn a_start_row_that_is_unknown_keeps_the_table_still() {
    let (folder, signed) = signed();
    let mut start = facts("start");
    start["facts"]
        .as_object_mut()
        .expect("facts")
        .remove("start_switch_pressed");
    let start = folder.write("start.json", start.to_string().as_bytes());
    let problem = annulus(&["treat", &signed, "--facts", &start, "--format", "json"]).problem();
    assert!(
        problem.to_string().contains("start_switch_pressed"),
        "{problem}"
    );
}

#[test]
fn soreness_that_is_expected_is_told_from_an_emergency() {
    let expected = annulus(&["triage", &example("checkin-expected"), "--format", "json"]).json();
    assert_eq!(expected["verdict"], "expected-soreness", "{expected:#}");
    assert_eq!(expected["urgency"], "none");
    let emergency = annulus(&["triage", &example("checkin-emergency"), "--format", "json"]).json();
    assert_eq!(
        (&emergency["verdict"], &emergency["urgency"]),
        (&json!("emergency"), &json!("emergency"))
    );
}

#[test]
fn a_course_without_scores_is_evaluated_again() {
    let folder = Folder::new();
    let none = json!({"region": "lumbar", "at": "2026-11-23T09:00:00Z", "facts": {}});
    let path = folder.write("course.json", none.to_string().as_bytes());
    let review = annulus(&["review", &path, "--format", "json"]).json();
    assert_eq!(review["verdict"], "re-evaluate");
}

#[test]
fn a_plan_as_text_names_the_row_of_its_condition_and_what_speaks_against_it() {
    let plan = annulus(&["plan", &example("cleared"), "--format", "text"]);
    assert_eq!(plan.status, 0);
    for words in ["(row lumbar-sciatica)", "    against: ", "S56b"] {
        assert!(plan.out.contains(words), "{words}: {}", plan.out);
    }
}

#[test]
fn the_schemas_are_those_of_the_types() {
    let folder = Folder::new();
    assert_eq!(annulus(&["schema", &folder.at("schema")]).status, 0);
    for entry in std::fs::read_dir(folder.at("schema")).expect("schemas were written") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let kept = crate::house::read(&format!("docs/schema/{name}"));
        let now = std::fs::read_to_string(&path).expect("a schema");
        assert_eq!(
            kept, now,
            "docs/schema/{name} is old: run `annulus schema docs/schema`"
        );
    }
}

/// The commands below `path`, from its own help.
fn below(path: &[String]) -> Vec<Vec<String>> {
    let mut args: Vec<&str> = path.iter().map(String::as_str).collect();
    args.push("--help");
    let help = annulus(&args);
    assert_eq!(help.status, 0, "{path:?}");
    let list = help
        .out
        .split("Commands:\n")
        .nth(1)
        .map(|rest| rest.split("\n\n").next().unwrap_or(rest));
    let Some(list) = list else {
        assert!(
            help.out.contains("Example"),
            "{path:?} --help shows no example"
        );
        return Vec::new();
    };
    let names = list
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("    "));
    let names = names
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help");
    names
        .map(|name| [path, &[name.to_owned()]].concat())
        .collect()
}

#[test]
fn every_command_shows_an_example() {
    let mut open = below(&[]);
    assert!(open.len() >= 14, "{open:?}");
    while let Some(path) = open.pop() {
        open.extend(below(&path));
    }
}

/// The lines of the README's tour, run as a stranger would type them.
#[test]
fn the_tour_of_the_readme_runs_as_printed() {
    let readme = crate::house::read("README.md");
    let tour = readme
        .split("## Five lines")
        .nth(1)
        .and_then(|rest| rest.split("```sh\n").nth(1));
    let tour = tour
        .and_then(|rest| rest.split("```").next())
        .expect("the README has a tour");
    assert_eq!(tour.lines().count(), 5, "{tour}");
    let folder = Folder::new();
    let examples = crate::house::root().join("examples");
    std::os::unix::fs::symlink(examples, folder.at("examples")).expect("a link");
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_annulus"))
        .parent()
        .expect("a folder");
    let path = std::env::join_paths(std::iter::once(bin.to_path_buf()).chain(
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()),
    ));
    let done = std::process::Command::new("bash")
        .args(["-euc", tour])
        .env("PATH", path.expect("a path"))
        .current_dir(folder.at(""))
        .output()
        .expect("bash runs");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(said.contains("Completed on a simulated table"), "{said}");
}

#[test]
fn what_is_found_by_examining_is_not_found_by_the_patient() {
    let folder = Folder::new();
    let mut document = facts("cleared");
    document["facts"]["motor_strength"]["by"] = json!("patient");
    let path = folder.write("told.json", document.to_string().as_bytes());
    let decision = annulus(&["evaluate", &path, "--format", "json"]).json();
    assert_eq!(decision["verdict"], "evaluate-first");
    assert_eq!(
        decision["next_questions"][0]["fact"], "motor_strength",
        "{decision}"
    );
}

#[test]
fn evidence_and_consent_are_told_for_a_region_and_a_condition() {
    let args = [
        "knowledge",
        "evidence",
        "--region",
        "lumbar",
        "--condition",
        "sciatica",
    ];
    let found = annulus(&[&args[..], &["--format", "json"]].concat()).json();
    let ids: Vec<&str> = found["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["id"].as_str())
        .collect();
    assert!(
        ids.contains(&"nice-ng59") && ids.contains(&"amjad-2022"),
        "{ids:?}"
    );
    assert!(!ids.contains(&"young-2009"), "{ids:?}");
    assert_eq!(found["summary"]["guidelines"]["against"], 2);
    let text = annulus(&args);
    assert!(
        text.out.contains("Advise against traction: 2"),
        "{}",
        text.out
    );
    let args = [
        "knowledge",
        "consent",
        "--region",
        "cervical",
        "--format",
        "json",
    ];
    let consent = annulus(&args).json();
    assert_eq!(consent["version"].as_str().map(str::len), Some(64));
    let args = [
        "knowledge",
        "consent",
        "--region",
        "cervical",
        "--condition",
        "facet",
    ];
    let refused = annulus(&[&args[..], &["--format", "json"]].concat()).problem();
    assert_eq!(refused["code"], "unknown-condition");
}

//! Every mode from the plan to the table, and every door that a pull beyond what was
//! signed is held at.

use crate::run::{Ended, Folder, annulus, example};
use serde_json::{Value, json};

const MODES: [&str; 7] = [
    "static",
    "intermittent",
    "cyclic",
    "progressive",
    "regressive",
    "logarithmic",
    "oscillating",
];

fn plan(folder: &Folder, more: &[&str]) -> (Ended, String) {
    let out = folder.at("plan.json");
    let start = example("cleared");
    let args = ["plan", &start, "--out", &out, "--format", "json"];
    (annulus(&[&args, more].concat()), out)
}

fn sign(folder: &Folder, plan: &str, candidate: &str) -> (Ended, String) {
    let (key, signed) = (folder.at("demo.key"), folder.at("signed.json"));
    // The second time there is one.
    annulus(&["key", "new", &key]);
    let args = [
        "sign",
        plan,
        "--candidate",
        candidate,
        "--by",
        "dr-okafor",
        "--key",
        &key,
        "--at",
        "2026-11-23T09:10:00Z",
        "--out",
        &signed,
        "--format",
        "json",
    ];
    (annulus(&args), signed)
}

fn treat(signed: &str) -> Ended {
    let start = example("start");
    annulus(&["treat", signed, "--facts", &start, "--format", "json"])
}

fn read(path: &str) -> Value {
    let text = std::fs::read_to_string(path).expect("it was written");
    serde_json::from_str(&text).expect("JSON")
}

/// hazard: H1
#[test]
fn every_mode_is_planned_signed_and_treated_on_the_simulated_table() {
    for mode in MODES {
        let folder = Folder::new();
        let (ended, path) = plan(
            &folder,
            &["--from", "gentle", "--mode", mode, "--ceiling-n", "130"],
        );
        assert_eq!(ended.status, 0, "{mode}: {}", ended.err);
        let pull = &read(&path)["candidates"]["chosen"]["prescription"];
        assert_eq!(
            (&pull["mode"], &pull["ceiling_n"]),
            (&json!(mode), &json!(130.0))
        );
        let (ended, signed) = sign(&folder, &path, "chosen");
        assert_eq!(ended.status, 0, "{mode}: {}", ended.err);
        let session = treat(&signed).json();
        let summary = &session["summary"];
        assert_eq!(summary["completed"], true, "{mode}: {session}");
        let force = pull["force_n"].as_f64().expect("a force");
        let peak = summary["peak_n"].as_f64().expect("a peak");
        assert!(
            (peak - force).abs() <= 10.0,
            "{mode}: {force} N signed, {peak} N pulled"
        );
    }
}

#[test]
fn a_plan_as_text_tells_the_chosen_numbers_and_that_nobody_knows_better() {
    let start = example("cleared");
    let told = annulus(&[
        "plan",
        &start,
        "--from",
        "gentle",
        "--mode",
        "oscillating",
        "--ceiling-n",
        "130",
        "--format",
        "text",
    ]);
    assert_eq!(told.status, 0, "{}", told.err);
    for words in [
        "\nchosen: Oscillating",
        "may be changed in a session up to 130 N",
        "oscillation below the force",
        "No mode was superior",
        "S88b",
        "the knowledge does not recommend them",
    ] {
        assert!(told.out.contains(words), "{words}: {}", told.out);
    }
}

/// The first door: what is asked for.
///
/// hazard: H1, H14
#[test]
fn a_choice_beyond_the_limits_writes_no_plan() {
    let rows: [(&[&str], &str); 8] = [
        (&["--from", "bold"], "choice.from"),
        (&["--from", "gentle", "--mode", "wavy"], "--mode"),
        (&["--from", "gentle", "--force-n", "500"], "choice.force_n"),
        (
            &["--from", "gentle", "--ceiling-n", "500"],
            "choice.ceiling_n",
        ),
        (
            &["--from", "gentle", "--ramp-n-per-s", "40"],
            "choice.ramp_n_per_s",
        ),
        (&["--from", "gentle", "--hold-s", "3000"], "choice.hold_s"),
        (&["--from", "gentle", "--swing-n", "10"], "choice.swing_n"),
        (
            &[
                "--from",
                "gentle",
                "--mode",
                "oscillating",
                "--swing-n",
                "90",
            ],
            "choice.swing_n",
        ),
    ];
    for (more, place) in rows {
        let folder = Folder::new();
        let (ended, path) = plan(&folder, more);
        let problem = ended.problem();
        assert_eq!(problem["place"], place, "{problem}");
        for part in ["value", "problem", "remedy"] {
            let said = problem[part].as_str().unwrap_or_default();
            assert!(!said.is_empty(), "{more:?} says no {part}: {problem}");
        }
        assert!(
            !std::path::Path::new(&path).exists(),
            "{more:?} wrote a plan"
        );
    }
}

/// The second and third door: a plan that was edited is not signed, and a signed one is
/// not used. The bedside's door is `table`'s.
///
/// hazard: H1, H14
#[test]
fn a_plan_edited_beyond_its_limits_is_neither_signed_nor_treated() {
    let folder = Folder::new();
    let (ended, path) = plan(&folder, &["--from", "gentle", "--mode", "oscillating"]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    let good = read(&path);
    let (ended, signed) = sign(&folder, &path, "chosen");
    assert_eq!(ended.status, 0, "{}", ended.err);
    let signed = read(&signed);
    for (setting, value) in [
        ("force_n", 500.0),
        ("ceiling_n", 500.0),
        ("ramp_n_per_s", 40.0),
        ("hold_s", 3000.0),
        ("swing_n", 90.0),
        ("period_s", 0.5),
    ] {
        let mut plan = good.clone();
        plan["candidates"]["chosen"]["prescription"][setting] = json!(value);
        let edited = folder.write("edited.json", plan.to_string().as_bytes());
        let problem = sign(&folder, &edited, "chosen").0.problem();
        let place = problem["place"].as_str().unwrap_or_default().to_owned();
        assert!(
            place.starts_with("candidates.chosen.prescription."),
            "{setting}: {problem}"
        );
        assert!(!problem["remedy"].as_str().unwrap_or_default().is_empty());
        let mut altered = signed.clone();
        altered["plan"] = json!(plan.to_string());
        let altered = folder.write("altered.json", altered.to_string().as_bytes());
        assert_eq!(
            treat(&altered).problem()["code"],
            "plan-altered",
            "{setting}"
        );
    }
}

#[test]
fn a_chosen_pull_is_simulated_from_the_plan_and_a_wrong_shape_has_its_place() {
    let folder = Folder::new();
    let (ended, path) = plan(&folder, &["--from", "gentle", "--mode", "logarithmic"]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    let spine = crate::house::root().join("examples/lumbar.spine.json");
    let spine = spine.display().to_string();
    let simulate = |prescription: &str, candidate: &[&str]| {
        let args = [
            "simulate",
            "--spine",
            &spine,
            "--prescription",
            prescription,
            "--members",
            "4",
            "--instants",
            "4",
            "--format",
            "json",
        ];
        annulus(&[&args, candidate].concat())
    };
    let told = simulate(&path, &["--candidate", "chosen"]).json();
    assert_eq!(told["schema"], "annulus.simulation/1");
    let pull = &read(&path)["candidates"]["chosen"]["prescription"];
    for (setting, value) in [
        ("rise_s", json!(1.0)),
        ("swing_n", json!(5.0)),
        ("least_n", json!(20.0)),
    ] {
        let mut wrong = pull.clone();
        wrong[setting] = value;
        let wrong = folder.write("wrong.json", wrong.to_string().as_bytes());
        let problem = simulate(&wrong, &[]).problem();
        assert_eq!(
            problem["place"],
            format!("prescription.{setting}"),
            "{problem}"
        );
        assert!(!problem["value"].as_str().unwrap_or_default().is_empty());
    }
}

//! `simulate`: text, JSON, picture and table say the same, and bad input is told its place.

use crate::run::{Ended, Folder, annulus, example};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::RowAccessor as _;
use serde_json::{Value, json};

/// A short pull, so that the tests stay short.
fn pull() -> Value {
    json!({
        "region": "lumbar", "target": "L5-S1", "position": "supine", "table_split": true,
        "mode": "static", "force_n": 200, "base_n": 20, "ramp_n_per_s": 10,
        "hold_s": 60, "rest_s": 0, "cycles": 1, "angle_deg": 0
    })
}

fn spine() -> String {
    crate::house::root()
        .join("examples/lumbar.spine.json")
        .display()
        .to_string()
}

/// Runs `simulate` on a pull with further arguments.
fn simulate(pull: &Value, more: &[&str]) -> Ended {
    let folder = Folder::new();
    let file = folder.write("pull.json", pull.to_string().as_bytes());
    let spine = spine();
    let mut args = vec!["simulate", "--spine", &spine, "--prescription", &file];
    args.extend(["--members", "8", "--instants", "5"]);
    args.extend(more);
    annulus(&args)
}

/// The value at the end of the last hold.
fn held(told: &Value, segment: &str, output: &str) -> Value {
    let at = told["held"].as_u64().expect("an index") as usize;
    let level = told["levels"].as_array().expect("levels").iter();
    let level = level.clone().find(|level| level["segment"] == segment);
    let outputs = level.expect("the level")["outputs"]
        .as_array()
        .expect("outputs");
    let found = outputs.iter().find(|own| own["name"] == output);
    found.expect("the output")["shown"][at].clone()
}

#[test]
fn every_level_has_every_output_with_its_interval() {
    let told = simulate(&pull(), &["--format", "json"]).json();
    assert_eq!(told["schema"], "annulus.simulation/1");
    let segments: Vec<&str> = told["levels"]
        .as_array()
        .expect("levels")
        .iter()
        .filter_map(|level| level["segment"].as_str())
        .collect();
    assert_eq!(
        segments,
        ["T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1"]
    );
    for segment in segments {
        let opening = held(&told, segment, "separation");
        let [low, mid, high] =
            ["low", "mid", "high"].map(|k| opening[k].as_f64().expect("a number"));
        assert!(
            mid - low >= 0.5e-3 - 1e-12 && high - mid >= 0.5e-3 - 1e-12,
            "{opening}"
        );
        assert!(mid > 0.0, "a pull opens {segment}");
        assert!(held(&told, segment, "pressure-change")["mid"].is_f64());
    }
    // The same question gives the same bytes.
    let again = simulate(&pull(), &["--format", "json"]).json();
    assert_eq!(told, again);
}

#[test]
fn text_tells_every_level_and_what_to_read_it_with() {
    let told = simulate(&pull(), &[]);
    assert_eq!(told.status, 0, "{}", told.err);
    for words in [
        "T12-L1",
        "L5-S1 *",
        "reach the spine",
        "Warning:",
        "± 0.5 mm",
    ] {
        assert!(told.out.contains(words), "{words}: {}", told.out);
    }
}

#[test]
fn the_picture_shows_the_chosen_output_at_the_asked_instant() {
    let draw = |more: &[&str]| {
        let mut args = vec!["--format", "svg"];
        args.extend(more);
        let told = simulate(&pull(), &args);
        assert_eq!(told.status, 0, "{}", told.err);
        assert!(told.out.starts_with("<svg") && told.out.trim_end().ends_with("</svg>"));
        told.out
    };
    let opened = draw(&[]);
    assert!(opened.contains("separation in mm") && opened.contains(">L5–S1<"));
    let pressed = draw(&["--output", "pressure-change", "--at-s", "30", "--upright"]);
    assert!(
        pressed.contains("pressure change in kPa at 30 s"),
        "{pressed}"
    );
    let whole = draw(&["--whole"]);
    assert!(whole.contains(">T6<") && !opened.contains(">T6<"));
}

#[test]
fn the_table_holds_a_row_for_each_instant_level_and_output() {
    let folder = Folder::new();
    let file = folder.at("levels.parquet");
    let told = simulate(&pull(), &["--format", "parquet", "--out", &file]);
    assert_eq!(told.status, 0, "{}", told.err);
    let bytes = std::fs::File::open(&file).expect("the table was written");
    let reader = SerializedFileReader::new(bytes).expect("it is a table");
    let names: Vec<String> = reader
        .metadata()
        .file_metadata()
        .schema_descr()
        .columns()
        .iter()
        .map(|column| column.name().to_owned())
        .collect();
    assert_eq!(
        names,
        ["t_s", "segment", "output", "low", "mid", "high", "unit"]
    );
    let rows: Vec<_> = reader
        .get_row_iter(None)
        .expect("rows")
        .map(|row| row.expect("a row"))
        .collect();
    // Six levels of 17 outputs and six quantities of the whole, at five instants and the last hold.
    assert_eq!(rows.len() % (6 * 17 + 6), 0);
    for row in &rows {
        let [low, mid, high] = [3, 4, 5].map(|column| row.get_double(column).expect("a number"));
        assert!(low <= mid && mid <= high && low.is_finite() && high.is_finite());
    }
    assert!(
        rows.iter()
            .any(|row| row.get_string(1).is_ok_and(|name| name == "L4-L5"))
    );
    let without = simulate(&pull(), &["--format", "parquet"]);
    assert_eq!(without.status, 2, "a table needs a file");
    assert!(without.err.contains("--out"));
}

#[test]
fn a_plan_needs_the_name_of_a_candidate_only_where_it_offers_several() {
    let folder = Folder::new();
    let plan = folder.at("plan.json");
    assert_eq!(
        annulus(&["plan", &example("cleared"), "--out", &plan]).status,
        0
    );
    let spine = spine();
    let ask = |more: &[&str]| {
        let mut args = vec!["simulate", "--spine", &spine, "--prescription", &plan];
        args.extend(["--members", "2", "--instants", "3", "--format", "json"]);
        args.extend(more);
        annulus(&args)
    };
    let told = ask(&["--candidate", "gentle"]).json();
    assert_eq!(told["prescription"]["region"], "lumbar");
    assert_eq!(
        ask(&["--candidate", "bold"]).problem()["place"],
        "--candidate"
    );
}

#[test]
fn bad_input_is_told_place_value_and_remedy() {
    let refused = |change: fn(&mut Value), more: &[&str], place: &str| {
        let mut own = pull();
        change(&mut own);
        let mut args = vec!["--format", "json"];
        args.extend(more);
        let problem = simulate(&own, &args).problem();
        let told = problem["place"].as_str().expect("a place");
        assert!(
            told.contains(place),
            "{told} does not name {place}: {problem}"
        );
        assert!(!problem["remedy"].as_str().expect("text").is_empty());
    };
    refused(|p| p["force_n"] = json!(5000), &[], "prescription");
    refused(|p| p["target"] = json!("C5-C6"), &[], "target");
    refused(|p| p["angle_deg"] = json!(75), &[], "angle_deg");
    refused(|p| p["pull"] = json!(1), &[], "pull");
    refused(|_| (), &["--pain", "12"], "--pain");
    refused(|_| (), &["--resisting", "2"], "--resisting");
    refused(|_| (), &["--members", "1000000"], "--members");
    refused(|_| (), &["--posterior", "Cargo.toml"], "line 1");
}

#[test]
fn only_simulate_draws_and_only_what_there_is() {
    let told = simulate(&pull(), &["--format", "svg", "--output", "happiness"]);
    assert!(
        told.status == 2 && told.err.contains("separation"),
        "{}",
        told.err
    );
    let told = annulus(&["evaluate", &example("cleared"), "--format", "svg"]);
    assert!(
        told.status == 2 && told.err.contains("--format"),
        "{}",
        told.err
    );
}

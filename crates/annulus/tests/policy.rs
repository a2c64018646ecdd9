//! A clinic's policy file and its approvals, as an operator meets them.

use crate::run::{Ended, Folder, annulus, annulus_with, command, facts};
use serde_json::{Value, json};
use std::path::Path;

/// One answer of a clinic's file.
fn chosen(id: &str, value: &str) -> String {
    format!(
        "[[choice]]\nid = \"{id}\"\nvalue = {value}\napprover = \"Amara Okafor\"\nlicence = \"PT 4411\"\n\
         date = 2026-11-02\nreason = \"imaging takes weeks here\"\n"
    )
}

/// A chart without an image, decided under these arguments.
fn without_image(args: &[&str]) -> Value {
    let mut document = facts("cleared");
    document["facts"]["imaging_on_file"]["value"] = json!(false);
    let all = [&["evaluate", "-", "--format", "json"], args].concat();
    annulus_with(&all, document.to_string().as_bytes()).json()
}

#[test]
fn a_loosened_policy_is_on_the_decision_and_in_its_version() {
    let folder = Folder::new();
    let file = folder.write(
        "policy.toml",
        chosen("imaging", "\"when-indicated\"").as_bytes(),
    );
    let strict = without_image(&[]);
    assert_eq!(strict["verdict"], "evaluate-first", "{strict}");
    let loose = without_image(&["--policy", &file]);
    assert_eq!(loose["verdict"], "cleared", "{loose}");
    assert_eq!(loose["loosened"][0]["fact"], "policy_imaging");
    assert_eq!(loose["loosened"][0]["who"], "Amara Okafor (PT 4411)");
    assert_ne!(loose["knowledge"]["sha256"], strict["knowledge"]["sha256"]);
}

#[test]
fn the_example_of_a_policy_is_sound_and_tightens_only() {
    let file = crate::house::root().join("examples/clinic-policy.toml");
    let file = file.display().to_string();
    let told = annulus(&["knowledge", "policy", "--policy", &file, "--format", "json"]).json();
    let choices = told["choices"].as_array().expect("choices");
    let chosen = choices.iter().filter(|choice| !choice["chosen"].is_null());
    assert_eq!(chosen.count(), 2);
    assert!(choices.iter().all(|choice| choice["loosened"] == false));
}

#[test]
fn a_flag_goes_before_the_environment_and_that_before_the_settings_file() {
    let folder = Folder::new();
    let write =
        |name: &str, value: &str| folder.write(name, chosen("lumbar-ceiling", value).as_bytes());
    let (flag, env, file) = (
        write("flag.toml", "301"),
        write("env.toml", "302"),
        write("file.toml", "303"),
    );
    let config = folder.write(
        "annulus.toml",
        format!("policy_file = {file:?}\n").as_bytes(),
    );
    let in_force = |with_flag: bool, with_env: bool| {
        let args = [
            "knowledge",
            "policy",
            "--format",
            "json",
            "--config",
            &config,
        ];
        let mut command = command(&args);
        if with_flag {
            command.args(["--policy", &flag]);
        }
        if with_env {
            command.env("ANNULUS_POLICY", &env);
        }
        let output = command.output().expect("the binary runs");
        let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let choices = told["choices"].as_array().expect("choices");
        let own = choices.iter().find(|c| c["id"] == "lumbar-ceiling");
        own.expect("the choice")["in_force"].clone()
    };
    assert_eq!(in_force(true, true), json!(301.0));
    assert_eq!(in_force(false, true), json!(302.0));
    assert_eq!(in_force(false, false), json!(303.0));
}

#[test]
fn a_lowered_cap_binds_plans_and_signatures_of_the_command_line() {
    let folder = Folder::new();
    let file = folder.write(
        "policy.toml",
        chosen("lumbar-ceiling-share", "0.1").as_bytes(),
    );
    let chart = facts("cleared").to_string();
    let ceiling = |args: &[&str]| {
        let all = [&["plan", "-", "--format", "json"], args].concat();
        let plan = annulus_with(&all, chart.as_bytes()).json();
        let course = &plan["candidates"]["gentle"]["course"];
        (course["ceiling_n"].as_f64().expect("a force"), plan)
    };
    let (loose, plan) = ceiling(&[]);
    let (tight, _) = ceiling(&["--policy", &file]);
    assert!(tight < loose, "{tight} N and {loose} N");
    let plan = folder.write("plan.json", plan.to_string().as_bytes());
    let key = folder.at("demo.key");
    assert_eq!(annulus(&["key", "new", &key]).status, 0);
    let sign = [
        "sign",
        &plan,
        "--candidate",
        "gentle",
        "--by",
        "PT 1",
        "--key",
        &key,
        "--at",
        "2026-11-22T10:00:00Z",
        "--policy",
        &file,
        "--format",
        "json",
    ];
    assert_eq!(annulus(&sign).problem()["code"], "plan-unsound");
}

#[test]
fn a_broken_policy_names_the_clinics_own_file_with_line_and_column() {
    let folder = Folder::new();
    let text = chosen("imaging", "\"required\"") + &chosen("lumbar-ceiling", "600");
    let file = folder.write("our-policy.toml", text.as_bytes());
    for args in [
        &["evaluate", "-"][..],
        &["facts", "list"],
        &["knowledge", "policy"],
        &["knowledge", "check"],
    ] {
        let all = [args, &["--policy", &file, "--format", "json"]].concat();
        let problem = annulus_with(&all, b"{}").problem();
        assert_eq!(problem["place"], format!("{file}:10:9"), "{problem}");
        assert_eq!(problem["value"], "600");
        let remedy = problem["remedy"].as_str().expect("a remedy");
        assert!(remedy.contains("196 to 534"), "{remedy}");
    }
}

#[test]
fn the_server_does_not_start_on_a_broken_policy() {
    let folder = Folder::new();
    let data = folder.at("var");
    let file = folder.write("policy.toml", chosen("imaging", "\"never\"").as_bytes());
    let args = [
        "serve",
        "--demo",
        "--data",
        &data,
        "--listen",
        "127.0.0.1:0",
        "--policy",
        &file,
        "--format",
        "json",
    ];
    let problem = annulus(&args).problem();
    assert_eq!(problem["place"], format!("{file}:3:9"), "{problem}");
    assert!(!Path::new(&data).exists(), "nothing was made");
    let late = chosen("imaging", "\"required\"").replace("2026-11-02", "2199-01-01");
    folder.write("policy.toml", late.as_bytes());
    let problem = annulus(&args).problem();
    assert_eq!(problem["place"], format!("{file}:6:8"), "{problem}");
    assert_eq!(problem["code"], "in-the-future");
    let missing = [
        "serve",
        "--demo",
        "--data",
        &data,
        "--policy",
        "no-such-policy.toml",
        "--format",
        "json",
    ];
    assert_ne!(annulus(&missing).status, 0);
    assert!(!Path::new(&data).exists(), "nothing was made");
}

#[test]
fn a_chart_that_sets_a_policy_is_told_where_policy_belongs() {
    let mut document = facts("cleared");
    document["facts"]["policy_imaging"] = json!({"value": "when-indicated", "by": "practitioner"});
    let args = ["evaluate", "-", "--format", "json"];
    let problem = annulus_with(&args, document.to_string().as_bytes()).problem();
    assert_eq!(problem["code"], "policy-not-a-fact");
    assert_eq!(problem["place"], "facts.policy_imaging");
    let remedy = problem["remedy"].as_str().expect("a remedy");
    assert!(remedy.contains("policy_file"), "{remedy}");
}

/// A store with one account.
fn store(folder: &Folder) -> String {
    let data = folder.at("var");
    let args = [
        "user",
        "add",
        "ada",
        "--name",
        "Ada Pryce",
        "--role",
        "administrator",
        "--data",
        &data,
    ];
    assert_eq!(annulus(&args).status, 0);
    data
}

fn approve(data: &str, what: &[&str]) -> Ended {
    let by = [
        "--by",
        "Amara Okafor",
        "--licence",
        "PT 4411",
        "--data",
        data,
        "--format",
        "json",
    ];
    annulus(&[&["knowledge", "approve"], what, &by].concat())
}

#[test]
fn approvals_are_kept_in_the_journal_and_listed_with_who_gave_them() {
    let folder = Folder::new();
    let data = store(&folder);
    let done = approve(&data, &["spinal-implant", "--set", "triage", "--dose"]).json();
    assert_eq!(done["dose_approved"], true, "{done}");
    let list = ["knowledge", "list", "--data", &data, "--format", "json"];
    let listed = annulus(&list).json();
    let rules = listed["rules"].as_array().expect("rules");
    for rule in rules {
        let wanted = rule["id"] == "spinal-implant" || rule["set"] == "triage";
        let by = rule["approved"]["by"].as_str();
        assert_eq!(by, wanted.then_some("Amara Okafor"), "{}", rule["id"]);
    }
    let open = rules
        .iter()
        .filter(|rule| rule["approved"].is_null())
        .count();
    assert_eq!(done["rules_left"], open);
    let shown = annulus(&["knowledge", "show", "spinal-implant", "--data", &data]);
    assert!(
        shown.out.contains("by Amara Okafor (PT 4411)"),
        "{}",
        shown.out
    );
    let all = approve(&data, &["--all"]).json();
    assert_eq!(all["rules_left"], 0);
    let export = annulus(&["journal", "export", "--data", &data]).out;
    assert_eq!(export.matches("\"knowledge-approved\"").count(), 2);
    let verified = annulus(&["journal", "verify", "--data", &data]);
    assert_eq!(verified.status, 0, "{}", verified.err);
}

#[test]
fn an_approval_without_name_licence_rule_or_store_is_refused() {
    let folder = Folder::new();
    let data = store(&folder);
    let refused = |args: &[&str]| {
        let all = [&["knowledge", "approve", "--format", "json"], args].concat();
        annulus(&all).problem()
    };
    let named = [
        "--by",
        "Amara Okafor",
        "--licence",
        "PT 4411",
        "--data",
        &data,
    ];
    assert_eq!(refused(&named)["code"], "arguments", "nothing to approve");
    assert_eq!(
        refused(&["--all", "--by", "A", "--data", &data])["code"],
        "arguments"
    );
    for (by, licence) in [(" ", "PT 4411"), ("Amara Okafor", "")] {
        let args = ["--all", "--by", by, "--licence", licence, "--data", &data];
        assert_eq!(refused(&args)["code"], "not-said");
    }
    let unknown = [&["no-such-rule"], &named[..]].concat();
    assert_eq!(refused(&unknown)["value"], "no-such-rule");
    let set = [&["--set", "trriage"], &named[..]].concat();
    assert_eq!(refused(&set)["code"], "unknown-set");
    let late = [&["--all", "--at", "2199-01-01T00:00:00Z"], &named[..]].concat();
    assert_eq!(refused(&late)["code"], "in-the-future");
    let nowhere = folder.at("nowhere");
    let args = ["--all", "--by", "A", "--licence", "B", "--data", &nowhere];
    assert_eq!(refused(&args)["code"], "no-store");
    assert!(!Path::new(&nowhere).exists(), "nothing was made");
}

#[test]
fn a_choice_without_approver_or_made_twice_is_refused_where_it_stands() {
    let folder = Folder::new();
    let sound = chosen("imaging", "\"required\"");
    let cases = [
        (sound.replace("approver = \"Amara Okafor\"\n", ""), ":1:1"),
        (sound.replace("Amara Okafor", " "), ":4:12"),
        (sound.clone() + &sound, ":9:6"),
        (chosen("imagin", "\"required\""), ":2:6"),
    ];
    for (text, place) in cases {
        let file = folder.write("policy.toml", text.as_bytes());
        let args = ["knowledge", "policy", "--policy", &file, "--format", "json"];
        let problem = annulus(&args).problem();
        assert_eq!(problem["place"], format!("{file}{place}"), "{problem}");
        let remedy = problem["remedy"].as_str().expect("a remedy");
        assert!(!remedy.is_empty(), "{problem}");
    }
}

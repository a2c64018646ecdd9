//! Documents through the program itself, looked at with Debian's Poppler: what a reader
//! of the screen is told, what stands on the paper, and what is refused.

use base64::Engine as _;
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

const EVERY_BLOCK: &str = include_str!("samples/every-block.json");

fn sample() -> Value {
    serde_json::from_str(EVERY_BLOCK).expect("JSON")
}

fn run(program: &str, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}; scripts/install-test-tools"));
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writing = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("it ends");
    writing.join().expect("written");
    output
}

fn print(document: &Value) -> Output {
    print_in(&[], document)
}

fn print_in(fonts: &[&str], document: &Value) -> Output {
    let program = env!("CARGO_BIN_EXE_annulus-print");
    run(program, fonts, document.to_string().as_bytes())
}

fn printed(document: &Value) -> Vec<u8> {
    let output = print(document);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(output.stdout.starts_with(b"%PDF-1.7"), "{said}");
    output.stdout
}

#[test]
fn what_must_fit_on_one_page_is_refused_where_it_does_not() {
    let mut document = sample();
    document["one_page"] = json!(true);
    document["blocks"] = json!([{ "block": "paragraph", "text": "One line." }]);
    printed(&document);
    let items: Vec<String> = (0..60).map(|n| format!("Finding {n}")).collect();
    document["blocks"] = json!([{ "block": "list", "items": items }]);
    let (code, _, pages) = refused(&document);
    assert_eq!(
        (code.as_str(), pages.as_str()),
        ("more-than-a-page", "2 pages")
    );
    document["one_page"] = json!(false);
    printed(&document);
}

/// What was wrong: code, place, value.
fn refused(document: &Value) -> (String, String, String) {
    let output = print(document);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty(), "nothing is printed");
    let told: Value = serde_json::from_slice(&output.stderr).expect("JSON");
    let part = |name: &str| told[name].as_str().expect("a text").to_owned();
    assert!(!part("remedy").is_empty());
    (part("code"), part("place"), part("value"))
}

fn text(pdf: &[u8]) -> String {
    let output = run("pdftotext", &["-layout", "-", "-"], pdf);
    String::from_utf8(output.stdout).expect("text")
}

fn told(pdf: &[u8], argument: &str) -> String {
    let output = run("pdfinfo", &[argument, "-"], pdf);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn every_block_is_on_the_paper_and_told_to_a_reader_of_the_screen() {
    let pdf = printed(&sample());
    let (paper, tree) = (text(&pdf), told(&pdf, "-struct-text"));
    for words in [
        "Loss of bladder control since 27 Nov 2026 21:00",
        "Łucja O’Brien Novák-Reed",
        "Peak force",
        "a pull in the leg",
        "Numb between the legs?",
        "Anything else",
        "Signed by A. Practitioner",
    ] {
        assert!(paper.contains(words), "{words} is not in {paper}");
        assert!(tree.contains(words), "{words} is not in {tree}");
    }
    for tag in [
        "H1 \"Session report\"",
        "H2 \"What was given\"",
        "Table",
        "TH",
        "Figure",
        "LI",
    ] {
        assert!(tree.contains(tag), "{tag} is not in {tree}");
    }
    let place = |words: &str| tree.find(words).expect("told");
    assert!(
        place("bladder control") < place("Session report"),
        "what is urgent comes first"
    );
}

#[test]
fn it_declares_the_standards_that_it_meets() {
    let pdf = printed(&sample());
    let about = told(&pdf, "-isodates");
    for line in ["Session report", "Tagged:          yes", "A4"] {
        assert!(about.contains(line), "{line}: {about}");
    }
    assert!(
        told(&pdf, "-meta").contains("pdfuaid:part"),
        "PDF/UA is declared"
    );
    assert!(String::from_utf8_lossy(&pdf).contains("/Lang"));
}

#[test]
fn texts_are_data_and_never_markup() {
    let words = "#strong[No markup] $x^2$ *is* _read_ `here` <label> @ref.";
    assert!(text(&printed(&sample())).contains(words));
    let mut hostile = sample();
    hostile["title"] = json!("#panic(\"x\") ${} \\ // /* \" ]");
    hostile["blocks"][0]["text"] = json!("= not a title\n#read(\"/etc/passwd\")");
    let paper = text(&printed(&hostile));
    assert!(paper.contains("#read(\"/etc/passwd\")"), "{paper}");
    assert!(!paper.contains("root:"), "{paper}");
}

#[test]
fn the_same_document_makes_the_same_bytes() {
    assert_eq!(printed(&sample()), printed(&sample()));
    let mut other = sample();
    other["id"] = json!("sample/2");
    assert_ne!(printed(&other), printed(&sample()), "its id names it");
}

/// Debian's DejaVu Sans has the syllabics of Inuktitut, which the program's own fonts have not.
#[test]
fn a_letter_that_no_font_has_is_refused_until_a_font_has_it() {
    let mut document = sample();
    document["about"][0]["value"] = json!("ᐊᓇ");
    let (code, place, value) = refused(&document);
    let found = (&*code, &*place, &*value);
    assert_eq!(found, ("letter-without-font", "about[0].value", "U+140A"));
    let fonts = ["--fonts", "/usr/share/fonts/truetype/dejavu"];
    let output = print_in(&fonts, &document);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(text(&output.stdout).contains("ᐊᓇ"));
    let lost = print_in(&["--fonts", "/nowhere"], &document);
    assert_eq!(lost.status.code(), Some(2));
}

#[test]
fn signs_that_nobody_sees_or_that_turn_lines_round_do_no_harm() {
    let mut document = sample();
    document["blocks"][1]["text"] = json!("one\r\ntwo\u{200b}\u{feff}\u{7}\u{202e}three");
    let paper = text(&printed(&document));
    assert!(paper.contains("two"), "{paper}");
    assert!(paper.contains("three"), "{paper}");
}

#[test]
fn what_is_no_document_is_refused_with_its_place() {
    type Change = fn(&mut Value);
    let changes: [(&str, &str, Change); 10] = [
        ("schema-unknown", "schema", |d| {
            d["schema"] = json!("annulus.document/2")
        }),
        ("document-invalid", "line 1", |d| d["colour"] = json!("red")),
        ("document-invalid", "line 1", |d| {
            d["blocks"][0] = json!({ "block": "script" })
        }),
        ("date-invalid", "date", |d| {
            d["date"] = json!("2026-13-28T09:30:00Z")
        }),
        ("date-invalid", "date", |d| d["date"] = json!("2026-11-28")),
        ("too-long", "blocks[1].text", |d| {
            d["blocks"][1]["text"] = json!("x".repeat(20_001))
        }),
        ("too-many", "blocks", |d| {
            d["blocks"] = json!(vec![json!({ "block": "heading", "text": "x" }); 1_001]);
        }),
        ("row-uneven", "blocks[4].rows[1]", |d| {
            d["blocks"][4]["rows"][1] = json!(["09:07"]);
        }),
        ("figure-untold", "blocks[3].alt", |d| {
            d["blocks"][3]["alt"] = json!(" ")
        }),
        ("not-set", "", |d| {
            d["blocks"][3]["svg"] = json!("no picture")
        }),
    ];
    for (code, place, change) in changes {
        let mut document = sample();
        change(&mut document);
        let found = refused(&document);
        assert_eq!((&*found.0, &*found.1), (code, place), "{found:?}");
    }
}

#[test]
fn more_bytes_than_a_document_has_are_not_read() {
    let program = env!("CARGO_BIN_EXE_annulus-print");
    let output = run(program, &[], &vec![b' '; (4 << 20) + 2]);
    assert_eq!(output.status.code(), Some(2));
    let told: Value = serde_json::from_slice(&output.stderr).expect("JSON");
    assert_eq!(told["code"], "too-long");
}

/// A document whose figure holds this picture.
fn pictured(href: &str) -> Value {
    let mut document = sample();
    document["blocks"][3]["svg"] = json!(format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' \
         viewBox='0 0 10 10'><image xlink:href='{href}' width='10' height='10'/></svg>"
    ));
    document
}

/// A picture of one red dot may stand in a figure; the same in a file may not.
#[test]
fn a_figure_sees_no_file_of_the_machine() {
    let dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
    let pdf = printed(&pictured(&format!("data:image/png;base64,{dot}")));
    let listed = run("pdfimages", &["-list", "-"], &pdf);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("image"), "{listed}");

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("dot.png");
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(dot)
        .expect("base64");
    std::fs::write(&file, bytes).expect("written");
    for href in [&file.display().to_string(), "dot.png", "../../etc/passwd"] {
        assert_eq!(refused(&pictured(href)).0, "not-set", "{href}");
    }
}

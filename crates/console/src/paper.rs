//! Documents for people who read paper: what stands on one, and the process that sets it.
//!
//! A [`Paper`] becomes `annulus.document/1` as JSON; `annulus-print`, a program beside this
//! one, makes a tagged PDF of it (PDF/UA-1). It is not here while it is not built yet: then
//! pages say so instead of offering it.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use si::Problem;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::sync::Semaphore;

use crate::clinic::{Chart, Clinic};
use crate::frame::Frame;

/// How long one may take to be set; it takes less than a second (ours).
const LONGEST: Duration = Duration::from_secs(20);
/// Set at once, at most: each takes a core (ours).
const AT_ONCE: usize = 2;
/// The code of a refusal: it does not fit on the one page it must.
pub const MORE_THAN_A_PAGE: &str = "more-than-a-page";
const PROGRAM: &str = "annulus-print";

/// What sets documents.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PrintSettings {
    /// The program; the one beside the program that runs, where none is named.
    pub program: Option<PathBuf>,
    /// Folders of fonts for letters that its own have not.
    pub fonts: Vec<PathBuf>,
    /// What the clinic prints on.
    pub paper: Size,
}

/// A size of paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Size {
    /// 210 mm by 297 mm.
    #[default]
    A4,
    /// 8.5 in by 11 in.
    UsLetter,
}

/// The program that sets documents.
#[derive(Debug)]
pub struct Printer {
    program: PathBuf,
    fonts: Vec<PathBuf>,
    size: Size,
    turns: Semaphore,
}

impl Printer {
    /// As the clinic sets it.
    #[must_use]
    pub fn new(settings: PrintSettings) -> Self {
        let beside = || {
            let own = std::env::current_exe().unwrap_or_default();
            own.with_file_name(PROGRAM)
        };
        Self {
            program: settings.program.unwrap_or_else(beside),
            fonts: settings.fonts,
            size: settings.paper,
            turns: Semaphore::new(AT_ONCE),
        }
    }

    /// Whether it is there by now.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.program.is_file()
    }

    /// The PDF of a document.
    ///
    /// # Errors
    /// It is not there, does not end, or refuses the document: a letter that no font has.
    pub async fn set(&self, mut paper: Paper) -> Result<Vec<u8>, Problem> {
        paper.0["paper"] = json!(self.size);
        if !self.is_there() {
            return Err(missing());
        }
        let turn = self.turns.acquire().await;
        let set = tokio::time::timeout(LONGEST, self.run(paper.0.to_string().into_bytes()));
        let set = set.await;
        drop(turn);
        let late = |_| failed("took more than 20 s");
        let done = set
            .map_err(late)?
            .map_err(|error| failed(&error.to_string()))?;
        match done.status.success() {
            true => Ok(done.stdout),
            false => Err(refused(&done.stderr)),
        }
    }

    async fn run(&self, document: Vec<u8>) -> std::io::Result<std::process::Output> {
        let fonts = self.fonts.iter();
        let mut child = Command::new(&self.program)
            .args(fonts.flat_map(|folder| [std::ffi::OsStr::new("--fonts"), folder.as_os_str()]))
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let input = child.stdin.take();
        // Both at once: who writes a long answer does not wait until all was read.
        let write = async {
            if let Some(mut input) = input {
                input.write_all(&document).await?;
            }
            Ok::<(), std::io::Error>(())
        };
        let (written, done) = tokio::join!(write, child.wait_with_output());
        let done = done?;
        // Whoever refuses may close its input before it was all written.
        if done.status.success() {
            written?;
        }
        Ok(done)
    }
}

fn missing() -> Problem {
    Problem::new(
        "printer-missing",
        PROGRAM,
        "",
        "is not beside the program",
        "build it (cargo build -p print) and put it there, or use the browser's own print",
    )
}

fn failed(what: &str) -> Problem {
    let remedy = "try again; if it stays, print from the browser and report it";
    Problem::new("not-printed", PROGRAM, "", what, remedy)
}

/// What the program wrote of itself, field by field; it is ours, and speaks as we do.
fn refused(told: &[u8]) -> Problem {
    let told: Value = serde_json::from_slice(told).unwrap_or_default();
    let part = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    match told["code"].as_str() {
        Some("letter-without-font") => Problem::new(
            "letter-without-font",
            part("place"),
            part("value"),
            part("problem"),
            "name a folder with a font that has it in the settings, under [print]",
        ),
        Some("more-than-a-page") => Problem::new(
            MORE_THAN_A_PAGE,
            part("place"),
            part("value"),
            part("problem"),
            "shorten the text",
        ),
        _ => failed(&part("problem")),
    }
}

/// A document while it is written.
#[derive(Debug)]
pub struct Paper(Value);

impl Paper {
    /// About a patient, as of an instant; `id` names it for good.
    #[must_use]
    pub fn new(f: &Frame, clinic: &Clinic, chart: &Chart, id: String, at: Timestamp) -> Self {
        let settings = clinic.settings();
        let person = &chart.episode.demographics.0;
        let born = person
            .birth_date
            .map(|born| born.strftime("%-d %b %Y").to_string());
        let born = born.unwrap_or_else(|| f.t.unknown());
        let utc = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Self(json!({
            "schema": "annulus.document/1",
            "id": id,
            "language": "en",
            "title": "",
            "issuer": { "name": settings.name, "lines": [settings.phone] },
            "date": utc,
            "dated": f.when(&at),
            "about": [
                { "label": f.t.paper_patient(), "value": person.name },
                { "label": f.t.paper_born(), "value": born },
            ],
            "blocks": [],
            "footer": format!("{}, {born}", person.name),
        }))
    }

    /// What it is.
    #[must_use]
    pub fn titled(mut self, title: String) -> Self {
        self.0["title"] = title.into();
        self
    }

    /// Refused rather than set on more than one page.
    #[must_use]
    pub fn one_page(mut self) -> Self {
        self.0["one_page"] = true.into();
        self
    }

    /// What must be read first.
    #[must_use]
    pub fn urgent(mut self, text: Option<String>) -> Self {
        if let Some(text) = text {
            self.0["urgent"] = text.into();
        }
        self
    }

    /// One thing more that it is about.
    #[must_use]
    pub fn about(self, label: String, value: impl Into<String>) -> Self {
        self.push("about", json!({ "label": label, "value": value.into() }))
    }

    /// A heading.
    #[must_use]
    pub fn heading(self, text: impl Into<String>) -> Self {
        self.block(json!({ "block": "heading", "text": text.into() }))
    }

    /// Words.
    #[must_use]
    pub fn paragraph(self, text: impl Into<String>) -> Self {
        self.block(json!({ "block": "paragraph", "text": text.into() }))
    }

    /// Small words about the document, where there are any.
    #[must_use]
    pub fn remark(self, text: impl Into<String>) -> Self {
        let text: String = text.into();
        match text.is_empty() {
            true => self,
            false => self.block(json!({ "block": "remark", "text": text })),
        }
    }

    /// Points under a heading; neither where there are none.
    #[must_use]
    pub fn list(self, heading: String, items: Vec<String>) -> Self {
        match items.is_empty() {
            true => self,
            false => self
                .heading(heading)
                .block(json!({ "block": "list", "items": items })),
        }
    }

    /// A picture with what it shows in words.
    #[must_use]
    pub fn figure(self, caption: String, svg: String, alt: String) -> Self {
        self.block(json!({ "block": "figure", "svg": svg, "alt": alt, "caption": caption }))
    }

    /// Rows under a head; neither where there are none.
    #[must_use]
    pub fn table(self, caption: String, head: Vec<String>, rows: Vec<Vec<String>>) -> Self {
        match rows.is_empty() {
            true => self,
            false => self
                .block(json!({ "block": "table", "caption": caption, "head": head, "rows": rows })),
        }
    }

    /// A question with boxes to tick.
    #[must_use]
    pub fn boxes(self, question: &str, options: Vec<String>) -> Self {
        self.block(json!({ "block": "boxes", "question": question, "options": options }))
    }

    /// Lines to write on.
    #[must_use]
    pub fn lines(self, label: &str, count: u8) -> Self {
        self.block(json!({ "block": "lines", "label": label, "count": count }))
    }

    /// Who signed.
    #[must_use]
    pub fn signed(self, text: impl Into<String>) -> Self {
        self.block(json!({ "block": "signed", "text": text.into() }))
    }

    fn block(self, block: Value) -> Self {
        self.push("blocks", block)
    }

    fn push(mut self, list: &str, item: Value) -> Self {
        if let Some(items) = self.0[list].as_array_mut() {
            items.push(item);
        }
        self
    }
}

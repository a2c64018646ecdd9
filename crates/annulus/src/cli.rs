//! The command line: every step of the path is a filter over JSON files.

mod backup;
mod bedside;
mod calibrate;
mod campaign;
mod doctor;
mod format;
mod journal;
mod replay;
mod serve;
mod simulate;
mod table;
mod translations;

pub(crate) use backup::{BackupArgs, RestoreArgs};
pub(crate) use bedside::BedsideArgs;
pub(crate) use calibrate::CalibrateArgs;
pub(crate) use campaign::CampaignArgs;
pub(crate) use doctor::DoctorArgs;
pub(crate) use format::{Format, FormatAsked};
pub(crate) use journal::{DatabaseArgs, JournalCommand, StoreArgs};
pub(crate) use replay::ReplayArgs;
pub(crate) use serve::ServeArgs;
pub(crate) use simulate::SimulateArgs;
pub(crate) use table::{TableCommand, TableServe};
pub(crate) use translations::TranslationsArgs;

use crate::commands::plan::ChoiceArgs;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Decision support for spinal decompression: evaluate, plan, treat, recover, review.
///
/// Research software: not a cleared medical device, and no substitute for a clinician.
#[derive(Debug, Parser)]
#[command(
    name = "annulus",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
#[command(after_help = "The path of care, as files:
  annulus evaluate facts.json
  annulus plan facts.json --out plan.json
  annulus sign plan.json --candidate gentle --by dr-okafor --key clinic.key --out signed.json
  annulus treat signed.json --facts start.json --recording session.frames
  annulus triage checkin.json

Exit status: 0 for any decision, 1 for a failure, 2 for bad input.")]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Settings file; flags and ANNULUS_… variables go before it.
    #[arg(long, global = true, value_name = "FILE", env = "ANNULUS_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// The clinic's policy, where it answers what the sources contest.
    #[arg(long, global = true, value_name = "FILE", env = "ANNULUS_POLICY")]
    pub(crate) policy: Option<PathBuf>,
    /// text for people, json for programs; simulate also writes svg and parquet.
    #[arg(long, global = true, value_enum, default_value_t = FormatAsked::Text)]
    pub(crate) format: FormatAsked,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Screen a patient: refuse, evaluate first, caution or cleared, how urgent, what to ask next
    #[command(after_help = EVALUATE_HELP)]
    Evaluate(Facts),
    /// Propose up to three prescriptions; nothing is written unless the patient is cleared or under caution
    #[command(after_help = PLAN_HELP)]
    Plan(PlanArgs),
    /// Sign one candidate of a plan
    #[command(after_help = SIGN_HELP)]
    Sign(SignArgs),
    /// Run one session of a signed plan on a simulated table, or on a bedside
    #[command(after_help = TREAT_HELP)]
    Treat(TreatArgs),
    /// What a prescription does to a spine, level by level and in time, with its doubt
    #[command(after_help = simulate::HELP)]
    Simulate(SimulateArgs),
    /// Learn from what the table measured of a session, or fit the lumped patient to the column
    #[command(after_help = calibrate::HELP)]
    Calibrate(CalibrateArgs),
    /// Tell expected soreness from warning signs
    #[command(after_help = TRIAGE_HELP)]
    Triage(Facts),
    /// Continue, adjust, re-evaluate, discontinue or discharge
    #[command(after_help = REVIEW_HELP)]
    Review(Facts),
    /// The catalogue of facts
    #[command(subcommand)]
    Facts(FactsCommand),
    /// The rules: what is known, and from where
    #[command(subcommand)]
    Knowledge(KnowledgeCommand),
    /// The journal: verify the chains, rebuild the read models, export, copy
    #[command(subcommand)]
    Journal(JournalCommand),
    /// The whole store in one file, sealed with age, read back and verified; the server may run
    #[command(after_help = backup::BACKUP_HELP)]
    Backup(BackupArgs),
    /// A data folder out of a backup: whole and verified, or not at all
    #[command(after_help = backup::RESTORE_HELP)]
    Restore(RestoreArgs),
    /// Check the installation, and say what to do
    #[command(after_help = doctor::HELP)]
    Doctor(DoctorArgs),
    /// Carry one synthetic patient round the whole path, in this process
    #[command(after_help = DEMO_HELP)]
    Demo,
    /// The clinic's server: console, patients' pages, live sessions
    #[command(after_help = serve::HELP)]
    Serve(ServeArgs),
    /// The process beside a table: controller, guard and black box
    #[command(after_help = bedside::HELP)]
    Bedside(BedsideArgs),
    /// A table of its own: the simulated one, served to any Modbus master
    #[command(subcommand)]
    Table(TableCommand),
    /// Signing keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// Accounts: the first administrator of a new clinic
    #[command(subcommand)]
    User(UserCommand),
    /// Hold the column against every published row: inside or outside, fitted or predicted
    #[command(after_help = VALIDATE_HELP)]
    Validate(ValidateArgs),
    /// Run whole sessions with faults on a simulated table, checked against the truth
    #[command(after_help = campaign::HELP)]
    Campaign(CampaignArgs),
    /// Step a recording again: every output must come out the same; told, plotted, drawn
    #[command(after_help = replay::HELP)]
    Replay(ReplayArgs),
    /// Which translations may be shown, why the others may not, and what a reviewer signs
    #[command(after_help = translations::HELP)]
    Translations(TranslationsArgs),
    /// Completions for a shell
    #[command(after_help = "Example:\n  annulus completions bash > /etc/bash_completion.d/annulus")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write the JSON Schemas of the contract
    #[command(hide = true)]
    Schema {
        /// The folder to write to.
        folder: PathBuf,
    },
}

const EVALUATE_HELP: &str = "Examples:
  annulus evaluate facts.json
  annulus evaluate record-bundle.json --region lumbar --at 2026-11-22T09:00:00Z --format json
  zcat bundle.json.gz | annulus evaluate - --region cervical";
const PLAN_HELP: &str = "Examples:
  annulus plan facts.json --out plan.json
  annulus plan facts.json --format json | jq '.candidates | keys'";
const SIGN_HELP: &str = "Example:
  annulus key new demo.key
  annulus sign plan.json --candidate standard --by dr-okafor --key demo.key --out signed.json";
const TREAT_HELP: &str = "Examples:
  annulus treat signed.json --facts start.json --seed 7 --recording session.frames
  annulus treat signed.json --facts start.json --press-switch-at 240 --format json";
const TRIAGE_HELP: &str = "Example:
  annulus triage checkin.json --format json";
const REVIEW_HELP: &str = "Example:\n  annulus review course.json";
const APPROVE_HELP: &str = "Examples, the server being stopped:
  annulus knowledge approve --set triage --by 'Amara Okafor' --licence 'PT 4411' --data var
  annulus knowledge approve --dose spinal-implant --by 'Amara Okafor' --licence 'PT 4411'";
const VALIDATE_HELP: &str = "Examples:
  annulus validate
  annulus validate --format json | jq '.rows[] | select(.inside == false) | .id'
  annulus validate --docs docs";
const DEMO_HELP: &str = "Example:\n  annulus demo";
/// `validate`.
#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    /// Write validation.md and its pictures into this folder.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) docs: Option<PathBuf>,
    /// Print the page instead of the list.
    #[arg(long)]
    pub(crate) markdown: bool,
    /// End with status 1 where a closed form is missed.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Facts in: the JSON contract, or a FHIR R4 bundle.
#[derive(Debug, Args)]
pub(crate) struct Facts {
    /// The file, or - for standard input.
    #[arg(default_value = "-", value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// lumbar or cervical; needed for a FHIR bundle, and must agree with the facts otherwise.
    #[arg(long)]
    pub(crate) region: Option<si::Region>,
    /// The instant of decision; by default the input's own.
    #[arg(long, value_name = "INSTANT")]
    pub(crate) at: Option<jiff::Timestamp>,
    /// The clinic's time zone [default: UTC].
    #[arg(long, env = "ANNULUS_ZONE")]
    pub(crate) zone: Option<String>,
}

/// `plan`.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// Facts to plan from.
    #[command(flatten)]
    pub(crate) facts: Facts,
    /// What was learned of this spine, as `calibrate` wrote it: the forecast is made from it.
    #[arg(long, value_name = "FILE")]
    pub(crate) posterior: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) choice: ChoiceArgs,
    /// Where the plan goes; standard output by default.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// `sign`.
#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// The plan, exactly as `plan` wrote it.
    pub(crate) plan: PathBuf,
    /// gentle, standard, firm or chosen.
    #[arg(long, value_name = "NAME")]
    pub(crate) candidate: String,
    /// The practitioner who signs.
    #[arg(long, value_name = "ID")]
    pub(crate) by: String,
    /// The practitioner's private key (mode 0600).
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// The instant of signing; now by default.
    #[arg(long, value_name = "INSTANT")]
    pub(crate) at: Option<jiff::Timestamp>,
    /// Where the signed plan goes; standard output by default.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// `treat`.
#[derive(Debug, Args)]
pub(crate) struct TreatArgs {
    /// The signed plan.
    pub(crate) signed: PathBuf,
    /// The facts of this moment: start rows, arrival record, consent.
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: PathBuf,
    /// The instant of the start; by default that of the facts.
    #[arg(long, value_name = "INSTANT")]
    pub(crate) at: Option<jiff::Timestamp>,
    /// The clinic's time zone [default: UTC].
    #[arg(long, env = "ANNULUS_ZONE")]
    pub(crate) zone: Option<String>,
    /// Seed of the simulated table: the same seed gives the same bytes.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Simulated seconds a second: 1, 10, 60, or 0 for as fast as it can.
    #[arg(long, default_value_t = 0)]
    pub(crate) speed: u32,
    /// Run on this bedside instead of in this process.
    #[arg(long, value_name = "SOCKET", requires = "key")]
    pub(crate) bedside: Option<PathBuf>,
    /// The clinic's private key that signs the session's grant (with --bedside).
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Where the black box goes.
    #[arg(long, value_name = "FILE")]
    pub(crate) recording: Option<PathBuf>,
    /// The simulated patient presses the switch after this many seconds.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) press_switch_at: Option<f64>,
    /// The simulated patient reports a discomfort, as SECONDS=SCORE; may be repeated.
    #[arg(long, value_name = "SECONDS=SCORE")]
    pub(crate) comfort: Vec<String>,
}

/// `facts …`.
#[derive(Debug, Subcommand)]
pub(crate) enum FactsCommand {
    /// Every fact: type, unit, range, freshness, questions, codes
    #[command(after_help = "Example:\n  annulus facts list --region lumbar --format json")]
    List {
        /// Only the facts asked for this region.
        #[arg(long)]
        region: Option<si::Region>,
    },
}

/// `knowledge …`.
#[derive(Debug, Subcommand)]
pub(crate) enum KnowledgeCommand {
    /// Every rule: set, gate, verdict, urgency
    #[command(after_help = "Example:\n  annulus knowledge list --set screening")]
    List {
        /// Only this set: screening, in-session, triage, review, indication, advice.
        #[arg(long)]
        set: Option<String>,
        /// Say what is approved in this store.
        #[arg(long, value_name = "FOLDER")]
        data: Option<PathBuf>,
    },
    /// One rule, whole
    #[command(after_help = "Example:\n  annulus knowledge show spinal-implant")]
    Show {
        /// The rule's id.
        id: String,
        /// Say who approved it in this store.
        #[arg(long, value_name = "FOLDER")]
        data: Option<PathBuf>,
    },
    /// Check knowledge: how it is written, and that every case of it comes out as written
    #[command(
        after_help = "Examples:\n  annulus knowledge check\n  annulus knowledge check crates/care/knowledge"
    )]
    Check {
        /// A folder of knowledge; what the binary carries without one.
        folder: Option<PathBuf>,
    },
    /// Write the knowledge as a page for people, docs/knowledge.md
    #[command(hide = true)]
    Docs {
        /// The file to write; standard output without one.
        file: Option<PathBuf>,
    },
    /// What changed between two states of the knowledge: rules, facts, dose, sources
    #[command(
        after_help = "Examples:\n  annulus knowledge diff embedded crates/care/knowledge\n  annulus knowledge diff old/ new/ --format json | jq '.rules[] | select(.what == \"changed\") | .id'"
    )]
    Diff {
        /// A folder of knowledge, or `embedded` for what the binary carries.
        old: PathBuf,
        /// A folder of knowledge, or `embedded` for what the binary carries.
        new: PathBuf,
    },
    /// What guidelines, reviews, trials and harms say, with sources
    #[command(
        after_help = "Example:\n  annulus knowledge evidence --region lumbar --condition sciatica"
    )]
    Evidence {
        /// Only this region: lumbar or cervical.
        #[arg(long)]
        region: Option<si::Region>,
        /// Only this condition, such as disc-herniation or neck-pain.
        #[arg(long, requires = "region")]
        condition: Option<String>,
    },
    /// The text of consent for a region and a condition
    #[command(
        after_help = "Example:\n  annulus knowledge consent --region cervical --condition neck-pain"
    )]
    Consent {
        /// The region: lumbar or cervical.
        #[arg(long)]
        region: si::Region,
        /// The condition, such as disc-herniation or neck-pain.
        #[arg(long)]
        condition: Option<String>,
    },
    /// What the sources contest: the questions, their fences, what is in force here
    #[command(after_help = "Example:\n  annulus knowledge policy --policy clinic-policy.toml")]
    Policy,
    /// Vouch for rules and caps as they stand; a change of an entry ends its approval
    #[command(after_help = APPROVE_HELP)]
    Approve(ApproveArgs),
}

/// `knowledge approve`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true))]
pub(crate) struct ApproveArgs {
    /// Rules, by id.
    #[arg(value_name = "RULE", group = "what")]
    pub(crate) rules: Vec<String>,
    /// Every rule of this set; may be repeated.
    #[arg(long, value_name = "SET", group = "what")]
    pub(crate) set: Vec<String>,
    /// Every rule, and the numbers of dose.
    #[arg(long, group = "what")]
    pub(crate) all: bool,
    /// The numbers of dose.
    #[arg(long, group = "what")]
    pub(crate) dose: bool,
    /// The clinician who approves, by name.
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
    /// Number of the licence to practise, with its issuer.
    #[arg(long)]
    pub(crate) licence: String,
    /// The instant of the approval; now by default.
    #[arg(long, value_name = "INSTANT")]
    pub(crate) at: Option<jiff::Timestamp>,
    /// The store.
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

/// `key …`.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a signing key, and its public half beside it
    #[command(after_help = "Example:\n  annulus key new demo.key   # and demo.key.pub")]
    New {
        /// The file to make; it must not exist.
        file: PathBuf,
    },
}

/// `user …`.
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add an account; its password is printed once and is to be changed at the first login
    #[command(
        after_help = "Example:\n  annulus user add ada --name 'Ada Pryce' --role administrator --data var"
    )]
    Add(UserAdd),
}

/// `user add`.
#[derive(Debug, Args)]
pub(crate) struct UserAdd {
    /// The name typed at the login.
    pub(crate) login: String,
    /// The person's name, as the record shows it.
    #[arg(long)]
    pub(crate) name: String,
    /// front-desk, assistant, practitioner, clinical-lead, administrator or researcher.
    #[arg(long)]
    pub(crate) role: String,
    /// Number of the licence to practise, with its issuer.
    #[arg(long, requires = "licence_until")]
    pub(crate) licence: Option<String>,
    /// The instant the licence lapses.
    #[arg(long, value_name = "INSTANT")]
    pub(crate) licence_until: Option<jiff::Timestamp>,
    /// The store.
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

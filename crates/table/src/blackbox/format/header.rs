//! What a recording says about its session before the first frame.
//!
//! Version 2 names the program that recorded; version 1 did not, and is read as
//! having named none. Shown by `table/tests/recordings.rs` against `tests/golden`.
//!
//! Must never know: what a frame means.

use super::{Cursor, HASH, Hash, MAX_PART};
use sha2::{Digest as _, Sha256};
use si::{Newtons, NewtonsPerMetre, Problem, Region, Seconds};
use traction::{MetresPerSecond, Setup};

/// First bytes of every recording.
pub const MAGIC: &[u8; 8] = b"ANNBOX2\n";
/// First bytes of the recordings before it, still read.
pub const FIRST_MAGIC: &[u8; 8] = b"ANNBOX1\n";
/// What recordings of every version begin with.
const FAMILY: &[u8] = b"ANNBOX";
/// Header bytes besides the Grant, between `length` and the hash, in version 1.
const FIXED: usize = 4 + 4 + 8 + 8 + 16 + 16 + SETUP + 4 + 64;
/// A table's setup: harness u8, console required u8, simulated u8, 0 | watchdog ms u32
/// | ceiling N, pull speed m/s, stiffest N/m, reaction s, each f64.
const SETUP: usize = 40;
/// Longest name of a program, bytes.
const MAX_PROGRAM: usize = 128;

/// What a recording says about its session before the first frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Bytes of one frame.
    pub frame_bytes: u32,
    /// Whether the table was simulated.
    pub simulated: bool,
    /// Seed of a simulated table; 0 otherwise.
    pub seed: u64,
    /// When the session was armed, Unix milliseconds.
    pub armed_at_ms: i64,
    /// The table.
    pub table: [u8; 16],
    /// The session.
    pub session: [u8; 16],
    /// The table as it reported itself when the session was armed.
    pub setup: Setup,
    /// The Grant as it was signed.
    pub grant: Vec<u8>,
    /// Its signature; zeros where an in-process simulation needed none.
    pub signature: [u8; 64],
    /// The program that recorded ([`super::super::PROGRAM`]); none in a header of version 1.
    pub program: Option<String>,
}

impl Header {
    /// The header's bytes with their hash, from which the chain starts; a header
    /// that names no program is one of version 1.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.put(&mut out);
        out
    }

    pub(super) fn put(&self, out: &mut Vec<u8>) -> Hash {
        let begin = out.len();
        let program = self.program.as_deref().map(|name| head_of(name).as_bytes());
        let length = FIXED + self.grant.len() + program.map_or(0, |name| 4 + name.len());
        out.extend_from_slice(if program.is_some() {
            MAGIC
        } else {
            FIRST_MAGIC
        });
        put_length(length, out);
        out.extend_from_slice(&self.frame_bytes.to_le_bytes());
        out.extend_from_slice(&u32::from(self.simulated).to_le_bytes());
        out.extend_from_slice(&self.seed.to_le_bytes());
        out.extend_from_slice(&self.armed_at_ms.to_le_bytes());
        out.extend_from_slice(&self.table);
        out.extend_from_slice(&self.session);
        put_setup(&self.setup, out);
        put_length(self.grant.len(), out);
        out.extend_from_slice(&self.grant);
        out.extend_from_slice(&self.signature);
        if let Some(name) = program {
            put_length(name.len(), out);
            out.extend_from_slice(name);
        }
        let chain: Hash = Sha256::digest(&out[begin..]).into();
        out.extend_from_slice(&chain);
        chain
    }
}

/// As much of a program's name as a header takes.
fn head_of(name: &str) -> &str {
    let mut end = name.len().min(MAX_PROGRAM);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

fn put_length(length: usize, out: &mut Vec<u8>) {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_le_bytes());
}

/// A header, the hash it ends with, and where the first record begins.
pub(super) fn read(bytes: &[u8]) -> Result<(Header, Hash, usize), Problem> {
    let mut cursor = Cursor(bytes);
    let magic = cursor.take(MAGIC.len()).unwrap_or_default();
    let named = magic == MAGIC;
    if !named && magic != FIRST_MAGIC {
        return Err(foreign(magic));
    }
    let length = cursor.length().ok_or_else(|| bad("is cut short"))?;
    let most = FIXED + MAX_PART + 4 + MAX_PROGRAM;
    if !(FIXED..=most).contains(&length) {
        return Err(bad("has a header of impossible length"));
    }
    let size = MAGIC.len() + 4 + length;
    let Some(kept) = bytes.get(size..).and_then(<[u8]>::first_chunk::<HASH>) else {
        return Err(bad("is cut short in its header"));
    };
    if Hash::from(Sha256::digest(&bytes[..size])) != *kept {
        return Err(bad("has an altered header"));
    }
    let mut cursor = Cursor(&bytes[MAGIC.len() + 4..size]);
    let header = parse(&mut cursor, named).filter(|_| cursor.0.is_empty());
    let header = header.ok_or_else(|| bad("has a header that says nothing this program reads"))?;
    if !(1..=MAX_PART).contains(&usize::try_from(header.frame_bytes).unwrap_or(0)) {
        return Err(bad("has frames of impossible length"));
    }
    Ok((header, *kept, size + HASH))
}

fn parse(cursor: &mut Cursor<'_>, named: bool) -> Option<Header> {
    let mut header = Header {
        frame_bytes: cursor.u32()?,
        simulated: cursor.u32()? == 1,
        seed: cursor.array().map(u64::from_le_bytes)?,
        armed_at_ms: cursor.array().map(i64::from_le_bytes)?,
        table: cursor.array()?,
        session: cursor.array()?,
        setup: take_setup(cursor)?,
        grant: Vec::new(),
        signature: [0; 64],
        program: None,
    };
    let grant = cursor.length().filter(|length| *length <= MAX_PART)?;
    header.grant = cursor.take(grant)?.to_vec();
    header.signature = cursor.array()?;
    if named {
        let length = cursor.length().filter(|length| *length <= MAX_PROGRAM)?;
        let name = std::str::from_utf8(cursor.take(length)?).ok()?;
        header.program = Some(name.to_owned());
    }
    Some(header)
}

fn put_setup(setup: &Setup, out: &mut Vec<u8>) {
    let harness = match setup.harness {
        Region::Lumbar => 1,
        Region::Cervical => 2,
    };
    let flags = [setup.console_required, setup.simulated].map(u8::from);
    out.extend_from_slice(&[harness, flags[0], flags[1], 0]);
    out.extend_from_slice(&setup.watchdog_ms.to_le_bytes());
    for number in [
        setup.table_ceiling.get(),
        setup.pull_speed.get(),
        setup.stiffest.get(),
        setup.reaction.get(),
    ] {
        out.extend_from_slice(&number.to_le_bytes());
    }
}

fn take_setup(cursor: &mut Cursor<'_>) -> Option<Setup> {
    let [harness, console_required, simulated, _] = cursor.array()?;
    let watchdog_ms = cursor.u32()?;
    let mut number = || cursor.array().map(f64::from_le_bytes);
    Some(Setup {
        harness: match harness {
            1 => Region::Lumbar,
            2 => Region::Cervical,
            _ => return None,
        },
        table_ceiling: Newtons::new(number()?)?,
        pull_speed: MetresPerSecond::raw(number()?),
        stiffest: NewtonsPerMetre::new(number()?)?,
        reaction: Seconds::new(number()?)?,
        watchdog_ms,
        console_required: console_required == 1,
        simulated: simulated == 1,
    })
}

fn bad(why: &str) -> Problem {
    Problem::new(
        "recording-header",
        "recording",
        "",
        format!("the file {why}"),
        "fetch the recording again from the bedside that made it",
    )
}

/// The refusal of bytes that begin as no recording does that this program reads.
fn foreign(magic: &[u8]) -> Problem {
    let version = magic.strip_prefix(FAMILY);
    let Some([version, b'\n']) = version.filter(|_| magic.is_ascii()) else {
        return bad("does not begin as a recording does");
    };
    Problem::new(
        "recording-version",
        "recording.header",
        char::from(*version).to_string(),
        "the recording has a version that this program does not read: it reads 1 and 2",
        "read it with the version of Annulus that made it, or a later one",
    )
}

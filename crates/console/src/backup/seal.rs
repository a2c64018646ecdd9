//! age around a backup: for recipients, by a passphrase, or not at all.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use age::secrecy::SecretString;
use age::stream::{StreamReader, StreamWriter};
use age::{DecryptError, Decryptor, Encryptor, IdentityFile, scrypt, x25519};
use si::Problem;

use super::{damaged, failed};
use crate::secret;

/// How every file of age begins.
const MAGIC: &[u8] = b"age-encryption.org/";
/// The most work that a passphrase may ask for, as a power of two: a fast machine makes what
/// takes it a second, and a slow one may have to open it (ours: a minute on a tenth of its speed).
const MOST_WORK: u8 = 22;

/// For whom a backup is sealed.
pub enum Seal {
    /// Whoever has the identity of one of these.
    Recipients(Vec<x25519::Recipient>),
    /// Whoever knows the passphrase.
    Passphrase(SecretString),
    /// Everybody.
    Open,
}

/// By what a backup is opened.
pub enum Unseal {
    /// Identities of recipients.
    Identities(Vec<Box<dyn age::Identity + Send + Sync>>),
    /// The passphrase.
    Passphrase(SecretString),
    /// It is not sealed.
    Open,
}

impl Seal {
    /// Recipients, each as `age-keygen` prints it.
    ///
    /// # Errors
    /// The one that is none; a list without any.
    pub fn recipients<'a>(named: impl IntoIterator<Item = &'a str>) -> Result<Self, Problem> {
        let wrong = |one: &str, what: &str| {
            let remedy = "write a recipient as `age-keygen` prints it: age1…";
            Problem::new("backup-recipient", "recipient", one, what, remedy)
        };
        let parsed = named.into_iter().map(|one| {
            let parsed = one.parse::<x25519::Recipient>();
            parsed.map_err(|_| wrong(one, "is no recipient of age"))
        });
        let recipients = parsed.collect::<Result<Vec<_>, _>>()?;
        match recipients.is_empty() {
            true => Err(wrong("", "nobody is named")),
            false => Ok(Self::Recipients(recipients)),
        }
    }

    /// The recipients in a file, a line each; lines that begin with `#` are comments.
    ///
    /// # Errors
    /// A file that cannot be read, and as [`Seal::recipients`].
    pub fn recipients_of(path: &Path) -> Result<Self, Problem> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            let what = format!("cannot be read: {error}");
            let remedy = "name the file of the recipients";
            Problem::new("unreadable", path.display().to_string(), "", what, remedy)
        })?;
        let lines = text.lines().map(str::trim);
        Self::recipients(lines.filter(|line| !line.is_empty() && !line.starts_with('#')))
    }

    /// The passphrase in a file that only its owner may read.
    ///
    /// # Errors
    /// As [`secret::read`]; an empty file.
    pub fn passphrase_of(path: &Path) -> Result<Self, Problem> {
        Ok(Self::Passphrase(passphrase(path)?))
    }

    /// What seals, and what opens it again: for recipients a key of this run besides, which is
    /// told to nobody and forgotten, so that the file can be read back without theirs.
    pub(super) fn begin<W: Write>(&self, to: W) -> Result<(Sealed<W>, Unseal), age::EncryptError> {
        match self {
            Self::Recipients(named) => {
                let own = x25519::Identity::generate();
                let public = own.to_public();
                let all = named.iter().chain([&public]).map(|one| one as _);
                let sealed = Encryptor::with_recipients(all)?.wrap_output(to)?;
                Ok((Sealed::Age(sealed), Unseal::Identities(vec![Box::new(own)])))
            }
            Self::Passphrase(words) => {
                let sealed = Encryptor::with_user_passphrase(words.clone()).wrap_output(to)?;
                Ok((Sealed::Age(sealed), Unseal::Passphrase(words.clone())))
            }
            Self::Open => Ok((Sealed::Open(to), Unseal::Open)),
        }
    }
}

/// A writer that must be finished.
pub(super) enum Sealed<W: Write> {
    Age(StreamWriter<W>),
    Open(W),
}

impl<W: Write> Sealed<W> {
    pub(super) fn finish(self) -> io::Result<W> {
        match self {
            Self::Age(sealed) => sealed.finish(),
            Self::Open(to) => Ok(to),
        }
    }
}

impl<W: Write> Write for Sealed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Age(sealed) => sealed.write(bytes),
            Self::Open(to) => to.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Age(sealed) => sealed.flush(),
            Self::Open(to) => to.flush(),
        }
    }
}

impl Unseal {
    /// The identities in a file of `age-keygen` that only its owner may read.
    ///
    /// # Errors
    /// As [`secret::read`]; a file without an identity.
    pub fn identities_of(path: &Path) -> Result<Self, Problem> {
        let bytes = secret::read(path)?;
        let found = IdentityFile::from_buffer(&bytes[..]).ok();
        let found = found.and_then(|file| file.into_identities().ok());
        match found {
            Some(found) if !found.is_empty() => Ok(Self::Identities(found)),
            _ => {
                let what = "holds no identity of age";
                let remedy = "name a file that `age-keygen` made";
                let place = path.display().to_string();
                Err(Problem::new("backup-identity", place, "", what, remedy))
            }
        }
    }

    /// The passphrase in a file that only its owner may read.
    ///
    /// # Errors
    /// As [`Seal::passphrase_of`].
    pub fn passphrase_of(path: &Path) -> Result<Self, Problem> {
        Ok(Self::Passphrase(passphrase(path)?))
    }

    /// Reads what is in a backup. Whoever brings a key is not given a file that needs none.
    pub(super) fn open(&self, path: &Path) -> Result<Box<dyn Read + '_>, Problem> {
        let file = File::open(path).map_err(|error| failed("reading", path)(&error))?;
        let mut file = BufReader::new(file);
        let sealed = file
            .fill_buf()
            .map_err(|error| failed("reading", path)(&error))?
            .starts_with(MAGIC);
        let refused = |what: &str, remedy: &str| {
            let place = path.display().to_string();
            Problem::new("backup-sealed", place, "", what, remedy)
        };
        match (self, sealed) {
            (Self::Open, false) => Ok(Box::new(file)),
            (Self::Open, true) => Err(refused(
                "is sealed",
                "name the file of an identity (--identity-file) or of the passphrase (--passphrase-file)",
            )),
            (_, false) => Err(refused(
                "is not sealed with age, and a key for it was named",
                "name the backup that the key is for; one that was made unsealed takes no key",
            )),
            (_, true) => match self.decrypted(file) {
                Ok(reader) => Ok(Box::new(reader)),
                Err(
                    DecryptError::NoMatchingKeys
                    | DecryptError::DecryptionFailed
                    | DecryptError::KeyDecryptionFailed,
                ) => Err(refused(
                    "is sealed for somebody else",
                    "name the identity of one of its recipients, or its passphrase",
                )),
                Err(error) => Err(damaged(path, format!("cannot be unsealed: {error}"))),
            },
        }
    }

    fn decrypted<R: BufRead>(&self, file: R) -> Result<StreamReader<R>, DecryptError> {
        let decryptor = Decryptor::new_buffered(file)?;
        match self {
            Self::Passphrase(words) => {
                let mut key = scrypt::Identity::new(words.clone());
                key.set_max_work_factor(MOST_WORK);
                decryptor.decrypt(std::iter::once(&key as _))
            }
            Self::Identities(own) => decryptor.decrypt(own.iter().map(|one| &**one as _)),
            Self::Open => Err(DecryptError::NoMatchingKeys),
        }
    }
}

fn passphrase(path: &Path) -> Result<SecretString, Problem> {
    let bytes = secret::read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let words = text.trim_end_matches(['\r', '\n']);
    if words.is_empty() {
        let remedy = "write the passphrase into it";
        let place = path.display().to_string();
        return Err(Problem::new(
            "backup-passphrase",
            place,
            "",
            "is empty",
            remedy,
        ));
    }
    Ok(SecretString::from(words.to_owned()))
}

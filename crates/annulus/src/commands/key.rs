//! `annulus key new`: an Ed25519 signing key, and its public half beside it.

use crate::cli::KeyCommand;
use crate::failure::Failure;
use crate::files;
use ed25519_dalek::SigningKey;
use si::Problem;
use std::path::Path;

/// Runs the command.
pub(crate) fn run(command: &KeyCommand) -> Result<(), Failure> {
    let KeyCommand::New { file } = command;
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).map_err(|error| Failure::new("asking for randomness", error))?;
    let key = SigningKey::from_bytes(&seed);
    files::create_secret(file, hex::encode(seed).as_bytes())?;
    let public = file.with_added_extension("pub");
    files::write(
        Some(&public),
        hex::encode(key.verifying_key().to_bytes()).as_bytes(),
    )?;
    files::print(
        format!(
            "{} (keep it), {} (give it)",
            file.display(),
            public.display()
        )
        .as_bytes(),
    )
}

/// Reads a private key: 64 hexadecimal digits in a file of mode 0600.
pub(crate) fn load(path: &Path) -> Result<SigningKey, Failure> {
    let text = files::read_secret(path)?;
    let mut seed = [0_u8; 32];
    hex::decode_to_slice(text.trim_ascii(), &mut seed).map_err(|_| {
        Problem::new(
            "key",
            path.display().to_string(),
            "",
            "is not a signing key",
            "make one with `annulus key new FILE`",
        )
    })?;
    Ok(SigningKey::from_bytes(&seed))
}

//! What is checked of the machine: folder, keys, space, certificate, bedside, typesetter, backup.

use super::{Check, Patient, State};
use console::backup::Last;
use console::clinic::ClinicKey;
use console::front::tls;
use console::paper::Printer;
use jiff::{SignedDuration, Unit};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use table::client::Client;

/// Free space below which somebody should look (ours: some 300 recordings of a session at 3 MB,
/// a month of one busy table).
const LITTLE: u64 = 1 << 30;
/// Free space below which nothing can be relied on (ours: a backup of a small clinic).
const NONE: u64 = 100 << 20;
/// A certificate that ends within this (as the server's log warns).
const NEAR: SignedDuration = SignedDuration::from_hours(14 * 24);
/// A backup older than this (ours: whatever runs each night has failed twice).
const OLD: SignedDuration = SignedDuration::from_hours(2 * 24 + 12);

pub(super) fn checks(of: &Patient<'_>) -> Vec<Check> {
    let mut checks = vec![folder(of), key(of), space(of)];
    checks.push(certificate(of));
    checks.push(bedside(of));
    checks.push(typesetter(of));
    checks.push(backup(of));
    checks
}

fn folder(of: &Patient<'_>) -> Check {
    let what = "data folder";
    let path = &of.home.folder;
    let shown = path.display();
    let meta = match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => meta,
        Ok(_) => {
            let todo = "name the data folder of `annulus serve` with --data";
            return Check::new(what, State::Fault, format!("{shown} is no folder"), todo);
        }
        Err(error) => {
            let todo = "name the data folder of `annulus serve` with --data";
            return Check::new(what, State::Fault, format!("{shown}: {error}"), todo);
        }
    };
    let (mode, own) = (
        meta.permissions().mode() & 0o777,
        rustix::process::geteuid(),
    );
    if meta.uid() != own.as_raw() {
        let found = format!("{shown} belongs to another user ({})", meta.uid());
        let todo = "run this as the user that serves, or give the folder to that user";
        return Check::new(what, State::Fault, found, todo);
    }
    if let Err(error) = tempfile::tempfile_in(path) {
        let found = format!("{shown} cannot be written: {error}");
        return Check::new(what, State::Fault, found, "free it for writing");
    }
    if mode & 0o077 != 0 {
        let found = format!("{shown} may be opened by others (mode {mode:03o})");
        return Check::new(what, State::Attention, found, format!("chmod 700 {shown}"));
    }
    Check::good(
        what,
        format!("{shown}, for its owner alone, can be written"),
    )
}

fn key(of: &Patient<'_>) -> Check {
    let what = "clinic's key";
    let path = of.home.folder.join("clinic.key");
    match ClinicKey::read(&path) {
        Ok(_) => Check::good(what, format!("{}, for its owner alone", path.display())),
        Err(problem) => Check::fault(what, &problem),
    }
}

fn space(of: &Patient<'_>) -> Check {
    let what = "free space";
    let free = match rustix::fs::statvfs(&of.home.folder) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(error) => {
            let todo = "see whether the disk is there";
            return Check::new(what, State::Fault, error.to_string(), todo);
        }
    };
    let found = format!("{} MB", free / 1_000_000);
    let state = match free {
        free if free < NONE => State::Fault,
        free if free < LITTLE => State::Attention,
        _ => return Check::good(what, found),
    };
    Check::new(
        what,
        state,
        found,
        "free disk space, or move the data folder",
    )
}

fn certificate(of: &Patient<'_>) -> Check {
    let what = "certificate";
    let named = (of.args.tls_certificate.clone(), of.args.tls_key.clone());
    let files = match of.settings.tls(named.0, named.1) {
        Ok(Some(files)) => files,
        Ok(None) => {
            return Check::good(what, "none: this machine alone, or a proxy in front");
        }
        Err(problem) => return Check::fault(what, &problem),
    };
    match tls::read(&files, of.now) {
        Ok(certificate) => {
            let left = certificate.until.duration_since(of.now);
            let found = format!(
                "valid for {} days, until {}",
                left.as_hours() / 24,
                certificate.until
            );
            match left < NEAR {
                true => Check::new(what, State::Attention, found, "renew it"),
                false => Check::good(what, found),
            }
        }
        Err(problem) => Check::fault(what, &problem),
    }
}

fn bedside(of: &Patient<'_>) -> Check {
    let what = "bedside";
    let named = of.args.bedside.as_ref().or(of.settings.bedside.as_ref());
    let Some(socket) = named else {
        let todo = "name its socket with --bedside, where there is a table";
        return Check::new(what, State::Attention, "no socket is named", todo);
    };
    let asked = Client::connect(socket, "annulus doctor").and_then(|client| client.status());
    match asked {
        Ok(status) => Check::good(
            what,
            format!("{} answers: {}", socket.display(), status.stage),
        ),
        Err(error) => {
            let found = format!("{} does not answer: {error}", socket.display());
            Check::new(what, State::Fault, found, "start `annulus bedside`")
        }
    }
}

fn typesetter(of: &Patient<'_>) -> Check {
    let what = "typesetter";
    let printer = Printer::new(of.settings.print.clone().unwrap_or_default());
    if printer.is_there() {
        return Check::good(what, "annulus-print is there");
    }
    let todo = "put `annulus-print` beside `annulus`, or name it as print.program";
    Check::new(
        what,
        State::Attention,
        "is missing: no document becomes PDF",
        todo,
    )
}

fn backup(of: &Patient<'_>) -> Check {
    let what = "last backup";
    let todo = "make one each night with `annulus backup`, and keep it on another machine";
    let Some(last) = Last::of(&of.home.folder) else {
        return Check::new(what, State::Attention, "none is known", todo);
    };
    let age = of.now.duration_since(last.at);
    let hours = age.round(Unit::Hour).unwrap_or(age).as_hours();
    let found = format!("{hours} hours ago, to {}", last.file.display());
    match age > OLD {
        true => Check::new(what, State::Attention, found, todo),
        false => Check::good(what, found),
    }
}

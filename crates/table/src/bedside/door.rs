//! The socket: who may connect, and one thread a connection.
//!
//! The socket has mode 0600 and every peer's uid is checked against our own.
//! Nothing that happens here can hold up the loop: it shares no lock with it. What may
//! wait for a disk is answered by a thread beside the conversation ([`super::bulk`]).

use super::bulk::{Bulk, waits_for_a_disk};
use super::desk::{Caller, Desk};
use crate::wire::{Addressed, Reader, Reply, WireError, Writer};
use rustix::net::sockopt::socket_peercred;
use rustix::process::geteuid;
use si::Problem;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Most connections at a time.
const MOST_CONNECTIONS: u64 = 64;
/// A peer that does not take what it is sent for so long is cut off.
const WRITE_TIMEOUT: Duration = Duration::from_secs(2);
/// How often the listener looks whether it is to end.
const ACCEPT_PAUSE: Duration = Duration::from_millis(5);

pub(super) type Sender = Arc<Mutex<Writer<UnixStream>>>;

/// Binds the socket in place of a stale one; one that answers is left alone.
///
/// # Errors
/// `socket-taken` where another bedside answers, `socket-unusable` otherwise.
pub(super) fn bind(path: &Path) -> Result<UnixListener, Problem> {
    if UnixStream::connect(path).is_ok() {
        return Err(Problem::new(
            "socket-taken",
            path.display().to_string(),
            "",
            "another bedside answers on this socket",
            "stop the other bedside or choose another --socket",
        ));
    }
    listen(path).map_err(|error| {
        Problem::new(
            "socket-unusable",
            path.display().to_string(),
            "",
            format!("the socket cannot be made: {error}"),
            "choose a --socket path in a directory of your own, shorter than 100 bytes",
        )
    })
}

/// Made private under another name first: under its own it is never open to others.
/// A file that is no socket is not replaced.
fn listen(path: &Path) -> std::io::Result<UnixListener> {
    if std::fs::symlink_metadata(path).is_ok_and(|meta| !meta.file_type().is_socket()) {
        return Err(std::io::ErrorKind::AlreadyExists.into());
    }
    let fresh = path.with_extension("new");
    let _ = std::fs::remove_file(&fresh);
    let listener = UnixListener::bind(&fresh)?;
    std::fs::set_permissions(&fresh, std::fs::Permissions::from_mode(0o600))?;
    std::fs::rename(&fresh, path)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Accepts connections until `closing`.
pub(super) fn accept(listener: &UnixListener, desk: &Arc<Desk>, closing: &AtomicBool) {
    let open = Arc::new(AtomicU64::new(0));
    let mut next = 0;
    while !closing.load(Ordering::Relaxed) {
        match listener.accept() {
            Ok((stream, _)) if welcome(&stream, &open) => {
                next += 1;
                serve(stream, next, desk, &open);
            }
            Ok(_) => {}
            Err(_) => std::thread::sleep(ACCEPT_PAUSE),
        }
    }
}

fn welcome(stream: &UnixStream, open: &AtomicU64) -> bool {
    let ours = socket_peercred(stream).is_ok_and(|peer| peer.uid == geteuid());
    ours && open.load(Ordering::Relaxed) < MOST_CONNECTIONS
        && stream.set_nonblocking(false).is_ok()
        && stream.set_write_timeout(Some(WRITE_TIMEOUT)).is_ok()
}

fn serve(stream: UnixStream, id: u64, desk: &Arc<Desk>, open: &Arc<AtomicU64>) {
    let (desk, count) = (Arc::clone(desk), Arc::clone(open));
    open.fetch_add(1, Ordering::Relaxed);
    let started = std::thread::Builder::new()
        .name(format!("console-{id}"))
        .spawn(move || {
            let _ = converse(&stream, id, &desk);
            desk.closed(id);
            count.fetch_sub(1, Ordering::Relaxed);
        });
    if started.is_err() {
        open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Answers one connection until it ends or errs.
fn converse(stream: &UnixStream, id: u64, desk: &Arc<Desk>) -> Result<(), WireError> {
    let mut reader = Reader::new(stream.try_clone()?);
    let sender: Sender = Arc::new(Mutex::new(Writer::new(stream.try_clone()?)));
    let mut caller = Caller::new(id);
    let mut bulk = Bulk::default();
    let over = Arc::new(AtomicBool::new(false));
    let rate = Arc::new(AtomicU8::new(0));
    let outcome = (|| {
        while let Some(frame) = reader.read()? {
            let (reply, blob) = match frame.message() {
                Ok(request) if waits_for_a_disk(&request) => {
                    let asked = (caller.clone(), frame.sequence, request);
                    match bulk.take(asked, (desk, &sender, stream))? {
                        Some(refusal) => (refusal, Vec::new()),
                        None => continue,
                    }
                }
                Ok(request) => desk.answer(&mut caller, request),
                Err(_) => (Reply::Refused(unreadable().into()), Vec::new()),
            };
            if let Some(hz) = caller.take_subscription()
                && rate.swap(hz, Ordering::Relaxed) == 0
            {
                push_statuses(&rate, (&sender, stream), desk, &over)?;
            }
            let re = Some(frame.sequence);
            send(&sender, &Addressed { re, reply }, blob)?;
        }
        Ok(())
    })();
    over.store(true, Ordering::Relaxed);
    let _ = stream.shutdown(std::net::Shutdown::Both);
    outcome
}

/// Sends the status `rate` times a second until the connection is over; a peer that
/// does not take it is cut off, because half a frame may be on its way.
fn push_statuses(
    rate: &Arc<AtomicU8>,
    (sender, stream): (&Sender, &UnixStream),
    desk: &Arc<Desk>,
    over: &Arc<AtomicBool>,
) -> std::io::Result<()> {
    let (rate, sender) = (Arc::clone(rate), Arc::clone(sender));
    let (desk, over) = (Arc::clone(desk), Arc::clone(over));
    let stream = stream.try_clone()?;
    let push = move || {
        while !over.load(Ordering::Relaxed) {
            let reply = Reply::Status(Box::new(desk.status()));
            if send(&sender, &Addressed { re: None, reply }, Vec::new()).is_err() {
                let _ = stream.shutdown(std::net::Shutdown::Both);
                return;
            }
            let hz = u32::from(rate.load(Ordering::Relaxed).max(1));
            std::thread::sleep(Duration::from_secs(1) / hz);
        }
    };
    std::thread::Builder::new()
        .name("status".into())
        .spawn(push)
        .map(drop)
}

pub(super) fn send(sender: &Sender, message: &Addressed, blob: Vec<u8>) -> Result<(), WireError> {
    let mut writer = sender.lock().unwrap_or_else(PoisonError::into_inner);
    writer.write(message, blob).map(|_| ())
}

fn unreadable() -> Problem {
    Problem::new(
        "message-unreadable",
        "message",
        "",
        "the message is not one this bedside knows",
        "use a console of the same version of Annulus",
    )
}

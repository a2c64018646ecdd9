//! What may wait for a disk leaves the conversation: a thread of the connection's own.
//!
//! Arming, listing sessions and fetching recordings read or write files. A disk that hangs
//! must not stand between a console and its STOP or its heartbeat, so the conversation goes
//! on while they are answered, in the order in which they were asked.

use super::desk::{Caller, Desk};
use super::door::{Sender, send};
use super::refusals;
use crate::wire::{Addressed, Reply, Request};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError};

/// Requests of one connection that may wait for a disk.
const MOST: usize = 8;

/// A request, who asks, and the number of its frame.
type Asked = (Caller, u32, Request);

/// The conversation's end.
#[derive(Default)]
pub(super) struct Bulk(Option<SyncSender<Asked>>);

/// Whether answering may wait for a disk.
pub(super) const fn waits_for_a_disk(request: &Request) -> bool {
    matches!(
        request,
        Request::Arm { .. } | Request::SessionsSince { .. } | Request::FetchFrames { .. }
    )
}

impl Bulk {
    /// Takes a request, which is answered later; the answer is at once that too many wait.
    pub(super) fn take(
        &mut self,
        asked: Asked,
        (desk, sender, stream): (&Arc<Desk>, &Sender, &UnixStream),
    ) -> std::io::Result<Option<Reply>> {
        let jobs = match &self.0 {
            Some(jobs) => jobs,
            None => self.0.insert(start(desk, sender, stream)?),
        };
        match jobs.try_send(asked) {
            Ok(()) => Ok(None),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                Ok(Some(Reply::Refused(refusals::disk_silent().into())))
            }
        }
    }
}

fn start(
    desk: &Arc<Desk>,
    sender: &Sender,
    stream: &UnixStream,
) -> std::io::Result<SyncSender<Asked>> {
    let (jobs, asked) = std::sync::mpsc::sync_channel(MOST);
    let (desk, sender) = (Arc::clone(desk), Arc::clone(sender));
    let stream = stream.try_clone()?;
    std::thread::Builder::new()
        .name("bulk".into())
        .spawn(move || answer(&asked, &desk, (&sender, &stream)))?;
    Ok(jobs)
}

/// Answers until the conversation is over; a peer that does not take an answer is cut off.
fn answer(asked: &Receiver<Asked>, desk: &Desk, (sender, stream): (&Sender, &UnixStream)) {
    while let Ok((mut caller, number, request)) = asked.recv() {
        let (reply, blob) = desk.answer(&mut caller, request);
        let re = Some(number);
        if send(sender, &Addressed { re, reply }, blob).is_err() {
            let _ = stream.shutdown(std::net::Shutdown::Both);
            return;
        }
    }
}

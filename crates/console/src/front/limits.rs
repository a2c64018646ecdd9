//! How long a connection may take, and how many there may be: in all, and of one address.
//!
//! Whoever comes when no place is left gets a spare one, for one request; the longest in a spare
//! place makes room for the next. So nobody can keep a STOP out by holding connections open.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::sync::oneshot;

/// Connections that stand in a spare place at once (ours: whoever wants to push a STOP out must
/// open as many between its connection and its request, a millisecond or two).
const SPARE: usize = 64;
/// Files that are open beside connections: the journal, its readers, recordings (ours: some 40
/// were counted on a demonstration, thrice as many are allowed for).
const OTHER_FILES: u64 = 128;

/// Bounds of connections. All are ours; each says why.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the TLS handshake: a phone on a bad network takes two.
    pub handshake: Duration,
    /// From an answer, or the first byte, to the end of the next head. It is the time that an idle
    /// connection is kept, too; pages at a table speak several times a second.
    pub head: Duration,
    /// From a head to the end of its body: 16 MB on 6 Mbit/s. Below the time for an answer, so
    /// that whoever sends is told why.
    pub body: Duration,
    /// Without an acknowledgement by the other side of what was sent: a laptop that sleeps, or
    /// somebody who reads nothing. Four signs of life of a stream are lost by then.
    pub unacknowledged: Duration,
    /// Connections in all: 200 viewers with seven each, the most a browser opens at once and
    /// its stream.
    pub all: usize,
    /// Connections of one address: a whole clinic may have one, so 200 viewers with a stream and
    /// a request each, and a hundred for everybody else. An IPv6 address counts with its /64.
    pub of_one: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(20),
            body: Duration::from_secs(25),
            unacknowledged: Duration::from_secs(30),
            all: 1_400,
            of_one: 500,
        }
    }
}

impl Limits {
    /// The same with no more connections than this process may have files: the soft limit is
    /// raised to what is needed, as far as the machine allows.
    #[must_use]
    pub fn within_files(mut self) -> Self {
        let needed = self.all as u64 + SPARE as u64 + OTHER_FILES;
        let mut limit = getrlimit(Resource::Nofile);
        if limit.current.is_some_and(|current| current < needed) {
            limit.current = Some(limit.maximum.map_or(needed, |most| most.min(needed)));
            if let Err(error) = setrlimit(Resource::Nofile, limit) {
                tracing::warn!(%error, "the number of open files cannot be raised");
            }
        }
        if let Some(files) = getrlimit(Resource::Nofile).current {
            let left = files.saturating_sub(SPARE as u64 + OTHER_FILES);
            let left = usize::try_from(left).unwrap_or(usize::MAX);
            if left < self.all {
                tracing::warn!(files, connections = left, "few open files are allowed");
                self.all = left;
            }
        }
        self
    }
}

/// What the kernel watches for us: an answer goes at once, and a side that acknowledges nothing
/// for so long is gone.
pub(super) fn of_socket(socket: &(impl AsFd + ?Sized), unacknowledged: Duration) {
    let ms = u32::try_from(unacknowledged.as_millis()).unwrap_or(u32::MAX);
    let set = rustix::net::sockopt::set_tcp_nodelay(socket, true)
        .and_then(|()| rustix::net::sockopt::set_tcp_user_timeout(socket, ms));
    if let Err(error) = set {
        tracing::debug!(%error, "a socket keeps its own times");
    }
}

/// Who counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct One(IpAddr);

impl One {
    fn of(address: IpAddr) -> Self {
        Self(network(address))
    }
}

/// The network that one line is given: the first half of an address of IPv6.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = address.to_bits() >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// The places there are.
#[derive(Debug)]
pub(super) struct Places {
    all: usize,
    of_one: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    common: usize,
    of: BTreeMap<One, usize>,
    spare: VecDeque<(u64, oneshot::Sender<()>)>,
    next: u64,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Common(One),
    Spare(u64, Option<oneshot::Receiver<()>>),
}

impl Places {
    pub(super) fn new(limits: &Limits) -> Arc<Self> {
        Arc::new(Self {
            all: limits.all,
            of_one: limits.of_one,
            taken: Mutex::default(),
        })
    }

    /// A place for a connection from this address; `of_many` where a proxy speaks for others.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr, of_many: bool) -> Place {
        let one = One::of(address);
        let mut taken = self.lock();
        let of_this = taken.of.get(&one).copied().unwrap_or(0);
        let kind = if taken.common < self.all && (of_many || of_this < self.of_one) {
            taken.common += 1;
            *taken.of.entry(one).or_default() += 1;
            Kind::Common(one)
        } else {
            taken.spare()
        };
        drop(taken);
        Place {
            places: Arc::clone(self),
            kind,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn spare(&mut self) -> Kind {
        if self.spare.len() >= SPARE
            && let Some((_, longest)) = self.spare.pop_front()
        {
            // It may be over already.
            let _ = longest.send(());
        }
        let (push, pushed) = oneshot::channel();
        let number = self.next;
        self.next += 1;
        self.spare.push_back((number, push));
        Kind::Spare(number, Some(pushed))
    }
}

impl Place {
    /// Whether only what lowers force is answered.
    pub(super) const fn is_spare(&self) -> bool {
        matches!(self.kind, Kind::Spare(..))
    }

    /// Resolves when somebody else needs this place; never for a common one.
    pub(super) fn pushed(&mut self) -> impl Future<Output = ()> + use<> {
        let pushed = match &mut self.kind {
            Kind::Spare(_, pushed) => pushed.take(),
            Kind::Common(_) => None,
        };
        async move {
            let pushed = match pushed {
                Some(pushed) => pushed.await.is_ok(),
                None => false,
            };
            if !pushed {
                std::future::pending().await
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        match &self.kind {
            Kind::Spare(number, _) => taken.spare.retain(|(spare, _)| spare != number),
            Kind::Common(one) => {
                taken.common -= 1;
                if let Some(of) = taken.of.get_mut(one) {
                    *of -= 1;
                    if *of == 0 {
                        taken.of.remove(one);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(all: usize, of_one: usize) -> Arc<Places> {
        Places::new(&Limits {
            all,
            of_one,
            ..Limits::default()
        })
    }

    fn at(address: &str) -> IpAddr {
        address.parse().unwrap()
    }

    #[test]
    fn one_address_takes_no_place_of_another_and_what_is_left_can_be_taken_again() {
        let places = places(10, 2);
        let one = [0; 2].map(|_| places.take(at("192.0.2.1"), false));
        assert!(one.iter().all(|place| !place.is_spare()));
        assert!(places.take(at("192.0.2.1"), false).is_spare());
        assert!(places.take(at("::ffff:192.0.2.1"), false).is_spare());
        assert!(!places.take(at("192.0.2.2"), false).is_spare());
        drop(one);
        assert!(!places.take(at("192.0.2.1"), false).is_spare());
        assert!(
            places.lock().of.is_empty(),
            "nothing is kept of who is gone"
        );
    }

    #[test]
    fn a_network_that_one_line_is_given_counts_as_one_address() {
        let places = places(10, 1);
        let _first = places.take(at("2001:db8::1"), false);
        assert!(places.take(at("2001:db8::ffff:2"), false).is_spare());
        assert!(!places.take(at("2001:db8:0:1::1"), false).is_spare());
    }

    #[test]
    fn a_proxy_is_bounded_by_all_connections_alone() {
        let places = places(2, 1);
        let both = [0; 2].map(|_| places.take(at("127.0.0.1"), true));
        assert!(both.iter().all(|place| !place.is_spare()));
        assert!(places.take(at("127.0.0.1"), true).is_spare());
    }

    #[tokio::test]
    async fn the_longest_in_a_spare_place_makes_room_for_the_next() {
        let places = places(0, 0);
        let mut held: Vec<_> = (0..SPARE)
            .map(|_| places.take(at("192.0.2.1"), false))
            .collect();
        let (first, second) = (held[0].pushed(), held[1].pushed());
        let newest = places.take(at("192.0.2.2"), false);
        assert!(newest.is_spare());
        first.await;
        let waits = tokio::time::timeout(Duration::from_millis(20), second);
        assert!(waits.await.is_err(), "only one had to go");
        drop(held);
        assert_eq!(places.lock().spare.len(), 1);
    }
}

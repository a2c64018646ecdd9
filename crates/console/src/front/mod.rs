//! The front: sockets and TLS before the door, and how long and how many connections may be.
//!
//! ```text
//! socket ─▶ place (all, one address, spare) ─▶ TLS ─▶ HTTP/1.1, one head in time ─▶ door
//! ```
//!
//! HTTP/1.1 alone: every bound here is one of a connection, and a page of ours asks for few things.
//! A connection over the bounds is not turned away: it stands in a spare place for one request,
//! and what lowers force is answered there (STOP needs no permission, and no room either).

pub mod limits;
pub mod proxies;
mod renewal;
pub mod tls;

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use self::limits::{Limits, Place, Places};
use self::proxies::Proxies;

/// Heads and pieces of bodies are read through this much memory: longer heads are refused
/// (ours: a path, a cookie and a form in a query are below a tenth of it).
const BUFFER: usize = 64 << 10;
/// After a listener failed for want of files or memory it rests (as `axum::serve` does).
const REST: Duration = Duration::from_secs(1);

/// A request on a spare place: only what lowers force is answered.
#[derive(Clone, Copy, Debug)]
pub struct Spare;

/// What stands at the port.
#[derive(Debug)]
pub struct Front {
    /// The port.
    pub listener: TcpListener,
    /// TLS, where a certificate is configured.
    pub tls: Option<tls::Tls>,
    /// How long and how many.
    pub limits: Limits,
    /// Whose connections are many people's.
    pub proxies: Option<Proxies>,
}

/// What every connection of this server shares.
struct Shared {
    router: Router,
    tls: Option<TlsAcceptor>,
    limits: Limits,
}

impl Front {
    /// Answers until `stop` resolves, then lets open answers end for so long.
    pub async fn run(self, router: Router, stop: impl Future<Output = ()>, last: Duration) {
        let connections = GracefulShutdown::new();
        let places = Places::new(&self.limits);
        let renewals = self.tls.as_ref().map(renewal::watch);
        let shared = Arc::new(Shared {
            router,
            tls: self.tls.as_ref().map(tls::Tls::acceptor),
            limits: self.limits,
        });
        tokio::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = &mut stop => break,
            };
            let (socket, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    failed(&error).await;
                    continue;
                }
            };
            let of_many = self.proxies.as_ref().is_some_and(|p| p.has(peer.ip()));
            let place = places.take(peer.ip(), of_many);
            let shared = Arc::clone(&shared);
            tokio::spawn(shared.connection(socket, peer, place, connections.watcher()));
        }
        drop(self.listener);
        drop(renewals);
        let _ = tokio::time::timeout(last, connections.shutdown()).await;
    }
}

/// A connection that was gone before it was taken is no failure of ours; no more files are.
async fn failed(error: &std::io::Error) {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    ) {
        tracing::error!(%error, "no connection can be taken");
        tokio::time::sleep(REST).await;
    }
}

impl Shared {
    /// One connection from its first byte to its last.
    async fn connection(
        self: Arc<Self>,
        socket: TcpStream,
        peer: SocketAddr,
        mut place: Place,
        watcher: Watcher,
    ) {
        let pushed = place.pushed();
        let answered = async {
            limits::of_socket(&socket, self.limits.unacknowledged);
            let Some(tls) = &self.tls else {
                return self.answer(socket, peer, &place, watcher).await;
            };
            let handshake = tls.accept(socket);
            match tokio::time::timeout(self.limits.handshake, handshake).await {
                Ok(Ok(sealed)) => self.answer(sealed, peer, &place, watcher).await,
                Ok(Err(error)) => tracing::debug!(%error, "no TLS"),
                Err(_) => tracing::debug!("no TLS in time"),
            }
        };
        tokio::select! {
            () = answered => {}
            () = pushed => tracing::debug!("a spare place was needed"),
        }
    }

    async fn answer(
        &self,
        io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: SocketAddr,
        place: &Place,
        watcher: Watcher,
    ) {
        let spare = place.is_spare();
        let router = &self.router;
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            if spare {
                request.extensions_mut().insert(Spare);
            }
            let answer = router.clone().oneshot(request);
            async move { answer.await as Result<Response, Infallible> }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head)
            .max_buf_size(BUFFER)
            .keep_alive(!spare)
            .serve_connection(TokioIo::new(io), service);
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection broke off");
        }
    }
}

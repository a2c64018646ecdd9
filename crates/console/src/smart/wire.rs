//! Asking a record system by HTTP: a few requests, so many bytes, until an instant; no answer
//! leads to another address, and no proxy stands between.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use axum::http;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore};
use si::Problem;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::AGAIN;

/// Bytes that are read in one launch (ours: a body of a form may have as many, and the largest
/// record of the samples has a third).
const BYTES: usize = 16 * 1024 * 1024;
/// Requests in one launch (ours: ten types, and pages of the long ones).
const REQUESTS: usize = 100;
/// Bytes of an answer that is no record: a configuration, a token, keys (ours).
const SMALL: usize = 256 * 1024;

/// What asks; made when it is needed first.
#[derive(Debug, Default)]
pub struct Wire(OnceLock<Option<reqwest::Client>>);

/// What one launch may still ask.
pub(super) struct Call {
    client: reqwest::Client,
    until: Instant,
    bytes: usize,
    requests: usize,
}

/// An answer: its status and its body.
pub(super) struct Answer {
    pub(super) status: http::StatusCode,
    pub(super) body: Vec<u8>,
}

/// An answer that is on its way to the OAuth library.
pub(super) type Sent =
    Pin<Box<dyn Future<Output = Result<http::Response<Vec<u8>>, Silent>> + Send>>;

/// Why there is no answer; it names nothing of what was sent.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(super) enum Silent {
    #[error("cannot be reached, or its certificate is not trusted")]
    Unreachable,
    #[error("did not answer in time")]
    Slow,
    #[error("answers with more than is read")]
    Large,
    #[error("makes more requests needed than are sent")]
    Many,
}

impl Silent {
    pub(super) fn of(self, url: &Url) -> Problem {
        Problem::new(
            "launch-silent",
            url.host_str().unwrap_or_default(),
            "",
            self.to_string(),
            "ask its administrator, or bring the record as a file",
        )
    }
}

impl Wire {
    fn client(&self) -> Option<reqwest::Client> {
        self.0.get_or_init(client).clone()
    }
}

/// With the certificates that this machine trusts; none where TLS cannot be made.
fn client() -> Option<reqwest::Client> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "a certificate of this machine cannot be read");
    }
    roots.add_parsable_certificates(found.certs);
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .ok()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let built = reqwest::Client::builder()
        .use_preconfigured_tls(tls)
        .redirect(Policy::none())
        .no_proxy()
        .build();
    built
        .inspect_err(|error| tracing::error!(%error, "no record system can be asked"))
        .ok()
}

impl Call {
    pub(super) fn new(wire: &Wire, until: Instant) -> Result<Self, Problem> {
        let client = wire.client().ok_or_else(|| {
            Problem::new(
                "launch-silent",
                "tls",
                "",
                "no record system can be asked from here",
                "look into the log of the server",
            )
        })?;
        Ok(Self {
            client,
            until,
            bytes: BYTES,
            requests: REQUESTS,
        })
    }

    /// Asks for a document that is small, as JSON.
    pub(super) async fn json<T: serde::de::DeserializeOwned>(
        &mut self,
        url: Url,
        what: &'static str,
    ) -> Result<T, Problem> {
        let answer = self
            .get(url.clone(), ("application/json", None), SMALL)
            .await?;
        let read = match answer.status {
            http::StatusCode::OK => serde_json::from_slice(&answer.body).ok(),
            _ => None,
        };
        read.ok_or_else(|| {
            Problem::new(
                what,
                url.as_str(),
                answer.status.as_u16().to_string(),
                "is not answered with the JSON that SMART App Launch asks for",
                "ask the administrator of the other record system",
            )
        })
    }

    /// Asks for a part of the record.
    pub(super) async fn fhir(&mut self, url: Url, token: &str) -> Result<Answer, Problem> {
        let left = self.bytes;
        let answer = self
            .get(url, ("application/fhir+json", Some(token)), left)
            .await?;
        self.bytes -= answer.body.len();
        Ok(answer)
    }

    async fn get(
        &mut self,
        url: Url,
        (accept, token): (&'static str, Option<&str>),
        limit: usize,
    ) -> Result<Answer, Problem> {
        let Some(left) = self.requests.checked_sub(1) else {
            return Err(Silent::Many.of(&url));
        };
        self.requests = left;
        let mut request = self.client.get(url.clone()).header(ACCEPT, accept);
        if let Some(token) = token {
            let value = HeaderValue::try_from(format!("Bearer {token}"));
            let mut value = value.map_err(|_| strange_token())?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        let answer = answered(request, self.until, limit).await;
        answer.map_err(|silent| silent.of(&url))
    }

    /// Sends what the OAuth library puts together.
    pub(super) fn sender(&self) -> impl Fn(http::Request<Vec<u8>>) -> Sent + Send + Sync + 'static {
        let (client, until) = (self.client.clone(), self.until);
        move |request| {
            let client = client.clone();
            Box::pin(async move {
                let (parts, body) = request.into_parts();
                let request = client
                    .request(parts.method, parts.uri.to_string())
                    .headers(parts.headers)
                    .body(body);
                let answer = answered(request, until, SMALL).await?;
                let mut response = http::Response::new(answer.body);
                *response.status_mut() = answer.status;
                Ok(response)
            })
        }
    }
}

/// The whole answer, as far as it fits and arrives in time.
async fn answered(
    request: reqwest::RequestBuilder,
    until: Instant,
    limit: usize,
) -> Result<Answer, Silent> {
    let asking = async {
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > limit {
                return Err(Silent::Large);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body })
    };
    timeout_at(until, asking).await.unwrap_or(Err(Silent::Slow))
}

/// The text of the error would name the address, and in it the patient.
fn unreachable(error: reqwest::Error) -> Silent {
    let error = error.without_url();
    tracing::warn!(%error, "a record system was not reached");
    Silent::Unreachable
}

fn strange_token() -> Problem {
    let what = "is no token that can be sent";
    Problem::new("launch-token", "access_token", "", what, AGAIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    /// Asks a server that sends this and then, every 10 ms, one space more.
    async fn asked(begins: &'static str) -> Problem {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.read(&mut [0; 1024]).await.unwrap();
            socket.write_all(begins.as_bytes()).await.unwrap();
            while socket.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        let until = Instant::now() + Duration::from_millis(300);
        let mut call = Call::new(&Wire::default(), until).unwrap();
        let url = url.parse().unwrap();
        let said = call.json::<serde_json::Value>(url, "x").await.unwrap_err();
        assert!(until.elapsed() < Duration::from_secs(5));
        server.abort();
        said
    }

    #[tokio::test]
    async fn a_server_that_is_slow_is_not_waited_for() {
        let dribble = "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n";
        for begins in ["HTTP/1.1 200 OK\r\nx: ", dribble] {
            let said = asked(begins).await;
            assert_eq!(said.code, "launch-silent");
            assert!(
                said.problem.contains("in time"),
                "{begins:?}: {}",
                said.problem
            );
        }
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_told_from_a_slow_one() {
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/?patient=secret", gone.local_addr().unwrap());
        drop(gone);
        let until = Instant::now() + Duration::from_secs(5);
        let mut call = Call::new(&Wire::default(), until).unwrap();
        let url = url.parse().unwrap();
        let said = call.json::<serde_json::Value>(url, "x").await.unwrap_err();
        assert!(said.problem.contains("reached"), "{}", said.problem);
        assert!(!format!("{said:?}").contains("secret"));
    }
}

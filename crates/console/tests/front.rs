//! Real sockets at the front: how long a connection may take, how many there may be, and that
//! STOP always gets through.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::header::COOKIE;
use care::episode::Role;
use console::front::Front;
use console::front::limits::Limits;
use console::front::proxies::Proxies;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::browser::{Browser, House, encode};
use crate::steps::{armed, bedside, house, planned, stage, started};

/// The house's pages at a port of its own.
pub(crate) struct Port {
    pub(crate) address: SocketAddr,
    /// Ends it when it is dropped.
    _stop: oneshot::Sender<()>,
}

impl Port {
    pub(crate) async fn of(house: &House, with: impl FnOnce(&mut Front)) -> Self {
        Self::serving(house.server.router(), with).await
    }

    async fn serving(router: Router, with: impl FnOnce(&mut Front)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut front = Front {
            listener,
            tls: None,
            limits: Limits::default().within_files(),
            proxies: None,
        };
        with(&mut front);
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            front.run(router, stopped, Duration::ZERO).await;
        });
        Self {
            address,
            _stop: stop,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// The status of one request on a connection of its own.
    async fn status(&self, request: &str) -> u16 {
        let mut socket = self.connect().await;
        socket.write_all(request.as_bytes()).await.unwrap();
        status(&all(&mut socket).await)
    }
}

/// Everything until the other side closes; ten seconds at most.
async fn all(socket: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let read = socket.read_to_end(&mut text);
    let read = tokio::time::timeout(Duration::from_secs(10), read).await;
    // A reset tells the same.
    let _ = read.expect("it was never closed");
    String::from_utf8_lossy(&text).into_owned()
}

fn status(answer: &str) -> u16 {
    let code = answer.split(' ').nth(1);
    let code = code.unwrap_or_else(|| panic!("no answer: {answer:?}"));
    code.parse().unwrap()
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
}

/// What this browser would send.
fn post(browser: &Browser, path: &str, more: &str, fields: &[(&str, &str)]) -> String {
    let body = encode(fields);
    let cookies = browser.request("POST", path, Body::empty());
    let cookies = cookies.headers()[COOKIE].to_str().unwrap().to_owned();
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n{more}Connection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

const SHORT: Duration = Duration::from_millis(400);

fn short(front: &mut Front) {
    front.limits.head = SHORT;
}

#[tokio::test]
async fn a_head_that_trickles_ends_the_connection() {
    let house = House::staffed().await;
    let port = Port::of(&house, short).await;
    let mut socket = port.connect().await;
    let began = Instant::now();
    let mut sent = socket.write_all(b"GET /health HTTP/1.1\r\n").await;
    // A byte now and then, as whoever wants to hold the connection sends.
    while sent.is_ok() && began.elapsed() < SHORT * 10 {
        sent = socket.write_all(b"X").await;
        tokio::time::sleep(SHORT / 8).await;
    }
    assert!(sent.is_err(), "it was held for {:?}", began.elapsed());
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_ended_before_and_after_a_request() {
    let house = House::staffed().await;
    let port = Port::of(&house, short).await;
    assert_eq!(all(&mut port.connect().await).await, "");
    let mut socket = port.connect().await;
    let kept = get("/health").replace("Connection: close\r\n", "");
    socket.write_all(kept.as_bytes()).await.unwrap();
    let answer = all(&mut socket).await;
    assert_eq!(status(&answer), 200);
    assert!(!answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn a_stream_goes_on_longer_than_a_head_may_take() {
    let pieces = async_stream::stream! {
        for _ in 0..10 {
            tokio::time::sleep(SHORT / 2).await;
            yield Ok::<_, std::convert::Infallible>("piece ");
        }
    };
    let answer = Body::from_stream(pieces);
    let once = std::sync::Mutex::new(Some(answer));
    let once = std::sync::Arc::new(once);
    let router = Router::new().fallback(move || {
        let answer = once.lock().unwrap().take().unwrap_or_default();
        async move { answer }
    });
    let port = Port::serving(router, short).await;
    let mut socket = port.connect().await;
    socket.write_all(get("/").as_bytes()).await.unwrap();
    assert_eq!(all(&mut socket).await.matches("piece ").count(), 10);
}

#[tokio::test]
async fn a_form_that_trickles_is_refused_and_says_why() {
    let house = House::open(|options| options.limits.body = SHORT).await;
    house.hire(Role::FrontDesk).await;
    let desk = house.as_role(Role::FrontDesk).await;
    let port = Port::of(&house, |_| ()).await;
    let request = post(&desk, "/diary", "", &[("csrf", &desk.csrf)]);
    let head = request.split("\r\n\r\n").next().unwrap();
    let mut socket = port.connect().await;
    socket
        .write_all(format!("{head}\r\n\r\ncsrf=").as_bytes())
        .await
        .unwrap();
    let answer = all(&mut socket).await;
    assert_eq!(status(&answer), 408, "{answer}");
    assert!(answer.contains("body-too-slow"), "{answer}");
    // What is sent whole is not.
    assert_ne!(port.status(&request).await, 408);
}

#[tokio::test]
async fn whoever_reads_nothing_of_an_answer_is_let_go() {
    let house = House::staffed().await;
    let port = Port::of(&house, |front| {
        front.limits.unacknowledged = Duration::from_secs(1);
        front.limits.all = 1;
    })
    .await;
    let deaf = port.connect().await;
    let asset = get("/assets/tokens.css").replace("Connection: close\r\n", "");
    // More than the buffers of two sockets hold; how much of it is taken does not matter.
    for _ in 0..4_000 {
        if deaf.try_write(asset.as_bytes()).is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    assert_eq!(
        port.status(&get("/health")).await,
        503,
        "it holds the one place"
    );
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if port.status(&get("/health")).await == 200 {
            return;
        }
    }
    panic!("it still holds the one place");
}

#[tokio::test]
async fn two_hundred_viewers_with_two_connections_each_have_room_at_one_address() {
    let house = House::staffed().await;
    let port = Port::of(&house, |_| ()).await;
    let mut viewers = Vec::new();
    for _ in 0..200 {
        // As many as the stream of a page and what it asks for beside it.
        for _ in 0..2 {
            let mut socket = port.connect().await;
            let kept = get("/health").replace("Connection: close\r\n", "");
            socket.write_all(kept.as_bytes()).await.unwrap();
            let mut first = [0; 15];
            socket.read_exact(&mut first).await.unwrap();
            assert_eq!(&first, b"HTTP/1.1 200 OK");
            viewers.push(socket);
        }
    }
    assert_eq!(port.status(&get("/health")).await, 200);
}

/// Somebody lies on the table, and every place at the port is taken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_is_stopped_however_many_connections_are_open() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 10);
    let mut colin = house.as_demo("colin").await;
    let base = planned(&house, &mut colin).await;
    let session = armed(&mut colin, &base).await;
    let link = colin.get(&format!("{session}/patient")).await.ok();
    let address = link.body.split("btn next\" href=\"").nth(1).unwrap();
    let address = address.split('"').next().unwrap();
    let page = address[address.find("/t/").unwrap()..].to_owned();
    let mut phone = house.browser();
    let shown = phone.get(&page).await.ok();
    let csrf = shown.after("name=\"csrf\"", "value");
    started(&mut colin, &session).await;
    stage(&house, &["running"]).await;

    let port = Port::of(&house, |front| front.limits.all = 4).await;
    let mut held = Vec::new();
    for _ in 0..200 {
        held.push(port.connect().await);
    }
    assert_eq!(port.status(&get("/login")).await, 503);
    let hold = post(
        &phone,
        &format!("{page}/comfort"),
        "",
        &[("csrf", &csrf), ("score", "4")],
    );
    assert_eq!(port.status(&hold).await, 503, "a score can wait");
    let stop = post(&phone, &format!("{page}/stop"), "", &[("csrf", &csrf)]);
    assert_eq!(port.status(&stop).await, 303);
    stage(&house, &["stopping", "unloaded"]).await;
    let stop = post(
        &colin,
        &format!("{session}/stop"),
        "",
        &[("csrf", &colin.csrf)],
    );
    assert_eq!(port.status(&stop).await, 303, "the practitioner's, too");
    drop(held);
    bedside.stop().unwrap();
}

/// Statuses of a wrong password, tried from as many addresses as the header names.
async fn tried(named: &str) -> Vec<u16> {
    let house = House::open(|options| {
        options.proxies = Some(Proxies::of(vec![named.parse().unwrap()]));
    })
    .await;
    let mut browser = house.browser();
    browser.get("/login").await;
    let port = Port::of(&house, |_| ()).await;
    let mut statuses = Vec::new();
    for n in 0..8 {
        let wrong = [
            ("csrf", browser.csrf.as_str()),
            ("login", "ada"),
            ("password", "no"),
        ];
        let forwarded = format!("X-Forwarded-For: 198.51.100.{n}\r\n");
        let request = post(&browser, "/login", &forwarded, &wrong);
        statuses.push(port.status(&request).await);
    }
    statuses
}

#[tokio::test]
async fn a_direct_peer_cannot_choose_its_address_to_dodge_the_throttle() {
    let throttled = tried("10.0.0.0/8").await;
    assert_eq!(throttled.last(), Some(&429), "{throttled:?}");
    let of_others = tried("127.0.0.1").await;
    assert!(
        !of_others.contains(&429),
        "a proxy speaks for others: {of_others:?}"
    );
}

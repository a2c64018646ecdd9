//! A browser without a window: cookies, forms, redirects.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use care::episode::{Demographics, Licence, Role};
use console::clinic::{NewUser, Settings};
use console::{Options, Server};
use jiff::{SignedDuration, Timestamp};
use si::Region;
use tempfile::TempDir;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::played;

static TABS: AtomicU32 = AtomicU32::new(0);

/// The password of everybody in a test's clinic.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A clinic of its own in a folder of its own.
pub(crate) struct House {
    pub(crate) server: Server,
    pub(crate) folder: TempDir,
}

impl House {
    /// Opens it with these options.
    pub(crate) async fn open(with: impl FnOnce(&mut Options)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = server(folder.path().to_owned(), with).await;
        Self { server, folder }
    }

    /// A clinic with one user of each role, named after it.
    pub(crate) async fn staffed() -> Self {
        let house = Self::open(|_| ()).await;
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Program) {
            house.hire(role).await;
        }
        house
    }

    /// Somebody new in a role, whose day is empty: that of the demonstration's own people is not,
    /// at some hours.
    pub(crate) async fn hire(&self, role: Role) -> Uuid {
        let expires = Timestamp::now() + SignedDuration::from_hours(24 * 365);
        let licence = matches!(role, Role::Practitioner | Role::ClinicalLead).then(|| Licence {
            number: "T-1".into(),
            expires,
        });
        let new = NewUser {
            login: role.as_str().into(),
            name: format!("The {}", role.as_str()),
            role,
            licence,
            patient: None,
            password: PASSWORD.into(),
            temporary: false,
        };
        let clinic = &self.server.app().clinic;
        clinic.add_user(Uuid::nil(), new).await.unwrap().id
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::of(self.server.router())
    }

    /// A browser in which this role is logged in.
    pub(crate) async fn as_role(&self, role: Role) -> Browser {
        let mut browser = self.browser();
        browser.login(role.as_str(), PASSWORD).await;
        browser
    }

    /// A browser in which a colleague of the demonstration is logged in.
    pub(crate) async fn as_demo(&self, login: &str) -> Browser {
        let mut browser = self.browser();
        browser.login(login, &self.password(login)).await;
        browser
    }

    /// The password of a colleague of the demonstration.
    pub(crate) fn password(&self, login: &str) -> String {
        let found = self.server.logins().iter().find(|l| l.login == login);
        found.unwrap().password.clone()
    }

    /// Somebody of whom nothing is known yet.
    pub(crate) async fn pat(&self, region: Region) -> Uuid {
        let clinic = &self.server.app().clinic;
        let user = clinic.user_by_login("practitioner").await.unwrap().unwrap();
        let who = Demographics {
            name: "Pat Example".into(),
            ..Demographics::default()
        };
        let chart = clinic.register(&user.actor(), who, region).await;
        chart.unwrap().id
    }
}

pub(crate) async fn server(folder: PathBuf, with: impl FnOnce(&mut Options)) -> Server {
    let mut options = Options::new("127.0.0.1:0".parse().unwrap(), folder);
    with(&mut options);
    let as_it_comes = options.knowledge.is_none()
        && options.key.is_none()
        && options.settings.zone == Settings::default().zone;
    if options.demo && as_it_comes {
        played::copy_into(&options.data);
    }
    Server::bind(options).await.unwrap()
}

pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) csrf: String,
    /// Every page seen, for tests that look for words.
    pub(crate) all: String,
    /// The id that a tab keeps.
    pub(crate) tab: String,
    beating: Option<Beating>,
}

/// A page that lives, until it is dropped.
struct Beating(tokio::task::JoinHandle<()>);

impl Drop for Beating {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Page {
    pub(crate) fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The value of the first attribute that stands after a mark.
    pub(crate) fn after(&self, mark: &str, attribute: &str) -> String {
        let from = self
            .body
            .find(mark)
            .unwrap_or_else(|| panic!("{mark} is not on the page: {}", self.body));
        let rest = &self.body[from..];
        let rest = rest.split_once(&format!("{attribute}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.to_owned()
    }

    #[track_caller]
    pub(crate) fn shows(&self, words: &str) -> &Self {
        assert!(
            self.body.contains(words),
            "{words:?} is not on the page ({}): {}",
            self.status,
            self.body
        );
        self
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert!(
            self.status.is_success() || self.status.is_redirection(),
            "{}: {}",
            self.status,
            self.body
        );
        self
    }

    /// The code of the problem shown.
    pub(crate) fn code(&self) -> &str {
        self.body
            .split_once("data-test=\"fault-code\">")
            .map_or("", |(_, rest)| rest.split_once('<').unwrap().0)
    }
}

impl Browser {
    /// A new one, at this server.
    pub(crate) fn of(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            csrf: String::new(),
            all: String::new(),
            tab: format!("tab-of-a-test-{}", TABS.fetch_add(1, Ordering::Relaxed)),
            beating: None,
        }
    }

    /// An answer as it goes over the wire.
    pub(crate) async fn bytes(&self, request: Request<Body>) -> (HeaderMap, Vec<u8>) {
        let (parts, body) = self
            .router
            .clone()
            .oneshot(request)
            .await
            .unwrap()
            .into_parts();
        let body = axum::body::to_bytes(body, 64 << 20).await.unwrap();
        (parts.headers, body.to_vec())
    }

    pub(crate) async fn send(&mut self, request: Request<Body>) -> Page {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for value in parts.headers.get_all(header::SET_COOKIE) {
            let pair = value.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.into(), value.into());
        }
        let body = axum::body::to_bytes(body, 64 << 20).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        if let Some((_, rest)) = body.split_once("name=\"csrf\" value=\"") {
            self.csrf = rest.split_once('"').unwrap().0.to_owned();
        }
        self.all.push_str(&body);
        Page {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub(crate) fn request(&self, method: &str, path: &str, body: Body) -> Request<Body> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1")
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body)
            .unwrap()
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let request = self.request("GET", path, Body::empty());
        self.send(request).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut fields = fields.to_vec();
        let (csrf, tab) = (self.csrf.clone(), self.tab.clone());
        fields.extend([("csrf", csrf.as_str()), ("page", tab.as_str())]);
        let body = encode(&fields);
        let request = self.request("POST", path, Body::from(body));
        self.send(request).await
    }

    /// The page of a session is open: it says four times a second that it lives.
    pub(crate) fn open(&mut self, session: &str) {
        let path = format!("{session}/heartbeat");
        let body = encode(&[("csrf", &self.csrf), ("page", &self.tab)]);
        let requests = self.request("POST", &path, Body::empty());
        let router = self.router.clone();
        self.beating = Some(Beating(tokio::spawn(async move {
            loop {
                let mut request = Request::new(Body::from(body.clone()));
                *request.method_mut() = requests.method().clone();
                *request.uri_mut() = requests.uri().clone();
                *request.headers_mut() = requests.headers().clone();
                let _ = router.clone().oneshot(request).await;
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
        })));
    }

    /// The page is closed, or its laptop sleeps: nothing is said any more.
    pub(crate) fn fall_silent(&mut self) {
        self.beating = None;
    }

    pub(crate) async fn login(&mut self, login: &str, password: &str) -> Page {
        self.get("/login").await;
        let page = self
            .post("/login", &[("login", login), ("password", password)])
            .await;
        if page.status == StatusCode::SEE_OTHER {
            self.get("/account").await;
        }
        page
    }
}

pub(crate) fn encode(fields: &[(&str, &str)]) -> String {
    let part = |text: &str| {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", part(name), part(value)))
        .collect();
    pairs.join("&")
}

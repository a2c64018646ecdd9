//! Who may come in: every route for every role and none, tokens, cookies, throttling.

use axum::body::Body;
use axum::http::{StatusCode, header};
use care::episode::{Demographics, Role};
use console::door::route::{Access, Route, Verb};
use console::front::proxies::Proxies;
use console::routes::TABLE;
use jiff::civil::date;
use si::Region;

use crate::browser::{House, PASSWORD, encode};

/// The path with a patient that exists and everything else filled in.
pub(crate) fn filled(path: &str, patient: &str) -> String {
    let mut out = path.replace("{patient}", patient);
    for (name, value) in [
        ("{session}", "00000000-0000-4000-8000-000000000000"),
        ("{client}", "00000000-0000-4000-8000-000000000000"),
        ("{system}", "00000000-0000-4000-8000-000000000000"),
        ("{type}", "Patient"),
        ("{id}", patient),
        ("{version}", "1"),
        ("{user}", "00000000-0000-4000-8000-000000000000"),
        ("{token}", "00000000000000000000000000000000"),
        ("{file}", "console.css"),
        ("{service}", "traction-order-sign"),
        ("{rule}", "x"),
        ("{fact}", "x"),
        ("{form}", "intake-lumbar"),
        ("{suspension}", "1"),
        ("{alert}", "1"),
        ("{event}", "1"),
        ("{referral}", "1"),
        ("{visit}", "1"),
        ("{entry}", "1"),
        ("{table}", "patients"),
        ("{opening}", "00000000-0000-4000-8000-000000000000"),
        ("{appointment}", "00000000-0000-4000-8000-000000000000"),
    ] {
        out = out.replace(name, value);
    }
    assert!(
        !out.contains('{'),
        "{path} has a part this test does not know"
    );
    out
}

async fn patient(house: &House) -> String {
    let clinic = &house.server.app().clinic;
    let user = clinic.user_by_login("practitioner").await.unwrap().unwrap();
    let who = Demographics {
        name: "Pat Example".into(),
        birth_date: Some(date(1980, 1, 2)),
        ..Demographics::default()
    };
    clinic
        .register(&user.actor(), who, Region::Lumbar)
        .await
        .unwrap()
        .id
        .to_string()
}

fn is_door(status: StatusCode) -> bool {
    status == StatusCode::FORBIDDEN || status == StatusCode::NOT_FOUND
}

#[tokio::test]
async fn what_the_table_does_not_name_does_not_exist_and_is_fenced_all_the_same() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Administrator).await;
    for path in ["/nothing", "/patients", "/users/x/y/z"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(
            page.headers.contains_key("content-security-policy"),
            "{path}"
        );
    }
    let request = browser.request("DELETE", "/users", Body::empty());
    assert!(is_door(browser.send(request).await.status));
}

/// Written out again, for a page that may load from elsewhere or run what was written into it
/// would still carry a policy.
#[tokio::test]
async fn the_content_policy_lets_a_page_load_only_from_here_and_run_nothing_inline() {
    let house = House::staffed().await;
    let page = house.browser().get("/login").await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    let mut says: Vec<&str> = policy.split(';').map(str::trim).collect();
    says.sort_unstable();
    assert_eq!(
        says,
        [
            "base-uri 'none'",
            "connect-src 'self'",
            "default-src 'none'",
            "font-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "img-src 'self'",
            "manifest-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
        ]
    );
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing_on_any_route() {
    let house = House::staffed().await;
    let patient = patient(&house).await;
    for role in [Role::Practitioner, Role::Administrator, Role::ClinicalLead] {
        let mut browser = house.as_role(role).await;
        let of_people = |route: &&Route| !matches!(route.access, Access::Client(_));
        let posts = TABLE.iter().filter(|route| route.method == Verb::Post);
        for route in posts.filter(of_people) {
            let path = filled(route.path, &patient);
            for body in [
                String::new(),
                encode(&[("csrf", "0123456789abcdef0123456789abcdef")]),
            ] {
                let request = browser.request("POST", &path, Body::from(body));
                let status = browser.send(request).await.status;
                assert!(is_door(status), "{path}: {status}");
            }
        }
    }
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Administrator).await;
    let body = encode(&[("csrf", &browser.csrf), ("login", "x")]);
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://elsewhere.example"),
    ] {
        let mut request = browser.request("POST", "/users", Body::from(body.clone()));
        request.headers_mut().insert(name, value.parse().unwrap());
        assert_eq!(
            browser.send(request).await.status,
            StatusCode::FORBIDDEN,
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_session_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let house = House::staffed().await;
    let mut browser = house.browser();
    browser.get("/login").await;
    let page = browser
        .post("/login", &[("login", "assistant"), ("password", PASSWORD)])
        .await;
    let cookie = page
        .headers
        .get(header::SET_COOKIE)
        .unwrap()
        .to_str()
        .unwrap();
    assert!(cookie.starts_with("annulus="), "{cookie}");
    for flag in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    let behind = House::open(|options| options.proxies = Some(Proxies::default())).await;
    let page = behind.browser().get("/login").await;
    let cookie = page
        .headers
        .get(header::SET_COOKIE)
        .unwrap()
        .to_str()
        .unwrap();
    assert!(
        cookie.starts_with("__Host-annulus-before=") && cookie.contains("Secure"),
        "{cookie}"
    );
}

#[tokio::test]
async fn a_login_never_takes_a_secret_that_was_there_before() {
    let house = House::staffed().await;
    let mut victim = house.browser();
    let planted = "0".repeat(64);
    victim.cookies.insert("annulus".into(), planted.clone());
    victim.login("practitioner", PASSWORD).await;
    assert_ne!(victim.cookies["annulus"], planted);
    let mut attacker = house.browser();
    attacker.cookies.insert("annulus".into(), planted);
    let page = attacker.get("/account").await;
    assert!(page.location().starts_with("/login"), "{}", page.status);
}

#[tokio::test]
async fn logging_out_ends_the_session_at_the_server() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Assistant).await;
    let stolen = browser.cookies.clone();
    browser.post("/logout", &[]).await;
    browser.cookies = stolen;
    assert_eq!(browser.get("/").await.location(), "/login");
}

/// A login that ended leads back to the page that was asked for, on this server and no other.
#[tokio::test]
async fn a_login_leads_back_to_where_somebody_was_and_nowhere_else() {
    let house = House::staffed().await;
    let mut browser = house.browser();
    let page = browser.get("/knowledge?q=bone").await;
    assert_eq!(page.location(), "/login?then=%2Fknowledge%3Fq%3Dbone");
    let asked = page.location().to_owned();
    browser
        .get(&asked)
        .await
        .ok()
        .shows("value=\"/knowledge?q=bone\"");
    let go = async |then: &str| {
        let mut browser = house.browser();
        browser.get("/login").await;
        let fields = [
            ("login", "assistant"),
            ("password", PASSWORD),
            ("then", then),
        ];
        browser.post("/login", &fields).await.location().to_owned()
    };
    assert_eq!(go("/knowledge?q=bone").await, "/knowledge?q=bone");
    for other in [
        "https://example.org/",
        "//example.org/",
        "/\\example.org/",
        "\\example.org",
        "/ \n/example.org",
        "knowledge",
        "/logout",
        "",
    ] {
        assert_eq!(go(other).await, "/", "{other:?}");
    }
    assert_eq!(go(&format!("/{}", "x".repeat(2_100))).await, "/");
}

/// What a browser is told of every answer, whatever it is: a page, a refusal, a file, a document.
#[tokio::test]
async fn every_answer_says_what_a_browser_may_do_with_it() {
    let house = House::staffed().await;
    let mut browser = house.browser();
    for path in [
        "/login",
        "/nowhere",
        "/users",
        "/health",
        "/fhir/metadata",
        "/c/x",
    ] {
        let page = browser.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            (
                "permissions-policy",
                "camera=(), geolocation=(), microphone=()",
            ),
        ] {
            assert_eq!(page.headers[name], value, "{path}");
        }
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{path}"
        );
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
    }
}

#[tokio::test]
async fn five_wrong_passwords_make_this_account_wait_and_no_other() {
    let house = House::staffed().await;
    let mut browser = house.browser();
    for _ in 0..5 {
        assert_eq!(
            browser
                .login("assistant", "wrong password here")
                .await
                .status,
            StatusCode::UNAUTHORIZED
        );
    }
    let page = browser.login("assistant", PASSWORD).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(
        browser.login("practitioner", PASSWORD).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn an_unknown_login_is_answered_like_a_wrong_password() {
    let house = House::staffed().await;
    let mut browser = house.browser();
    let wrong = browser.login("assistant", "wrong password here").await;
    let unknown = browser.login("nobody", "wrong password here").await;
    assert_eq!(
        (wrong.status, unknown.status),
        (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED)
    );
    assert_eq!(wrong.body.len(), unknown.body.len());
}

#[tokio::test]
async fn a_closed_account_is_out_at_once() {
    let house = House::staffed().await;
    let mut admin = house.as_role(Role::Administrator).await;
    let mut assistant = house.as_role(Role::Assistant).await;
    let user = house
        .server
        .app()
        .clinic
        .user_by_login("assistant")
        .await
        .unwrap()
        .unwrap();
    admin
        .post(&format!("/users/{}/close", user.id), &[])
        .await
        .ok();
    assert_eq!(assistant.get("/").await.location(), "/login");
    assert_eq!(
        assistant.login("assistant", PASSWORD).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_with_its_remedy() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Administrator).await;
    let page = browser
        .post("/users", &[("login", &"x".repeat(300_000))])
        .await;
    assert_eq!(
        (page.status, page.code()),
        (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large")
    );
}

#[tokio::test]
async fn an_open_address_needs_tls_and_a_taken_port_has_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let open = console::Options::new("0.0.0.0:0".parse().unwrap(), folder.path().join("a"));
    assert_eq!(
        console::Server::bind(open).await.unwrap_err().code,
        "listen-open"
    );
    let first = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = console::Options::new(first.local_addr().unwrap(), folder.path().join("b"));
    let problem = console::Server::bind(taken).await.unwrap_err();
    assert_eq!(problem.code, "listen-taken");
    assert!(problem.remedy.contains("--listen"));
}

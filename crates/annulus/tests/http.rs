//! A browser as small as the campaign of servers needs it: one connection a request, cookies,
//! forms, and no page that does not come.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than the server may take for any answer.
const PATIENCE: Duration = Duration::from_secs(40);

/// What one keeps between two requests.
#[derive(Clone, Default)]
pub(crate) struct Browser {
    cookies: BTreeMap<String, String>,
    csrf: String,
}

/// An answer that came whole.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) body: String,
}

impl Answer {
    /// The value of an attribute after a mark.
    pub(crate) fn after(&self, mark: &str, attribute: &str) -> Option<&str> {
        let (_, rest) = self.body.split_once(mark)?;
        let (_, rest) = rest.split_once(&format!("{attribute}=\""))?;
        Some(rest.split_once('"')?.0)
    }
}

impl Browser {
    /// Gets a page; none where the server went away.
    pub(crate) fn get(&mut self, at: SocketAddr, path: &str) -> Option<Answer> {
        self.send(at, "GET", path, "")
    }

    /// Sends a form.
    pub(crate) fn post(
        &mut self,
        at: SocketAddr,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Option<Answer> {
        let csrf = self.csrf.clone();
        let mut body = String::new();
        for (name, value) in fields.iter().chain([&("csrf", csrf.as_str())]) {
            let pair = format!("{}={}&", encoded(name), encoded(value));
            body.push_str(&pair);
        }
        self.send(at, "POST", path, body.trim_end_matches('&'))
    }

    /// Logs in; panics where that is refused.
    pub(crate) fn login(&mut self, at: SocketAddr, login: &str, password: &str) {
        self.get(at, "/login").expect("a page");
        let fields = [("login", login), ("password", password)];
        let done = self.post(at, "/login", &fields).expect("an answer");
        assert_eq!(done.status, 303, "{}", done.body);
        self.get(at, "/account").expect("a page");
    }

    fn send(&mut self, at: SocketAddr, method: &str, path: &str, body: &str) -> Option<Answer> {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\nCookie: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            cookies.join("; "),
            body.len()
        );
        let mut stream = TcpStream::connect(at).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).ok()?;
        self.read(&bytes)
    }

    fn read(&mut self, bytes: &[u8]) -> Option<Answer> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let mut location = String::new();
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            match name.to_ascii_lowercase().as_str() {
                "set-cookie" => {
                    let (name, value) = value.split(';').next()?.split_once('=')?;
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
                "location" => value.clone_into(&mut location),
                // A body that broke off is no answer.
                "content-length" if value.parse() != Ok(bytes.len() - end - 4) => return None,
                _ => {}
            }
        }
        let answer = Answer {
            status,
            location,
            body,
        };
        if let Some(csrf) = answer.after("name=\"csrf\"", "value") {
            csrf.clone_into(&mut self.csrf);
        }
        Some(answer)
    }
}

fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

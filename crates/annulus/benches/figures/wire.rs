//! One connection to a server that stays open, as browsers and programs keep theirs.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

/// A connection.
pub(crate) struct Wire(BufReader<TcpStream>);

/// An answer with its headers' names in small letters.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The values of a header.
    pub(crate) fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.headers.iter().filter(move |(one, _)| one == name);
        named.map(|(_, value)| value.as_str())
    }
}

impl Wire {
    /// To a server at an address.
    pub(crate) fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends a request, head and body, and waits for its whole answer.
    pub(crate) fn send(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.0.get_mut().write_all(request)?;
        let mut status = String::new();
        self.0.read_line(&mut status)?;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or(io::ErrorKind::InvalidData)?;
        let (mut headers, mut bytes) = (Vec::new(), Some(0));
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => {
                    bytes = Some(value.parse().map_err(|_| io::ErrorKind::InvalidData)?);
                }
                "transfer-encoding" => bytes = None,
                name => headers.push((name.to_owned(), value.to_owned())),
            }
        }
        let body = match bytes {
            Some(bytes) => self.read(bytes)?,
            None => self.chunks()?,
        };
        Ok(Answer {
            status,
            headers,
            body,
        })
    }

    fn read(&mut self, bytes: usize) -> io::Result<Vec<u8>> {
        let mut body = vec![0; bytes];
        self.0.read_exact(&mut body)?;
        Ok(body)
    }

    /// A body in chunks, each with its length before it in hexadecimal digits.
    fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line)?;
            let bytes = usize::from_str_radix(line.trim_end(), 16);
            let bytes = bytes.map_err(|_| io::ErrorKind::InvalidData)?;
            body.extend(self.read(bytes)?);
            self.read(2)?;
            if bytes == 0 {
                return Ok(body);
            }
        }
    }
}

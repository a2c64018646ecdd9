//! Where a Modbus table is: `tcp://host:port`, `rtu:///dev/ttyUSB0` or with `?baud=57600`.
//!
//! Modbus has no authentication, so a table is served on this machine only
//! (hazard H25): a segment of its own and an allow-list belong before a real one.

use si::Problem;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

/// Speed of a serial line unless it is named, baud (ours: the slowest at which an exchange fits a tick).
pub const BAUD: u32 = 115_200;
/// The unit that the map is served as.
pub const UNIT: u8 = 1;

/// One end of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// Modbus TCP.
    Tcp(SocketAddr),
    /// Modbus RTU.
    Rtu {
        /// The terminal.
        path: PathBuf,
        /// Its speed, baud.
        baud: u32,
    },
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "tcp://{address}"),
            Self::Rtu { path, baud: BAUD } => write!(f, "rtu://{}", path.display()),
            Self::Rtu { path, baud } => write!(f, "rtu://{}?baud={baud}", path.display()),
        }
    }
}

impl FromStr for Address {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let bad = |why: &str| {
            Problem::new(
                "modbus-address",
                "--modbus",
                text.chars().take(120).collect::<String>(),
                why,
                "write tcp://127.0.0.1:1502, rtu:///dev/ttyUSB0 or rtu:///dev/ttyUSB0?baud=57600",
            )
        };
        if let Some(socket) = text.strip_prefix("tcp://") {
            let socket = socket
                .parse()
                .map_err(|_| bad("is no IP address with a port"))?;
            return Ok(Self::Tcp(socket));
        }
        let Some(line) = text.strip_prefix("rtu://") else {
            return Err(bad("is neither tcp:// nor rtu://"));
        };
        let (path, baud) = match line.split_once("?baud=") {
            Some((path, baud)) => (path, baud.parse().ok()),
            None => (line, Some(BAUD)),
        };
        let baud = baud.filter(|baud| (9_600..=4_000_000).contains(baud));
        let baud = baud.ok_or_else(|| bad("names no speed from 9600 to 4000000 baud"))?;
        if !path.starts_with('/') {
            return Err(bad("names no terminal by its whole path"));
        }
        let path = PathBuf::from(path);
        Ok(Self::Rtu { path, baud })
    }
}

//! A serial terminal as Modbus RTU wants it: raw, 8 data bits, no parity, one stop
//! bit, and reads that end at a deadline.
//!
//! Eight bits without parity is what every adapter does; the standard's even
//! parity would add a bit to each byte, and the frame's CRC stands either way.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::termios::{ControlModes, OptionalActions, tcgetattr, tcsetattr};
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, Instant};

/// An open terminal.
#[derive(Debug)]
pub(super) struct Serial {
    fd: OwnedFd,
    baud: u32,
}

impl Serial {
    /// Opens and sets it.
    pub(super) fn open(path: &Path, baud: u32) -> io::Result<Self> {
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let fd = rustix::fs::open(path, flags, Mode::empty())?;
        let mut settings = tcgetattr(&fd)?;
        settings.make_raw();
        settings
            .control_modes
            .remove(ControlModes::CSTOPB | ControlModes::CRTSCTS);
        settings
            .control_modes
            .insert(ControlModes::CLOCAL | ControlModes::CREAD);
        settings.set_speed(baud)?;
        tcsetattr(&fd, OptionalActions::Flush, &settings)?;
        Ok(Self { fd, baud })
    }

    /// Silence that ends a frame: 3.5 characters of 11 bits, at least 1.75 ms, and
    /// what a scheduler and a USB adapter add (ours, 3 ms).
    pub(super) fn gap(&self) -> Duration {
        let chars = Duration::from_secs_f64(3.5 * 11.0 / f64::from(self.baud.max(1)));
        chars.max(Duration::from_micros(1_750)) + Duration::from_millis(3)
    }

    fn wait(&self, flags: PollFlags, until: Instant) -> io::Result<bool> {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let left = Timespec {
                tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
                tv_nsec: left.subsec_nanos().into(),
            };
            match poll(&mut [PollFd::new(&self.fd, flags)], Some(&left)) {
                Ok(ready) => return Ok(ready > 0),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Appends what comes first; false if nothing came until then.
    pub(super) fn read(&mut self, into: &mut Vec<u8>, until: Instant) -> io::Result<bool> {
        if !self.wait(PollFlags::IN, until)? {
            return Ok(false);
        }
        let mut some = [0; 256];
        match rustix::io::read(&self.fd, &mut some) {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                into.extend_from_slice(some.get(..count).unwrap_or_default());
                Ok(true)
            }
            Err(Errno::AGAIN | Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes all of it.
    pub(super) fn write(&mut self, mut bytes: &[u8], until: Instant) -> io::Result<()> {
        while !bytes.is_empty() {
            match rustix::io::write(&self.fd, bytes) {
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) if self.wait(PollFlags::OUT, until)? => {}
                Err(Errno::AGAIN) => return Err(io::ErrorKind::TimedOut.into()),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Throws away what comes until the line was silent for `silence`; at most until `last`.
    pub(super) fn drain(&mut self, silence: Duration, last: Instant) -> io::Result<bool> {
        let mut lost = Vec::new();
        while Instant::now() < last {
            lost.clear();
            if !self.read(&mut lost, Instant::now() + silence)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

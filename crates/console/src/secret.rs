//! Files that hold a secret: read only where nobody but their owner may.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use si::Problem;

/// Larger than any key, password or chain of certificates (ours).
const LARGEST: u64 = 1 << 20;

/// The bytes of a secret.
///
/// # Errors
/// A file that cannot be read, that others may read, or that is far too large for a secret.
pub fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    let problem = |code, value: String, what: String, remedy: String| {
        Problem::new(code, path.display().to_string(), value, what, remedy)
    };
    let unreadable = |error: std::io::Error| {
        let remedy = "name a file that exists and may be read".to_owned();
        problem(
            "unreadable",
            String::new(),
            format!("cannot be read: {error}"),
            remedy,
        )
    };
    let meta = fs::metadata(path).map_err(unreadable)?;
    let mode = meta.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(problem(
            "secret-is-open",
            format!("mode {mode:03o}"),
            "may be read by others".into(),
            format!("chmod 600 {}", path.display()),
        ));
    }
    if meta.len() > LARGEST {
        return Err(problem(
            "input-too-large",
            format!("{} bytes", meta.len()),
            "is larger than any secret".into(),
            "name the file of the secret".into(),
        ));
    }
    fs::read(path).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_others_may_read_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, "hush").unwrap();
        let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        for open in [0o640, 0o604, 0o620] {
            mode(open);
            let problem = read(&path).unwrap_err();
            assert_eq!(problem.code, "secret-is-open");
            assert_eq!(problem.value, format!("mode {open:03o}"));
        }
        mode(0o600);
        assert_eq!(read(&path).unwrap(), b"hush");
    }
}

//! The demonstration, played once: its past sessions really run on the simulated table, which is
//! most of what opening a clinic costs. Every other test opens a copy of its store.

use std::fs::Permissions;
use std::path::Path;
use std::sync::OnceLock;

use console::{Options, Server};

/// Name, permissions and content of every file of the store.
type Files = Vec<(String, Permissions, Vec<u8>)>;

static STORE: OnceLock<Files> = OnceLock::new();

/// Puts the store of the demonstration into an empty folder. One that holds something is left as it is.
pub(crate) fn copy_into(folder: &Path) {
    if std::fs::read_dir(folder).unwrap().next().is_some() {
        return;
    }
    for (name, permissions, content) in STORE.get_or_init(play) {
        let file = folder.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, content).unwrap();
        std::fs::set_permissions(file, permissions.clone()).unwrap();
    }
}

/// On a thread of its own, for a runtime within that of a test cannot wait.
fn play() -> Files {
    std::thread::spawn(|| {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options::new("127.0.0.1:0".parse().unwrap(), folder.path().to_owned());
        options.demo = true;
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let server = Server::bind(options).await.unwrap();
            server.app().clinic.close().await.unwrap();
        });
        let mut files = Vec::new();
        read(folder.path(), "", &mut files);
        files
    })
    .join()
    .unwrap()
}

fn read(folder: &Path, within: &str, files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let name = format!("{within}{name}");
        if path.is_dir() {
            read(&path, &format!("{name}/"), files);
        } else {
            let permissions = path.metadata().unwrap().permissions();
            files.push((name, permissions, std::fs::read(&path).unwrap()));
        }
    }
}

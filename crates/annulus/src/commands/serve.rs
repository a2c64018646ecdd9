//! `annulus serve`: the clinic's server.

use crate::cli::{Format, ServeArgs};
use crate::failure::Failure;
use crate::settings::{Clinic, Mail, OnCall, Settings};
use crate::{files, input, logging};
use console::clinic::Settings as ClinicSettings;
use console::mail::{Contact, MailSettings, Quiet};
use console::serve::{Options, Server, Signing};
use serde::Serialize;
use si::Problem;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::signal::unix::{SignalKind, signal};

const PORT: u16 = 8700;

/// What a caller needs to open the first page.
#[derive(Serialize)]
struct Ready {
    url: String,
    logins: Vec<Login>,
}

#[derive(Serialize)]
struct Login {
    role: String,
    name: String,
    login: String,
    password: String,
}

/// Serves until SIGINT or SIGTERM.
pub(crate) fn run(args: ServeArgs, settings: Settings, format: Format) -> Result<(), Failure> {
    let options = options(args, settings)?;
    logging::start();
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::new("starting the runtime", error))?;
    runtime.block_on(async {
        // Before anybody is told that the server is ready: a signal may come at once.
        let ended = ended()?;
        let server = Server::bind(options).await?;
        files::print(greeting(&ready(&server), format)?.as_bytes())?;
        server.run(ended).await?;
        Ok(())
    })
}

fn options(args: ServeArgs, file: Settings) -> Result<Options, Failure> {
    let listen = args.listen.or(file.listen);
    let listen = listen.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, PORT)));
    let data = file.data(args.data);
    let knowledge = input::knowledge(&file)?;
    let mut options = Options::new(listen, data);
    options.database = file.database(args.database)?;
    options.demo = args.demo;
    options.knowledge = Some(knowledge);
    options.bedside = args.bedside.or_else(|| file.bedside.clone());
    if args.new_key > 0 {
        options.signing = Signing::Anew;
    }
    options.second_factor = args.second_factor || file.second_factor.unwrap_or(false);
    options.tls = file.tls(args.tls_certificate, args.tls_key)?;
    options.proxies = file.proxies(args.behind_proxy, args.proxy_address)?;
    options.translations = args.translations.or_else(|| file.translations.clone());
    options.print = file.print.clone().unwrap_or_default();
    options.settings.zone = file.zone(args.zone.as_deref())?;
    if !args.demo {
        tell(&mut options.settings, file.clinic, file.mail)?;
    }
    Ok(options)
}

/// What a clinic of real patients says of itself; nothing of it is invented.
fn tell(
    settings: &mut ClinicSettings,
    clinic: Option<Clinic>,
    mail: Option<Mail>,
) -> Result<(), Failure> {
    let clinic = clinic.ok_or_else(|| {
        Problem::new(
            "clinic-unnamed",
            "clinic",
            "",
            "patients are told whom to call and where to go, and nobody has said it",
            "write [clinic] with name, phone, on_call and [clinic.emergency] with number, hospital and address \
             into annulus.toml, or start with --demo",
        )
    })?;
    settings.name = clinic.name;
    settings.on_call.clear();
    settings.phone = clinic.phone;
    if let Some(tables) = clinic.tables {
        settings.tables = named(tables)?;
    }
    settings.emergency = clinic.emergency;
    if let Some(years) = clinic.retention_years {
        settings.retention_years = years;
    }
    let mut contacts = Vec::new();
    for one in clinic.on_call {
        let name = match one {
            OnCall::Name(name) => name,
            OnCall::Contact { name, email } => {
                contacts.push(Contact {
                    name: name.clone(),
                    email,
                });
                name
            }
        };
        settings.on_call.push(name);
    }
    settings.mail = mail.map(|mail| posted(mail, contacts)).transpose()?;
    Ok(())
}

/// Where a mail server may be named too.
const SERVER: &str = "ANNULUS_MAIL_SERVER";

fn posted(mail: Mail, contacts: Vec<Contact>) -> Result<MailSettings, Failure> {
    let secret = mail.server_file.map(|path| files::read_secret(&path));
    let secret = secret.transpose()?.map(|bytes| {
        let text = String::from_utf8_lossy(&bytes);
        text.trim().to_owned()
    });
    let server = std::env::var(SERVER).ok().or(secret).or(mail.server);
    let server = server.ok_or_else(|| {
        Problem::new(
            "mail-settings",
            "mail.server",
            "",
            "nobody has said it",
            "write server into [mail], or server_file where it holds a password",
        )
    })?;
    let quiet = mail.quiet.map(|[from, until]| Quiet { from, until });
    Ok(MailSettings {
        server,
        from: mail.from,
        address: mail.address,
        quiet: quiet.unwrap_or_default(),
        contacts,
    })
}

/// Tables that can be told apart: each has a name, and no other has it.
fn named(tables: Vec<String>) -> Result<Vec<String>, Problem> {
    let wrong = |(at, name): &(usize, &String)| {
        name.trim().is_empty() || tables.iter().take(*at).any(|other| other == *name)
    };
    let found = tables.iter().enumerate().find(wrong);
    match found {
        Some((at, name)) => Err(Problem::new(
            "table-unnamed",
            format!("clinic.tables[{at}]"),
            name.clone(),
            "is empty, or the name of another table",
            "give each table a name of its own",
        )),
        None => Ok(tables),
    }
}

fn ready(server: &Server) -> Ready {
    let login = |login: &console::DemoLogin| Login {
        role: login.role.as_str().to_owned(),
        name: login.name.clone(),
        login: login.login.clone(),
        password: login.password.clone(),
    };
    Ready {
        url: server.url(),
        logins: server.logins().iter().map(login).collect(),
    }
}

fn greeting(ready: &Ready, format: Format) -> Result<String, Failure> {
    if format == Format::Json {
        return serde_json::to_string(ready).map_err(|error| Failure::new("writing JSON", error));
    }
    let mut text = format!("Annulus answers at {}/\n", ready.url);
    if !ready.logins.is_empty() {
        text.push_str("Demonstration logins, new at every start:\n");
    }
    for login in &ready.logins {
        let _ = writeln!(
            text,
            "  {:<14} {:<20} {:<16} {}",
            login.role, login.name, login.login, login.password
        );
    }
    Ok(text)
}

/// Hears SIGINT and SIGTERM from now on; resolves at the first of them.
fn ended() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    let hear = |kind| signal(kind).map_err(|error| Failure::new("listening for signals", error));
    let (mut interrupt, mut terminate) = (
        hear(SignalKind::interrupt())?,
        hear(SignalKind::terminate())?,
    );
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_table_without_a_name_of_its_own_is_refused_with_its_place() {
        let tables = |names: &[&str]| named(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(tables(&["A", "B"]), Ok(vec!["A".into(), "B".into()]));
        for wrong in [["A", " "], ["A", "A"]] {
            assert_eq!(tables(&wrong).unwrap_err().place, "clinic.tables[1]");
        }
    }
}

//! A password or a code that somebody shows, tried only as often as may be.
//!
//! | who shows it | where failures count |
//! |---|---|
//! | anybody at the login | the account at this address, and the address over all accounts |
//! | a browser in which this account was logged in before | that browser, wherever it is |
//! | who is logged in, once more | that account, everywhere: nobody else gets here |
//!
//! So nobody makes an account wait in the browser of its owner, whatever is tried elsewhere or at
//! the same address.

use std::net::{IpAddr, Ipv4Addr};

use super::fault::Fault;
use super::visit::Visit;
use crate::clinic::{Deed, User};

/// Where tries are counted by what was tried alone.
const ANYWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// What a try counts for.
#[derive(Clone, Debug)]
pub struct Tries {
    address: IpAddr,
    what: String,
}

impl Tries {
    /// A login, by whoever comes.
    #[must_use]
    pub fn login(visit: &Visit, login: &str, user: Option<&User>) -> Self {
        let known = user.zip(visit.known.as_deref());
        let known = known.and_then(|(user, known)| visit.app.clinic.known_here(user, known));
        match known {
            Some(browser) => Self::of(format!("browser {browser}")),
            None => Self {
                address: visit.address,
                what: login.to_owned(),
            },
        }
    }

    /// Whoever is logged in, once more.
    #[must_use]
    pub fn again(user: &User) -> Self {
        Self::of(format!("again {}", user.id))
    }

    /// Somebody else, at the screen of whoever is logged in.
    #[must_use]
    pub fn beside(user: uuid::Uuid, login: &str) -> Self {
        Self::of(format!("beside {user} {login}"))
    }

    /// The code of a second factor: only who knows the password gets here.
    #[must_use]
    pub fn code(user: &User) -> Self {
        Self::of(format!("code {}", user.id))
    }

    const fn of(what: String) -> Self {
        Self {
            address: ANYWHERE,
            what,
        }
    }

    /// Whether it may be tried now.
    pub async fn admit(&self, visit: &Visit) -> Result<(), Fault> {
        let wait = visit.app.throttle.wait(self.address, &self.what).await?;
        wait.map_or(Ok(()), |wait| Err(Fault::Throttled(wait.as_secs().max(1))))
    }

    /// It was wrong.
    pub async fn failed(&self, visit: &Visit) -> Result<(), Fault> {
        let throttle = &visit.app.throttle;
        let counted = match self.address {
            ANYWHERE => throttle.failed_at(ANYWHERE, &self.what).await,
            address => throttle.failed(address, &self.what).await,
        };
        Ok(counted?)
    }

    /// It was right.
    pub async fn succeeded(&self, visit: &Visit) -> Result<(), Fault> {
        let throttle = &visit.app.throttle;
        Ok(throttle.succeeded(self.address, &self.what).await?)
    }
}

/// Whether this is the user's password. A hash takes memory and a core: few are made at once, and
/// who waits is told so before and in turn, so that tries that come together count one by one.
pub async fn password(
    visit: &Visit,
    tries: &Tries,
    (user, sent): (Option<&User>, String),
) -> Result<bool, Fault> {
    tries.admit(visit).await?;
    let _turn = visit.app.throttle.turn().await.ok_or(Fault::Busy)?;
    tries.admit(visit).await?;
    let fits = visit.app.clinic.check_password(user, sent).await;
    match fits {
        true => tries.succeeded(visit).await?,
        false => tries.failed(visit).await?,
    }
    Ok(fits)
}

/// The code of a second factor, or one on paper: the account after it.
pub async fn code(visit: &Visit, user: &User, (sent, route): (&str, &str)) -> Result<User, Fault> {
    let tries = Tries::code(user);
    tries.admit(visit).await?;
    let _turn = visit.app.throttle.turn().await.ok_or(Fault::Busy)?;
    tries.admit(visit).await?;
    match visit.app.clinic.use_second(user, sent).await {
        Ok(user) => {
            tries.succeeded(visit).await?;
            Ok(user)
        }
        Err(problem) => {
            if problem.code == CODE_WRONG {
                tries.failed(visit).await?;
                tracing::warn!("a code of a second factor was wrong");
                failed(visit, Some(user), route).await?;
            }
            Err(problem.into())
        }
    }
}

/// The code of the problem of a wrong code.
pub const CODE_WRONG: &str = "code-wrong";

/// Notes in the audit log that a password or a code was wrong.
pub async fn failed(visit: &Visit, user: Option<&User>, route: &str) -> Result<(), Fault> {
    let subject = user.map(|user| user.id);
    let clinic = &visit.app.clinic;
    clinic
        .note_door(visit, Deed::LoginFailed, route, subject)
        .await
}

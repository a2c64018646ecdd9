//! A patient's own account, as the clinic sees it: the link by which they make one or choose a
//! new password, and its end. Who the patient is was seen by whoever makes the link.

use askama::Template;
use care::episode::Path;
use jiff::Timestamp;
use si::Problem;

use super::on_table::qr;
use super::who::{Desk, Who};
use crate::clinic::{INVITED_FOR, User};
use crate::door::{Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "invite.html")]
struct Page {
    f: Frame,
    p: Who,
    account: Option<User>,
    link: Option<Link>,
}

/// A link that was just made; it is shown once.
struct Link {
    address: String,
    picture: String,
    until: String,
}

/// GET `/patients/{patient}/account`.
pub async fn show(visit: Visit) -> Reply {
    page(&visit, None).await
}

async fn page(visit: &Visit, made: Option<(String, Timestamp)>) -> Reply {
    let desk = Desk::of(visit).await?;
    let (f, p) = desk.frame(visit, Path::Evaluate);
    let link = made.map(|(address, until)| {
        Ok::<_, crate::door::Fault>(Link {
            picture: qr(&address)?,
            address,
            until: f.when(&until),
        })
    });
    html(&Page {
        account: visit.app.clinic.account_of(desk.chart.id).await?,
        link: link.transpose()?,
        f,
        p,
    })
}

/// POST `/patients/{patient}/account`: makes a link.
pub async fn make(visit: Visit) -> Reply {
    if visit.form.get("seen") != Some("yes") {
        let t = Frame::new(&visit, Place::Patients).t;
        let (what, remedy) = (t.invite_unseen(), t.invite_seen_remedy());
        return Err(Problem::new("patient-unseen", "seen", "", what, remedy).into());
    }
    let clinic = &visit.app.clinic;
    let token = clinic.invitation(visit.patient()?).await?;
    let until = clinic.now().saturating_add(INVITED_FOR);
    let address = format!("{}/w/{token}", visit.origin());
    page(&visit, Some((address, until.unwrap_or(Timestamp::MAX)))).await
}

/// POST `/patients/{patient}/account/close`.
pub async fn close(visit: Visit) -> Reply {
    let (clinic, patient) = (&visit.app.clinic, visit.patient()?);
    if let Some(account) = clinic.account_of(patient).await? {
        clinic.close_user(visit.who()?.user, &account).await?;
        visit.app.logins.close_all(account.id).await?;
    }
    Ok(see(&format!(
        "/patients/{patient}/account?said=account-closed"
    )))
}

//! Where the patient's own page is found: an address, and a picture of it that a phone reads.

use askama::Template;
use care::episode::Path;
use qrcode::QrCode;
use qrcode::render::svg;
use uuid::Uuid;

use super::super::who::{Desk, Who};
use crate::door::{Fault, Reply, Visit, html};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "on_table_link.html")]
struct Page {
    f: Frame,
    p: Who,
    session: Uuid,
    address: String,
    picture: String,
}

/// GET `/patients/{patient}/session/{session}/patient`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let session = visit.id("session")?;
    let known = desk.chart.episode.session(session);
    let ended = known.ok_or(Fault::NotFound)?.ended.is_some();
    if ended {
        return Err(Fault::NotFound);
    }
    let (f, p) = desk.frame(&visit, Path::Treat);
    let clinic = &visit.app.clinic;
    let path = format!("/t/{}", clinic.table_token(desk.chart.id, session));
    let address = format!("{}{path}", visit.origin());
    html(&Page {
        picture: picture(&address)?,
        address,
        session,
        f,
        p,
    })
}

/// An address as a picture that a phone reads.
pub(in crate::pages) fn picture(address: &str) -> Result<String, Fault> {
    let code = QrCode::new(address).map_err(Fault::internal)?;
    let drawn = code
        .render::<svg::Color<'_>>()
        .min_dimensions(320, 320)
        .build();
    // Without the head of a file: it stands in a page.
    let from = drawn.find("<svg").unwrap_or_default();
    Ok(drawn[from..].to_owned())
}

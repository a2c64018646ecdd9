//! The clock of a demonstration clinic.

use askama::Template;

use crate::clinic::tick;
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "clock.html")]
struct Page {
    f: Frame,
    now: String,
}

/// GET `/clock`.
pub async fn show(visit: Visit) -> Reply {
    if !visit.app.clinic.demo() {
        return Err(Fault::NotFound);
    }
    let f = Frame::new(&visit, Place::Clinic);
    let now = f.when(&f.now.timestamp());
    html(&Page { f, now })
}

/// POST `/clock`.
pub async fn forward(visit: Visit) -> Reply {
    let clinic = &visit.app.clinic;
    if !clinic.demo() {
        return Err(Fault::NotFound);
    }
    let hours: f64 = visit.form.need_read("hours")?;
    let seconds = (hours.clamp(0.0, 1e6) * 3600.0).round();
    #[allow(clippy::cast_possible_truncation, reason = "clamped above")]
    clinic.forward(visit.who()?.user, seconds as i64).await?;
    tick(clinic).await;
    Ok(see("/clock?said=saved"))
}

//! Documents as PDF: a signed note, a screening as a letter, a course, a check-in to fill in
//! by hand, a report of an adverse event, a referral, a whole record for its patient.

mod adverse;
mod consent;
mod course;
mod evaluation;
mod form;
mod note;
mod record;
mod referral;
mod session;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

use crate::door::{Reply, Visit};
use crate::paper::Paper;

pub use adverse::adverse;
pub use consent::consent;
pub use course::course;
pub use evaluation::evaluation;
pub use form::form;
pub use note::note;
pub use record::record;
pub use referral::referral;
pub use session::session;

/// A PDF, under a name that says nothing about the patient.
async fn pdf(visit: &Visit, paper: Paper, name: &'static str) -> Reply {
    sent(visit.app.printer.set(paper).await?, name)
}

fn sent(bytes: Vec<u8>, name: &'static str) -> Reply {
    let mut response: Response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/pdf"),
    );
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    Ok(response)
}

//! Whether the server answers: for `make run` and for whoever watches it.

use axum::response::IntoResponse as _;

use crate::door::{Reply, Visit};

/// GET `/health`.
pub async fn show(_: Visit) -> Reply {
    Ok("ok".into_response())
}

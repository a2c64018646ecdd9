//! What a request brings: bounded in size and in time before anything reads it.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header;

use super::fault::Fault;
use super::form::Form;

/// A form, no larger than `limit` bytes and arrived within the time.
pub(super) async fn form(request: Request, limit: usize, within: Duration) -> Result<Form, Fault> {
    let arriving = tokio::time::timeout(within, read(request, limit));
    arriving.await.map_err(|_| too_slow(within))?
}

/// The bytes of a program, no more than `limit` and arrived within the time.
pub(super) async fn bytes(
    request: Request,
    limit: usize,
    within: Duration,
) -> Result<Bytes, Fault> {
    let arriving = tokio::time::timeout(within, bounded(request.into_body(), limit));
    arriving.await.map_err(|_| too_slow(within))?
}

async fn read(request: Request, limit: usize) -> Result<Form, Fault> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    if kind.starts_with("multipart/form-data") {
        return upload(request, limit).await;
    }
    Ok(Form::urlencoded(
        &bounded(request.into_body(), limit).await?,
    ))
}

async fn bounded(body: Body, limit: usize) -> Result<Bytes, Fault> {
    axum::body::to_bytes(body, limit)
        .await
        .map_err(|_| too_large(limit))
}

async fn upload(request: Request, limit: usize) -> Result<Form, Fault> {
    let (parts, body) = request.into_parts();
    let bytes = bounded(body, limit).await?;
    let mut request = Request::from_parts(parts, Body::from(bytes));
    axum::extract::DefaultBodyLimit::disable().apply(&mut request);
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|_| garbled())?;
    let mut fields = Vec::new();
    while let Some(field) = parts.next_field().await.map_err(|_| garbled())? {
        let name = field.name().unwrap_or_default().to_owned();
        fields.push((name, field.text().await.map_err(|_| garbled())?));
    }
    Ok(Form::new(fields))
}

fn too_large(limit: usize) -> Fault {
    Fault::from(si::Problem::new(
        super::fault::LARGE,
        "body",
        "",
        format!("is larger than {limit} bytes"),
        "send less at once",
    ))
}

fn too_slow(limit: Duration) -> Fault {
    Fault::from(si::Problem::new(
        super::fault::SLOW,
        "body",
        "",
        format!("did not arrive within {} s", limit.as_secs()),
        "send it again, over a better line or less at once",
    ))
}

fn garbled() -> Fault {
    Fault::from(si::Problem::new(
        "upload-unreadable",
        "body",
        "",
        "is not a complete upload",
        "choose the file again and send it once more",
    ))
}

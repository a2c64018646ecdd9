//! What goes over the wire: compressed to who asks for it, as it is to who does not.

use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, VARY};

use care::episode::Role;

use crate::browser::House;

#[tokio::test]
async fn a_page_is_compressed_for_a_browser_that_can_read_it() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let plain = browser.get("/knowledge").await.ok();
    assert!(!plain.headers.contains_key(CONTENT_ENCODING));
    let mut request = browser.request("GET", "/knowledge", Body::empty());
    request
        .headers_mut()
        .insert(ACCEPT_ENCODING, "gzip, br".parse().unwrap());
    let bytes = browser.bytes(request).await;
    assert_eq!(bytes.0[CONTENT_ENCODING], "gzip");
    assert_eq!(bytes.0[VARY], "accept-encoding");
    let (small, all) = (bytes.1.len(), plain.body.len());
    assert!(bytes.1.starts_with(&[0x1f, 0x8b]), "gzip begins so");
    assert!(small * 3 < all, "{small} of {all} bytes");
}

//! From where a request came.

use std::net::IpAddr;

use axum::http::request::Parts;

use crate::http::serve::ClientAddress;

/// The client's address, as the edge found it behind the operator's proxies.
pub(super) fn of(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ClientAddress>().map(|address| address.0)
}

/// Its text in rows; empty where it is not known.
pub(super) fn text(address: Option<IpAddr>) -> String {
    address.map(|address| address.to_string()).unwrap_or_default()
}

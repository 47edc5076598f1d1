//! A customer's form: only from a live session, only from our own page, never larger than the limit.

use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::response::Response;
use serde::de::DeserializeOwned;

use super::Site;
use super::page::{self, Frame};
use super::visitor::Visitor;

/// A form whose hidden field was there and right.
pub struct Posted<T> {
    /// Who sent it.
    pub visitor: Visitor,
    /// Its other fields.
    pub fields: T,
}

/// A form that carries the hidden field.
pub trait Signed: DeserializeOwned {
    /// The hidden field.
    fn csrf(&self) -> &str;
}

impl<T: Signed> FromRequest<Site> for Posted<T> {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, site).await?;
        let frame = Frame::of(&visitor);
        match Form::<T>::from_request(Request::from_parts(parts, body), site).await {
            Err(unread) => Err(page::unreadable(frame, unread.status())),
            Ok(Form(fields)) if !site.csrf.fits(&visitor.token, fields.csrf()) => Err(page::forged(frame)),
            Ok(Form(fields)) => Ok(Posted { visitor, fields }),
        }
    }
}

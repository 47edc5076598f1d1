//! Refusals, in the words of the standards. A library acts on the code; the description is for the developer who reads it.

use thiserror::Error;

/// The `error` of an answer (RFC 6749, 4.1.2.1 and 5.2; RFC 7009; RFC 8707; RFC 9101; RFC 9126).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Something is missing, doubled or malformed.
    InvalidRequest,
    /// The client is unknown or did not prove who it is.
    InvalidClient,
    /// The code or refresh token is not good, or not this client's.
    InvalidGrant,
    /// The client may not use this grant.
    UnauthorizedClient,
    /// Not one of our grants.
    UnsupportedGrantType,
    /// Only `code` is answered.
    UnsupportedResponseType,
    /// A scope that is malformed, unknown or more than the client may ask.
    InvalidScope,
    /// A resource that is not this API.
    InvalidTarget,
    /// The person, or the institution, said no.
    AccessDenied,
    /// Request objects are not taken.
    RequestNotSupported,
    /// Our own fault.
    ServerError,
    /// Not now; nothing was done.
    TemporarilyUnavailable,
}

impl Code {
    /// Its word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::InvalidRequest => "invalid_request",
            Code::InvalidClient => "invalid_client",
            Code::InvalidGrant => "invalid_grant",
            Code::UnauthorizedClient => "unauthorized_client",
            Code::UnsupportedGrantType => "unsupported_grant_type",
            Code::UnsupportedResponseType => "unsupported_response_type",
            Code::InvalidScope => "invalid_scope",
            Code::InvalidTarget => "invalid_target",
            Code::AccessDenied => "access_denied",
            Code::RequestNotSupported => "request_not_supported",
            Code::ServerError => "server_error",
            Code::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }

    /// The HTTP status of an endpoint that answers JSON.
    pub fn http_status(self) -> u16 {
        match self {
            Code::InvalidClient => 401,
            Code::ServerError => 500,
            Code::TemporarilyUnavailable => 503,
            _ => 400,
        }
    }
}

/// A request that was refused, and why, for the developer: no value of the request is repeated in it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}: {description}", .code.as_str())]
pub struct Refusal {
    /// What a library acts on.
    pub code: Code,
    /// What a developer reads, in English, in the characters that RFC 6749 allows.
    pub description: &'static str,
}

impl Refusal {
    /// A refusal with its reason.
    pub const fn new(code: Code, description: &'static str) -> Refusal {
        Refusal { code, description }
    }

    /// Something is missing, doubled or malformed.
    pub const fn request(description: &'static str) -> Refusal {
        Refusal::new(Code::InvalidRequest, description)
    }

    /// The client is unknown or did not prove who it is. One description for every reason: a stranger learns nothing.
    pub const fn client() -> Refusal {
        Refusal::new(
            Code::InvalidClient,
            "unknown client, wrong secret, or a way to authenticate that this client does not have",
        )
    }

    /// The code or refresh token is not good. One description for every reason.
    pub const fn grant() -> Refusal {
        Refusal::new(
            Code::InvalidGrant,
            "the code or refresh token is unknown, expired, used, revoked, or was given to another client or redirect_uri",
        )
    }
}

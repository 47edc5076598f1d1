//! Access tokens as JWTs (RFC 9068), so that what a token says is in the token, and who made it can be proved.
//!
//! There is one algorithm, ES256, and it is ours: what a token's header says never chooses how it is checked. A token
//! is read in two steps: [`Unverified::read`] finds which key it names, and only [`Unverified::verify`] gives its claims.

pub mod jwk;
pub mod signing;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use self::signing::{SIGNATURE_BYTES, SigningKey, is_signed_by};

/// Longest token that is looked at.
pub const TOKEN_LENGTH_MAX: usize = 4096;

/// What an access token says (RFC 9068, 2.2). Times are Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who made it: our public address.
    pub iss: String,
    /// For whom the client acts; itself, with client credentials.
    pub sub: String,
    /// Where it is to be used.
    pub aud: String,
    /// Who may use it.
    pub client_id: String,
    /// What it opens, blanks between.
    pub scope: String,
    /// Its own name, by which its row is found.
    pub jti: String,
    /// When it was made.
    pub iat: i64,
    /// From when it is refused.
    pub exp: i64,
}

/// Why a token was refused. No variant holds a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenRefused {
    /// Not three parts of base64url with JSON in the first two.
    #[error("the token is malformed")]
    Malformed,
    /// Another algorithm, another type or no key id.
    #[error("the token's header is not one of ours")]
    Header,
    /// Another key signed it, or it was changed.
    #[error("the token's signature is wrong")]
    Signature,
}

#[derive(Serialize, Deserialize)]
struct Header {
    typ: String,
    alg: String,
    kid: String,
}

/// The token's id among what it claims; the signature over it is checked before anything else of it is believed.
#[derive(Deserialize)]
struct Named {
    jti: String,
}

/// A token whose signature is not checked yet: it tells which key and which row to look for, nothing else.
pub struct Unverified<'a> {
    kid: String,
    id: String,
    signed: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// Signs claims.
///
/// # Errors
/// When the cryptographic library refuses, which it does not for a key that it made.
pub fn sign(claims: &Claims, key: &SigningKey) -> Result<String, TokenRefused> {
    let header = Header {
        typ: TYPE.to_owned(),
        alg: ALGORITHM.to_owned(),
        kid: key.kid().to_owned(),
    };
    let part = |json: Result<Vec<u8>, serde_json::Error>| {
        json.map(|bytes| BASE64URL.encode(bytes))
            .map_err(|_| TokenRefused::Malformed)
    };
    let mut token = part(serde_json::to_vec(&header))?;
    token.push('.');
    token.push_str(&part(serde_json::to_vec(claims))?);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    token.push_str(&BASE64URL.encode(signature));
    Ok(token)
}

impl<'a> Unverified<'a> {
    /// Reads a token's form.
    ///
    /// # Errors
    /// Where it is not one of ours by its form already.
    pub fn read(token: &'a str) -> Result<Unverified<'a>, TokenRefused> {
        if token.len() > TOKEN_LENGTH_MAX {
            return Err(TokenRefused::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenRefused::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(TokenRefused::Malformed)?;
        let decode = |part: &str| BASE64URL.decode(part).map_err(|_| TokenRefused::Malformed);
        let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| TokenRefused::Header)?;
        if header.alg != ALGORITHM || !header.typ.eq_ignore_ascii_case(TYPE) {
            return Err(TokenRefused::Header);
        }
        let (payload, signature) = (decode(payload)?, decode(signature)?);
        let named: Named = serde_json::from_slice(&payload).map_err(|_| TokenRefused::Malformed)?;
        // They are looked for in a database before the signature is checked.
        let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_name(&header.kid) || !is_name(&named.jti) {
            return Err(TokenRefused::Malformed);
        }
        if signature.len() != SIGNATURE_BYTES {
            return Err(TokenRefused::Signature);
        }
        Ok(Unverified {
            kid: header.kid,
            id: named.jti,
            signed,
            payload,
            signature,
        })
    }

    /// The key that it names.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The row that it names.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it says, if this key signed it. `public` is the key that [`Unverified::kid`] names.
    ///
    /// # Errors
    /// Where another key signed it, it was changed, or a claim is missing.
    pub fn verify(&self, public: &[u8]) -> Result<Claims, TokenRefused> {
        is_signed_by(public, self.signed.as_bytes(), &self.signature)?;
        serde_json::from_slice(&self.payload).map_err(|_| TokenRefused::Malformed)
    }
}

/// RFC 9068, 2.1.
const TYPE: &str = "at+jwt";
const ALGORITHM: &str = "ES256";

#[cfg(test)]
mod tests;

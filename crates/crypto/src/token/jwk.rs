//! Public keys as a resource server reads them (RFC 7517), to check tokens without asking us.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde::Serialize;

use crate::digest::sha256;

/// A public key of P-256 that checks ES256 signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Jwk {
    kty: &'static str,
    crv: &'static str,
    r#use: &'static str,
    alg: &'static str,
    /// Its name: the thumbprint of RFC 7638.
    pub kid: String,
    x: String,
    y: String,
}

/// A set of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JwkSet {
    /// In the order of their making.
    pub keys: Vec<Jwk>,
}

impl Jwk {
    /// From an uncompressed point; `None` for other bytes.
    #[must_use]
    pub fn of(public: &[u8]) -> Option<Jwk> {
        let [0x04, point @ ..] = public else {
            return None;
        };
        if point.len() != 2 * COORDINATE_BYTES {
            return None;
        }
        let (x, y) = point.split_at(COORDINATE_BYTES);
        let (x, y) = (BASE64URL.encode(x), BASE64URL.encode(y));
        Some(Jwk {
            kid: thumbprint(&x, &y),
            kty: "EC",
            crv: "P-256",
            r#use: "sig",
            alg: "ES256",
            x,
            y,
        })
    }
}

/// The members that the key type requires, in alphabetical order, without blanks (RFC 7638, 3).
fn thumbprint(x: &str, y: &str) -> String {
    let json = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    BASE64URL.encode(sha256(json.as_bytes()))
}

const COORDINATE_BYTES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515, appendix A.3.1.
    const X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    const Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

    #[test]
    fn a_point_is_written_as_its_two_coordinates() {
        let mut public = vec![0x04];
        public.extend(BASE64URL.decode(X).unwrap());
        public.extend(BASE64URL.decode(Y).unwrap());
        let jwk = serde_json::to_value(Jwk::of(&public).unwrap()).unwrap();
        // The thumbprint was computed with another library over the same members.
        assert_eq!(
            jwk,
            serde_json::json!({
                "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "x": X, "y": Y,
                "kid": "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U",
            })
        );
        assert_eq!(Jwk::of(&public[..64]), None);
        assert_eq!(Jwk::of(&[2; 65]), None);
    }
}

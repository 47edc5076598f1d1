//! The signature of a notification, `x-khipu-signature: t=<unix ms>,s=<base64>`, as Khipu's clients check it.
//!
//! `s` is base64(HMAC-SHA256(secret, `t` + "." + raw body)); the key is the account's 40-hex secret as UTF-8 text, not its
//! bytes. Exactly two parts, `t` first, no blanks. Checked against published vectors (`fixtures/webhook-signature.json`).

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use thiserror::Error;

/// How far a notification's `t` may lie from the receiver's clock before a careful receiver refuses it as replayed.
pub const DEFAULT_TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Longest header that is looked at; a real one has 66 characters.
const HEADER_MAX_BYTES: usize = 256;

/// Why a notification's signature was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignatureRefused {
    /// Not two parts `t=…,s=…` with a number and base64.
    #[error("the signature header is not of the form t=<unix ms>,s=<base64>")]
    Malformed,
    /// Signed too long ago, or in the future: maybe a replay, or one of the clocks is wrong.
    #[error("the signature's time is too far from this clock")]
    OutOfTolerance,
    /// Another secret signed it, or the body was changed.
    #[error("the signature does not match the body and the secret")]
    Mismatch,
}

/// The header's value that signs `body` at `t_ms` (Unix milliseconds) with an account's secret.
#[must_use]
pub fn notification_header(secret: &str, t_ms: i64, body: &[u8]) -> String {
    let mut context = hmac::Context::with_key(&key(secret));
    feed(&mut context, &t_ms.to_string(), body);
    format!("t={t_ms},s={}", BASE64.encode(context.sign()))
}

/// Checks a received notification: its form, its age against `now_ms`, and its signature in constant time.
///
/// # Errors
/// Says which of the three failed.
pub fn verify_notification(
    secret: &str,
    header: &str,
    body: &[u8],
    now_ms: i64,
    tolerance: Duration,
) -> Result<(), SignatureRefused> {
    let (t, signature) = parts(header).ok_or(SignatureRefused::Malformed)?;
    let t_ms: i64 = t.parse().map_err(|_| SignatureRefused::Malformed)?;
    let signature = BASE64
        .decode(signature)
        .map_err(|_| SignatureRefused::Malformed)?;

    let mut input = Vec::with_capacity(t.len() + 1 + body.len());
    input.extend_from_slice(t.as_bytes());
    input.push(b'.');
    input.extend_from_slice(body);
    hmac::verify(&key(secret), &input, &signature).map_err(|_| SignatureRefused::Mismatch)?;

    if u128::from(now_ms.abs_diff(t_ms)) > tolerance.as_millis() {
        return Err(SignatureRefused::OutOfTolerance);
    }
    Ok(())
}

fn key(secret: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())
}

fn feed(context: &mut hmac::Context, t: &str, body: &[u8]) {
    context.update(t.as_bytes());
    context.update(b".");
    context.update(body);
}

/// The two parts of the header; `t` only as digits, so that `+1` or ` 1` is not another spelling of a signed time.
fn parts(header: &str) -> Option<(&str, &str)> {
    if header.len() > HEADER_MAX_BYTES {
        return None;
    }
    let (t, signature) = header.strip_prefix("t=")?.split_once(",s=")?;
    let is_number = !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    is_number.then_some((t, signature))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const SECRET: &str = "1a4cbbbeb8bdb7e1d73572b9cc43ce4ce18f79d9";
    const BODY: &[u8] = br#"{"payment_id":"zfxnocsow6mz"}"#;
    const T_MS: i64 = 1_711_965_600_393;

    fn check(header: &str, body: &[u8], now_ms: i64) -> Result<(), SignatureRefused> {
        verify_notification(SECRET, header, body, now_ms, DEFAULT_TOLERANCE)
    }

    #[test]
    fn the_published_vectors_are_signed_and_verified() {
        let file: Value = serde_json::from_str(include_str!("../fixtures/webhook-signature.json")).unwrap();
        let vectors = file["vectors"].as_array().unwrap();
        assert!(vectors.len() >= 2);
        for vector in vectors {
            let text = |key: &str| vector[key].as_str().unwrap();
            let t_ms: i64 = text("t").parse().unwrap();
            let body = text("body").as_bytes();
            let header = notification_header(text("secret"), t_ms, body);
            assert_eq!(header, text("header"));
            assert_eq!(
                verify_notification(text("secret"), &header, body, t_ms, DEFAULT_TOLERANCE),
                Ok(())
            );
        }
    }

    #[test]
    fn a_changed_body_another_secret_or_another_time_does_not_match() {
        let header = notification_header(SECRET, T_MS, BODY);
        assert_eq!(check(&header, b"{}", T_MS), Err(SignatureRefused::Mismatch));
        let other_time = header.replace("t=1", "t=2");
        assert_eq!(check(&other_time, BODY, T_MS), Err(SignatureRefused::Mismatch));
        let other_secret = notification_header("0000", T_MS, BODY);
        assert_eq!(check(&other_secret, BODY, T_MS), Err(SignatureRefused::Mismatch));
    }

    #[test]
    fn a_signature_is_accepted_within_the_tolerance_on_either_side_and_not_beyond() {
        let header = notification_header(SECRET, T_MS, BODY);
        let tolerance_ms = 300_000;
        for now_ms in [T_MS - tolerance_ms, T_MS, T_MS + tolerance_ms] {
            assert_eq!(check(&header, BODY, now_ms), Ok(()));
        }
        for now_ms in [
            T_MS - tolerance_ms - 1,
            T_MS + tolerance_ms + 1,
            i64::MIN,
            i64::MAX,
        ] {
            assert_eq!(
                check(&header, BODY, now_ms),
                Err(SignatureRefused::OutOfTolerance)
            );
        }
    }

    #[test]
    fn other_spellings_of_the_header_are_malformed() {
        let good = notification_header(SECRET, T_MS, BODY);
        let (_, s) = good.split_once(",s=").unwrap();
        let long = format!("{good}{}", "A".repeat(HEADER_MAX_BYTES));
        for header in [
            "",
            "t=,s=",
            "s=AAAA,t=1",
            &format!("t={T_MS}, s={s}"),
            &format!("t=+{T_MS},s={s}"),
            &format!("t=-{T_MS},s={s}"),
            &format!("t={T_MS},s={s},v=1"),
            &format!("t={T_MS},s=***"),
            &format!("t=99999999999999999999,s={s}"),
            &long,
        ] {
            assert_eq!(
                check(header, BODY, T_MS),
                Err(SignatureRefused::Malformed),
                "{header}"
            );
        }
    }
}

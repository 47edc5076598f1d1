//! One-time codes by time (RFC 6238): six digits, thirty seconds, HMAC-SHA-1, since that is what every authenticator reads.
//!
//! A code is good once: whoever checks it keeps the step that it was of, and no code of that step or an earlier one is
//! accepted again (RFC 6238, 5.2).

use aws_lc_rs::{constant_time, hmac};

/// Length of a secret in bytes (RFC 4226, 4: 160 bits are recommended).
pub const SECRET_BYTES: usize = 20;
/// Length of a step in seconds.
pub const STEP_S: i64 = 30;
/// Digits of a code.
pub const DIGITS: usize = 6;
/// Steps before and after the present one whose codes are accepted too, since clocks differ and people are slow.
const SLACK_STEPS: i64 = 1;
const MODULUS: u32 = 1_000_000;

/// The code of a step.
#[must_use]
pub fn code(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes.last().copied().unwrap_or_default() & 0x0f);
    let mut word = [0; 4];
    for (index, byte) in word.iter_mut().enumerate() {
        *byte = bytes.get(offset + index).copied().unwrap_or_default();
    }
    let number = (u32::from_be_bytes(word) & 0x7fff_ffff) % MODULUS;
    format!("{number:0DIGITS$}")
}

/// The step of a typed code, if it is good at this instant (Unix seconds) and of a later step than the last one used.
#[must_use]
pub fn accepted_step(secret: &[u8], typed: &str, now_s: i64, last_step: Option<i64>) -> Option<i64> {
    let present = now_s.div_euclid(STEP_S);
    let mut found = None;
    for step in present - SLACK_STEPS..=present + SLACK_STEPS {
        let expected = code(secret, step);
        let is_same = constant_time::verify_slices_are_equal(expected.as_bytes(), typed.as_bytes()).is_ok();
        if is_same && last_step.is_none_or(|last| step > last) {
            found = Some(step);
        }
    }
    found
}

/// Bytes as people type them from a screen: base 32 without padding (RFC 4648, 6).
#[must_use]
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(LETTERS[(held >> bits & 31) as usize]));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(char::from(LETTERS[(held << (5 - bits) & 31) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_published_codes_come_out() {
        // RFC 6238, appendix B, SHA-1, the last six of eight digits.
        for (second, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(SECRET, second / STEP_S), expected);
        }
    }

    #[test]
    fn a_code_is_good_for_a_step_before_and_after_and_once() {
        let step = 1_111_111_111 / STEP_S;
        for (late_s, is_good) in [
            (-31, false),
            (-30, true),
            (0, true),
            (30, true),
            (59, true),
            (60, false),
        ] {
            let now_s = step * STEP_S + late_s;
            let accepted = accepted_step(SECRET, &code(SECRET, step), now_s, None);
            assert_eq!(
                accepted,
                is_good.then_some(step),
                "{late_s} s after its step began"
            );
        }
        let now_s = step * STEP_S;
        assert_eq!(
            accepted_step(SECRET, &code(SECRET, step), now_s, Some(step)),
            None
        );
        assert_eq!(
            accepted_step(SECRET, &code(SECRET, step + 1), now_s, Some(step)),
            Some(step + 1)
        );
        assert_eq!(accepted_step(SECRET, "", now_s, None), None);
    }

    #[test]
    fn bytes_are_written_as_published() {
        // RFC 4648, 10.
        for (bytes, expected) in [
            (&b""[..], ""),
            (b"f", "MY"),
            (b"fo", "MZXQ"),
            (b"foo", "MZXW6"),
            (b"foob", "MZXW6YQ"),
            (b"fooba", "MZXW6YTB"),
            (b"foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes), expected);
        }
        assert_eq!(base32(SECRET), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }
}

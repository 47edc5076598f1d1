//! What a receipt is called, which merchants store and support staff read aloud, and what it does not tell of its payer.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::ids::PaymentId;

/// `CPKH-{DDMMYYHHmm}-{payment_id}.pdf`, in Chile's time.
pub fn file_name(payment: PaymentId, paid_at: Timestamp) -> String {
    let chile = TimeZone::get("America/Santiago").unwrap_or(TimeZone::UTC);
    let local = paid_at.to_zoned(chile);
    format!("CPKH-{}-{payment}.pdf", local.strftime("%d%m%y%H%M"))
}

/// An account as its holder knows it again, by its last four characters: `•••• 1111`.
pub fn masked_account(number: &str) -> String {
    let hidden = number.chars().count().saturating_sub(TOLD);
    let told: String = number.chars().skip(hidden).collect();
    format!("•••• {told}")
}

/// An identifier of which the last four letters or digits are told: `••.•••.678-5`.
pub fn masked(identifier: &str) -> String {
    let is_told = |char: &char| char.is_alphanumeric();
    let hidden = identifier.chars().filter(is_told).count().saturating_sub(TOLD);
    let mut met = 0;
    let mask = |char: char| match is_told(&char) {
        true => {
            met += 1;
            if met > hidden { char } else { '•' }
        }
        false => char,
    };
    identifier.chars().map(mask).collect()
}

const TOLD: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_account_keeps_its_last_four_digits() {
        assert_eq!(masked_account("000000000000111111111"), "•••• 1111");
        assert_eq!(masked_account("12"), "•••• 12");
    }

    #[test]
    fn a_masked_identifier_keeps_its_last_four_letters_or_digits() {
        for (whole, masked_as) in [
            ("12.345.678-5", "••.•••.678-5"),
            ("9.876.543-K", "•.•••.543-K"),
            ("1-9", "1-9"),
            ("", ""),
        ] {
            assert_eq!(masked(whole), masked_as);
        }
    }

    #[test]
    fn a_receipt_is_named_in_chiles_time() {
        let paid_at = "2024-04-18T13:56:54Z".parse().unwrap();
        let id = PaymentId::parse("zfxnocsow6mz").unwrap();
        assert_eq!(file_name(id, paid_at), "CPKH-1804240956-zfxnocsow6mz.pdf");
    }
}

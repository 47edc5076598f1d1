//! The name of a receipt, which merchants store and support staff read aloud.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::ids::PaymentId;

/// `CPKH-{DDMMYYHHmm}-{payment_id}.pdf`, in Chile's time.
pub fn file_name(payment: PaymentId, paid_at: Timestamp) -> String {
    let chile = TimeZone::get("America/Santiago").unwrap_or(TimeZone::UTC);
    let local = paid_at.to_zoned(chile);
    format!("CPKH-{}-{payment}.pdf", local.strftime("%d%m%y%H%M"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_named_in_chiles_time() {
        let paid_at = "2024-04-18T13:56:54Z".parse().unwrap();
        let id = PaymentId::parse("zfxnocsow6mz").unwrap();
        assert_eq!(file_name(id, paid_at), "CPKH-1804240956-zfxnocsow6mz.pdf");
    }
}

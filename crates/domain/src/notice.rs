//! What a merchant is told once the money was seen, what of it is signed, and when it is told again.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::currency::Currency;
use crate::ids::{AccountId, PaymentId};
use crate::method::Method;
use crate::money::Amount;

/// How long an undelivered notification is tried, from its event.
pub const DELIVERY_LIFE: SignedDuration = SignedDuration::from_hours(48);

/// Seconds between a try and the next, the last one again and again.
const PAUSES_S: [i64; 9] = [5, 15, 60, 120, 300, 600, 1200, 2400, 3600];

/// A pause varies by so many ten-thousandths, up and down.
const JITTER_BASIS_POINTS: i64 = 1000;

/// The body of version 3.0, its keys in the contract's order; what is not known is `""`.
#[derive(Clone, Debug, Serialize)]
pub struct NoticeBody {
    /// The payment.
    pub payment_id: PaymentId,
    /// The account that collects.
    pub receiver_id: AccountId,
    /// What the payment is for.
    pub subject: String,
    /// What was asked, in `currency`.
    pub amount: Amount,
    /// Always nothing.
    pub discount: Amount,
    /// The currency of `amount`.
    pub currency: Currency,
    /// Where the receipt lies.
    pub receipt_url: String,
    /// The payer's bank by name.
    pub bank: String,
    /// The payer's bank.
    pub bank_id: String,
    /// Who paid.
    pub payer_name: String,
    /// The payer's address.
    pub payer_email: String,
    /// The payer's RUT as people write it.
    pub personal_identifier: String,
    /// The payer's account.
    pub bank_account_number: String,
    /// Whether the money was seen after the payment's expiry.
    pub out_of_date_conciliation: bool,
    /// The merchant's own reference.
    pub transaction_id: String,
    /// The bank's operation number.
    pub authorizer_operation_code: String,
    /// Who collects.
    pub responsible_user_email: String,
    /// What the merchant gave to be echoed.
    pub custom: String,
    /// The description.
    pub body: String,
    /// How it was paid.
    pub payment_method: Method,
    /// When the money was matched, as [`crate::time::wire`] writes it.
    pub conciliation_date: String,
}

impl NoticeBody {
    /// The bytes that are signed and sent at every try.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

/// The form body of version 1.3; the token is hexadecimal and needs no escaping.
pub fn form_body_1_3(notification_token: &str) -> String {
    format!("notification_token={notification_token}&api_version=1.3")
}

/// What is signed: the time in Unix milliseconds, a dot and the raw body.
pub fn signature_input(t_ms: i64, body: &[u8]) -> Vec<u8> {
    let mut input = format!("{t_ms}.").into_bytes();
    input.extend_from_slice(body);
    input
}

/// When to try again after so many tries, the last of which ended now; `None` once two days from the event would pass.
///
/// `random` is uniform and makes the jitter: 0 is the shortest pause, 65,535 the longest.
pub fn next_try(event_at: Timestamp, now: Timestamp, tries_done: u32, random: u16) -> Option<Timestamp> {
    let index = usize::try_from(tries_done.saturating_sub(1)).unwrap_or(usize::MAX);
    let pause_s = PAUSES_S.get(index).or(PAUSES_S.last()).copied()?;
    let spread = 2 * JITTER_BASIS_POINTS * i64::from(random) / i64::from(u16::MAX);
    let pause_ms = pause_s * 1000 * (10_000 - JITTER_BASIS_POINTS + spread) / 10_000;
    let next = now.checked_add(SignedDuration::from_millis(pause_ms)).ok()?;
    let last = event_at.checked_add(DELIVERY_LIFE).ok()?;
    (next <= last).then_some(next)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sampled::cases;

    const EVENT_AT: &str = "2024-04-18T13:56:54.859Z";
    const NO_JITTER: u16 = u16::MAX / 2 + 1;

    fn body() -> NoticeBody {
        NoticeBody {
            payment_id: PaymentId::parse("zfxnocsow6mz").unwrap(),
            receiver_id: AccountId(990_939),
            subject: "TEST_COBRO \"ñ\"".into(),
            amount: Amount::from_units(1000),
            discount: Amount::ZERO,
            currency: Currency::Clp,
            receipt_url: String::new(),
            bank: "DemoBank".into(),
            bank_id: "Bawdf".into(),
            payer_name: "Cobrador de desarrollo #990.939".into(),
            payer_email: "test@khipu.com".into(),
            personal_identifier: "44.444.444-4".into(),
            bank_account_number: "000000000000444444444".into(),
            out_of_date_conciliation: false,
            transaction_id: String::new(),
            authorizer_operation_code: "77".into(),
            responsible_user_email: "test@khipu.com".into(),
            custom: String::new(),
            body: String::new(),
            payment_method: Method::SimplifiedTransfer,
            conciliation_date: EVENT_AT.into(),
        }
    }

    #[test]
    fn the_body_has_its_keys_in_the_contracts_order() {
        let expected = concat!(
            r#"{"payment_id":"zfxnocsow6mz","receiver_id":990939,"subject":"TEST_COBRO \"ñ\"","amount":"1000.0000","#,
            r#""discount":"0.0000","currency":"CLP","receipt_url":"","bank":"DemoBank","bank_id":"Bawdf","#,
            r#""payer_name":"Cobrador de desarrollo #990.939","payer_email":"test@khipu.com","#,
            r#""personal_identifier":"44.444.444-4","bank_account_number":"000000000000444444444","#,
            r#""out_of_date_conciliation":false,"transaction_id":"","authorizer_operation_code":"77","#,
            r#""responsible_user_email":"test@khipu.com","custom":"","body":"","payment_method":"simplified_transfer","#,
            r#""conciliation_date":"2024-04-18T13:56:54.859Z"}"#,
        );
        assert_eq!(body().to_json().unwrap(), expected);
    }

    #[test]
    fn the_time_a_dot_and_the_raw_body_are_signed() {
        assert_eq!(signature_input(1_711_965_600_393, b"{}"), b"1711965600393.{}");
        assert_eq!(form_body_1_3("ab12"), "notification_token=ab12&api_version=1.3");
    }

    #[test]
    fn pauses_grow_to_an_hour_and_stay_there() {
        let event_at: Timestamp = EVENT_AT.parse().unwrap();
        let pauses: Vec<i64> = (1..=11)
            .map(|tries| {
                next_try(event_at, event_at, tries, NO_JITTER)
                    .unwrap()
                    .duration_since(event_at)
                    .as_secs()
            })
            .collect();
        assert_eq!(pauses, [5, 15, 60, 120, 300, 600, 1200, 2400, 3600, 3600, 3600]);
    }

    #[test]
    fn the_jitter_is_a_tenth_up_and_down() {
        let event_at: Timestamp = EVENT_AT.parse().unwrap();
        let pause_ms = |random| {
            next_try(event_at, event_at, 3, random)
                .unwrap()
                .duration_since(event_at)
                .as_millis()
        };
        assert_eq!((pause_ms(0), pause_ms(u16::MAX)), (54_000, 66_000));
    }

    proptest! {
        #![proptest_config(cases(256))]

        #[test]
        fn tries_end_with_the_second_day(randoms in proptest::collection::vec(any::<u16>(), 80)) {
            let event_at: Timestamp = EVENT_AT.parse().unwrap();
            let last = event_at.checked_add(DELIVERY_LIFE).unwrap();
            let (mut now, mut tries) = (event_at, 1);
            while let Some(next) = next_try(event_at, now, tries, randoms[tries as usize]) {
                prop_assert!(next > now && next <= last);
                now = next;
                tries += 1;
            }
            prop_assert!((50..=62).contains(&tries), "{}", tries);
            prop_assert!(last.duration_since(now).as_secs() <= 66 * 60);
        }
    }
}

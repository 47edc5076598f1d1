//! What one address may do at the payer's pages through this process, so that whoever has a payment's link can neither
//! try passwords through us nor use the payment up for its payer.
//!
//! The bank counts wrong passwords itself, and each payment has limits of its own in the database, which recover by
//! themselves; these ones see to it that one place does not reach those alone. They are kept in memory and by the
//! process's clock.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use ayni_domain::ids::PaymentId;
use jiff::Timestamp;

/// The limits of this process. An unknown address is not limited.
pub struct PayerLimits {
    logins: Windows<IpAddr>,
    logins_at_payment: Windows<(PaymentId, IpAddr)>,
    attempts_at_payment: Windows<(PaymentId, IpAddr)>,
    claims: Windows<IpAddr>,
    orders: Windows<IpAddr>,
}

impl Default for PayerLimits {
    fn default() -> PayerLimits {
        PayerLimits {
            logins: Windows::new(LOGINS_PER_ADDRESS_MAX, LOGINS_WINDOW_S),
            logins_at_payment: Windows::new(LOGINS_PER_PAYER_MAX, PAYER_WINDOW_S),
            attempts_at_payment: Windows::new(ATTEMPTS_PER_PAYER_MAX, PAYER_WINDOW_S),
            claims: Windows::new(CLAIMS_PER_ADDRESS_MAX, PAYER_WINDOW_S),
            orders: Windows::new(ORDERS_PER_ADDRESS_MAX, ORDERS_WINDOW_S),
        }
    }
}

impl PayerLimits {
    /// Counts a login that is about to be sent; false when this address has none left, here or at this payment.
    pub fn take_login(&self, payment: PaymentId, address: Option<IpAddr>, now: Timestamp) -> bool {
        let Some(address) = address.map(network) else {
            return true;
        };
        self.logins_at_payment.take((payment, address), now) && self.logins.take(address, now)
    }

    /// Takes back a counted login that the bank did not refuse: only refused ones are a sign of guessing.
    pub fn give_login_back(&self, payment: PaymentId, address: Option<IpAddr>) {
        if let Some(address) = address.map(network) {
            self.logins_at_payment.give_back(&(payment, address));
            self.logins.give_back(&address);
        }
    }

    /// Counts a login that a page of consent is about to send; false when this address has none left.
    pub fn take_site_login(&self, address: Option<IpAddr>, now: Timestamp) -> bool {
        address.is_none_or(|address| self.logins.take(network(address), now))
    }

    /// Takes back a counted login of a page of consent that the institution did not refuse.
    pub fn give_site_login_back(&self, address: Option<IpAddr>) {
        if let Some(address) = address.map(network) {
            self.logins.give_back(&address);
        }
    }

    /// Counts an attempt that is about to begin.
    pub fn take_attempt(&self, payment: PaymentId, address: Option<IpAddr>, now: Timestamp) -> bool {
        address.is_none_or(|address| self.attempts_at_payment.take((payment, network(address)), now))
    }

    /// Counts a payer's word that changes a payment: «Ya transferí», «No voy a pagar», «Denunciar un abuso».
    pub fn take_claim(&self, address: Option<IpAddr>, now: Timestamp) -> bool {
        address.is_none_or(|address| self.claims.take(network(address), now))
    }

    /// Counts a payment that a payer is about to make through a reusable link.
    pub fn take_order(&self, address: Option<IpAddr>, now: Timestamp) -> bool {
        address.is_none_or(|address| self.orders.take(network(address), now))
    }
}

/// How often each key was counted within its window.
struct Windows<K> {
    max: u32,
    window_s: i64,
    kept: Mutex<HashMap<K, Window>>,
}

struct Window {
    began_at: Timestamp,
    taken: u32,
}

impl<K: Eq + Hash> Windows<K> {
    fn new(max: u32, window_s: i64) -> Windows<K> {
        Windows {
            max,
            window_s,
            kept: Mutex::default(),
        }
    }

    fn take(&self, key: K, now: Timestamp) -> bool {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |window: &Window| now.duration_since(window.began_at).as_secs() >= self.window_s;
        if kept.len() >= KEYS_MAX {
            kept.retain(|_, window| !is_over(window));
        }
        if kept.len() >= KEYS_MAX {
            // To forget is better than to refuse everybody; the limits in the database still hold.
            kept.clear();
        }
        let fresh = || Window {
            began_at: now,
            taken: 0,
        };
        let window = kept.entry(key).or_insert_with(fresh);
        if is_over(window) {
            *window = fresh();
        }
        window.taken = window.taken.saturating_add(1);
        window.taken <= self.max
    }

    fn give_back(&self, key: &K) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(window) = kept.get_mut(key) {
            window.taken = window.taken.saturating_sub(1);
        }
    }
}

/// One household of IPv6 has a /64: it counts as one address.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        four => four,
    }
}

/// Refused logins of one address within a window, at all payments; an office, or a mobile operator's customers, share one.
pub const LOGINS_PER_ADDRESS_MAX: u32 = 60;
/// Refused logins of one address at one payment.
pub const LOGINS_PER_PAYER_MAX: u32 = 5;
/// Attempts that one address begins at one payment.
pub const ATTEMPTS_PER_PAYER_MAX: u32 = 15;
/// Declared transfers, rejections and reports of one address, at all payments.
pub const CLAIMS_PER_ADDRESS_MAX: u32 = 60;
/// Payments that one address makes through reusable links within a window: a whole event may share one.
pub const ORDERS_PER_ADDRESS_MAX: u32 = 120;
const ORDERS_WINDOW_S: i64 = 600;
const LOGINS_WINDOW_S: i64 = 600;
const PAYER_WINDOW_S: i64 = 3600;
/// Keys that are remembered of each kind.
const KEYS_MAX: usize = 100_000;

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([10, 0, 0, last]))
    }

    fn payment(number: usize) -> PaymentId {
        PaymentId::parse(&format!("{number:0>12}")).unwrap()
    }

    #[test]
    fn an_address_that_used_up_its_logins_waits_for_the_next_window() {
        let limits = PayerLimits::default();
        let logins = LOGINS_PER_ADDRESS_MAX as usize;
        assert!((0..logins).all(|number| limits.take_login(payment(number), address(1), START)));
        assert!(!limits.take_login(payment(logins), address(1), START));
        assert!(limits.take_login(payment(logins), address(2), START));
        let next = START + SignedDuration::from_secs(LOGINS_WINDOW_S);
        assert!(limits.take_login(payment(logins), address(1), next));
    }

    #[test]
    fn one_address_uses_up_its_own_share_of_a_payment_and_gets_it_back() {
        let limits = PayerLimits::default();
        let next = START + SignedDuration::from_secs(PAYER_WINDOW_S);
        assert!((0..LOGINS_PER_PAYER_MAX).all(|_| limits.take_login(payment(1), address(1), START)));
        assert!((0..ATTEMPTS_PER_PAYER_MAX).all(|_| limits.take_attempt(payment(1), address(1), START)));
        for (who, at, is_taken) in [(1, START, false), (2, START, true), (1, next, true)] {
            assert_eq!(limits.take_login(payment(1), address(who), at), is_taken);
            assert_eq!(limits.take_attempt(payment(1), address(who), at), is_taken);
        }
        assert!(limits.take_attempt(payment(2), address(1), START));
    }

    #[test]
    fn logins_that_the_bank_accepts_are_not_counted() {
        let limits = PayerLimits::default();
        for _ in 0..2 * LOGINS_PER_ADDRESS_MAX {
            assert!(limits.take_login(payment(1), address(1), START));
            limits.give_login_back(payment(1), address(1));
        }
    }

    #[test]
    fn one_address_does_not_close_payment_after_payment() {
        let limits = PayerLimits::default();
        assert!((0..CLAIMS_PER_ADDRESS_MAX).all(|_| limits.take_claim(address(1), START)));
        assert!(!limits.take_claim(address(1), START));
        assert!(limits.take_claim(None, START));
    }

    #[test]
    fn a_household_of_ipv6_counts_as_one_address() {
        let one = network("2001:db8:1:2::1".parse().unwrap());
        assert_eq!(one, network("2001:db8:1:2:ffff::9".parse().unwrap()));
        assert_ne!(one, network("2001:db8:1:3::1".parse().unwrap()));
    }
}

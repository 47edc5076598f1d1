//! How many bank logins one address may send through this process, so that nobody tries passwords through us.
//!
//! The bank counts wrong passwords itself, and each payment has its own limit in the database; this one is about many
//! payments from one place. It is kept in memory and by the process's clock.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// Logins per address within a window.
#[derive(Default)]
pub struct LoginLimits(Mutex<HashMap<IpAddr, Window>>);

struct Window {
    began_at: Timestamp,
    logins: u32,
}

impl LoginLimits {
    /// Counts a login from this address; false when it has none left. An unknown address is not limited.
    pub fn take(&self, address: Option<IpAddr>, now: Timestamp) -> bool {
        let Some(address) = address.map(network) else {
            return true;
        };
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |window: &Window| now.duration_since(window.began_at).as_secs() >= WINDOW_S;
        if windows.len() >= ADDRESSES_MAX {
            windows.retain(|_, window| !is_over(window));
        }
        if windows.len() >= ADDRESSES_MAX && !windows.contains_key(&address) {
            return false;
        }
        let window = windows.entry(address).or_insert(Window {
            began_at: now,
            logins: 0,
        });
        if is_over(window) {
            *window = Window {
                began_at: now,
                logins: 0,
            };
        }
        window.logins += 1;
        window.logins <= LOGINS_PER_ADDRESS_MAX
    }

    /// Takes back a counted login that the bank did not refuse: only refused ones are a sign of guessing.
    pub fn give_back(&self, address: Option<IpAddr>) {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(window) = address.and_then(|address| windows.get_mut(&network(address))) {
            window.logins = window.logins.saturating_sub(1);
        }
    }
}

/// One household of IPv6 has a /64: it counts as one address.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        four => four,
    }
}

/// Logins of one address within a window; an office shares one.
pub const LOGINS_PER_ADDRESS_MAX: u32 = 60;
const WINDOW_S: i64 = 600;
const ADDRESSES_MAX: usize = 100_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_used_up_its_logins_waits_for_the_next_window() {
        let limits = LoginLimits::default();
        let (start, address) = (Timestamp::UNIX_EPOCH, Some(IpAddr::from([10, 0, 0, 1])));
        assert!((0..LOGINS_PER_ADDRESS_MAX).all(|_| limits.take(address, start)));
        assert!(!limits.take(address, start));
        assert!(limits.take(Some(IpAddr::from([10, 0, 0, 2])), start));
        assert!(limits.take(address, start + jiff::SignedDuration::from_secs(WINDOW_S)));
    }

    #[test]
    fn logins_that_the_bank_accepts_are_not_counted() {
        let limits = LoginLimits::default();
        let (start, address) = (Timestamp::UNIX_EPOCH, Some(IpAddr::from([10, 0, 0, 1])));
        for _ in 0..2 * LOGINS_PER_ADDRESS_MAX {
            assert!(limits.take(address, start));
            limits.give_back(address);
        }
    }

    #[test]
    fn a_household_of_ipv6_counts_as_one_address() {
        let one = network("2001:db8:1:2::1".parse().unwrap());
        assert_eq!(one, network("2001:db8:1:2:ffff::9".parse().unwrap()));
        assert_ne!(one, network("2001:db8:1:3::1".parse().unwrap()));
    }
}

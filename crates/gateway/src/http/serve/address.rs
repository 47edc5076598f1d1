//! Where a request came from, and how many connections one place may hold: a single address must not take all of them.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

/// From the connection outwards, the first address that is no trusted proxy's; what an untrusted end says is ignored.
pub(super) fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut address = peer.to_canonical();
    let said = headers
        .get_all(X_FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = said.flat_map(|value| value.split(',')).map(str::trim).collect();
    for hop in hops.into_iter().rev() {
        match hop_address(hop) {
            Some(earlier) if is_trusted(address, trusted) => address = earlier.to_canonical(),
            _ => break,
        }
    }
    address
}

/// Whether it is one of the operator's proxies.
pub(super) fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// A hop as proxies write it: `1.2.3.4`, `::1`, `[::1]`, and each of them with a port.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = hop
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(hop);
    let with_port = || hop.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.parse().ok().or_else(with_port)
}

/// The connections of each address.
#[derive(Clone, Default)]
pub(super) struct Peers(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A connection's place among those of its address; given back when dropped.
pub(super) struct PeerPlace {
    peers: Peers,
    address: IpAddr,
}

impl Peers {
    /// A place, unless the address has `max` of them.
    pub(super) fn take(&self, address: IpAddr, max: usize) -> Option<PeerPlace> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_address = held.entry(address).or_default();
        if *of_address >= max {
            return None;
        }
        *of_address += 1;
        Some(PeerPlace {
            peers: self.clone(),
            address,
        })
    }
}

impl Drop for PeerPlace {
    fn drop(&mut self) {
        let mut held = self.peers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_address) = held.get_mut(&self.address) {
            *of_address -= 1;
            if *of_address == 0 {
                held.remove(&self.address);
            }
        }
    }
}

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(text: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(X_FORWARDED_FOR, text.parse().unwrap());
        headers
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_about_its_client() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let (proxy, stranger) = ("10.0.0.9".parse().unwrap(), "203.0.113.5".parse().unwrap());
        let client = |peer, said: &str| client_address(peer, &forwarded(said), &trusted).to_string();
        assert_eq!(client(proxy, "198.51.100.7"), "198.51.100.7");
        assert_eq!(client(proxy, "6.6.6.6, 198.51.100.7, 10.0.0.3"), "198.51.100.7");
        assert_eq!(client(stranger, "198.51.100.7"), "203.0.113.5");
        assert_eq!(client(proxy, "nonsense"), "10.0.0.9");
    }

    #[test]
    fn a_hop_may_name_its_port() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        for (hop, address) in [
            ("198.51.100.7:5678", "198.51.100.7"),
            ("[2001:db8::7]:80", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("2001:db8::7", "2001:db8::7"),
            ("198.51.100.7, 10.0.0.3:44312", "198.51.100.7"),
            ("198.51.100.7:", "10.0.0.9"),
            ("_hidden", "10.0.0.9"),
        ] {
            let client = client_address("10.0.0.9".parse().unwrap(), &forwarded(hop), &trusted);
            assert_eq!(client.to_string(), address, "{hop}");
        }
    }

    #[test]
    fn an_address_gets_a_place_back_for_each_that_it_leaves() {
        let (peers, [one, other]) = (Peers::default(), [[10, 0, 0, 1], [10, 0, 0, 2]].map(IpAddr::from));
        let places: Vec<PeerPlace> = (0..2).map(|_| peers.take(one, 2).unwrap()).collect();
        assert!(peers.take(one, 2).is_none());
        assert!(peers.take(other, 2).is_some());
        drop(places);
        assert!(peers.take(one, 2).is_some());
        assert!(peers.0.lock().unwrap().is_empty());
    }
}

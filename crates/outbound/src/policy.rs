//! Which addresses a caller's URL may lead to: public ones by https, and networks that the operator permitted, by http too.
//!
//! What is not known to be public is refused. The lists are IANA's special-purpose address registries (RFC 6890).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use thiserror::Error;
use url::{Host, Url};

/// The operator's policy for URLs that callers name. The default permits public addresses only.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Networks that may be connected to though they are not public, by http too (`outbound_allow`).
    pub allow: Vec<IpNet>,
}

/// How we speak to a URL's server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// https.
    Encrypted,
    /// http: only to networks that the operator permitted.
    Plain,
}

/// Why a URL is refused before any name is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UrlRefused {
    /// Not an absolute http or https URL.
    #[error("it is not an absolute http(s) URL")]
    Malformed,
    /// http, where no permitted network may be reached by it.
    #[error("only https is permitted")]
    NotEncrypted,
    /// It holds a user name or a password.
    #[error("a URL with a user name or password is not permitted")]
    Credentials,
    /// Its host is an address that is neither public nor permitted.
    #[error("{0} is not a public address")]
    Address(IpAddr),
    /// It is not one of the operator's sites (only [`crate::site::SiteClient`] says so).
    #[error("it is not one of the operator's sites")]
    OtherSite,
}

impl Policy {
    /// Whether a connection of this transport may be opened to this address.
    #[must_use]
    pub fn permits(&self, address: IpAddr, transport: Transport) -> bool {
        let address = address.to_canonical();
        self.allow.iter().any(|network| network.contains(&address))
            || (transport == Transport::Encrypted && is_public(address))
    }

    /// The URL and how to reach it, as far as that can be said without looking up its name.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn check_url(&self, text: &str) -> Result<(Url, Transport), UrlRefused> {
        let url = Url::parse(text).map_err(|_| UrlRefused::Malformed)?;
        let transport = match url.scheme() {
            "https" => Transport::Encrypted,
            "http" if self.allow.is_empty() => return Err(UrlRefused::NotEncrypted),
            "http" => Transport::Plain,
            _ => return Err(UrlRefused::Malformed),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlRefused::Credentials);
        }
        // The parser reads every spelling of an IPv4 address (decimal, octal, hexadecimal, shortened) as the address it is.
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
            None => return Err(UrlRefused::Malformed),
        };
        match address {
            Some(address) if !self.permits(address, transport) => Err(match is_public(address) {
                true => UrlRefused::NotEncrypted,
                false => UrlRefused::Address(address),
            }),
            _ => Ok((url, transport)),
        }
    }
}

/// Whether the address is one of the public Internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let address = u32::from(address);
    !SPECIAL_V4.iter().any(|(network, bits)| {
        let shift = 32 - bits;
        address >> shift == u32::from(*network) >> shift
    })
}

/// Only global unicast, and of it nothing special; and what a NAT64 gateway turns into a public IPv4 address, since on
/// such a network every IPv4 server has such an address.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let within = |(network, bits): &(Ipv6Addr, u32)| {
        let shift = 128 - bits;
        u128::from(address) >> shift == u128::from(*network) >> shift
    };
    if within(&NAT64) {
        let [.., a, b, c, d] = address.octets();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    within(&GLOBAL_UNICAST) && !SPECIAL_V6.iter().any(within)
}

const SPECIAL_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),       // "this network", unspecified
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // carrier-grade NAT
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // loopback
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link-local, with the clouds' metadata services
    (Ipv4Addr::new(172, 16, 0, 0), 12),   // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),    // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation
    (Ipv4Addr::new(192, 88, 99, 0), 24),  // 6to4 relays
    (Ipv4Addr::new(192, 168, 0, 0), 16),  // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // benchmarks
    (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4),     // multicast
    (Ipv4Addr::new(240, 0, 0, 0), 4),     // reserved, broadcast
];

const NAT64: (Ipv6Addr, u32) = (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

const GLOBAL_UNICAST: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

const SPECIAL_V6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments: Teredo, ORCHID, benchmarks
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation
];

#[cfg(test)]
mod tests;

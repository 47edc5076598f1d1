//! A name and an address, as mail headers carry them.

use std::fmt;

use lettre::Address;
use lettre::message::Mailbox as Header;
use url::Host;

use super::message::one_line;

/// Whom a mail is from or to. The address's domain is in ASCII (RFC 5891).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    name: Option<String>,
    address: Address,
}

impl Mailbox {
    /// A mailbox of this address; a name is put on one line, and an empty one is none. `None` where no mail server would
    /// take the address.
    #[must_use]
    pub fn new(name: &str, address: &str) -> Option<Mailbox> {
        let (local, domain) = address.rsplit_once('@')?;
        let is_plain = !local
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || "\"<>,;:()[]\\".contains(c));
        let Some(Host::Domain(domain)) = Host::parse(domain).ok().filter(|_| is_plain) else {
            return None;
        };
        let name = one_line(name);
        Some(Mailbox {
            name: (!name.is_empty()).then_some(name),
            address: Address::new(local, domain).ok()?,
        })
    }

    /// Reads `Name <address>` or an address alone.
    #[must_use]
    pub fn parse(text: &str) -> Option<Mailbox> {
        match text.trim().strip_suffix('>').map(|text| text.rsplit_once('<')) {
            None => Mailbox::new("", text.trim()),
            Some(Some((name, address))) => Mailbox::new(name.trim().trim_matches('"'), address),
            Some(None) => None,
        }
    }

    /// The domain after the `@`, in ASCII.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.address.domain()
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// Whether the part before the `@` is ASCII too: only then every server takes it.
    pub(super) fn is_ascii(&self) -> bool {
        self.address.user().is_ascii()
    }

    pub(super) fn header(&self) -> Header {
        Header::new(self.name.clone(), self.address.clone())
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.header().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_written_in_ascii_and_names_on_one_line() {
        for (name, address, shown) in [
            ("", "ana@ejemplo.cl", "ana@ejemplo.cl"),
            ("Ana", "ana@ñuñoa.cl", "Ana <ana@xn--uoa-6mab.cl>"),
            ("José Núñez", "j@b.cl", "José Núñez <j@b.cl>"),
            ("Ana\r\nBcc: x@y.cl", "a@b.cl", "\"Ana Bcc: x@y.cl\" <a@b.cl>"),
        ] {
            assert_eq!(Mailbox::new(name, address).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn an_address_that_could_say_more_is_none() {
        for address in [
            "",
            "a",
            "a@b@",
            "a b@c.cl",
            "a@b.cl>\r\nRCPT TO:<x@y.cl",
            "a\r\n@b.cl",
            "<a@b.cl",
            "a,b@c.cl",
            "\"a b\"@c.cl",
            "a@b c",
        ] {
            assert_eq!(Mailbox::new("", address), None, "{address:?}");
        }
    }

    #[test]
    fn a_sender_is_read_with_or_without_a_name() {
        for (text, shown) in [
            ("Pagos <pagos@b.cl>", "Pagos <pagos@b.cl>"),
            ("\"Mi Tienda\" <p@b.cl>", "Mi Tienda <p@b.cl>"),
            (" p@b.cl ", "p@b.cl"),
        ] {
            assert_eq!(Mailbox::parse(text).unwrap().to_string(), shown);
        }
        assert_eq!(Mailbox::parse("Pagos p@b.cl"), None);
        assert_eq!(Mailbox::parse("Pagos >"), None);
    }
}

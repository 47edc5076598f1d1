//! Where an authorization's answer may be sent: addresses that the client registered, compared character by character.
//!
//! The one exception is the port of a loopback address, which a program on the person's own machine learns only when it
//! starts to listen (RFC 8252, 7.3; OAuth 2.1, 2.3.1).

use thiserror::Error;
use url::{Host, Url};

use super::error::Refusal;

/// Longest address that is taken.
pub const REDIRECT_URI_LENGTH_MAX: usize = 2000;
/// Most addresses of one client.
pub const REDIRECT_URIS_MAX: usize = 20;

/// Why an address can't be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotRegistrable {
    /// It is no absolute address, or too long.
    #[error("a redirect URI is an absolute address of at most {REDIRECT_URI_LENGTH_MAX} characters")]
    Malformed,
    /// It has a part that an answer can't be added to, or that misleads.
    #[error("a redirect URI has no fragment, no user name and no blank in it")]
    Part,
    /// Anybody between could read the answer.
    #[error("a redirect URI is https, or http on 127.0.0.1, [::1] or localhost")]
    Plain,
    /// A name that any program could claim.
    #[error("a scheme of your own has a dot in it, as com.example.app, and only a public client may use one")]
    Scheme,
}

/// Whether a client may register this address; `is_public` allows an installed program's own scheme.
///
/// # Errors
/// Says which rule it breaks.
pub fn check_registrable(text: &str, is_public: bool) -> Result<(), NotRegistrable> {
    if text.len() > REDIRECT_URI_LENGTH_MAX {
        return Err(NotRegistrable::Malformed);
    }
    let url = Url::parse(text).map_err(|_| NotRegistrable::Malformed)?;
    let is_clean = text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains('\\');
    if !is_clean || text.contains('#') || !url.username().is_empty() || url.password().is_some() {
        return Err(NotRegistrable::Part);
    }
    match url.scheme() {
        "https" if url.host().is_some() => Ok(()),
        "http" if is_own_machine(&url) => Ok(()),
        "http" => Err(NotRegistrable::Plain),
        scheme if is_public && scheme.contains('.') => Ok(()),
        _ => Err(NotRegistrable::Scheme),
    }
}

/// The address to answer to: the one that was asked for, if it is registered, or the only registered one.
///
/// # Errors
/// When it is not registered, or several are and none was asked for. The person is told; nobody is redirected.
pub fn chosen<'a>(registered: &'a [String], asked: Option<&'a str>) -> Result<&'a str, Refusal> {
    match (asked, registered) {
        (Some(asked), _) => match registered.iter().any(|own| is_same(own, asked)) {
            true => Ok(asked),
            false => Err(Refusal::request("redirect_uri is not registered for this client")),
        },
        (None, [only]) => Ok(only),
        (None, _) => Err(Refusal::request(
            "redirect_uri is missing, and the client has not registered exactly one",
        )),
    }
}

fn is_same(registered: &str, asked: &str) -> bool {
    registered == asked
        || matches!((portless(registered), portless(asked)), (Some(own), Some(other)) if own == other)
}

/// The loopback host and what follows its port; `None` for every other address.
fn portless(text: &str) -> Option<(&'static str, &str)> {
    let (host, rest) = LOOPBACK
        .into_iter()
        .find_map(|host| Some((host, text.strip_prefix(host)?)))?;
    let Some(after) = rest.strip_prefix(':') else {
        return (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((host, rest));
    };
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let (port, rest) = after.split_at(digits);
    let is_port = port.parse::<u16>().is_ok_and(|port| port > 0) && !port.starts_with('0');
    (is_port && (rest.is_empty() || rest.starts_with(['/', '?'])) && !rest.contains('#'))
        .then_some((host, rest))
}

fn is_own_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address == std::net::Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(address)) => address == std::net::Ipv6Addr::LOCALHOST,
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

const LOOPBACK: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_character_by_character_but_for_a_loopback_port() {
        let chosen_of = |own: &str, asked: &str| chosen(&[own.to_owned()], Some(asked)).is_ok();
        for (own, asked, is_same) in [
            ("https://app.example/cb", "https://app.example/cb", true),
            ("https://app.example/cb", "https://app.example/cb/", false),
            ("https://app.example/cb", "https://app.example/cb?x=1", false),
            ("https://app.example/cb", "https://app.example:443/cb", false),
            ("https://app.example/cb", "https://APP.example/cb", false),
            ("https://app.example/cb", "https://app.example/./cb", false),
            (
                "https://app.example/cb",
                "https://app.example.evil.example/cb",
                false,
            ),
            ("https://app.example/cb", "http://app.example/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb", true),
            ("http://127.0.0.1:3000/cb", "http://127.0.0.1:49152/cb", true),
            ("http://127.0.0.1:3000/cb", "http://127.0.0.1/cb", true),
            ("http://[::1]:3000/cb?a=b", "http://[::1]:1/cb?a=b", true),
            ("http://127.0.0.1/cb", "http://127.0.0.1:49152/other", false),
            ("http://127.0.0.1/cb", "http://[::1]/cb", false),
            ("http://127.0.0.1/cb", "https://127.0.0.1/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:0/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:080/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:99999/cb", false),
            (
                "http://127.0.0.1/cb",
                "http://127.0.0.1:80@evil.example/cb",
                false,
            ),
            ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb", false),
            ("http://127.0.0.1", "http://127.0.0.1@evil.example", false),
            ("http://localhost:3000/cb", "http://localhost:3001/cb", false),
            ("com.example.app:/cb", "com.example.app:/cb", true),
            ("com.example.app:/cb", "com.example.app:/cb2", false),
        ] {
            assert_eq!(chosen_of(own, asked), is_same, "{own} {asked}");
        }
    }

    #[test]
    fn an_address_may_be_left_out_only_where_there_is_just_one() {
        let one = ["https://a.example/".to_owned()];
        assert_eq!(chosen(&one, None), Ok("https://a.example/"));
        assert!(
            chosen(
                &["https://a.example/".to_owned(), "https://b.example/".to_owned()],
                None
            )
            .is_err()
        );
        assert!(chosen(&[], None).is_err());
        assert!(chosen(&[], Some("https://a.example/")).is_err());
    }

    #[test]
    fn only_addresses_that_nobody_else_can_read_are_registered() {
        for (text, is_public, outcome) in [
            ("https://app.example/cb", false, Ok(())),
            ("https://app.example/cb?tenant=1", false, Ok(())),
            ("http://127.0.0.1:3000/cb", false, Ok(())),
            ("http://[::1]/cb", false, Ok(())),
            ("http://localhost:3000/cb", false, Ok(())),
            ("http://app.example/cb", false, Err(NotRegistrable::Plain)),
            ("http://127.0.0.2/cb", false, Err(NotRegistrable::Plain)),
            ("https://app.example/cb#x", false, Err(NotRegistrable::Part)),
            ("https://me@app.example/cb", false, Err(NotRegistrable::Part)),
            ("https://app.example/a b", false, Err(NotRegistrable::Part)),
            (
                "https://app.example\\@evil.example/",
                false,
                Err(NotRegistrable::Part),
            ),
            ("com.example.app:/cb", true, Ok(())),
            ("com.example.app:/cb", false, Err(NotRegistrable::Scheme)),
            ("javascript:alert(1)", true, Err(NotRegistrable::Scheme)),
            ("myapp:/cb", true, Err(NotRegistrable::Scheme)),
            ("/cb", false, Err(NotRegistrable::Malformed)),
        ] {
            assert_eq!(check_registrable(text, is_public), outcome, "{text}");
        }
    }
}

//! Cookies as browsers keep them (RFC 6265, sections 5.1 to 5.4), for one site: a jar never meets a second host.

#[cfg(feature = "browser")]
use ayni_outbound::browser::visit::SiteCookie;
use cookie::Cookie;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::{Host, Url};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Cookies kept; one more pushes out the oldest, as in browsers.
pub const COOKIES_MAX: usize = 64;

/// Longest `Set-Cookie` that is kept.
pub const COOKIE_BYTES_MAX: usize = 4096;

/// A site's cookies.
#[derive(Clone, Default, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Jar {
    cookies: Vec<Kept>,
}

#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Kept {
    name: String,
    value: String,
    path: String,
    expires_at_s: Option<i64>,
    secure: bool,
    #[serde(default)]
    http_only: bool,
}

impl Jar {
    /// The cookies, for a browser that keeps them from now on.
    #[cfg(feature = "browser")]
    pub(super) fn to_browser(&self, now: Timestamp) -> Vec<SiteCookie> {
        let live = self.cookies.iter().filter(|kept| kept.is_live(now));
        live.map(|kept| SiteCookie {
            name: kept.name.clone(),
            value: kept.value.clone(),
            path: kept.path.clone(),
            expires_at_s: kept.expires_at_s,
            secure: kept.secure,
            http_only: kept.http_only,
        })
        .collect()
    }

    /// What a browser kept.
    #[cfg(feature = "browser")]
    pub(super) fn from_browser(cookies: &[SiteCookie]) -> Jar {
        let keep = |cookie: &SiteCookie| Kept {
            name: cookie.name.clone(),
            value: cookie.value.clone(),
            path: cookie.path.clone(),
            expires_at_s: cookie.expires_at_s,
            secure: cookie.secure,
            http_only: cookie.http_only,
        };
        let fitting = cookies
            .iter()
            .filter(|cookie| cookie.name.len() + cookie.value.len() <= COOKIE_BYTES_MAX);
        Jar {
            cookies: fitting.take(COOKIES_MAX).map(keep).collect(),
        }
    }

    /// Keeps, replaces or removes a cookie, as the site's line says; a line that a browser would ignore is ignored.
    pub fn store(&mut self, line: &str, from: &Url, now: Timestamp) {
        let Some(kept) = read(line, from, now) else {
            return;
        };
        self.cookies
            .retain(|old| old.name != kept.name || old.path != kept.path);
        if kept.is_live(now) {
            if self.cookies.len() >= COOKIES_MAX {
                self.cookies.remove(0);
            }
            self.cookies.push(kept);
        }
    }

    /// The newest value of that name, whatever its path.
    pub fn value(&self, name: &str) -> Option<&str> {
        let kept = self.cookies.iter().rev().find(|kept| kept.name == name)?;
        Some(&kept.value)
    }

    /// Keeps a cookie for the whole site, until it is replaced; a text that is no cookie's value is ignored.
    pub fn put(&mut self, name: &str, value: &str) {
        let is_value = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\');
        if value.len() > COOKIE_BYTES_MAX || !value.bytes().all(is_value) {
            return;
        }
        self.cookies.retain(|old| old.name != name);
        self.cookies.push(Kept {
            name: name.to_owned(),
            value: value.to_owned(),
            path: "/".to_owned(),
            expires_at_s: None,
            secure: false,
            http_only: true,
        });
    }

    /// The `Cookie` header for an address; empty if there is nothing to send.
    pub fn header(&self, to: &Url, now: Timestamp) -> String {
        let mut sent: Vec<&Kept> = self
            .cookies
            .iter()
            .filter(|kept| kept.is_live(now) && kept.is_for(to))
            .collect();
        sent.sort_by_key(|kept| std::cmp::Reverse(kept.path.len()));
        let pairs: Vec<String> = sent
            .iter()
            .map(|kept| format!("{}={}", kept.name, kept.value))
            .collect();
        pairs.join("; ")
    }
}

impl Kept {
    fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at_s
            .is_none_or(|expires_at_s| expires_at_s > now.as_second())
    }

    fn is_for(&self, url: &Url) -> bool {
        let path = url.path();
        let below = path.strip_prefix(self.path.as_str());
        let fits =
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/'));
        fits && (!self.secure || is_trustworthy(url))
    }
}

fn read(line: &str, from: &Url, now: Timestamp) -> Option<Kept> {
    if line.len() > COOKIE_BYTES_MAX {
        return None;
    }
    let cookie = Cookie::parse(line).ok()?;
    let host = from.host_str().unwrap_or_default();
    let for_us = cookie.domain().is_none_or(|domain| covers(domain, host));
    let secure = cookie.secure().unwrap_or(false);
    if !for_us || cookie.name().is_empty() || (secure && !is_trustworthy(from)) {
        return None;
    }
    let lives_until = cookie
        .max_age()
        .map(|age| now.as_second().saturating_add(age.whole_seconds()));
    let dated = || cookie.expires_datetime().map(|at| at.unix_timestamp());
    Some(Kept {
        name: cookie.name().to_owned(),
        value: cookie.value().to_owned(),
        path: cookie
            .path()
            .filter(|path| path.starts_with('/'))
            .map_or_else(|| default_path(from), str::to_owned),
        expires_at_s: lives_until.or_else(dated),
        secure,
        http_only: cookie.http_only().unwrap_or(false),
    })
}

/// A cookie may be set for the host itself or for a domain above it.
fn covers(domain: &str, host: &str) -> bool {
    let domain = domain.trim_start_matches('.');
    let above = || {
        host.strip_suffix(domain)
            .is_some_and(|rest| rest.ends_with('.') && domain.contains('.'))
    };
    host.eq_ignore_ascii_case(domain) || above()
}

/// The page's directory.
fn default_path(url: &Url) -> String {
    match url.path().rfind('/') {
        Some(0) | None => "/".to_owned(),
        Some(end) => url.path()[..end].to_owned(),
    }
}

/// `Secure` cookies travel by https, and to this very machine, as in browsers.
fn is_trustworthy(url: &Url) -> bool {
    let local = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    local || url.scheme() == "https"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn sent(lines: &[&str], to: &str, second: i64) -> String {
        let mut jar = Jar::default();
        for line in lines {
            jar.store(line, &url("https://bank.example/a/login"), at(1_000));
        }
        jar.header(&url(to), at(second))
    }

    const HERE: &str = "https://bank.example/a/b";

    #[test]
    fn cookies_live_as_long_as_the_site_says() {
        for (lines, second, expected) in [
            (&["a=1; Path=/", "b=2; Path=/"][..], 1_000, "a=1; b=2"),
            (&["a=1; Path=/", "a=2; Path=/"], 1_000, "a=2"),
            (&["a=1; Path=/", "a=; Path=/; Max-Age=0"], 1_000, ""),
            (&["a=1; Max-Age=60"], 1_059, "a=1"),
            (&["a=1; Max-Age=60"], 1_060, ""),
            (&["a=1; Expires=Thu, 01 Jan 1970 00:30:00 GMT"], 1_799, "a=1"),
            (&["a=1; Expires=Thu, 01 Jan 1970 00:00:01 GMT"], 1_000, ""),
        ] {
            assert_eq!(sent(lines, HERE, second), expected, "{lines:?}");
        }
    }

    #[test]
    fn cookies_go_where_browsers_send_them() {
        for (line, to, expected) in [
            ("a=1", HERE, "a=1"),
            ("a=1", "https://bank.example/ab", ""),
            ("a=1; Path=/; Secure", "http://bank.example/", ""),
            ("a=1; Domain=bank.example", HERE, "a=1"),
            ("a=1; Domain=other.example", HERE, ""),
            ("a=1; Domain=example", HERE, ""),
            ("a=\"q\"", HERE, "a=\"q\""),
            ("=1", HERE, ""),
            ("nothing", HERE, ""),
        ] {
            assert_eq!(sent(&[line], to, 1_000), expected, "{line} → {to}");
        }
        assert_eq!(sent(&["a=1; Path=/", "a=2"], HERE, 1_000), "a=2; a=1");
    }

    #[test]
    fn a_kept_cookie_is_put_back_and_replaced_by_the_sites_own() {
        let mut jar = Jar::default();
        for (value, sent) in [
            ("a.b=", "d=a.b="),
            ("x; e=1", "d=a.b="),
            ("x\r\ny", "d=a.b="),
            ("c", "d=c"),
        ] {
            jar.put("d", value);
            assert_eq!(jar.header(&url(HERE), at(0)), sent, "{value:?}");
        }
        jar.store("d=new; Path=/; Max-Age=60", &url(HERE), at(0));
        assert_eq!(jar.value("d"), Some("new"));
        assert_eq!(jar.header(&url(HERE), at(0)), "d=new");
        assert_eq!(jar.value("other"), None);
    }

    #[test]
    fn a_site_can_not_fill_the_jar_without_limit() {
        let mut jar = Jar::default();
        for number in 0..COOKIES_MAX + 10 {
            jar.store(
                &format!("c{number}=1; Path=/"),
                &url("https://bank.example/"),
                at(0),
            );
        }
        jar.store(
            &format!("long={}", "x".repeat(COOKIE_BYTES_MAX)),
            &url("https://bank.example/"),
            at(0),
        );
        assert_eq!(jar.cookies.len(), COOKIES_MAX);
        assert!(!jar.header(&url("https://bank.example/"), at(0)).contains("c0="));
    }
}

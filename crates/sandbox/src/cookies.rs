//! Cookies as both sites set and read them.

use axum::http::{HeaderMap, header};
use cookie::{Cookie, SameSite};

/// The value of that cookie, if the browser sent it.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| Cookie::split_parse(line).flatten());
    cookies
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// A cookie that no script and no other site can use; it ends with the browser. Not `Secure`, because the sandbox is
/// served over plain HTTP.
pub fn set_cookie(name: &str, value: &str) -> [(header::HeaderName, String); 1] {
    [(header::SET_COOKIE, held_back(name, value).to_string())]
}

/// The same, but the browser keeps it for so long, also when it is closed.
pub fn set_lasting_cookie(name: &str, value: &str, seconds: i64) -> [(header::HeaderName, String); 1] {
    let cookie = format!("{}; Max-Age={seconds}", held_back(name, value));
    [(header::SET_COOKIE, cookie)]
}

/// Takes a cookie back.
pub fn clear_cookie(name: &str) -> [(header::HeaderName, String); 1] {
    [(header::SET_COOKIE, format!("{}; Max-Age=0", held_back(name, "")))]
}

fn held_back<'a>(name: &'a str, value: &'a str) -> Cookie<'a> {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .build()
}

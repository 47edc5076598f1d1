//! What a browser calls itself, as a person knows it: «Firefox, Windows». For the list of one's sessions only; nothing is
//! decided by it.

use axum::http::{HeaderMap, header};

/// The browser and the system that a request names; empty where it names none that is known.
pub(super) fn of(headers: &HeaderMap) -> String {
    let sent = headers.get(header::USER_AGENT);
    words(sent.and_then(|agent| agent.to_str().ok()).unwrap_or_default())
}

fn words(agent: &str) -> String {
    let named = |known: &[(&str, &'static str)]| {
        let found = known.iter().find(|(mark, _)| agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    let both = [named(&BROWSERS), named(&SYSTEMS)];
    both.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Those that carry another's mark come before it.
const BROWSERS: [(&str, &str); 7] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 6] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_as_people_call_it() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36",
                "Chrome, Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0",
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1 Version/18.1 Safari/604.1",
                "Safari, iPhone",
            ),
            (
                "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0",
                "Firefox, Android",
            ),
            ("curl/8.5.0", ""),
        ] {
            assert_eq!(words(agent), expected);
        }
    }
}

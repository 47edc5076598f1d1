//! A small site on loopback, and visitors to it with either driver.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::{any, get, post};
use ayni_connectors::SiteSettings;
use ayni_connectors::failure::SiteError;
use ayni_connectors::session::Tab;
use ayni_connectors::session::form::Form;
use ayni_connectors::session::page::Page;
use ayni_connectors::session::visitor::{SiteDriver, Visitor, Visits};
use ayni_outbound::browser::Chromium;
use ayni_outbound::site::SiteLimits;
use jiff::Timestamp;
use scraper::Selector;
use tokio::net::TcpListener;
use tokio_stream::StreamExt;
use url::Url;

pub const DRIVERS: [SiteDriver; 2] = [SiteDriver::Http, SiteDriver::Chromium];

/// Long enough for a loaded machine, where nothing is to fail.
pub const PATIENT: SiteLimits = SiteLimits {
    timeout: Duration::from_secs(60),
    max_answer_bytes: 256 * 1024,
};

/// For answers that never come.
pub const HASTY: SiteLimits = SiteLimits {
    timeout: Duration::from_secs(3),
    max_answer_bytes: 256 * 1024,
};

pub struct Site {
    pub url: Url,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Site {
    pub async fn start() -> Site {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let router = router().layer(from_fn_with_state(Arc::clone(&seen), note));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Site { url, seen }
    }

    /// What was asked of it, e.g. `POST /login rut=1&…`, in order.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

/// Visitors with one driver; those with Chromium share one, which ends with the test.
pub struct Guests {
    pub chromium: Chromium,
    visits: Visits,
}

impl Guests {
    pub fn of(site: &Url, driver: SiteDriver, limits: SiteLimits) -> Guests {
        Guests::sharing(Chromium::default(), site, driver, limits)
    }

    /// Guests whose pages open in this browser.
    pub fn sharing(chromium: Chromium, site: &Url, driver: SiteDriver, limits: SiteLimits) -> Guests {
        let settings = SiteSettings {
            limits,
            chromium: chromium.clone(),
            ..SiteSettings::default()
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "a browser's cookies live by the machine's clock"
        )]
        let clock = Arc::new(Timestamp::now);
        let visits = Visits::new(driver, site.clone(), &settings, clock).unwrap();
        Guests { chromium, visits }
    }

    pub fn visitor(&self) -> Visitor {
        self.visits.begin(Tab::default())
    }

    pub fn visitor_with(&self, tab: Tab) -> Visitor {
        self.visits.begin(tab)
    }

    pub async fn open(&self, address: &str) -> Result<Page, SiteError> {
        self.visitor().open(address).await
    }
}

pub fn select(css: &str) -> Selector {
    Selector::parse(css).unwrap()
}

pub fn form(page: &Page) -> Form {
    page.parsed().form(&select("form")).unwrap()
}

/// The page's name and the text of its `#said`.
pub fn said(page: &Page) -> (String, String) {
    let parsed = page.parsed();
    let all = parsed.all(&select("#said"));
    let text = all
        .first()
        .map(|element| ayni_connectors::session::page::text_of(*element));
    (
        parsed.name().unwrap_or_default().to_owned(),
        text.unwrap_or_default(),
    )
}

pub fn named(name: &str, text: &str) -> (String, String) {
    (name.to_owned(), text.to_owned())
}

async fn note(State(seen): State<Arc<Mutex<Vec<String>>>>, request: Request, next: Next) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 64 * 1024).await.unwrap();
    let line = format!(
        "{} {} {}",
        parts.method,
        parts.uri,
        String::from_utf8_lossy(&body)
    );
    seen.lock().unwrap().push(line.trim_end().to_owned());
    next.run(Request::from_parts(parts, Body::from(body))).await
}

fn html(body: &str) -> Response<Body> {
    bytes("text/html; charset=utf-8", body.as_bytes().to_vec())
}

fn bytes(kind: &str, body: Vec<u8>) -> Response<Body> {
    Response::builder()
        .header(header::CONTENT_TYPE, kind)
        .body(Body::from(body))
        .unwrap()
}

fn to(status: u16, location: &str) -> Response<Body> {
    Response::builder()
        .status(status)
        .header(header::LOCATION, location)
        .body(Body::empty())
        .unwrap()
}

fn with_cookies(mut response: Response<Body>, cookies: &[&str]) -> Response<Body> {
    for cookie in cookies {
        response
            .headers_mut()
            .append(header::SET_COOKIE, cookie.parse().unwrap());
    }
    response
}

fn status(status: u16, body: &str) -> Response<Body> {
    let mut response = html(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

/// A body that begins as a page and then drips or gushes for ever.
fn without_end(pause: Duration, chunk: &'static [u8]) -> Response<Body> {
    let rest = tokio_stream::iter(std::iter::repeat(Bytes::from_static(chunk))).throttle(pause);
    let all = tokio_stream::once(Bytes::from_static(b"<body data-page=endless>")).chain(rest);
    let body = Body::from_stream(all.map(Ok::<_, Infallible>));
    Response::builder()
        .header(header::CONTENT_TYPE, "text/html")
        .body(body)
        .unwrap()
}

/// A body whose connection breaks after its first part.
fn half() -> Response<Body> {
    let parts = [
        Ok(Bytes::from_static(b"<body data-page=half><p id=said>sin deuda")),
        Err(std::io::Error::other("broken")),
    ];
    let body = Body::from_stream(tokio_stream::iter(parts));
    Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .body(body)
        .unwrap()
}

const LOGIN: &str = r#"<title>Login</title><body data-page="login"><form method="post" action="/login">
    <input type="hidden" name="csrf" value="t&amp;1"><input name="rut" required pattern="[0-9]+">
    <input type="password" name="password"><select name="bank"><option value="1">A<option value="2">B</select>
    <label><input type="checkbox" name="stay"></label><textarea name="note"></textarea><button>Go</button></form>"#;

fn router() -> Router {
    pages().merge(scripts()).merge(faults())
}

fn pages() -> Router {
    Router::new()
        .route("/login", get(async || with_cookies(html(LOGIN), &["sid=a1; Path=/; HttpOnly", "plain=b2; Path=/"])))
        .route("/login", post(async || with_cookies(to(303, "/in"), &["in=yes; Path=/; Max-Age=600"])))
        .route("/in", get(async || html("<body data-page=in><p id=said>Hola, Ñandú €")))
        .route("/find", get(async || html("<body data-page=find><form action='/found'><input name=q></form>")))
        .route("/found", get(async |request: Request| html(&format!("<body data-page=found><p id=said>{}", request.uri().query().unwrap_or_default()))))
        .route("/cookies", any(async |request: Request| {
            let sent = request.headers().get(header::COOKIE).map_or("", |value| value.to_str().unwrap());
            let mut cookies: Vec<&str> = sent.split("; ").collect();
            cookies.sort_unstable();
            html(&format!("<body data-page=cookies><p id=said>{}", cookies.join(" ")))
        }))
        .route("/two-forms", get(async || html("<body data-page=two><form method=post action=/which><input name=a value=1></form>\
            <form id=second method=post action=/which><input name=a value=2></form>")))
        .route("/buttons", get(async || html("<body data-page=buttons><form method=post action=/which><button name=do value=pay>P</button>\
            <button name=do2 value=leave>L</button></form>")))
        .route("/which", post(async |body: String| html(&format!("<body data-page=which><p id=said>{body}"))))
        .route("/pictures", get(async || html("<body data-page=pictures><img src=/picture.png><link rel=icon href=/icon.png>\
            <img src='http://127.0.0.2:9/beacon.png'>")))
}

fn scripts() -> Router {
    Router::new()
        .route("/scripted", get(async || html("<body data-page=scripted><p id=said></p><script src=/app.js></script>")))
        .route("/app.js", get(async || bytes("text/javascript", b"fetch('/data').then((a) => a.text()).then((t) => { document.getElementById('said').textContent = t; })".to_vec())))
        .route("/data", get(async || bytes("text/plain", b"$15.340".to_vec())))
        .route("/sent-by-script", get(async || html("<body data-page=asks><p id=said></p><form action=/x><input name=q></form><script>\
            document.forms[0].addEventListener('submit', async (event) => { event.preventDefault();\
            const q = document.forms[0].q.value; const a = await fetch('/found?q=' + q); await a.text();\
            document.body.dataset.page = 'answered'; document.getElementById('said').textContent = 'answer to ' + q; })</script>")))
        .route("/moves-on", get(async || html("<body data-page=waits><script>location.href = '/in'</script>")))
        .route("/dialogs", get(async || html("<body data-page=dialogs><p id=said></p><script>alert('hola'); const yes = confirm('¿Seguro?');\
            const name = prompt('¿Quién?'); document.getElementById('said').textContent = yes + ' ' + name;\
            window.onbeforeunload = () => 'stay'</script>")))
        .route("/nosy", get(async || html("<body data-page=nosy><p id=said></p><script>const out = (s) => { document.getElementById('said').textContent += s };\
            fetch('http://127.0.0.2:9/steal').catch(() => out('f')); try { new WebSocket('ws://127.0.0.2:9/').onerror = () => out('w') } catch { out('w') }\
            Document.prototype.__defineGetter__('documentElement', () => ({ outerHTML: '<body data-page=forged>' }))</script>\
            <iframe src='http://127.0.0.2:9/frame'></iframe>")))
        .route("/busy", get(async || html("<body data-page=busy><script>while (true) {}</script>")))
        .route("/restless", get(async || html("<body data-page=restless><p id=said>there</p><script>setInterval(() => fetch('/data'), 20)</script>")))
        .route("/greedy", get(async || html("<body data-page=greedy><script>for (let i = 0; i < 2000; i++) fetch('/data?' + i)</script>")))
}

fn faults() -> Router {
    Router::new()
        .route("/around", any(async || to(302, "/around")))
        .route("/five", get(async || to(302, "/4")))
        .route("/4", get(async || to(302, "/3")))
        .route("/3", get(async || to(302, "/2")))
        .route("/2", get(async || to(302, "/1")))
        .route("/1", get(async || to(302, "/in")))
        .route("/away", any(async || to(302, "http://127.0.0.2:9/in")))
        .route("/again", post(async || to(307, "/which")))
        .route(
            "/again",
            get(async || html("<body data-page=again><form method=post><input name=a value=1></form>")),
        )
        .route(
            "/gush",
            get(async || without_end(Duration::ZERO, &[b'x'; 16 * 1024])),
        )
        .route(
            "/drip",
            get(async || without_end(Duration::from_millis(100), b"<p>")),
        )
        .route("/half", get(async || half()))
        .route(
            "/never",
            get(async || std::future::pending::<Response<Body>>().await),
        )
        .route(
            "/long",
            get(async || html(&format!("<body data-page=long>{}", "x".repeat(300 * 1024)))),
        )
        .route(
            "/latin",
            get(async || bytes("text/html", b"<body data-page=latin><p id=said>a\xf1o".to_vec())),
        )
        .route(
            "/latin-said-utf-8",
            get(async || bytes("text/html; charset=utf-8", b"<body><p>a\xf1o".to_vec())),
        )
        .route(
            "/binary",
            get(async || bytes("application/octet-stream", vec![0xff, 0, 0xfe])),
        )
        .route(
            "/maintenance",
            get(async || status(503, "<body data-page=maintenance>")),
        )
        .route("/broken", get(async || status(500, "")))
        .route("/empty", get(async || status(204, "")))
}

//! A browser without scripts: keeps cookies, follows redirects, fills in forms.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use scraper::{Html, Selector};
use tower::ServiceExt;
use url::form_urlencoded;

/// A browser of its own.
#[derive(Clone)]
pub struct TestBrowser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    language: &'static str,
}

/// A page as it was answered.
pub struct Page {
    pub status: StatusCode,
    pub path: String,
    pub headers: HeaderMap,
    pub html: String,
}

impl TestBrowser {
    /// A browser that knows nothing.
    pub fn new(router: &Router) -> TestBrowser {
        TestBrowser {
            router: router.clone(),
            cookies: BTreeMap::new(),
            language: "es-CL",
        }
    }

    /// The same, of a person who reads English.
    pub fn in_english(router: &Router) -> TestBrowser {
        TestBrowser {
            language: "en-US",
            ..TestBrowser::new(router)
        }
    }

    /// Goes on against another process.
    pub fn move_to(&mut self, router: &Router) {
        self.router = router.clone();
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Page {
        self.follow("GET", path, String::new()).await
    }

    /// Sends a page's form with these fields beside the hidden ones.
    pub async fn submit(&mut self, page: &Page, form: &str, fields: &[(&str, &str)]) -> Page {
        let (action, mut all) = page.form(form);
        all.extend(
            fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        self.post(&action, &all).await
    }

    /// Sends any form.
    pub async fn post(&mut self, path: &str, fields: &BTreeMap<String, String>) -> Page {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.follow("POST", path, body).await
    }

    async fn follow(&mut self, method: &str, path: &str, body: String) -> Page {
        let mut page = self.send(method, path, body).await;
        for _ in 0..REDIRECTS_MAX {
            if page.status != StatusCode::SEE_OTHER {
                return page;
            }
            let to = page.headers[header::LOCATION].to_str().unwrap().to_owned();
            page = self.send("GET", &to, String::new()).await;
        }
        panic!(
            "more than {REDIRECTS_MAX} redirects, the last one to {}",
            page.path
        );
    }

    /// One request, no redirect followed.
    pub async fn send(&mut self, method: &str, path: &str, body: String) -> Page {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, cookies.join("; "))
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let bytes = to_bytes(body, PAGE_MAX_BYTES).await.unwrap();
        Page {
            status: parts.status,
            path: path.to_owned(),
            headers: parts.headers,
            html: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }
}

impl Page {
    /// Its name.
    pub fn name(&self) -> String {
        self.attribute("body", "data-page")
    }

    /// The text of the first element that fits, blanks collapsed.
    pub fn text(&self, selector: &str) -> String {
        let html = Html::parse_document(&self.html);
        let found = html.select(&Selector::parse(selector).unwrap()).next();
        let text: String = found.map(|element| element.text().collect()).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether an element fits.
    pub fn has(&self, selector: &str) -> bool {
        Html::parse_document(&self.html)
            .select(&Selector::parse(selector).unwrap())
            .next()
            .is_some()
    }

    /// An attribute of the first element that fits.
    pub fn attribute(&self, selector: &str, name: &str) -> String {
        let html = Html::parse_document(&self.html);
        let found = html.select(&Selector::parse(selector).unwrap()).next();
        found
            .and_then(|element| element.attr(name))
            .unwrap_or_default()
            .to_owned()
    }

    /// A form's address and hidden fields.
    pub fn form(&self, id: &str) -> (String, BTreeMap<String, String>) {
        let html = Html::parse_document(&self.html);
        let form = html
            .select(&Selector::parse(&format!("form#{id}")).unwrap())
            .next();
        let form = form.unwrap_or_else(|| panic!("{} has no form {id}: {}", self.path, self.html));
        let hidden = Selector::parse("input[type=hidden]").unwrap();
        let fields = form
            .select(&hidden)
            .map(|input| {
                let read = |name| input.attr(name).unwrap_or_default().to_owned();
                (read("name"), read("value"))
            })
            .collect();
        (form.attr("action").unwrap_or_default().to_owned(), fields)
    }
}

const REDIRECTS_MAX: usize = 5;
const PAGE_MAX_BYTES: usize = 1024 * 1024;

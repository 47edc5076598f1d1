//! A person with a browser at the gateway's pages of consent: cookies, forms, and where the last redirect led.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow, ensure};
use axum::body::Body;
use scraper::{Html, Selector};

use crate::gateway::TestGateway;
use crate::http::{self, Answer};

/// A browser of its own. It follows redirects within the gateway and stops where one leads elsewhere.
#[derive(Clone)]
pub struct Person {
    address: String,
    cookies: BTreeMap<String, String>,
    path: String,
    answer: Option<Answer>,
    left_to: Option<String>,
}

struct FilledForm {
    method: String,
    action: String,
    fields: Vec<(String, String)>,
}

impl Person {
    /// A browser that was never at this gateway.
    pub fn at(gateway: &TestGateway) -> Person {
        Person {
            address: gateway.address.clone(),
            cookies: BTreeMap::new(),
            path: String::new(),
            answer: None,
            left_to: None,
        }
    }

    /// Loses its cookies, and keeps the page that is open.
    pub fn forget_cookies(&mut self) {
        self.cookies.clear();
    }

    /// A cookie that it keeps.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Keeps a cookie that somebody gave it.
    pub fn plant_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Opens a path, or an address of the gateway's; returns the name of the page that came.
    pub async fn open(&mut self, to: &str) -> Result<String> {
        self.ask("GET", to, None).await
    }

    /// Fills in the one form that `selector` finds and sends it; returns the name of the page that came.
    pub async fn submit(&mut self, selector: &str, fields: &[(&str, &str)]) -> Result<String> {
        let FilledForm {
            method,
            action,
            fields: mut all,
        } = self.form(selector)?;
        for (name, value) in fields {
            all.retain(|(known, _)| known != name);
            all.push(((*name).to_owned(), (*value).to_owned()));
        }
        let encoded = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(all)
            .finish();
        match method.as_str() {
            "get" => {
                let path = action.split('?').next().unwrap_or_default().to_owned();
                self.ask("GET", &format!("{path}?{encoded}"), None).await
            }
            _ => self.ask("POST", &action, Some(encoded)).await,
        }
    }

    /// Sends a form of the open page's to another path, as a button with an action of its own does.
    pub async fn post(&mut self, to: &str, fields: &[(&str, &str)]) -> Result<String> {
        let encoded = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.ask("POST", to, Some(encoded)).await
    }

    /// Logs in to Servipag, or any institution of user name and password, on the open page.
    pub async fn log_in(&mut self, username: &str, password: &str) -> Result<String> {
        self.submit("#login", &[("Username", username), ("Password", password)])
            .await
    }

    /// The open page's name, or nothing.
    pub fn page(&self) -> String {
        self.attribute("body", "data-page").unwrap_or_default()
    }

    /// The last answer's status.
    pub fn status(&self) -> u16 {
        self.answer.as_ref().map_or(0, |answer| answer.status.as_u16())
    }

    /// A header of the last answer.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.answer.as_ref().and_then(|answer| answer.header(name))
    }

    /// The path of the open page.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Where the last redirect led, if it was elsewhere.
    pub fn left_to(&self) -> Option<&str> {
        self.left_to.as_deref()
    }

    /// The open page's markup.
    pub fn html(&self) -> String {
        self.answer.as_ref().map(Answer::text).unwrap_or_default()
    }

    /// The text of the first element that fits.
    pub fn text(&self, selector: &str) -> Option<String> {
        let page = Html::parse_document(&self.html());
        let found = page.select(&css(selector).ok()?).next()?;
        let words: Vec<&str> = found.text().flat_map(str::split_whitespace).collect();
        Some(words.join(" "))
    }

    /// The text of each element that fits.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let page = Html::parse_document(&self.html());
        let Ok(selector) = css(selector) else {
            return Vec::new();
        };
        page.select(&selector)
            .map(|found| found.text().collect())
            .collect()
    }

    /// An attribute of the first element that fits.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let page = Html::parse_document(&self.html());
        let found = page.select(&css(selector).ok()?).next()?;
        found.attr(name).map(str::to_owned)
    }

    /// A form as it stands on the page.
    fn form(&self, selector: &str) -> Result<FilledForm> {
        let page = Html::parse_document(&self.html());
        let form = page
            .select(&css(selector)?)
            .next()
            .with_context(|| format!("no {selector} on {}", self.html()))?;
        let inputs = css("input")?;
        let is_choice = |kind: Option<&str>| matches!(kind, Some("radio" | "checkbox"));
        let filled = form
            .select(&inputs)
            .filter(|input| !is_choice(input.attr("type")) || input.attr("checked").is_some());
        let typed = filled
            .filter_map(|input| Some((input.attr("name")?, input.attr("value").unwrap_or_default())))
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let (selects, options) = (css("select")?, css("option")?);
        let chosen = form.select(&selects).filter_map(|select| {
            let mut all = select.select(&options);
            let first = all.clone().next();
            let option = all.find(|option| option.attr("selected").is_some()).or(first)?;
            Some((
                select.attr("name")?.to_owned(),
                option.attr("value").unwrap_or_default().to_owned(),
            ))
        });
        let fields = typed.chain(chosen);
        let method = form.attr("method").unwrap_or("get").to_lowercase();
        Ok(FilledForm {
            method,
            action: form.attr("action").unwrap_or(&self.path).to_owned(),
            fields: fields.collect(),
        })
    }

    async fn ask(&mut self, method: &str, to: &str, form: Option<String>) -> Result<String> {
        let (mut method, mut to, mut form) = (method.to_owned(), to.to_owned(), form);
        for _ in 0..REDIRECTS_MAX {
            let Some(path) = self.own_path(&to) else {
                self.left_to = Some(to);
                return Ok("elsewhere".to_owned());
            };
            let answer = self.exchange(&method, &path, form.take()).await?;
            (self.path, self.left_to) = (path, None);
            let location = answer.header("location").map(str::to_owned);
            self.answer = Some(answer);
            match location {
                Some(location) => (method, to) = ("GET".to_owned(), location),
                None => return Ok(self.page()),
            }
        }
        Err(anyhow!("more than {REDIRECTS_MAX} redirects"))
    }

    async fn exchange(&mut self, method: &str, path: &str, form: Option<String>) -> Result<Answer> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = http::request(method, &self.address, path);
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        let body = match form {
            Some(form) => {
                request = request.header("content-type", "application/x-www-form-urlencoded");
                Body::from(form)
            }
            None => Body::empty(),
        };
        let answer = http::send(&self.address, request.body(body)?).await?;
        for set in answer.headers.get_all("set-cookie") {
            let pair = set.to_str()?.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').context("a cookie without a name")?;
            ensure!(!name.is_empty(), "a cookie without a name");
            match value {
                "" => self.cookies.remove(name),
                value => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        Ok(answer)
    }

    /// The path and query of an address, if it is the gateway's.
    fn own_path(&self, to: &str) -> Option<String> {
        let own = format!("http://{}", self.address);
        let path = to.strip_prefix(own.as_str()).unwrap_or(to);
        path.starts_with('/')
            .then(|| path.split('#').next().unwrap_or(path).to_owned())
    }
}

fn css(selector: &str) -> Result<Selector> {
    Selector::parse(selector).map_err(|error| anyhow!("{selector} is no selector: {error}"))
}

const REDIRECTS_MAX: usize = 5;

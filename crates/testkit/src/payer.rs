//! A payer with a browser at the gateway's own pages: opens them, fills in their forms, reads what they show.

use anyhow::{Context as _, Result, anyhow, ensure};
use ayni_connectors::Clock;
use ayni_connectors::session::page::Page;
use ayni_connectors::session::{Browser, Tab};
use ayni_outbound::site::{SiteClient, SiteLimits};
use scraper::Selector;
use url::Url;

use crate::gateway::{TestGateway, now_of};

/// A browser of its own: its cookies, and the page that is open.
pub struct Payer {
    browser: Browser,
    tab: Tab,
    page: Option<Page>,
}

impl Payer {
    /// A browser that was never at this gateway.
    pub fn at(gateway: &TestGateway) -> Result<Payer> {
        Payer::of(&gateway.address, now_of(&gateway.clock))
    }

    /// The same for a gateway at `host:port`, such as another process.
    pub fn of(address: &str, clock: Clock) -> Result<Payer> {
        let base: Url = format!("http://{address}").parse()?;
        let client = SiteClient::new(vec![base.clone()], SiteLimits::default())?;
        Ok(Payer {
            browser: Browser::new(client, base, clock),
            tab: Tab::default(),
            page: None,
        })
    }

    /// The same browser once more: its cookies, and no page yet.
    pub fn another_tab(&self, gateway: &TestGateway) -> Result<Payer> {
        let tab = self.tab.clone();
        Ok(Payer {
            tab,
            ..Payer::at(gateway)?
        })
    }

    /// Opens a path; returns the name of the page that came.
    pub async fn open(&mut self, path: &str) -> Result<String> {
        self.page = Some(self.browser.open(&mut self.tab, path).await?);
        Ok(self.name())
    }

    /// Fills in the one form that `selector` finds and sends it; returns the name of the page that came.
    pub async fn submit(&mut self, selector: &str, fields: &[(&str, &str)]) -> Result<String> {
        let mut form = self.shown()?.parsed().form(&css(selector)?)?;
        for (name, value) in fields {
            form.set(name, value)
                .map_err(|refused| anyhow!("{name}: {refused:?} on {}", self.html()))?;
        }
        self.page = Some(self.browser.submit(&mut self.tab, &form).await?);
        Ok(self.name())
    }

    /// Begins a simplified transfer at DemoBank: the bank asks for the login.
    pub async fn begin(&mut self, id: &str) -> Result<()> {
        self.open(&format!("/payment/info/{id}")).await?;
        let fields = [("bank", "Bawdf"), ("method", "simplified_transfer")];
        let page = self.submit("#choose", &fields).await?;
        ensure!(page == "login", "after choosing the bank: {}", self.html());
        Ok(())
    }

    /// Logs in to DemoBank and chooses the first account: the bank asks for coordinates.
    pub async fn log_in(&mut self, rut: &str) -> Result<()> {
        let page = self
            .submit("#answer", &[("rut", rut), ("password", "1234")])
            .await?;
        ensure!(page == "account", "after the login: {}", self.html());
        let page = self.choose_account().await?;
        ensure!(page == "coordinates", "after the account: {}", self.html());
        Ok(())
    }

    /// Chooses the first account; returns the name of the page that came.
    pub async fn choose_account(&mut self) -> Result<String> {
        let (name, value) = self
            .first("#answer input[type=radio]", &["name", "value"])
            .and_then(|found| Some((found.first()?.clone(), found.get(1)?.clone())))
            .context("no account is offered")?;
        self.submit("#answer", &[(&name, &value)]).await
    }

    /// Gives the three coordinates, such as `11 22 33`; returns the name of the page that came.
    pub async fn authorise(&mut self, coordinates: &str) -> Result<String> {
        let names = self.all("#answer input[inputmode=numeric]", "name")?;
        let fields: Vec<(&str, &str)> = names
            .iter()
            .map(String::as_str)
            .zip(coordinates.split(' '))
            .collect();
        self.submit("#answer", &fields).await
    }

    /// All of a simplified transfer at DemoBank; returns the name of the page that it ends with.
    pub async fn pay(&mut self, id: &str, rut: &str, coordinates: &str) -> Result<String> {
        self.begin(id).await?;
        self.log_in(rut).await?;
        self.authorise(coordinates).await
    }

    /// Says who pays by hand; the page shows where to transfer.
    pub async fn begin_by_hand(&mut self, id: &str, rut: &str, email: &str) -> Result<String> {
        self.open(&format!("/payment/manual/{id}")).await?;
        self.submit("#payer", &[("rut", rut), ("email", email)]).await
    }

    /// «Ya transferí».
    pub async fn declare(&mut self) -> Result<String> {
        self.submit("#declare", &[]).await
    }

    /// The open page's name, or nothing.
    pub fn name(&self) -> String {
        let name = self
            .page
            .as_ref()
            .and_then(|page| page.parsed().name().map(str::to_owned));
        name.unwrap_or_default()
    }

    /// The open page's status.
    pub fn status(&self) -> u16 {
        self.page.as_ref().map_or(0, Page::status)
    }

    /// The open page's markup.
    pub fn html(&self) -> String {
        let body = |page: &Page| page.parsed().body("the page").map(|body| body.html());
        self.page
            .as_ref()
            .and_then(|page| body(page).ok())
            .unwrap_or_default()
    }

    /// The text of the first element that fits.
    pub fn text(&self, selector: &str) -> Option<String> {
        let page = self.page.as_ref()?.parsed();
        let found = page.all(&css(selector).ok()?);
        found
            .first()
            .map(|element| element.text().collect::<String>().trim().to_owned())
    }

    /// An attribute of everything that fits.
    pub fn all(&self, selector: &str, attribute: &str) -> Result<Vec<String>> {
        let page = self.shown()?.parsed();
        let found = page.all(&css(selector)?);
        Ok(found
            .iter()
            .filter_map(|element| element.attr(attribute).map(str::to_owned))
            .collect())
    }

    fn first(&self, selector: &str, attributes: &[&str]) -> Option<Vec<String>> {
        let page = self.page.as_ref()?.parsed();
        let found = page.all(&css(selector).ok()?);
        let first = found.first()?;
        attributes
            .iter()
            .map(|name| first.attr(name).map(str::to_owned))
            .collect()
    }

    fn shown(&self) -> Result<&Page> {
        self.page.as_ref().context("no page is open")
    }
}

fn css(selector: &str) -> Result<Selector> {
    Selector::parse(selector).map_err(|error| anyhow!("{selector} is no selector: {error}"))
}

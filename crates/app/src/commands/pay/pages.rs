//! The payer's pages as the command reads them: by the same marks that a browser's tests go by.

use ayni_connectors::failure::SiteError;
use ayni_connectors::session::form::Form as PageForm;
use ayni_connectors::session::page::{Parsed, text_of};
use ayni_domain::ids::PaymentId;
use scraper::Selector;

use super::Answers;
use crate::told::Told;

/// The chooser of a bank, filled in.
pub(super) fn chosen(
    page: &Parsed<'_>,
    form: &str,
    bank: &str,
    with_method: bool,
) -> anyhow::Result<PageForm> {
    let mut form = page
        .form(&selector(form)?)
        .map_err(|error| not_understood(&error))?;
    let offered = form.set("bank", bank).and_then(|()| match with_method {
        true => form.set("method", "simplified_transfer"),
        false => Ok(()),
    });
    offered.map_err(|_| {
        Told::new(
            "the page does not offer the simplified transfer at DemoBank",
            "is the amount at least 200 pesos?",
        )
    })?;
    Ok(form)
}

/// The bank's question, answered: login, the first account, or the card's coordinates.
pub(super) fn answered(page: &Parsed<'_>, answers: &Answers) -> anyhow::Result<PageForm> {
    let mut form = page
        .form(&selector("#answer")?)
        .map_err(|error| not_understood(&error))?;
    let mut coordinates = answers.coordinates.iter();
    for (of, value) in [
        ("input[autocomplete=username]", answers.rut.as_str()),
        ("input[type=password]", PASSWORD),
    ] {
        for input in page.all(&selector(&format!("#answer {of}"))?) {
            fill(&mut form, input.attr("name"), value)?;
        }
    }
    if let Some(first) = page.all(&selector("#answer input[type=radio]")?).first() {
        fill(
            &mut form,
            first.attr("name"),
            first.attr("value").unwrap_or_default(),
        )?;
    }
    for input in page.all(&selector("#answer input[inputmode=numeric]")?) {
        fill(
            &mut form,
            input.attr("name"),
            coordinates.next().map_or("", String::as_str),
        )?;
    }
    Ok(form)
}

/// The form that asks again whether it is meant.
pub(super) fn decline_form(page: &Parsed<'_>, id: PaymentId) -> anyhow::Result<PageForm> {
    let form = page.form(&selector("#decline")?);
    form.map_err(|_| not_payable(id, page))
}

fn fill(form: &mut PageForm, name: Option<&str>, value: &str) -> anyhow::Result<()> {
    let name = name.unwrap_or_default();
    form.set(name, value)
        .map_err(|_| Told::new(format!("the page's field «{name}» can't be filled in"), VERSIONS))?;
    Ok(())
}

pub(super) fn problem(page: &Parsed<'_>) -> Option<String> {
    text(page, "#problems p")
}

pub(super) fn text(page: &Parsed<'_>, of: &str) -> Option<String> {
    let found = page
        .all(&selector(of).ok()?)
        .first()
        .map(|element| text_of(*element))?;
    Some(found.trim().trim_end_matches('.').to_owned())
}

fn selector(text: &str) -> anyhow::Result<Selector> {
    Selector::parse(text).map_err(|error| anyhow::anyhow!("the selector {text}: {error}"))
}

pub(super) fn not_payable(id: PaymentId, page: &Parsed<'_>) -> anyhow::Error {
    let said = text(page, "#status")
        .or_else(|| text(page, "h1"))
        .unwrap_or_else(|| "nothing".to_owned());
    let hint = format!("`ayni payment show {id}` tells its status");
    Told::new(
        format!("payment {id} can't be paid now; its page says: {said}"),
        hint,
    )
    .into()
}

fn not_understood(error: &SiteError) -> anyhow::Error {
    Told::new(format!("the payer's page was not understood: {error}"), VERSIONS).into()
}

pub(super) fn unreachable(error: SiteError) -> anyhow::Error {
    let hint = "is the gateway running? `ayni dev` starts it; elsewhere: --gateway-url URL";
    Told::new("the gateway's pages could not be read; no money moved", hint)
        .because(error)
        .into()
}

const VERSIONS: &str = "do the gateway and this command have the same version?";
const PASSWORD: &str = "1234";

//! Forms: what the page put into them goes back with what was typed, hidden fields included, as a browser sends it.

#[cfg(feature = "browser")]
use ayni_outbound::browser::visit::FilledForm;
use scraper::{ElementRef, Selector};
use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::page::text_of;
use crate::failure::SiteError;

/// Fields of a form; more is no form that a person fills in.
pub const FIELDS_MAX: usize = 200;

/// A form, filled in as far as it is. It may carry credentials, so it shows nothing and leaves memory when dropped.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Form {
    address: String,
    get: bool,
    /// Which form of its page, from 0.
    #[serde(default)]
    nth: usize,
    fields: Vec<Field>,
}

#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Field {
    name: String,
    value: String,
    /// What a list, a box or a button offers; empty where anything may be typed.
    offered: Vec<String>,
    /// Boxes that are not ticked and buttons that are not pressed are not sent.
    sent: bool,
    /// Whether somebody typed or chose it, and not the page.
    #[serde(default)]
    filled: bool,
}

/// Why a field was not filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldRefused {
    /// The form has no field of that name.
    NoSuchField,
    /// The list does not offer the value.
    NotOffered,
}

impl Form {
    pub(super) fn read(form: ElementRef<'_>, page: &Url) -> Result<Form, SiteError> {
        let action = form.attr("action").unwrap_or_default();
        let address = page.join(action).map_err(|_| SiteError::OffSite)?;
        if address.origin() != page.origin() {
            return Err(SiteError::OffSite);
        }
        let get = !form
            .attr("method")
            .is_some_and(|method| method.eq_ignore_ascii_case("post"));
        let mut fields: Vec<Field> = Vec::new();
        for (control, field) in form
            .descendent_elements()
            .filter_map(|control| Some((control, field(control)?)))
        {
            let same_group = fields
                .iter_mut()
                .find(|before| is_radio(control) && before.name == field.name);
            match same_group {
                Some(group) => group.join(&field),
                None => fields.push(field),
            }
            if fields.len() > FIELDS_MAX {
                return Err(SiteError::Unreadable {
                    what: "a form with too many fields",
                });
            }
        }
        Ok(Form {
            address: address.to_string(),
            get,
            nth: number_in_page(form),
            fields,
        })
    }

    /// Types, chooses or ticks a field's value, or presses a button.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), FieldRefused> {
        let field = self
            .fields
            .iter_mut()
            .find(|field| field.name == name)
            .ok_or(FieldRefused::NoSuchField)?;
        if !field.offered.is_empty() && !field.offered.iter().any(|offered| offered == value) {
            return Err(FieldRefused::NotOffered);
        }
        field.value.zeroize();
        value.clone_into(&mut field.value);
        (field.sent, field.filled) = (true, true);
        Ok(())
    }

    /// A field's value as it stands.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|field| field.name == name)
            .map(|field| field.value.as_str())
    }

    /// Names and values, in the form's order, as they are sent.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let sent = self.fields.iter().filter(|field| field.sent);
        sent.map(|field| (field.name.clone(), field.value.clone()))
            .collect()
    }

    /// The form as a browser that has its page open fills it in: what was typed or chosen, the rest is in the page.
    #[cfg(feature = "browser")]
    pub(super) fn filled<'a>(&'a self, address: &'a Url) -> FilledForm<'a> {
        let filled = self.fields.iter().filter(|field| field.filled);
        FilledForm {
            nth: self.nth,
            address,
            is_post: !self.get,
            fields: filled
                .map(|field| (field.name.as_str(), field.value.as_str()))
                .collect(),
        }
    }

    pub(super) fn is_get(&self) -> bool {
        self.get
    }

    pub(super) fn address(&self) -> Result<Url, SiteError> {
        Url::parse(&self.address).map_err(|_| SiteError::OffSite)
    }

    pub(super) fn address_with_fields(&self) -> Result<Url, SiteError> {
        let mut address = self.address()?;
        address.query_pairs_mut().clear().extend_pairs(self.pairs());
        Ok(address)
    }
}

/// How many forms stand before it.
fn number_in_page(form: ElementRef<'_>) -> usize {
    let Some(root) = form.ancestors().last().and_then(ElementRef::wrap) else {
        return 0;
    };
    let forms = root
        .descendent_elements()
        .filter(|element| element.value().name() == "form");
    forms.take_while(|before| before.id() != form.id()).count()
}

impl Field {
    /// Radio buttons of one name are one field.
    fn join(&mut self, other: &Field) {
        self.offered.extend(other.offered.iter().cloned());
        if other.sent {
            other.value.clone_into(&mut self.value);
            self.sent = true;
        }
    }
}

/// A control that a browser would send, or could.
fn field(control: ElementRef<'_>) -> Option<Field> {
    let name = control.attr("name").filter(|name| !name.is_empty())?;
    if control.attr("disabled").is_some() {
        return None;
    }
    let (value, offered, sent) = match control.value().name() {
        "input" => input(control)?,
        "button" => pressed(control.attr("value").unwrap_or_default(), false),
        "textarea" => (control.text().collect(), Vec::new(), true),
        "select" => chosen(control)?,
        _ => return None,
    };
    Some(Field {
        name: name.to_owned(),
        value,
        offered,
        sent,
        filled: false,
    })
}

type Value = (String, Vec<String>, bool);

fn input(input: ElementRef<'_>) -> Option<Value> {
    let value = input.attr("value");
    match kind(input).as_str() {
        "button" | "image" | "reset" | "file" => None,
        "submit" => Some(pressed(value.unwrap_or_default(), false)),
        "checkbox" | "radio" => Some(pressed(value.unwrap_or("on"), input.attr("checked").is_some())),
        _ => Some((value.unwrap_or_default().to_owned(), Vec::new(), true)),
    }
}

fn pressed(value: &str, sent: bool) -> Value {
    (value.to_owned(), vec![value.to_owned()], sent)
}

fn kind(input: ElementRef<'_>) -> String {
    input.attr("type").unwrap_or("text").to_ascii_lowercase()
}

fn is_radio(control: ElementRef<'_>) -> bool {
    control.value().name() == "input" && kind(control) == "radio"
}

fn chosen(select: ElementRef<'_>) -> Option<Value> {
    let selector = Selector::parse("option").ok()?;
    let options: Vec<ElementRef<'_>> = select.select(&selector).collect();
    let selected = options
        .iter()
        .find(|option| option.attr("selected").is_some())
        .or(options.first())?;
    let offered = options.iter().filter(|option| option.attr("disabled").is_none());
    Some((
        option_value(*selected),
        offered.map(|option| option_value(*option)).collect(),
        true,
    ))
}

/// What an option sends: its value, or without one its text.
pub fn option_value(option: ElementRef<'_>) -> String {
    option
        .attr("value")
        .map_or_else(|| text_of(option), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    fn form(html: &str) -> Result<Form, SiteError> {
        let html = Html::parse_document(html);
        let selector = Selector::parse("form").unwrap();
        let found = html.select(&selector).next().unwrap();
        Form::read(found, &Url::parse("https://bank.example/a/b").unwrap())
    }

    const FORM: &str = r#"<form method="POST" action="c?d=1">
        <input type="hidden" name="csrf" value="t&amp;k"><input name="rut"><input name="off" disabled value="x">
        <input type="checkbox" name="yes" checked><input type="checkbox" name="no">
        <input type="radio" name="way" value="1"><input type="radio" name="way" value="2">
        <select name="bank"><option value="1">A</option><option selected>B  b</option></select>
        <textarea name="note">hello</textarea><button name="go" value="1">Go</button><input type="submit" name="s">
        </form>"#;

    #[test]
    fn a_form_is_sent_as_a_browser_sends_it() {
        let mut form = form(FORM).unwrap();
        form.set("rut", "1-9").unwrap();
        form.set("way", "2").unwrap();
        let pairs = form.pairs();
        let sent: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let expected = [
            ("csrf", "t&k"),
            ("rut", "1-9"),
            ("yes", "on"),
            ("way", "2"),
            ("bank", "B b"),
            ("note", "hello"),
        ];
        assert_eq!(sent, expected);
        assert_eq!(form.address().unwrap().as_str(), "https://bank.example/a/c?d=1");
        assert!(!form.is_get());
    }

    #[test]
    fn only_what_the_form_has_and_offers_can_be_filled_in() {
        let mut form = form(FORM).unwrap();
        assert_eq!(form.set("password", "1"), Err(FieldRefused::NoSuchField));
        assert_eq!(form.set("bank", "C"), Err(FieldRefused::NotOffered));
        assert_eq!(form.set("way", "3"), Err(FieldRefused::NotOffered));
        assert_eq!(form.set("bank", "1"), Ok(()));
        assert_eq!(form.set("go", "1"), Ok(()));
    }

    #[test]
    fn a_form_with_more_fields_than_the_limit_is_refused() {
        let inputs = |count: usize| "<input name='a'>".repeat(count);
        assert!(form(&format!("<form>{}</form>", inputs(FIELDS_MAX))).is_ok());
        let refused = form(&format!("<form>{}</form>", inputs(FIELDS_MAX + 1)));
        assert!(matches!(refused, Err(SiteError::Unreadable { .. })));
    }

    #[test]
    fn a_form_that_leads_to_another_site_is_refused() {
        let refused = form(r#"<form action="https://evil.example/c"><input name="rut"></form>"#);
        assert!(matches!(refused, Err(SiteError::OffSite)));
    }
}

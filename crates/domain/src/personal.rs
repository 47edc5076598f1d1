//! One person among the payers, so that what is kept about them can be told to them, and taken out again (Chile's Ley
//! 21.719): who is meant, and how their traces are found in texts and blotted out.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::creation::details::PaymentDetails;
use crate::email;
use crate::rut::{Rut, normalise};

/// A person, by RUT, by e-mail address or by both.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    rut: Option<Rut>,
    email: Option<String>,
}

/// Why nobody is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NobodyMeant {
    /// Neither was said.
    #[error("say whose data is meant: a RUT or an e-mail address")]
    Nothing,
    /// The text is no RUT. It is not repeated: errors are logged.
    #[error("this is no RUT: check its digits and its check digit")]
    NotARut,
    /// The text is no address.
    #[error("this is no e-mail address")]
    NotAnEmail,
}

impl Person {
    /// Reads who is meant; an empty text says nothing.
    pub fn of(rut: &str, email: &str) -> Result<Person, NobodyMeant> {
        let (rut, address) = (rut.trim(), email.trim());
        let rut = match rut {
            "" => None,
            text => Some(Rut::parse(text).map_err(|_| NobodyMeant::NotARut)?),
        };
        let email = match address {
            "" => None,
            text if email::is_valid(text) => Some(text.to_lowercase()),
            _ => return Err(NobodyMeant::NotAnEmail),
        };
        if rut.is_none() && email.is_none() {
            return Err(NobodyMeant::Nothing);
        }
        Ok(Person { rut, email })
    }

    /// The ways in which the RUT may be written; the plain one first. Empty where none was said.
    pub fn rut_spellings(&self) -> Vec<String> {
        self.rut.map(spellings).unwrap_or_default()
    }

    /// The RUT as rows hold it: plain, with its hyphen, with dots and hyphen.
    pub fn usual_spellings(&self) -> [Option<String>; 3] {
        let formatted = self.rut.map(Rut::formatted);
        [
            self.rut.map(Rut::plain),
            formatted.as_ref().map(|text| text.replace('.', "")),
            formatted,
        ]
    }

    /// The address in lower case.
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// What a keyed digest of the person is made of.
    pub fn key(&self) -> String {
        let rut = self.rut.map(Rut::plain).unwrap_or_default();
        format!("{rut}\n{}", self.email.as_deref().unwrap_or_default())
    }

    /// Whether a payment's optional fields name the person.
    pub fn is_named_in(&self, details: &PaymentDetails) -> bool {
        let has_email = match (&self.email, &details.payer_email) {
            (Some(email), Some(said)) => said.to_lowercase() == *email,
            _ => false,
        };
        let fixed = details.fixed_payer_personal_identifier.as_deref().map(normalise);
        has_email || (fixed.is_some() && fixed == self.rut.map(|rut| normalise(&rut.plain())))
    }

    /// What is looked for in free texts.
    pub fn traces(&self) -> Traces {
        let mut traces = Traces::default();
        if let Some(rut) = self.rut {
            traces.add_identifier(&rut.plain());
        }
        if let Some(email) = &self.email {
            traces.add(email);
        }
        traces
    }
}

/// Texts that tell of a person, to be blotted out of other texts.
#[derive(Clone, Default)]
pub struct Traces(BTreeSet<String>);

impl Traces {
    /// A name, an address or an account's number; one that is too short to mean anybody is left.
    pub fn add(&mut self, text: &str) {
        let text = text.trim().to_lowercase();
        if text.chars().count() < TRACE_LENGTH_MIN {
            return;
        }
        // Within JSON some characters are written otherwise.
        let quoted = serde_json::to_string(&text).unwrap_or_default();
        self.0.insert(quoted.trim_matches('"').to_owned());
        self.0.insert(text);
    }

    /// A RUT, in whatever spelling; its other spellings too.
    pub fn add_identifier(&mut self, identifier: &str) {
        self.add(identifier);
        if let Ok(rut) = Rut::parse(identifier) {
            spellings(rut).iter().for_each(|spelling| self.add(spelling));
        }
    }

    /// Takes over another's.
    pub fn extend(&mut self, other: Traces) {
        self.0.extend(other.0);
    }

    /// The text without them; `None` where it has none of them.
    pub fn blotted(&self, text: &str) -> Option<String> {
        let mut blotted = text.to_owned();
        // The longest first: an address before the name in it.
        let mut all: Vec<&String> = self.0.iter().collect();
        all.sort_by_key(|trace| std::cmp::Reverse(trace.len()));
        for trace in all {
            blotted = without(&blotted, trace);
        }
        (blotted != text).then_some(blotted)
    }
}

fn spellings(rut: Rut) -> Vec<String> {
    let formatted = rut.formatted();
    let mut all = vec![normalise(&formatted), formatted.replace('.', ""), formatted];
    // A check digit K may be written small.
    let small: Vec<String> = all.iter().map(|text| text.to_lowercase()).collect();
    let large: Vec<String> = all.iter().map(|text| text.to_uppercase()).collect();
    all.extend(small.into_iter().chain(large));
    all.sort();
    all.dedup();
    all
}

/// The text with every occurrence of a lower-case trace blotted out, unless it is a part of a longer word.
fn without(text: &str, trace: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    let mut before: Option<char> = None;
    while let Some(sign) = rest.chars().next() {
        let found = match before {
            Some(letter) if letter.is_alphanumeric() => None,
            _ => end_of(rest, trace),
        };
        let after = found.and_then(|end| rest[end..].chars().next());
        match found {
            Some(end) if !after.is_some_and(char::is_alphanumeric) => {
                kept.push_str(BLOT);
                before = None;
                rest = &rest[end..];
            }
            _ => {
                kept.push(sign);
                before = Some(sign);
                rest = &rest[sign.len_utf8()..];
            }
        }
    }
    kept
}

/// Where the trace ends, if the text begins with it in whatever case.
fn end_of(text: &str, trace: &str) -> Option<usize> {
    let mut wanted = trace.chars();
    for (at, sign) in text.char_indices() {
        for lower in sign.to_lowercase() {
            match wanted.next() {
                Some(next) if next == lower => {}
                None => return Some(at),
                Some(_) => return None,
            }
        }
    }
    wanted.next().is_none().then_some(text.len())
}

/// What stands in place of what was blotted out.
pub const BLOT: &str = "▇";
/// Shorter texts mean nobody.
const TRACE_LENGTH_MIN: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_meant_by_rut_by_address_or_by_both() {
        assert!(Person::of("11.111.111-1", "").is_ok());
        assert!(Person::of("", "Ana@Ejemplo.example").is_ok());
        for (rut, email, wrong) in [
            ("", " ", NobodyMeant::Nothing),
            ("11.111.111-2", "", NobodyMeant::NotARut),
            ("", "ana", NobodyMeant::NotAnEmail),
        ] {
            assert_eq!(Person::of(rut, email).err(), Some(wrong));
        }
        let spelled = Person::of("111111111", "").unwrap().rut_spellings();
        for spelling in ["111111111", "11111111-1", "11.111.111-1"] {
            assert!(spelled.iter().any(|known| known == spelling), "{spelling}");
        }
    }

    #[test]
    fn a_payment_names_its_payer_in_any_spelling() {
        let details = |email: &str, rut: &str| PaymentDetails {
            payer_email: Some(email.to_owned()).filter(|text| !text.is_empty()),
            fixed_payer_personal_identifier: Some(rut.to_owned()).filter(|text| !text.is_empty()),
            ..PaymentDetails::default()
        };
        let ana = Person::of("11.111.111-1", "ana@ejemplo.example").unwrap();
        assert!(ana.is_named_in(&details("ANA@ejemplo.example", "")));
        assert!(ana.is_named_in(&details("", "111111111")));
        assert!(!ana.is_named_in(&details("otra@ejemplo.example", "22.222.222-2")));
        let by_email = Person::of("", "ana@ejemplo.example").unwrap();
        assert!(
            !by_email.is_named_in(&PaymentDetails::default()),
            "nobody is named by nothing"
        );
    }

    #[test]
    fn traces_are_blotted_out_in_any_case_and_spelling_but_not_within_other_words() {
        let mut traces = Person::of("11.111.111-1", "ana@ejemplo.example")
            .unwrap()
            .traces();
        traces.add("Ana Ñandú");
        traces.add("Li");
        for (text, left) in [
            ("Pago de ANA ÑANDÚ, rut 11111111-1.", Some("Pago de ▇, rut ▇.")),
            ("11.111.111-1/111111111", Some("▇/▇")),
            ("{\"a\":\"Ana@Ejemplo.example\"}", Some("{\"a\":\"▇\"}")),
            ("Ventana, Liana, Li", None),
            ("9111111111", None),
            ("", None),
        ] {
            assert_eq!(traces.blotted(text).as_deref(), left, "{text}");
        }
        traces.add("Ana \"la\" Grande");
        assert_eq!(
            traces.blotted(r#"{"n":"Ana \"la\" Grande"}"#).as_deref(),
            Some("{\"n\":\"▇\"}")
        );
    }
}

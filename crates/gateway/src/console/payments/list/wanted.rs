//! What a list is asked for, as it stands in its URL: a link to a list shows the same list to whoever may see it.

use std::collections::BTreeMap;

use ayni_crypto::keyring::Keyring;
use ayni_domain::currency::Currency;
use ayni_domain::ids::AccountId;
use ayni_domain::method::Method;
use ayni_domain::money::Amount;
use ayni_domain::payment::state::State;
use ayni_domain::time::to_ms;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::form_urlencoded;

use super::term::{TYPED_CHARS_MAX, Term};
use super::{Key, Listed};
use crate::console::payments::search::token::Token;
use crate::http::pages::pairs;

/// Which payments, and which page of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::console::payments) struct Wanted {
    /// What was typed, without RUTs and e-mail addresses: those stand as digests.
    pub typed: String,
    pub state: Option<State>,
    pub currency: Option<Currency>,
    pub least: Option<Amount>,
    pub most: Option<Amount>,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub method: Option<Method>,
    pub bank: Option<String>,
    pub turn: Turn,
    /// The fields that could not be read, and are as if they were not set.
    pub unread: Vec<&'static str>,
}

/// Which page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::console::payments) enum Turn {
    /// The newest.
    #[default]
    First,
    /// Older ones than this.
    Before(Key),
    /// Newer ones than this.
    After(Key),
}

/// The names of the fields.
pub(in crate::console::payments) const FIELDS: [&str; 9] = [
    "q", "state", "currency", "least", "most", "from", "to", "method", "bank",
];

impl Wanted {
    /// Reads the fields of a URL or a form; what can't be read is told in `unread`.
    pub fn read(asked: &BTreeMap<String, String>) -> Wanted {
        let mut wanted = Wanted::default();
        for name in FIELDS {
            let text = asked.get(name).map(|text| text.trim()).unwrap_or_default();
            if !text.is_empty() && wanted.take(name, text).is_none() {
                wanted.unread.push(name);
            }
        }
        let key = |name: &str| asked.get(name).and_then(|text| Key::parse(text));
        wanted.turn = match (key("before"), key("after")) {
            (Some(key), _) => Turn::Before(key),
            (None, Some(key)) => Turn::After(key),
            (None, None) => Turn::First,
        };
        wanted
    }

    /// Reads a query.
    pub fn parse(query: &str) -> Wanted {
        Wanted::read(&pairs(query.as_bytes()).collect())
    }

    /// The query of the first page, with everything that is set.
    pub fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in FIELDS {
            let text = self.text(name);
            if !text.is_empty() {
                query.append_pair(name, &text);
            }
        }
        query.finish()
    }

    /// A field as it is written in the form and the URL; empty where it is not set.
    pub fn text(&self, name: &str) -> String {
        let amount = |amount: Option<Amount>| amount.map(|amount| amount.plain().replace('.', ","));
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        let text = match name {
            "q" => Some(self.typed.clone()),
            "state" => self.state.map(word),
            "currency" => self.currency.map(|currency| currency.code().to_owned()),
            "least" => amount(self.least),
            "most" => amount(self.most),
            "from" => day(self.from),
            "to" => day(self.to),
            "method" => self.method.map(|method| method.as_str().to_owned()),
            "bank" => self.bank.clone(),
            _ => None,
        };
        text.unwrap_or_default()
    }

    /// What was typed, with words in the place of digests.
    pub fn typed_shown(&self, rut: &str, email: &str) -> String {
        let shown = |piece: &str| match Token::of_sealed_text(piece) {
            Some(token) if token.is_email() => email.to_owned(),
            Some(_) => rut.to_owned(),
            None => piece.to_owned(),
        };
        let pieces: Vec<String> = self.typed.split_whitespace().map(shown).collect();
        pieces.join(" ")
    }

    /// Whether anything is asked for at all.
    pub fn is_filtered(&self) -> bool {
        FIELDS.iter().any(|name| !self.text(name).is_empty())
    }

    /// How many things are asked for beside what was typed.
    pub fn filters(&self) -> usize {
        FIELDS[1..]
            .iter()
            .filter(|name| !self.text(name).is_empty())
            .count()
    }

    /// What the search knows of what is asked for.
    pub(super) fn terms(&self, keyring: &Keyring, account: AccountId) -> Vec<Term> {
        let mut terms = Term::read(&self.typed, keyring, account);
        let filters = [
            self.state.map(Token::state),
            self.currency.map(Token::currency),
            self.method.map(|method| Token::method(method.as_str())),
            self.bank.as_deref().map(Token::bank),
            self.least.filter(|_| self.least == self.most).map(Token::amount),
        ];
        terms.extend(filters.into_iter().flatten().map(Term::filter));
        terms
    }

    /// What the search does not know, or knows a moment late. Of a payment that can't be read it can't be told, so that it
    /// is listed.
    pub(super) fn is_met_by(&self, listed: &Listed) -> bool {
        let Listed::Read(line) = listed else {
            return true;
        };
        self.state.is_none_or(|state| state == line.state)
            && self.least.is_none_or(|least| line.amount >= least)
            && self.most.is_none_or(|most| line.amount <= most)
    }

    /// From its first day's beginning to its last one's end, in Unix milliseconds.
    pub fn bounds_ms(&self) -> (i64, i64) {
        let from = self.from.and_then(start_ms).unwrap_or(0);
        let to = self
            .to
            .and_then(|day| day.checked_add(1.day()).ok())
            .and_then(start_ms);
        (from, to.unwrap_or(i64::MAX))
    }

    fn take(&mut self, name: &str, text: &str) -> Option<()> {
        match name {
            "q" => self.typed = text.chars().take(TYPED_CHARS_MAX).collect(),
            "state" => self.state = Some(State::ALL.into_iter().find(|state| word(*state) == text)?),
            "currency" => self.currency = Some(text.parse().ok()?),
            "least" => self.least = Some(amount(text)?),
            "most" => self.most = Some(amount(text)?),
            "from" => self.from = Some(text.parse().ok()?),
            "to" => self.to = Some(text.parse().ok()?),
            "method" => self.method = Some(Method::parse(text)?),
            _ => self.bank = Some(text.chars().take(BANK_CHARS_MAX).collect()),
        }
        Some(())
    }
}

/// A state as one word of a URL: `done-normal`.
pub(in crate::console::payments) fn word(state: State) -> String {
    state.as_str().replace('/', "-")
}

/// An amount with a comma before its decimals and dots between thousands; a single dot that can't be one between
/// thousands is one before decimals.
fn amount(text: &str) -> Option<Amount> {
    let is_decimal_dot = |(_, rest): (&str, &str)| !rest.contains(['.', ',']) && rest.len() != 3;
    let text = text.trim_start_matches(['$', ' ']);
    let plain = match text.split_once('.').is_some_and(is_decimal_dot) {
        true => text.to_owned(),
        false => text.replace('.', "").replace(',', "."),
    };
    Amount::parse(&plain, false)
        .ok()
        .filter(|amount| *amount >= Amount::ZERO)
}

/// When a day begins in Chile.
fn start_ms(day: Date) -> Option<i64> {
    let zone = TimeZone::get("America/Santiago").unwrap_or(TimeZone::UTC);
    day.to_zoned(zone).ok().map(|start| to_ms(start.timestamp()))
}

const BANK_CHARS_MAX: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_back_from_its_own_url() {
        let query = "q=arriendo+marzo&state=done-normal&currency=CLP&least=1000&most=20000.5&from=2026-03-01&to=2026-03-31&method=regular_transfer&bank=Bawdf";
        let wanted = Wanted::parse(query);
        assert_eq!(wanted.unread, Vec::<&str>::new());
        assert_eq!(wanted.filters(), 8);
        assert_eq!(Wanted::parse(&wanted.query()), wanted);
    }

    #[test]
    fn amounts_are_read_as_chileans_write_them() {
        for (text, expected) in [
            ("1.001", Some("1001")),
            ("$1.234.567", Some("1234567")),
            ("999,5", Some("999.5")),
            ("10.50", Some("10.5")),
            ("1.234,5", Some("1234.5")),
            ("1,234", Some("1.234")),
            ("x", None),
            ("-1", None),
        ] {
            assert_eq!(amount(text).map(Amount::plain).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_can_not_be_read_is_told_and_left_out() {
        let wanted = Wanted::parse("state=paid&currency=clp&least=x&from=31/03/2026&method=cash&before=x");
        assert_eq!(wanted.unread, ["state", "currency", "least", "from", "method"]);
        assert!(!wanted.is_filtered());
    }

    #[test]
    fn days_are_those_of_chile() {
        let wanted = Wanted::parse("from=2026-04-04&to=2026-04-04");
        let (from, to) = wanted.bounds_ms();
        // That night clocks go back an hour: the day has twenty-five.
        assert_eq!(to - from, 25 * 3_600_000);
        let start: jiff::Timestamp = "2026-04-04T03:00:00Z".parse().unwrap();
        assert_eq!(from, to_ms(start));
    }
}

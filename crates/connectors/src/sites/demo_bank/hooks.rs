//! DemoBank's site file, read: see `demo-bank.toml` for what each key means.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::failure::Failure;
use crate::session::page::Parsed;
use crate::sites::Css;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hooks {
    pub(super) base_url: Option<String>,
    pub(super) pages: Pages,
    pub(super) login: Login,
    pub(super) accounts: Accounts,
    pub(super) statement: Statement,
    pub(super) transfer: Transfer,
    pub(super) card: Card,
    pub(super) receipt: Receipt,
    pub(super) refused: Refused,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pages {
    login: Css,
    accounts: Css,
    statement: Css,
    transfer: Css,
    card: Css,
    receipt: Css,
    refused: Css,
}

/// The pages that this connector knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Known {
    Login,
    Accounts,
    Statement,
    Transfer,
    Card,
    Receipt,
    Refused,
}

impl Pages {
    /// Which page it is; none, or more than one, is no page that we know.
    pub(super) fn recognise(&self, page: &Parsed<'_>) -> Option<Known> {
        let all = [
            (&self.login, Known::Login),
            (&self.accounts, Known::Accounts),
            (&self.statement, Known::Statement),
            (&self.transfer, Known::Transfer),
            (&self.card, Known::Card),
            (&self.receipt, Known::Receipt),
            (&self.refused, Known::Refused),
        ];
        let mut fitting = all.iter().filter(|(css, _)| page.has(&css.0));
        match (fitting.next(), fitting.next()) {
            (Some((_, known)), None) => Some(*known),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Login {
    pub(super) path: String,
    pub(super) form: Css,
    pub(super) rut: String,
    pub(super) password: String,
    pub(super) problem: Css,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Accounts {
    pub(super) path: String,
    pub(super) row: Css,
    pub(super) number_attribute: String,
    pub(super) currency_attribute: String,
    pub(super) name: Css,
    pub(super) balance: Css,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Statement {
    pub(super) pages_max: u32,
    pub(super) path: String,
    pub(super) account_attribute: String,
    pub(super) currency_attribute: String,
    pub(super) table: Css,
    pub(super) row: Css,
    pub(super) balance: Css,
    pub(super) balance_after: Css,
    pub(super) id_attribute: String,
    pub(super) booked_at: Css,
    pub(super) debit: Css,
    pub(super) credit: Css,
    pub(super) reference: Css,
    pub(super) no_reference: Css,
    pub(super) payer_name: Css,
    pub(super) payer_identifier: Css,
    pub(super) payer_account: Css,
    pub(super) operation: Css,
    pub(super) older: Css,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Transfer {
    pub(super) path: String,
    pub(super) form: Css,
    pub(super) origin: String,
    pub(super) bank: String,
    pub(super) number: String,
    pub(super) holder: String,
    pub(super) identifier: String,
    pub(super) email: String,
    pub(super) amount: String,
    pub(super) comment: String,
    pub(super) origin_option: Css,
    pub(super) origin_currency_attribute: String,
    pub(super) problem: Css,
    pub(super) problem_attribute: String,
    pub(super) problems: BTreeMap<String, Failure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Card {
    pub(super) form: Css,
    pub(super) field: Css,
    pub(super) position_attribute: String,
    pub(super) amount: Css,
    pub(super) account: Css,
    pub(super) origin: Css,
    pub(super) currency_attribute: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Receipt {
    pub(super) amount: Css,
    pub(super) account: Css,
    pub(super) operation: Css,
    pub(super) payer_identifier: Css,
    pub(super) payer_name: Css,
    pub(super) payer_account: Css,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Refused {
    pub(super) reason_attribute: String,
    pub(super) reasons: BTreeMap<String, Failure>,
}

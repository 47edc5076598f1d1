//! The pages of a transfer: what DemoBank's forms ask, what its card shows, what its receipt says.

use ayni_domain::currency::Currency;

use super::DemoBank;
use super::hooks::Known;
use super::statement_page::{amount, currency};
use super::transfer::Stopped;
use crate::failure::{Failure, SiteError};
use crate::prompt::{Choice, Field, FieldKind, Problem, Prompt};
use crate::session::form::{Form, option_value};
use crate::session::page::{Parsed, attribute, text_of};
use crate::transfer::{Receipt, Session, TransferOrder};

/// The answer with the payer's RUT.
pub(super) const RUT: &str = "rut";

/// The answer with the password.
pub(super) const PASSWORD: &str = "password";

/// The answer with the account to pay from.
pub(super) const ACCOUNT: &str = "account";

/// Coordinates that a card page may ask for.
const CELLS_MAX: usize = 10;

/// The matrix card's page.
pub(super) struct Card {
    pub(super) form: Form,
    /// Field and position of each coordinate.
    pub(super) cells: Vec<(String, String)>,
}

impl DemoBank {
    /// The empty transfer form, and the accounts of that currency which it offers to pay from.
    pub(super) fn read_transfer_form(
        &self,
        page: &Parsed<'_>,
        currency: Currency,
    ) -> Result<(Form, Vec<Choice>), SiteError> {
        let hooks = &self.hooks.transfer;
        self.expect(page, Known::Transfer, "the transfer form")?;
        let options = page.all(&hooks.origin_option.0).into_iter();
        let fitting =
            options.filter(|option| option.attr(&hooks.origin_currency_attribute) == Some(currency.code()));
        let offered = fitting.map(|option| Choice {
            value: option_value(option),
            label: text_of(option),
        });
        Ok((page.form(&hooks.form.0)?, offered.collect()))
    }

    /// The card, if it is for exactly this order; or why the bank does not go on.
    pub(super) fn read_card(&self, page: &Parsed<'_>, session: &Session) -> Result<Card, Stopped> {
        match self.hooks.pages.recognise(page) {
            Some(Known::Refused) => {
                return Err(Stopped::Failed(
                    self.read_refusal(page).unwrap_or(Failure::RefusedByBank),
                ));
            }
            Some(Known::Transfer) => return Err(self.read_problem(page)),
            _ => self.expect(page, Known::Card, "the matrix card")?,
        }
        let hooks = &self.hooks.card;
        let body = page.body("the card's body")?;
        let as_ordered = amount(page.one(&hooks.amount.0, "the card's amount")?)? == session.order.amount
            && currency(body, &hooks.currency_attribute)? == session.order.currency
            && is_destination(
                &text_of(page.one(&hooks.account.0, "the card's account")?),
                &session.order,
            )
            && text_of(page.one(&hooks.origin.0, "the card's origin")?) == session.payer_account;
        if !as_ordered {
            return Err(SiteError::Unreadable {
                what: "a card for another transfer",
            }
            .into());
        }
        let fields = page.all(&hooks.field.0).into_iter();
        let cell = |field| -> Result<_, SiteError> {
            let position = attribute(field, &hooks.position_attribute, "a coordinate's position")?;
            Ok((
                attribute(field, "name", "a coordinate's field")?.to_owned(),
                position.to_owned(),
            ))
        };
        let cells: Vec<_> = fields.map(cell).collect::<Result<_, _>>()?;
        if cells.is_empty() || cells.len() > CELLS_MAX {
            return Err(SiteError::Unreadable {
                what: "the card's coordinates",
            }
            .into());
        }
        Ok(Card {
            form: page.form(&hooks.form.0)?,
            cells,
        })
    }

    /// The receipt, if it is for exactly this order.
    pub(super) fn read_receipt(&self, page: &Parsed<'_>, session: &Session) -> Result<Receipt, SiteError> {
        let hooks = &self.hooks.receipt;
        let text = |css: &crate::sites::Css, what| page.one(&css.0, what).map(text_of);
        let receipt = Receipt {
            operation_number: text(&hooks.operation, "the receipt's operation")?,
            payer_identifier: text(&hooks.payer_identifier, "the receipt's RUT")?,
            payer_name: text(&hooks.payer_name, "the receipt's payer")?,
            payer_account: text(&hooks.payer_account, "the receipt's origin")?,
        };
        let as_ordered = amount(page.one(&hooks.amount.0, "the receipt's amount")?)? == session.order.amount
            && is_destination(&text(&hooks.account, "the receipt's account")?, &session.order)
            && receipt.payer_account == session.payer_account
            && !receipt.operation_number.is_empty();
        as_ordered.then_some(receipt).ok_or(SiteError::Unreadable {
            what: "a receipt of another transfer",
        })
    }

    /// The bank's reason; none if the site file does not know it.
    pub(super) fn read_refusal(&self, page: &Parsed<'_>) -> Option<Failure> {
        let hooks = &self.hooks.refused;
        let body = page.body("the refusal").ok()?;
        hooks.reasons.get(body.attr(&hooks.reason_attribute)?).copied()
    }

    /// The transfer form shown again: which field the bank did not take.
    fn read_problem(&self, page: &Parsed<'_>) -> Stopped {
        let hooks = &self.hooks.transfer;
        let shown = page.all(&hooks.problem.0).into_iter();
        let mut fields = shown.filter_map(|problem| problem.attr(&hooks.problem_attribute));
        let failure = fields.find_map(|field| hooks.problems.get(field));
        failure.map_or_else(
            || page.unknown("the matrix card").into(),
            |failure| Stopped::Failed(*failure),
        )
    }
}

/// Banks write numbers with more or fewer zeros before them, and blanks between.
fn is_destination(shown: &str, order: &TransferOrder) -> bool {
    let plain = |number: &str| -> String {
        let digits: String = number.chars().filter(|c| !c.is_whitespace()).collect();
        digits.trim_start_matches('0').to_owned()
    };
    plain(shown) == plain(&order.destination.number)
}

pub(super) fn login_prompt(problem: Option<Problem>) -> Prompt {
    let rut = Field {
        name: RUT.to_owned(),
        kind: FieldKind::Rut,
    };
    let password = Field {
        name: PASSWORD.to_owned(),
        kind: FieldKind::Password,
    };
    Prompt {
        fields: vec![rut, password],
        problem,
    }
}

pub(super) fn account_prompt(offered: &[Choice], problem: Option<Problem>) -> Prompt {
    let account = Field {
        name: ACCOUNT.to_owned(),
        kind: FieldKind::Choice(offered.to_vec()),
    };
    Prompt {
        fields: vec![account],
        problem,
    }
}

pub(super) fn card_prompt(cells: &[(String, String)], problem: Option<Problem>) -> Prompt {
    let cell = |(name, position): &(String, String)| Field {
        name: name.clone(),
        kind: FieldKind::Coordinate {
            position: position.clone(),
        },
    };
    Prompt {
        fields: cells.iter().map(cell).collect(),
        problem,
    }
}

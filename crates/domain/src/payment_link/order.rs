//! What a payer fills in at a link, and what may be wrong with it.

use super::terms::{Price, Terms};
use super::typed::{self, NotTyped};
use crate::email;
use crate::lang::Lang;
use crate::money::Amount;
use crate::reading::TEXT_LENGTH_MAX;

/// The link's form as it came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Typed<'a> {
    /// Where the amount is free.
    pub amount: &'a str,
    /// Where several may be taken.
    pub quantity: &'a str,
    /// Where the name is asked; may be left out.
    pub name: &'a str,
    /// Where the address is asked; may be left out.
    pub email: &'a str,
}

/// What a payer wants to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// All of it.
    pub amount: Amount,
    /// How many pieces; 1 where the amount is free.
    pub quantity: i64,
    /// The payer's name.
    pub name: Option<String>,
    /// The payer's address.
    pub email: Option<String>,
}

/// What is wrong with a field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objection {
    /// No amount.
    AmountMissing,
    /// No number.
    AmountUnreadable,
    /// More decimals than the currency has.
    AmountDecimals,
    /// Less than the least.
    AmountTooSmall(Amount),
    /// More than the most.
    AmountTooLarge(Amount),
    /// No whole number from 1 to this.
    Quantity(i64),
    /// A name that is too long.
    Name,
    /// No e-mail address.
    Email,
}

impl Objection {
    /// The form's field that it is against.
    pub fn field(self) -> &'static str {
        match self {
            Objection::Quantity(_) => "quantity",
            Objection::Name => "name",
            Objection::Email => "email",
            _ => "amount",
        }
    }
}

/// The order, or everything that is wrong with it, in the form's order.
pub fn read(terms: &Terms, typed: Typed<'_>, lang: Lang) -> Result<Order, Vec<Objection>> {
    let mut objections = Vec::new();
    let mut taken = |read: Result<(Amount, i64), Objection>| match read {
        Ok(read) => read,
        Err(objection) => {
            objections.push(objection);
            (Amount::ZERO, 0)
        }
    };
    let (amount, quantity) = match terms.price {
        Price::Fixed {
            unit,
            quantity_max: 1,
        } => (unit, 1),
        Price::Fixed { unit, quantity_max } => taken(several(unit, quantity_max, typed.quantity)),
        Price::Free { minimum, maximum } => {
            taken(free(terms, typed.amount, (minimum, maximum), lang).map(|amount| (amount, 1)))
        }
    };
    let given = |is_asked: bool, text: &str| {
        let text = text.trim();
        (is_asked && !text.is_empty()).then(|| text.to_owned())
    };
    let (name, email) = (
        given(terms.asks_name, typed.name),
        given(terms.asks_email, typed.email),
    );
    if name.as_ref().is_some_and(|name| !is_text(name)) {
        objections.push(Objection::Name);
    }
    if email
        .as_ref()
        .is_some_and(|address| !is_text(address) || !email::is_valid(address))
    {
        objections.push(Objection::Email);
    }
    if objections.is_empty() {
        Ok(Order {
            amount,
            quantity,
            name,
            email,
        })
    } else {
        Err(objections)
    }
}

fn several(unit: Amount, most: i64, typed: &str) -> Result<(Amount, i64), Objection> {
    let quantity = typed
        .trim()
        .parse()
        .ok()
        .filter(|quantity| (1..=most).contains(quantity));
    let quantity: i64 = quantity.ok_or(Objection::Quantity(most))?;
    let all = unit.times(quantity).ok_or(Objection::Quantity(most))?;
    Ok((all, quantity))
}

fn free(
    terms: &Terms,
    typed: &str,
    (minimum, maximum): (Amount, Amount),
    lang: Lang,
) -> Result<Amount, Objection> {
    let amount = typed::amount(typed, terms.currency, lang).map_err(|problem| match problem {
        NotTyped::Empty => Objection::AmountMissing,
        NotTyped::Unreadable => Objection::AmountUnreadable,
        NotTyped::Decimals => Objection::AmountDecimals,
    })?;
    if amount < minimum {
        Err(Objection::AmountTooSmall(minimum))
    } else if amount > maximum {
        Err(Objection::AmountTooLarge(maximum))
    } else {
        Ok(amount)
    }
}

fn is_text(text: &str) -> bool {
    text.chars().count() <= TEXT_LENGTH_MAX && !text.contains('\0')
}

//! What is asked: how much, in which currency, and on which bank account it is to arrive.

use crate::creation::CreationContext;
use crate::creation::fields::Field;
use crate::currency::Currency;
use crate::fee;
use crate::money::Amount;
use crate::reading::{Reading, TEXT_LENGTH_MAX};
use crate::violation::Problem;

const INTEGRATOR_FEE_LENGTH_MAX: usize = 16;

/// What is asked and where it is to arrive, as far as it could be read.
pub(super) struct Asked {
    pub(super) amount: Option<Amount>,
    pub(super) currency: Option<Currency>,
    pub(super) collecting_id: Option<i64>,
}

pub(super) fn money(reading: &mut Reading<'_, Field>, context: &CreationContext<'_>) -> Asked {
    let currency = currency(reading, context);
    let amount = reading.required_amount(Field::Amount).filter(|amount| {
        let problem = match currency {
            _ if *amount <= Amount::ZERO => Problem::NotPositive,
            Some(currency) if amount.decimals() > currency.decimals() => {
                Problem::TooManyDecimalsFor(currency)
            }
            _ => return true,
        };
        reading.refuse(Field::Amount, problem);
        false
    });
    Asked {
        amount,
        currency,
        collecting_id: collecting_id(reading, context, currency),
    }
}

pub(super) fn integrator_fee(
    reading: &mut Reading<'_, Field>,
    context: &CreationContext<'_>,
    asked: &Asked,
) -> Option<Amount> {
    let is_set = reading.is_set(Field::IntegratorFee);
    if is_set && !context.has_integrator {
        reading.refuse(Field::IntegratorFee, Problem::NoIntegrator);
        return None;
    }
    let fee = reading.amount_in_text(Field::IntegratorFee, INTEGRATOR_FEE_LENGTH_MAX)?;
    reading.accepted(Field::IntegratorFee, fee, |fee| match asked.currency {
        _ if *fee < Amount::ZERO => Some(Problem::Negative),
        Some(currency) if fee.decimals() > currency.decimals() => Some(Problem::TooManyDecimalsFor(currency)),
        _ if asked.amount.is_some_and(|amount| *fee > amount) => Some(Problem::AboveTheAmount),
        Some(currency) if !has_room(context, asked, currency, *fee) => Some(Problem::NoRoomBesideTheFee),
        _ => None,
    })
}

fn has_room(
    context: &CreationContext<'_>,
    asked: &Asked,
    currency: Currency,
    integrator_fee: Amount,
) -> bool {
    let room = |amount| fee::has_room(context.fee, amount, currency, integrator_fee, context.uf_value);
    integrator_fee == Amount::ZERO || asked.amount.is_none_or(room)
}

fn currency(reading: &mut Reading<'_, Field>, context: &CreationContext<'_>) -> Option<Currency> {
    let text = reading.required_text(Field::Currency, TEXT_LENGTH_MAX)?;
    let Ok(currency) = text.parse::<Currency>() else {
        reading.refuse(
            Field::Currency,
            Problem::NotOneOf(Currency::ALL.map(Currency::code).to_vec()),
        );
        return None;
    };
    if !context
        .collecting
        .iter()
        .any(|choice| choice.currency == currency.paid_in())
    {
        reading.refuse(Field::Currency, Problem::NotCollectedIn(currency));
    }
    Some(currency)
}

/// The chosen bank account, or the first one in the currency.
fn collecting_id(
    reading: &mut Reading<'_, Field>,
    context: &CreationContext<'_>,
    currency: Option<Currency>,
) -> Option<i64> {
    let Some(uuid) = reading.text(Field::CollectAccountUuid, TEXT_LENGTH_MAX) else {
        let paid_in = currency?.paid_in();
        return context
            .collecting
            .iter()
            .find(|choice| choice.currency == paid_in)
            .map(|choice| choice.id);
    };
    let Some(choice) = context
        .collecting
        .iter()
        .find(|choice| choice.uuid.eq_ignore_ascii_case(&uuid))
    else {
        reading.refuse(Field::CollectAccountUuid, Problem::UnknownCollectingAccount);
        return None;
    };
    if choice.currency != currency?.paid_in() {
        reading.refuse(
            Field::CollectAccountUuid,
            Problem::CollectingAccountIsIn(choice.currency),
        );
        return None;
    }
    Some(choice.id)
}

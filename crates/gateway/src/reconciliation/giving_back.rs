//! Money that belongs to nobody here goes back to where it came from: all of a movement that settles nothing, or what is
//! left of one that paid too much.
//!
//! It goes as an order of its own, in the unit of work of the person's decision, out of the ledger's suspense; one that
//! could not be executed puts the movement before a person again. On a merchant's own bank account nothing is ordered:
//! the merchant returns it there, and that is noted.

use ayni_domain::custody::Custody;
use ayni_domain::ids::{OrderId, PaymentId};
use ayni_domain::ledger::entry;
use ayni_domain::matching::reason::Reason;
use ayni_domain::money::Amount;
use ayni_domain::order::{Kind, Via};
use ayni_domain::payment::state::State;
use ayni_domain::rut::normalise;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::review::{ReviewEntry, ReviewError, decided, waiting};
use super::settle::{self, Seen};
use super::sql::{self, Verdict};
use super::storing;
use crate::app::{App, Shared};
use crate::ledger;
use crate::merchants::collecting::{self, CollectingAccount};
use crate::orders::{self, NewOrder, Order, OrderError, Payee};
use crate::payer::settle as attempts;
use crate::payments;
use crate::signals::JobKind;
use crate::witness::Witness;

/// How money goes back.
#[derive(Clone, Debug)]
pub enum Way {
    /// A person returns it at the bank; here it is only noted.
    ByHand,
    /// By an order: to this account, or where none is said to the one that it came from.
    Ordered(Option<Payee>),
}

/// What was decided to go back.
#[derive(Clone, Debug)]
pub struct Given {
    /// How much.
    pub amount: Amount,
    /// The order, unless a person returns it.
    pub order: Option<(OrderId, Via)>,
}

/// Sends back what nobody here is owed of a movement that waits.
pub async fn return_money(
    app: &Shared,
    account_uuid: &str,
    movement: &str,
    way: Way,
    by: &Witness,
) -> Result<Given, ReviewError> {
    let (uuid, id, giver, by) = (
        account_uuid.to_owned(),
        movement.to_owned(),
        app.clone(),
        by.clone(),
    );
    let (order, now) = (orders::draw_id(app), app.clock.now());
    let given = app
        .db
        .write("review.return", move |tx| {
            by.sign(tx, &id)?;
            let entry = waiting(tx, &uuid, &id)?;
            let given = give_back(tx, &giver, &entry, &way, (order, entry.left), now)?;
            let verdict = Verdict {
                state: if entry.settled.is_some() {
                    "assigned"
                } else {
                    "returned"
                },
                payment: entry.settled,
                reason: Some(reason(&given).into()),
            };
            decided(tx, &entry, &verdict, now)?;
            Ok::<_, ReviewError>(given)
        })
        .await?;
    app.signals.wake(JobKind::Order);
    Ok(given)
}

/// Settles a payment with a movement of more than it asks, and sends the rest back.
pub async fn accept(
    app: &Shared,
    account_uuid: &str,
    movement: &str,
    payment: PaymentId,
    way: Way,
    by: &Witness,
) -> Result<Given, ReviewError> {
    let (uuid, id, settler, by) = (
        account_uuid.to_owned(),
        movement.to_owned(),
        app.clone(),
        by.clone(),
    );
    let (order, notice_id, now) = (orders::draw_id(app), app.entropy.uuid(), app.clock.now());
    let given = app
        .db
        .write("review.accept", move |tx| {
            by.sign(tx, &id)?;
            let entry = waiting(tx, &uuid, &id)?;
            let payment = payments::find(tx, payment)?.ok_or(ReviewError::NoPayment(payment))?;
            if !matches!(payment.state, State::Pending | State::Verifying) {
                return Err(ReviewError::Closed {
                    id: payment.id,
                    state: payment.state,
                });
            }
            let collecting =
                collecting::find(tx, entry.collecting_id)?.ok_or(ReviewError::DoesNotFit(payment.id))?;
            let asked = settle::asked(tx, &payment)?;
            let is_its_account = payment.collecting_id == entry.collecting_id
                && payment.currency.paid_in() == entry.line.currency
                && entry.settled.is_none();
            let Some(asked) = asked.filter(|asked| is_its_account && *asked < entry.line.amount) else {
                return Err(ReviewError::NotTooMuch(payment.id));
            };
            let mut part = entry.line.clone();
            part.amount = asked;
            let seen = Seen {
                collecting: &collecting,
                line: &part,
                notice_id,
                now,
            };
            let belongs = settle::settle(tx, &settler, &seen, &payment, None)?;
            ledger::post(tx, &entry::assigned(seen.ledger_line(), payment.id, belongs), now)?;
            let surplus = entry.line.amount.checked_sub(asked).unwrap_or(Amount::ZERO);
            let given = give_back(tx, &settler, &entry, &way, (order, surplus), now)?;
            let verdict = Verdict {
                state: "assigned",
                payment: Some(payment.id),
                reason: Some(reason(&given).into()),
            };
            decided(tx, &entry, &verdict, now)?;
            Ok(given)
        })
        .await?;
    storing::tell(app, vec![payment]);
    app.signals.wake(JobKind::Order);
    Ok(given)
}

/// An order that was to send money back could not be executed: the money is nobody's again, and its movement waits for
/// a person. In the unit of work of the order's end.
pub(crate) fn return_failed(tx: &mut Tx<'_>, order: &Order, now: Timestamp) -> Result<(), OrderError> {
    let new = &order.new;
    ledger::post(
        tx,
        &entry::return_failed(new.collecting_id, new.id.as_str(), new.amount),
        now,
    )?;
    let why = order.reason.as_deref().unwrap_or(order.state.as_str());
    let reason = format!("{}: {why}", Reason::ReturnFailed.as_str());
    sql::reopen_movement(tx, new.collecting_id, &new.subject, &reason)?;
    Ok(())
}

/// Orders so much of a movement's money back, or leaves it to a person.
fn give_back(
    tx: &mut Tx<'_>,
    app: &App,
    entry: &ReviewEntry,
    way: &Way,
    (order, amount): (OrderId, Amount),
    now: Timestamp,
) -> Result<Given, ReviewError> {
    if amount <= Amount::ZERO {
        return Err(ReviewError::NothingToReturn(entry.line.id.clone()));
    }
    let Way::Ordered(payee) = way else {
        return Ok(Given { amount, order: None });
    };
    let from =
        collecting::find(tx, entry.collecting_id)?.ok_or(OrderError::NoCollecting(entry.collecting_id))?;
    if from.custody == Custody::Own {
        return Err(ReviewError::OwnAccount(from.uuid));
    }
    let payee = match payee {
        Some(said) => said.clone(),
        None => known_payee(tx, app, entry, &from)?,
    };
    let new = NewOrder {
        id: order,
        kind: Kind::Return,
        collecting_id: from.id,
        owner: 0,
        subject: entry.line.id.clone(),
        amount,
        currency: from.currency,
        payee,
    };
    let via = orders::place(tx, &new, now)?;
    ledger::post(tx, &entry::returned(from.id, order.as_str(), amount), now)?;
    Ok(Given {
        amount,
        order: Some((order, via)),
    })
}

/// The account that a movement came from, as far as its bank is certain: the bank of an attempt that paid from this very
/// account or, in the sandbox, its only bank.
fn known_payee(
    tx: &mut Tx<'_>,
    app: &App,
    entry: &ReviewEntry,
    from: &CollectingAccount,
) -> Result<Payee, ReviewError> {
    let line = &entry.line;
    let identifier = normalise(&line.payer_identifier);
    let is_sandbox = app.banks.find(&from.bank_id).is_some_and(|bank| bank.development);
    let bank_id = match is_sandbox {
        true => Some(from.bank_id.clone()),
        false => attempts::bank_of(tx, from.id, &identifier, &line.payer_account)?,
    };
    let is_known = !identifier.is_empty() && !line.payer_account.is_empty();
    let unknown = || ReviewError::UnknownPayer(line.id.clone());
    Ok(Payee {
        bank_id: bank_id.filter(|_| is_known).ok_or_else(unknown)?,
        number: line.payer_account.clone(),
        holder_name: line.payer_name.clone(),
        holder_identifier: identifier,
        holder_email: String::new(),
    })
}

fn reason(given: &Given) -> String {
    match &given.order {
        Some((order, _)) => format!("return-ordered: {order}"),
        None => "returned-by-operator".to_owned(),
    }
}

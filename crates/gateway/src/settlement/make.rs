//! One settlement, all of it in one unit of work.

use ayni_domain::custody::Custody;
use ayni_domain::ids::{AccountId, OrderId};
use ayni_domain::ledger::entry;
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;
use ayni_domain::order::Kind;
use ayni_domain::payout_account::PayoutAccount;
use ayni_domain::settlement::{Totals, payout};
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use thiserror::Error;
use uuid::Uuid;

use super::sql::{made, shares};
use super::{PayoutState, Settlement, notice};
use crate::app::App;
use crate::banks::Banks;
use crate::ledger;
use crate::merchants::collecting::{self, CollectingAccount};
use crate::merchants::payout_accounts;
use crate::orders::{self, NewOrder, OrderError, Payee};

/// What a settlement is made of. Everything random is drawn before the unit of work, which may run twice.
#[derive(Clone, Debug)]
pub(super) struct Making {
    pub(super) account: AccountId,
    pub(super) collecting_id: i64,
    pub(super) day: String,
    /// Payments that were released by then.
    pub(super) released_by: Timestamp,
    /// Whether what is owed besides what its unsettled payments left is paid with it.
    pub(super) carries: bool,
    pub(super) now: Timestamp,
    payments_max: i64,
    banks: Banks,
    order: OrderId,
    share_orders: Vec<OrderId>,
    notice: Uuid,
}

/// Why no settlement was made; nothing was changed.
#[derive(Debug, Error)]
pub(super) enum NotMade {
    /// Nothing is to be paid.
    #[error("nothing is to be paid")]
    Nothing,
    /// Nobody has said where the account's money goes.
    #[error("account {account} has no payout account in {currency}: `ayni account payout` sets one")]
    NoPayoutAccount {
        /// Whose money waits.
        account: AccountId,
        /// In which currency.
        currency: ayni_domain::currency::Currency,
    },
    /// The database refused or failed.
    #[error("the database could not keep the settlement")]
    Store(#[from] StoreError),
    /// The payout could not be ordered.
    #[error("the payout could not be ordered")]
    Order(#[from] OrderError),
    /// The notice could not be written.
    #[error("the notice could not be written")]
    Notice(#[from] serde_json::Error),
}

impl Making {
    pub(super) fn new(
        app: &App,
        (collecting_id, account): (i64, AccountId),
        day: &str,
        released_by: Timestamp,
        carries: bool,
    ) -> Making {
        Making {
            account,
            collecting_id,
            day: day.to_owned(),
            released_by,
            carries,
            now: app.clock.now(),
            payments_max: app.settings.settlement_payments,
            banks: app.banks.clone(),
            order: orders::draw_id(app),
            share_orders: (0..INTEGRATORS_MAX).map(|_| orders::draw_id(app)).collect(),
            notice: app.entropy.uuid(),
        }
    }
}

/// Marks released payments settled, posts, orders the payout, keeps the settlement and tells the merchant.
pub(super) fn make(tx: &mut Tx<'_>, making: &Making) -> Result<Settlement, NotMade> {
    let Making {
        account,
        collecting_id,
        ..
    } = *making;
    let from = collecting::find(tx, collecting_id)?.filter(|from| from.custody == Custody::Gateway);
    let from = from.ok_or(NotMade::Nothing)?;
    let to = payout_accounts::find(tx, account, from.currency)?.ok_or(NotMade::NoPayoutAccount {
        account,
        currency: from.currency,
    })?;
    let number = made::select_next_number(tx, account, collecting_id, &making.day)?;
    let id = format!(
        "{account}-{collecting_id}-{}-{number}",
        making.day.replace('-', "")
    );
    let (totals, paid_out) = fill(tx, making, &id)?;
    let settlement = Settlement {
        account,
        collecting_id,
        day: making.day.clone(),
        number,
        currency: from.currency,
        made_at: making.now,
        carried: paid_out.checked_sub(totals.net).unwrap_or_default(),
        totals,
        paid_out,
        state: PayoutState::Ordered,
        order: making.order.to_string(),
        ended_at: None,
        id,
    };
    made::insert_settlement(tx, &settlement)?;
    let owed_to = (account, paid_out, to);
    order(tx, making, &from, &settlement, making.order, owed_to)?;
    let mut parts = vec![(Purpose::collected(account), paid_out)];
    parts.extend(pay_shares(tx, making, &settlement, &from)?);
    let posting = entry::settled(collecting_id, &settlement.id, &parts);
    ledger::post(tx, &posting, making.now)?;
    notice::create(tx, &settlement, making.notice, making.now)?;
    Ok(settlement)
}

/// Puts released payments into a settlement, portion by portion until something is to be paid: where the first ones were
/// all given back, those after them would else wait for ever.
fn fill(tx: &mut Tx<'_>, making: &Making, id: &str) -> Result<(Totals, Amount), NotMade> {
    let pair = (making.collecting_id, making.account);
    let carried = match making.carries {
        true => carried(tx, pair)?,
        false => Amount::ZERO,
    };
    let owed = owed(tx, pair)?;
    for _ in 0..PORTIONS_MAX {
        let added = made::insert_lines(tx, id, pair, making.released_by, making.payments_max)?;
        made::mark_settled(tx, id)?;
        let totals = made::select_totals(tx, id)?;
        if let Some(paid_out) = payout(totals.net, carried, owed) {
            return Ok((totals, paid_out));
        }
        if added < making.payments_max.unsigned_abs() {
            break;
        }
    }
    Err(NotMade::Nothing)
}

/// What is owed to an account besides what its unsettled payments left: payouts that failed, refunds that expired after
/// their payment was settled, corrections; below zero where the account owes. It is found in the unit of work that pays it,
/// since of two runs that found it before, both would pay it.
pub(super) fn carried(
    tx: &mut Tx<'_>,
    (collecting_id, account): (i64, AccountId),
) -> Result<Amount, StoreError> {
    let left = made::select_unsettled_net(tx, collecting_id, account)?;
    Ok(owed(tx, (collecting_id, account))?
        .checked_sub(left)
        .unwrap_or_default())
}

fn owed(tx: &mut Tx<'_>, (collecting_id, account): (i64, AccountId)) -> Result<Amount, StoreError> {
    let balance = ledger::balance(tx, collecting_id, Purpose::collected(account))?;
    Ok(Amount::ZERO.checked_sub(balance).unwrap_or_default())
}

/// Orders what integrators have to get, where it is known where to; tells what it takes from whom.
fn pay_shares(
    tx: &mut Tx<'_>,
    making: &Making,
    settlement: &Settlement,
    from: &CollectingAccount,
) -> Result<Vec<(Purpose, Amount)>, NotMade> {
    if settlement.totals.integrator_fee == Amount::ZERO {
        return Ok(Vec::new());
    }
    shares::insert_shares(tx, &settlement.id, from.id)?;
    let waiting = shares::select_waiting_shares(tx, &settlement.id, from.id)?;
    let mut parts = Vec::new();
    for ((integrator, amount), id) in waiting.into_iter().zip(&making.share_orders) {
        let Some(to) = payout_accounts::find(tx, integrator, from.currency)? else {
            continue;
        };
        if amount > Amount::ZERO {
            order(tx, making, from, settlement, *id, (integrator, amount, to))?;
            shares::update_ordered(tx, from.id, integrator, id.as_str())?;
            parts.push((Purpose::integrator(integrator), amount));
        }
    }
    Ok(parts)
}

fn order(
    tx: &mut Tx<'_>,
    making: &Making,
    from: &CollectingAccount,
    settlement: &Settlement,
    id: OrderId,
    (owner, amount, to): (AccountId, Amount, PayoutAccount),
) -> Result<(), OrderError> {
    let new = NewOrder {
        id,
        kind: Kind::Payout,
        collecting_id: from.id,
        owner: owner.0,
        subject: settlement.id.clone(),
        amount,
        currency: settlement.currency,
        payee: Payee {
            bank_id: to.bank_id,
            number: to.number,
            holder_name: to.holder_name,
            holder_identifier: to.holder_identifier,
            holder_email: to.holder_email,
        },
    };
    let bank = making.banks.find(&from.bank_id);
    let limit = bank.map_or(Amount::ZERO, |bank| bank.max_amount);
    orders::place_within(tx, &new, limit, making.now).map(drop)
}

/// Integrators with a share in one settlement; what others have waits for the next.
const INTEGRATORS_MAX: usize = 8;
/// Portions of payments that are looked through for one of which something is to be paid.
const PORTIONS_MAX: usize = 10;

//! Balances, what waits, settlements and accounts as the page shows them.

use askama::Template;
use ayni_domain::currency::Currency;
use ayni_domain::ids::AccountId;
use ayni_domain::lang::Lang;
use ayni_domain::ledger::purpose::Kind;
use ayni_domain::money::Amount;
use ayni_domain::payout_account::{AccountType, PayoutAccount};
use ayni_domain::privilege::Privilege;
use ayni_domain::role::Role;
use ayni_domain::time::wire;
use jiff::Timestamp;

use super::payout::{PayoutForm, Typed};
use crate::app::App;
use crate::console::frame::{Frame, Section};
use crate::console::seat::Seat;
use crate::ledger::list::BalanceEntry;
use crate::merchants::Account;
use crate::settlement::account::Held;
use crate::settlement::{PayoutState, Settlement};
use crate::texts::console::settlements::Texts;
use crate::texts::dates;

/// What is shown of an account's money.
pub(super) struct Shown {
    pub(super) account: Account,
    pub(super) is_first: bool,
    pub(super) has_more: bool,
    pub(super) settlements: Vec<Settlement>,
    pub(super) held: Vec<Held>,
    pub(super) payout_accounts: Vec<PayoutAccount>,
    pub(super) rendition_url: Option<String>,
    pub(super) balances: Vec<BalanceEntry>,
    pub(super) next_run: Option<Timestamp>,
}

/// A line of facts.
pub(super) struct Fact {
    pub(super) id: &'static str,
    pub(super) label: String,
    pub(super) text: String,
}

/// The page.
#[derive(Template)]
#[template(path = "console/settlements/list.html")]
pub(super) struct ListPage {
    frame: Frame,
    t: &'static Texts,
    balances: Vec<Fact>,
    waits: Vec<String>,
    held: Vec<HeldView>,
    may_confirm: bool,
    why_not_confirm: Option<&'static str>,
    settlements: Vec<SettlementView>,
    is_first: bool,
    older: Option<String>,
    payout_accounts: Vec<PayoutView>,
    is_owner: bool,
    banks: Vec<Choice>,
    types: Vec<Choice>,
    currencies: Vec<Choice>,
    form: PayoutForm,
    is_form_open: bool,
    rendition_url: String,
    url_problem: Option<String>,
}

struct HeldView {
    payment: String,
    subject: String,
    amount: String,
    until: String,
    until_machine: String,
}

struct SettlementView {
    id: String,
    day: String,
    payments: i64,
    amount: String,
    fee: String,
    paid_out: String,
    state: &'static str,
    tone: &'static str,
}

struct PayoutView {
    currency: &'static str,
    bank: String,
    account_type: &'static str,
    number: String,
    holder: String,
}

struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

/// The page with what was typed.
pub(super) fn page(app: &App, seat: &Seat, shown: Shown, typed: Typed) -> ListPage {
    let (t, lang) = (Texts::of(seat.lang), seat.lang);
    let is_owner = seat.role == Role::Owner;
    let may_confirm = shown.account.privileges.has(Privilege::Confirm) && seat.role != Role::ReadOnly;
    let older = shown.settlements.last().filter(|_| shown.has_more);
    let is_form_open = typed.payout.is_some();
    let form = typed.payout.unwrap_or_else(|| PayoutForm {
        currency: Currency::Clp.code().to_owned(),
        email: shown.account.email.clone(),
        ..PayoutForm::default()
    });
    ListPage {
        frame: Frame::of(seat, Section::Settlements, t.title),
        t,
        waits: waits(t, &shown, lang),
        balances: balances(t, &shown.balances, seat.account, lang),
        held: shown.held.iter().map(|held| held_view(held, lang)).collect(),
        may_confirm,
        why_not_confirm: (!may_confirm).then_some(match seat.role {
            Role::ReadOnly => t.only_reads,
            _ => t.may_not_confirm,
        }),
        older: older.map(|last| format!("{}.{}", last.day, last.id)),
        settlements: shown
            .settlements
            .iter()
            .map(|one| settlement_view(t, one, lang))
            .collect(),
        is_first: shown.is_first,
        payout_accounts: shown
            .payout_accounts
            .iter()
            .map(|to| payout_view(app, t, to))
            .collect(),
        is_owner,
        banks: banks(app, seat, &form.bank),
        types: types(t, &form.account_type),
        currencies: currencies(&form.currency),
        form,
        is_form_open,
        rendition_url: typed.rendition_url.or(shown.rendition_url).unwrap_or_default(),
        url_problem: typed.url_problem,
    }
}

/// A settlement's payout in a word, and its tone.
pub(super) fn payout_badge(t: &'static Texts, state: PayoutState) -> (&'static str, &'static str) {
    match state {
        PayoutState::Ordered => (t.ordered, "wait"),
        PayoutState::Paid => (t.paid, "good"),
        PayoutState::Failed => (t.failed, "bad"),
    }
}

/// An account's number by its last digits.
pub(super) fn masked(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let shown = digits.len().min(DIGITS_SHOWN).min(digits.len() / 2);
    let last: String = digits[digits.len() - shown..].iter().collect();
    format!("····{last}")
}

/// What the account has, where: only what is not nothing, and always what is to be settled.
fn balances(t: &'static Texts, entries: &[BalanceEntry], account: AccountId, lang: Lang) -> Vec<Fact> {
    let mut sums: Vec<(Currency, Kind, Amount)> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.purpose.owner == account.0) {
        let of = (entry.currency, entry.purpose.kind);
        let owed = Amount::ZERO.checked_sub(entry.balance).unwrap_or_default();
        match sums
            .iter_mut()
            .find(|(currency, kind, _)| (*currency, *kind) == of)
        {
            Some((_, _, sum)) => *sum = sum.checked_add(owed).unwrap_or(Amount::MAX),
            None => sums.push((of.0, of.1, owed)),
        }
    }
    if !sums.iter().any(|(_, kind, _)| *kind == Kind::Collected) {
        sums.insert(0, (Currency::Clp, Kind::Collected, Amount::ZERO));
    }
    let shown = |(currency, kind, sum): (Currency, Kind, Amount)| {
        let (id, label) = t.balance(kind)?;
        (sum != Amount::ZERO || kind == Kind::Collected).then(|| Fact {
            id,
            label: label.to_owned(),
            text: sum.shown(currency, lang),
        })
    };
    sums.into_iter().filter_map(shown).collect()
}

/// Why money waits, and until when.
fn waits(t: &'static Texts, shown: &Shown, lang: Lang) -> Vec<String> {
    let owed = shown
        .balances
        .iter()
        .filter(|entry| entry.purpose.kind == Kind::Collected && entry.balance < Amount::ZERO);
    let mut currencies: Vec<Currency> = owed.map(|entry| entry.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let is_set = |currency: &Currency| shown.payout_accounts.iter().any(|to| to.currency == *currency);
    let (set, missing): (Vec<_>, Vec<_>) = currencies.into_iter().partition(is_set);
    let next = shown.next_run.filter(|_| !set.is_empty());
    let next = next.map(|at| (t.next_run)(&dates::shown(at, lang)));
    missing
        .into_iter()
        .map(|currency| (t.no_payout_account)(currency.code()))
        .chain(next)
        .collect()
}

fn held_view(held: &Held, lang: Lang) -> HeldView {
    HeldView {
        payment: held.payment.to_string(),
        subject: held.subject.clone(),
        amount: held.amount.shown(held.currency, lang),
        until: dates::shown(held.releases_at, lang),
        until_machine: wire(held.releases_at),
    }
}

fn settlement_view(t: &'static Texts, one: &Settlement, lang: Lang) -> SettlementView {
    let (state, tone) = payout_badge(t, one.state);
    let money = |amount: Amount| amount.shown(one.currency, lang);
    SettlementView {
        id: one.id.clone(),
        day: (t.of_day)(&dates::day_of(&one.day, lang), one.number),
        payments: one.totals.payments,
        amount: money(one.totals.amount),
        fee: money(one.totals.fee),
        paid_out: money(one.paid_out),
        state,
        tone,
    }
}

fn payout_view(app: &App, t: &'static Texts, to: &PayoutAccount) -> PayoutView {
    let bank = app.banks.find(&to.bank_id);
    PayoutView {
        currency: to.currency.code(),
        bank: bank.map_or_else(|| to.bank_id.clone(), |bank| bank.name.clone()),
        account_type: t.account_type(to.account_type),
        number: masked(&to.number),
        holder: to.holder_name.clone(),
    }
}

fn banks(app: &App, seat: &Seat, chosen: &str) -> Vec<Choice> {
    let choice = |bank: &crate::banks::Bank| Choice {
        is_chosen: bank.id == chosen,
        value: bank.id.clone(),
        label: bank.name.clone(),
    };
    app.banks.seen_by(seat.mode).map(choice).collect()
}

fn types(t: &'static Texts, chosen: &str) -> Vec<Choice> {
    let choice = |kind: AccountType| Choice {
        value: kind.as_str().to_owned(),
        label: t.account_type(kind).to_owned(),
        is_chosen: kind.as_str() == chosen,
    };
    AccountType::ALL.into_iter().map(choice).collect()
}

/// Bank accounts have a currency of their own, so none is in UF.
fn currencies(chosen: &str) -> Vec<Choice> {
    let real = Currency::ALL
        .into_iter()
        .filter(|currency| currency.paid_in() == *currency);
    let choice = |currency: Currency| Choice {
        value: currency.code().to_owned(),
        label: currency.code().to_owned(),
        is_chosen: currency.code() == chosen,
    };
    real.map(choice).collect()
}

const DIGITS_SHOWN: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_by_its_last_digits_and_a_short_one_by_fewer() {
        for (number, shown) in [
            ("000000000000444412345", "····2345"),
            ("00-123-45678-09", "····7809"),
            ("1234", "····34"),
            ("1", "····"),
        ] {
            assert_eq!(masked(number), shown);
        }
    }
}

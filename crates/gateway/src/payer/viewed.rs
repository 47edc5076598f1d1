//! A payment as a visitor finds it: its row, its payee, and this browser's own last attempt.

use ayni_domain::attempt::State as AttemptState;
use ayni_domain::clf;
use ayni_domain::currency::Currency;
use ayni_domain::method::Method;
use ayni_domain::money::Amount;
use ayni_domain::payment::state::{Detail, State};
use ayni_domain::privilege::Mode;
use ayni_domain::psp;
use jiff::Timestamp;

use super::attempt::Attempt;
use super::sql;
use super::stop::Stop;
use super::visitor::Visitor;
use crate::app::App;
use crate::banks::Bank;
use crate::contracts::{self, Paper};
use crate::merchants::accounts;
use crate::payments::{self, Payment};
use crate::reconciliation;
use crate::refunds::told::{self, GivenBack};
use crate::texts::pages::refusals::Refusal;
use crate::texts::pages::status::Outcome;

/// A payment before a visitor's eyes.
pub(super) struct Viewed {
    pub(super) payment: Payment,
    pub(super) payee: String,
    /// The payment service providers between the payer and the payee, the nearest to the payer first.
    pub(super) providers: Vec<String>,
    pub(super) mode: Mode,
    /// Whether the operator lets the merchant collect no more.
    pub(super) is_disabled: bool,
    pub(super) has_picture: bool,
    /// The document that is accepted by paying.
    pub(super) contract: Option<Paper>,
    /// When its money was seen, if it was.
    pub(super) seen_at: Option<Timestamp>,
    /// What of its money went back.
    pub(super) given_back: Vec<GivenBack>,
    /// The last attempt that this browser began.
    pub(super) own: Option<Attempt>,
    pub(super) now: Timestamp,
}

/// Loads what the visitor came for.
pub(super) async fn load(visitor: &Visitor) -> Result<Viewed, Stop> {
    let (id, hash) = (visitor.id, visitor.browser.hash());
    let found = visitor
        .app
        .db
        .read("payer.view", move |tx| {
            let Some(payment) = payments::find(tx, id)? else {
                return Ok(None);
            };
            let has_picture = payment.details.picture_url.is_some() && payments::has_picture(tx, id)?;
            let contract = contracts::find(tx, &payment)?;
            let seen = match payment.state.is_settled() {
                true => reconciliation::find(tx, id)?,
                false => None,
            };
            let given_back = match &seen {
                Some(seen) => told::given_back(tx, seen)?,
                None => Vec::new(),
            };
            let seen = seen.map(|seen| seen.conciliated_at).zip(Some(given_back));
            let own = sql::select_own_attempt(tx, id, &hash)?;
            Ok::<_, Stop>(Some((payment, has_picture, contract, seen, own)))
        })
        .await?;
    let (payment, has_picture, contract, seen, own) = found.ok_or(Stop::Refused(Refusal::NotFound))?;
    let (seen_at, given_back) = seen.unzip();
    let account = accounts::find(&visitor.app.db, payment.account).await?;
    let is_disabled = account.is_disabled();
    let (payee, providers) = match &payment.details.psp_client_merchant_name {
        Some(names) => psp::payee(&account.name, names),
        None => (account.name, Vec::new()),
    };
    Ok(Viewed {
        payment,
        payee,
        providers,
        mode: account.mode,
        is_disabled,
        has_picture,
        contract,
        seen_at,
        given_back: given_back.unwrap_or_default(),
        own,
        now: visitor.app.clock.now(),
    })
}

impl Viewed {
    /// What a result's page says; `None` while the payment can be paid, or this browser's attempt goes on.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        match self.payment.state {
            State::Deleted => Some(Outcome::Deleted),
            State::Done(detail) => Some(done(detail)),
            State::Verifying => Some(self.verifying()),
            State::Pending if self.is_disabled => Some(Outcome::MerchantDisabled),
            State::Pending if self.is_asked() => None,
            State::Pending => (self.now > self.payment.expires_at).then_some(Outcome::Expired),
        }
    }

    /// How this browser's last attempt ended, where that left the payment pending.
    pub(super) fn ended(&self) -> Option<Outcome> {
        let own = self.own.as_ref()?;
        let reason = own.reason.as_deref().unwrap_or_default();
        match own.state {
            AttemptState::Failed if matches!(reason, "unreachable" | "unknown-page" | "wrong-step") => {
                Some(Outcome::BankUnavailable)
            }
            AttemptState::Failed => Some(Outcome::Failed),
            AttemptState::Lapsed if reason == WITHDRAWN => Some(Outcome::Withdrawn),
            AttemptState::Lapsed if own.authorising_at.is_some() => Some(Outcome::NotSeen),
            AttemptState::Lapsed if reason == LEFT => Some(Outcome::Left),
            AttemptState::Lapsed => Some(Outcome::Lapsed),
            AttemptState::Asking => (own.lapses_at <= self.now).then_some(Outcome::Lapsed),
            _ => None,
        }
    }

    /// This browser's attempt that waits for its payer, by this method.
    pub(super) fn asking(&self, method: Method) -> Option<&Attempt> {
        self.own
            .as_ref()
            .filter(|own| own.method == method && own.is_asking_at(self.now))
    }

    /// The status in one word, to tell whether a page still shows what is: the payment's, and the own attempt's.
    pub(super) fn mark(&self) -> String {
        mark(self.payment.state, self.own.as_ref())
    }

    /// What is transferred: the amount, or pesos for one in UF at today's value.
    pub(super) fn to_transfer(&self, app: &App) -> Option<Amount> {
        to_transfer(&self.payment, app)
    }

    /// The banks that transfer this amount, for accounts of this mode. Their limits are in pesos.
    pub(super) fn banks<'a>(&self, app: &'a App) -> Vec<&'a Bank> {
        let Some(amount) = self.to_transfer(app) else {
            return Vec::new();
        };
        let in_pesos = self.payment.currency.paid_in() == Currency::Clp;
        let fits = |bank: &&Bank| !in_pesos || (bank.min_amount <= amount && amount <= bank.max_amount);
        app.banks.seen_by(self.mode).filter(fits).collect()
    }

    /// Whether the payment may be paid by this method.
    pub(super) fn allows(&self, method: Method) -> bool {
        self.payment
            .details
            .mandatory_payment_method
            .is_none_or(|only| only == method)
    }

    /// Whether this browser's attempt waits for its payer.
    pub(super) fn is_asked(&self) -> bool {
        self.own.as_ref().is_some_and(|own| own.is_asking_at(self.now))
    }

    fn verifying(&self) -> Outcome {
        match self.own.as_ref().map(|own| own.state) {
            Some(AttemptState::Authorising) => Outcome::Authorising,
            Some(AttemptState::Authorised) => Outcome::Authorised,
            Some(AttemptState::Uncertain) => Outcome::Uncertain,
            Some(AttemptState::Declared) => Outcome::Declared,
            _ => Outcome::Verifying,
        }
    }
}

/// What a payment transfers: its amount, or pesos for one in UF at today's value; `None` where that is too much.
pub(super) fn to_transfer(payment: &Payment, app: &App) -> Option<Amount> {
    match payment.currency {
        Currency::Clf => clf::to_pesos(payment.amount, app.settings.uf_value),
        _ => Some(payment.amount),
    }
}

/// The status in one word.
pub(super) fn mark(payment: State, own: Option<&Attempt>) -> String {
    match own {
        Some(own) => format!("{}+{}", payment.as_str(), own.state.as_str()),
        None => payment.as_str().to_owned(),
    }
}

fn done(detail: Detail) -> Outcome {
    match detail {
        Detail::Normal => Outcome::Done,
        Detail::MarkedPaidByReceiver => Outcome::MarkedPaid,
        Detail::RejectedByPayer => Outcome::Rejected,
        Detail::MarkedAsAbuse => Outcome::Abuse,
        Detail::Reversed => Outcome::Reversed,
        Detail::PartiallyRefunded => Outcome::PartiallyRefunded,
        Detail::FullyRefunded => Outcome::Refunded,
    }
}

/// Reason of an attempt that its payer left.
pub(super) const LEFT: &str = "left";
/// Reason of a declared transfer that its payer took back.
pub(super) const WITHDRAWN: &str = "withdrawn";
/// Reason of an attempt in whose place its browser began another one.
pub(super) const REPLACED: &str = "replaced";

//! Making a payment: read, decide, store, answer.
//!
//! This is the path that is walked most. A plain payment costs its key's point read, in which the collecting account of
//! nearly all payments is found too, and one inserted row.

use axum::http::StatusCode;
use ayni_domain::creation::fields::Field;
use ayni_domain::creation::{self, CollectingChoice, CreationContext, NewPayment};
use ayni_domain::currency::Currency;
use ayni_domain::fee::FeeTerms;
use ayni_domain::fields::Fields;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::lang::Lang;
use ayni_domain::violation::Violation;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, NewJob};
use ayni_store::tx::Tx;
use bytes::Bytes;
use jiff::Timestamp;
use thiserror::Error;
use tracing::Instrument as _;

use super::wire::CreatedBody;
use super::{methods, sql};
use crate::app::App;
use crate::contracts::{self, Contract};
use crate::http::error::ApiError;
use crate::http::idempotent::outcome::NotAnswered;
use crate::http::idempotent::{Claim, KeptAnswer, NotKept};
use crate::http::json;
use crate::ledger::fees;
use crate::mails;
use crate::merchants::{Account, collecting, users};
use crate::signals::JobKind;
use crate::traces;
use crate::witness::Witness;

/// A row of `payments` to be inserted.
pub(super) struct PaymentRow {
    pub id: PaymentId,
    pub account: AccountId,
    pub created_at: Timestamp,
    pub new: NewPayment,
    pub details: Option<String>,
}

/// A creation as it was asked for.
pub(super) struct Asked<'a> {
    pub body: &'a [u8],
    pub lang: Lang,
    /// What was read for it beforehand.
    pub likely: Option<Likely>,
    /// A violation outside of the body.
    pub also: Option<Violation>,
}

/// What most creations need of the database: where the account's pesos arrive.
pub(crate) struct Likely {
    collecting: Vec<CollectingChoice>,
}

impl<'a> Asked<'a> {
    /// With nothing else.
    pub(super) fn now(body: &'a [u8], lang: Lang) -> Asked<'a> {
        Asked {
            body,
            lang,
            likely: None,
            also: None,
        }
    }
}

/// Makes the payment that a request asks for and returns the answer's bytes, or tells all that is wrong with it.
/// [`NotAnswered::KeyTaken`] also where the witness signed this before.
pub(super) async fn create(
    app: &App,
    account: &Account,
    asked: &Asked<'_>,
    claim: Option<&Claim<'_>>,
    by: &Witness,
) -> Result<Bytes, NotAnswered> {
    let fields = Fields::from_json(asked.body).map_err(ApiError::NotJson)?;
    let known = look_up(app, account, &fields, asked.likely.as_ref()).await;
    let known = known.map_err(ApiError::from)?;
    let (now, lang) = (app.clock.now(), asked.lang);
    let mut more: Vec<Violation> = asked.also.iter().cloned().collect();
    let contract = match fields.is_set(Field::ContractUrl) {
        true => {
            let asked = decide(app, account, &fields, &known, (now, lang));
            // Rare and large: it would make the future of every creation as large.
            Box::pin(contracts::fetch::fetch_asked(app, &fields, asked, &mut more)).await
        }
        false => None,
    };
    loop {
        let new = all_or_nothing(decide(app, account, &fields, &known, (now, lang)), &more)?;
        let details = new.details.to_row().map_err(|error| ApiError::internal(&error))?;
        let row = PaymentRow {
            id: new_id(app),
            account: account.id,
            created_at: now,
            new,
            details,
        };
        let span = traces::creation(row.id);
        let stored = store(app, row, contract.clone(), claim, by).instrument(span);
        match stored.await {
            Err(NotStored::IdTaken) => {}
            Err(NotStored::KeyTaken) => return Err(NotAnswered::KeyTaken),
            Err(NotStored::Refused(error)) => return Err(error.into()),
            Ok(answer) => return Ok(answer),
        }
    }
}

/// Whether the rules would take this body now.
pub(super) async fn check(app: &App, account: &Account, body: &[u8], lang: Lang) -> Result<(), ApiError> {
    let fields = Fields::from_json(body).map_err(ApiError::NotJson)?;
    let known = look_up(app, account, &fields, None).await?;
    decide(app, account, &fields, &known, (app.clock.now(), lang))?;
    Ok(())
}

/// What the rules need of the database.
struct Known {
    collecting: Vec<CollectingChoice>,
    fee: FeeTerms,
    users: Vec<String>,
}

/// What most creations of an account need.
pub(super) fn likely(tx: &mut Tx<'_>, account: &Account) -> Result<Likely, StoreError> {
    let collecting = collecting::first_in(tx, account.id, account.integrator, LIKELY_CURRENCY)?;
    Ok(Likely { collecting })
}

async fn look_up(
    app: &App,
    account: &Account,
    fields: &Fields<'_, Field>,
    likely: Option<&Likely>,
) -> Result<Known, StoreError> {
    let (account, integrator) = (account.id, account.integrator);
    let currency = fields
        .text(Field::Currency)
        .and_then(|code| code.parse::<Currency>().ok());
    let is_chosen = fields.is_set(Field::CollectAccountUuid);
    let has_integrator_fee = fields.is_set(Field::IntegratorFee);
    let email = fields
        .text(Field::ResponsibleUserEmail)
        .map(|email| email.to_lowercase());
    let is_plain = !is_chosen && !has_integrator_fee && email.is_none();
    if let (Some(likely), true) = (
        likely,
        is_plain && currency.map(Currency::paid_in) == Some(LIKELY_CURRENCY),
    ) {
        return Ok(Known {
            collecting: likely.collecting.clone(),
            fee: FeeTerms::default(),
            users: Vec::new(),
        });
    }
    app.db
        .point("payments.look-up", move |tx| {
            let collecting = match currency {
                Some(currency) if !is_chosen => {
                    collecting::first_in(tx, account, integrator, currency.paid_in())?
                }
                _ => collecting::choices(tx, account, integrator)?,
            };
            let mut users = Vec::new();
            if let Some(email) = &email
                && users::may_collect(tx, account, email)?
            {
                users.push(email.clone());
            }
            let fee = match currency {
                Some(currency) if has_integrator_fee => fees::terms(tx, account, currency.paid_in())?,
                _ => FeeTerms::default(),
            };
            Ok(Known {
                collecting,
                fee,
                users,
            })
        })
        .await
}

fn decide(
    app: &App,
    account: &Account,
    fields: &Fields<'_, Field>,
    known: &Known,
    (now, lang): (Timestamp, Lang),
) -> Result<NewPayment, Vec<Violation>> {
    let context = CreationContext {
        now,
        lang,
        privileges: &account.privileges,
        has_integrator: account.integrator.is_some(),
        fee: known.fee,
        uf_value: app.settings.uf_value,
        collecting: &known.collecting,
        collecting_users: &known.users,
        methods: methods(app, account),
        is_bank: &|id| app.banks.seen_by(account.mode).any(|bank| bank.id == id),
        may_call: &|url| app.outbound.check_url(url).is_ok(),
    };
    creation::create(fields, &context)
}

fn all_or_nothing(
    asked: Result<NewPayment, Vec<Violation>>,
    more: &[Violation],
) -> Result<NewPayment, ApiError> {
    match asked {
        Ok(new) if more.is_empty() => Ok(new),
        Ok(_) => Err(ApiError::Invalid(more.to_vec())),
        Err(mut violations) => {
            violations.extend_from_slice(more);
            Err(ApiError::Invalid(violations))
        }
    }
}

/// Why the unit of work kept nothing.
#[derive(Debug, Error)]
enum NotStored {
    #[error("the payment's identifier is taken")]
    IdTaken,
    #[error("the Idempotency-Key is taken")]
    KeyTaken,
    #[error(transparent)]
    Refused(#[from] ApiError),
}

impl From<StoreError> for NotStored {
    fn from(error: StoreError) -> NotStored {
        NotStored::Refused(error.into())
    }
}

impl From<NotKept> for NotStored {
    fn from(error: NotKept) -> NotStored {
        match error {
            NotKept::Taken => NotStored::KeyTaken,
            NotKept::Unsealed(error) => error.into(),
            NotKept::Store(error) => error.into(),
        }
    }
}

async fn store(
    app: &App,
    row: PaymentRow,
    contract: Option<Contract>,
    claim: Option<&Claim<'_>>,
    by: &Witness,
) -> Result<Bytes, NotStored> {
    let told = CreatedBody::of(app, row.id, row.new.details.is_ready_for_terminal());
    let answer = json::text(&told)?;
    let kept = claim
        .map(|claim| claim.keep(StatusCode::OK, &answer))
        .transpose()?;
    let has_picture = row.new.details.picture_url.is_some();
    let (has_mail, can_mail) = (row.new.details.send_email, app.mailer.is_some());
    let by = by.clone();
    app.db
        .append("payments.create", move |tx| {
            by.sign(tx, row.id.as_str())?;
            insert(tx, &row, contract.as_ref(), kept.as_ref(), can_mail)
        })
        .await?;
    if has_picture {
        app.signals.wake(JobKind::Picture);
    }
    if has_mail {
        app.signals.wake(JobKind::Mail);
    }
    Ok(answer)
}

/// The unit of work: the payment's rows, its picture's job, its mails and the answer to be repeated.
fn insert(
    tx: &mut Tx<'_>,
    row: &PaymentRow,
    contract: Option<&Contract>,
    kept: Option<&KeptAnswer>,
    can_mail: bool,
) -> Result<(), NotStored> {
    if !sql::insert_payment(tx, row)? {
        return Err(NotStored::IdTaken);
    }
    if let Some(custom) = &row.new.custom {
        sql::insert_custom(tx, row.id, custom)?;
    }
    if let Some(contract) = contract {
        contracts::keep(tx, row.id, contract)?;
    }
    if let Some(url) = &row.new.details.picture_url {
        let job = NewJob {
            kind: JobKind::Picture.as_str(),
            key: row.id.as_str(),
            lane: "",
            payload: url,
            due_at: row.created_at,
        };
        queue::enqueue(tx, &job, row.created_at)?;
    }
    if row.new.details.send_email || row.new.details.send_reminders {
        mails::payment_created(tx, (row.id, row.account), &row.new, can_mail, row.created_at)?;
    }
    if let Some(kept) = kept {
        kept.insert(tx)?;
    }
    Ok(())
}

fn new_id(app: &App) -> PaymentId {
    PaymentId::from_random_bytes(&app.entropy.bytes())
}

/// In which nearly all payments are paid.
const LIKELY_CURRENCY: Currency = Currency::Clp;

//! The rules of single fields and those between fields.

use jiff::Timestamp;
use url::Url;

use crate::creation::CreationContext;
use crate::creation::details::{NotifyVersion, PaymentDetails};
use crate::creation::fields::Field;
use crate::creation::reading::Reading;
use crate::currency::Currency;
use crate::email;
use crate::method::Method;
use crate::money::Amount;
use crate::privilege::Privilege;
use crate::violation::Problem;

/// Characters of a field that says nothing else.
pub(super) const TEXT_LENGTH_MAX: usize = 255;
/// Characters of `custom`; the limit of the whole body is reached before.
pub(super) const CUSTOM_LENGTH_MAX: usize = 1 << 30;
const BODY_LENGTH_MAX: usize = 5120;
const BANK_ID_LENGTH_MAX: usize = 5;
const URL_LENGTH_MAX: usize = 1024;
const INTEGRATOR_FEE_LENGTH_MAX: usize = 16;
const PSP_NAME_LENGTH_MIN: usize = 3;

/// What is asked and where it is to arrive, as far as it could be read.
pub(super) struct Asked {
    pub(super) amount: Option<Amount>,
    pub(super) currency: Option<Currency>,
    pub(super) collecting_id: Option<i64>,
}

pub(super) fn money(reading: &mut Reading<'_>, context: &CreationContext<'_>) -> Asked {
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

/// The optional fields that are stored together.
pub(super) fn details(
    reading: &mut Reading<'_>,
    context: &CreationContext<'_>,
    amount: Option<Amount>,
    currency: Option<Currency>,
) -> PaymentDetails {
    let send_email = reading.flag(Field::SendEmail);
    let contract_url = called_url(reading, Field::ContractUrl, context);
    for needed in [Field::PayerName, Field::PayerEmail] {
        if send_email && !reading.is_set(needed) {
            reading.refuse(needed, Problem::RequiredWith(Field::SendEmail.name()));
        }
    }
    if reading.is_set(Field::ContractUrl) {
        if !context.privileges.has(Privilege::Contracts) {
            reading.refuse(Field::ContractUrl, Problem::NotGranted);
        }
        if !reading.is_set(Field::FixedPayerPersonalIdentifier) {
            let problem = Problem::RequiredWith(Field::ContractUrl.name());
            reading.refuse(Field::FixedPayerPersonalIdentifier, problem);
        }
    }
    PaymentDetails {
        body: reading.text(Field::Body, BODY_LENGTH_MAX),
        bank_id: bank_id(reading, context),
        return_url: url(reading, Field::ReturnUrl),
        cancel_url: url(reading, Field::CancelUrl),
        picture_url: called_url(reading, Field::PictureUrl, context),
        notify_url: called_url(reading, Field::NotifyUrl, context),
        contract_url,
        notify_api_version: notify_api_version(reading),
        send_email,
        payer_name: reading.text(Field::PayerName, TEXT_LENGTH_MAX),
        payer_email: email(reading, Field::PayerEmail),
        send_reminders: reading.flag(Field::SendReminders),
        responsible_user_email: responsible_user_email(reading, context),
        fixed_payer_personal_identifier: reading.text(Field::FixedPayerPersonalIdentifier, TEXT_LENGTH_MAX),
        integrator_fee: integrator_fee(reading, context, amount, currency),
        confirm_timeout_date: future(reading, Field::ConfirmTimeoutDate, context.now),
        mandatory_payment_method: mandatory_payment_method(reading, context),
        psp_client_merchant_name: psp_client_merchant_name(reading, context),
    }
}

pub(super) fn future(reading: &mut Reading<'_>, field: Field, now: Timestamp) -> Option<Timestamp> {
    let instant = reading.instant(field, TEXT_LENGTH_MAX)?;
    accepted(reading, field, instant, |instant| {
        (*instant <= now).then_some(Problem::NotInTheFuture)
    })
}

fn currency(reading: &mut Reading<'_>, context: &CreationContext<'_>) -> Option<Currency> {
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
    reading: &mut Reading<'_>,
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

fn bank_id(reading: &mut Reading<'_>, context: &CreationContext<'_>) -> Option<String> {
    let id = reading.text(Field::BankId, BANK_ID_LENGTH_MAX)?;
    accepted(reading, Field::BankId, id, |id| {
        (!(context.is_bank)(id)).then_some(Problem::UnknownBank)
    })
}

fn url(reading: &mut Reading<'_>, field: Field) -> Option<String> {
    let url = reading.text(field, URL_LENGTH_MAX)?;
    accepted(reading, field, url, |url| {
        (!is_absolute_http(url)).then(|| Problem::BadUrl(url.clone()))
    })
}

/// A URL that the gateway itself connects to.
fn called_url(reading: &mut Reading<'_>, field: Field, context: &CreationContext<'_>) -> Option<String> {
    let url = url(reading, field)?;
    accepted(reading, field, url, |url| {
        (!(context.may_call)(url)).then(|| Problem::AddressRefused(url.clone()))
    })
}

fn notify_api_version(reading: &mut Reading<'_>) -> NotifyVersion {
    let Some(text) = reading.text(Field::NotifyApiVersion, TEXT_LENGTH_MAX) else {
        return NotifyVersion::default();
    };
    NotifyVersion::parse(&text).unwrap_or_else(|| {
        reading.refuse(Field::NotifyApiVersion, Problem::NotOneOf(vec!["3.0", "1.3"]));
        NotifyVersion::default()
    })
}

fn email(reading: &mut Reading<'_>, field: Field) -> Option<String> {
    let address = reading.text(field, TEXT_LENGTH_MAX)?;
    accepted(reading, field, address, |address| {
        (!email::is_valid(address)).then_some(Problem::BadEmail)
    })
}

fn responsible_user_email(reading: &mut Reading<'_>, context: &CreationContext<'_>) -> Option<String> {
    let address = email(reading, Field::ResponsibleUserEmail)?;
    accepted(reading, Field::ResponsibleUserEmail, address, |address| {
        let may_collect = context.collecting_users.contains(&address.to_lowercase());
        (!may_collect).then_some(Problem::NotACollectingUser)
    })
}

fn integrator_fee(
    reading: &mut Reading<'_>,
    context: &CreationContext<'_>,
    amount: Option<Amount>,
    currency: Option<Currency>,
) -> Option<Amount> {
    let is_set = reading.is_set(Field::IntegratorFee);
    if is_set && !context.has_integrator {
        reading.refuse(Field::IntegratorFee, Problem::NoIntegrator);
        return None;
    }
    let fee = reading.amount_in_text(Field::IntegratorFee, INTEGRATOR_FEE_LENGTH_MAX)?;
    accepted(reading, Field::IntegratorFee, fee, |fee| match currency {
        _ if *fee < Amount::ZERO => Some(Problem::Negative),
        Some(currency) if fee.decimals() > currency.decimals() => Some(Problem::TooManyDecimalsFor(currency)),
        _ if amount.is_some_and(|amount| *fee > amount) => Some(Problem::AboveTheAmount),
        _ => None,
    })
}

fn mandatory_payment_method(reading: &mut Reading<'_>, context: &CreationContext<'_>) -> Option<Method> {
    let text = reading.text(Field::MandatoryPaymentMethod, TEXT_LENGTH_MAX)?;
    let method = Method::parse(&text).filter(|method| context.methods.contains(method));
    if method.is_none() {
        let allowed = context.methods.iter().copied().map(Method::id).collect();
        reading.refuse(Field::MandatoryPaymentMethod, Problem::NotOneOf(allowed));
    }
    method
}

fn psp_client_merchant_name(reading: &mut Reading<'_>, context: &CreationContext<'_>) -> Option<String> {
    const FIELD: Field = Field::PspClientMerchantName;
    if !context.privileges.has(Privilege::Psp) {
        if reading.is_set(FIELD) {
            reading.refuse(FIELD, Problem::NotGranted);
        }
        return None;
    }
    let names = reading.required_text(FIELD, TEXT_LENGTH_MAX)?;
    accepted(reading, FIELD, names, |names| {
        if names.chars().count() < PSP_NAME_LENGTH_MIN {
            return Some(Problem::TooShort(PSP_NAME_LENGTH_MIN));
        }
        names
            .split("->")
            .any(|name| name.trim().is_empty())
            .then_some(Problem::EmptyName)
    })
}

/// The value, unless something is wrong with it.
fn accepted<T>(
    reading: &mut Reading<'_>,
    field: Field,
    value: T,
    wrong: impl FnOnce(&T) -> Option<Problem>,
) -> Option<T> {
    match wrong(&value) {
        Some(problem) => {
            reading.refuse(field, problem);
            None
        }
        None => Some(value),
    }
}

/// Whether it is written in full, with a host and without blanks: a browser's leniency would let other texts pass.
fn is_absolute_http(text: &str) -> bool {
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let is_http = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let is_plain = !text
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || c == '\\');
    let has_host = !rest.starts_with('/') && Url::parse(text).is_ok_and(|url| url.has_host());
    is_http && is_plain && has_host
}

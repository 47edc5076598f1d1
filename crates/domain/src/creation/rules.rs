//! The rules of the optional fields and those between them.

use jiff::Timestamp;
use url::Url;

use crate::creation::CreationContext;
use crate::creation::asked::{self, Asked};
use crate::creation::details::{NotifyVersion, PaymentDetails};
use crate::creation::fields::Field;
use crate::creation::reading::Reading;
use crate::email;
use crate::method::Method;
use crate::privilege::Privilege;
use crate::violation::Problem;

/// Characters of a field that says nothing else.
pub(super) const TEXT_LENGTH_MAX: usize = 255;
/// Characters of `custom`; the limit of the whole body is reached before.
pub(super) const CUSTOM_LENGTH_MAX: usize = 1 << 30;
const BODY_LENGTH_MAX: usize = 5120;
const BANK_ID_LENGTH_MAX: usize = 5;
const URL_LENGTH_MAX: usize = 1024;
const PSP_NAME_LENGTH_MIN: usize = 3;

/// The optional fields that are stored together.
pub(super) fn details(
    reading: &mut Reading<'_>,
    context: &CreationContext<'_>,
    asked: &Asked,
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
        integrator_fee: asked::integrator_fee(reading, context, asked),
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
pub(super) fn accepted<T>(
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

//! The rules of the optional fields and those between them.

use jiff::Timestamp;

use crate::creation::CreationContext;
use crate::creation::asked::{self, Asked};
use crate::creation::details::{NotifyVersion, PaymentDetails};
use crate::creation::fields::Field;
use crate::fields::FieldName;
use crate::method::Method;
use crate::privilege::Privilege;
use crate::psp;
use crate::reading::{Reading, TEXT_LENGTH_MAX};
use crate::violation::Problem;

/// Characters of `custom`; the limit of the whole body is reached before.
pub(super) const CUSTOM_LENGTH_MAX: usize = 1 << 30;
const BODY_LENGTH_MAX: usize = 5120;
const BANK_ID_LENGTH_MAX: usize = 5;
const PSP_NAME_LENGTH_MIN: usize = 3;

/// The optional fields that are stored together.
pub(super) fn details(
    reading: &mut Reading<'_, Field>,
    context: &CreationContext<'_>,
    asked: &Asked,
) -> PaymentDetails {
    let send_email = reading.flag(Field::SendEmail);
    let contract_url = reading.called_url(Field::ContractUrl, context.may_call);
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
        return_url: reading.url(Field::ReturnUrl),
        cancel_url: reading.url(Field::CancelUrl),
        picture_url: reading.called_url(Field::PictureUrl, context.may_call),
        notify_url: reading.called_url(Field::NotifyUrl, context.may_call),
        contract_url,
        notify_api_version: notify_api_version(reading),
        send_email,
        payer_name: reading.text(Field::PayerName, TEXT_LENGTH_MAX),
        payer_email: reading.email(Field::PayerEmail),
        send_reminders: reading.flag(Field::SendReminders),
        responsible_user_email: responsible_user_email(reading, context),
        fixed_payer_personal_identifier: reading.text(Field::FixedPayerPersonalIdentifier, TEXT_LENGTH_MAX),
        integrator_fee: asked::integrator_fee(reading, context, asked),
        confirm_timeout_date: future(reading, Field::ConfirmTimeoutDate, context.now),
        mandatory_payment_method: mandatory_payment_method(reading, context),
        psp_client_merchant_name: psp_client_merchant_name(reading, context),
        lang: context.lang,
    }
}

pub(super) fn future(reading: &mut Reading<'_, Field>, field: Field, now: Timestamp) -> Option<Timestamp> {
    let instant = reading.instant(field, TEXT_LENGTH_MAX)?;
    reading.accepted(field, instant, |instant| {
        (*instant <= now).then_some(Problem::NotInTheFuture)
    })
}

fn bank_id(reading: &mut Reading<'_, Field>, context: &CreationContext<'_>) -> Option<String> {
    let id = reading.text(Field::BankId, BANK_ID_LENGTH_MAX)?;
    reading.accepted(Field::BankId, id, |id| {
        (!(context.is_bank)(id)).then_some(Problem::UnknownBank)
    })
}

fn notify_api_version(reading: &mut Reading<'_, Field>) -> NotifyVersion {
    let Some(text) = reading.text(Field::NotifyApiVersion, TEXT_LENGTH_MAX) else {
        return NotifyVersion::default();
    };
    NotifyVersion::parse(&text).unwrap_or_else(|| {
        reading.refuse(Field::NotifyApiVersion, Problem::NotOneOf(vec!["3.0", "1.3"]));
        NotifyVersion::default()
    })
}

fn responsible_user_email(reading: &mut Reading<'_, Field>, context: &CreationContext<'_>) -> Option<String> {
    let address = reading.email(Field::ResponsibleUserEmail)?;
    reading.accepted(Field::ResponsibleUserEmail, address, |address| {
        let may_collect = context.collecting_users.contains(&address.to_lowercase());
        (!may_collect).then_some(Problem::NotACollectingUser)
    })
}

fn mandatory_payment_method(
    reading: &mut Reading<'_, Field>,
    context: &CreationContext<'_>,
) -> Option<Method> {
    let text = reading.text(Field::MandatoryPaymentMethod, TEXT_LENGTH_MAX)?;
    let method = Method::parse(&text).filter(|method| context.methods.contains(method));
    if method.is_none() {
        let allowed = context.methods.iter().copied().map(Method::id).collect();
        reading.refuse(Field::MandatoryPaymentMethod, Problem::NotOneOf(allowed));
    }
    method
}

fn psp_client_merchant_name(
    reading: &mut Reading<'_, Field>,
    context: &CreationContext<'_>,
) -> Option<String> {
    const FIELD: Field = Field::PspClientMerchantName;
    if !context.privileges.has(Privilege::Psp) {
        if reading.is_set(FIELD) {
            reading.refuse(FIELD, Problem::NotGranted);
        }
        return None;
    }
    let names = reading.required_between(FIELD, PSP_NAME_LENGTH_MIN, TEXT_LENGTH_MAX)?;
    reading.accepted(FIELD, names, |names| {
        (!psp::is_chain(names)).then_some(Problem::EmptyName)
    })
}

//! The rules of `POST /v3/receivers`: a request becomes a merchant's account to be made, or the list of everything that
//! is wrong with it.
//!
//! Lengths are those of Khipu's page «Post receiver»; that the tax number of a Chilean business is a RUT, and the words
//! of `bank_account_type`, are ours.

use crate::currency::Currency;
use crate::fields::{FieldName as _, Fields};
use crate::payout_account::{AccountType, PayoutAccount, is_account_number};
use crate::reading::{Reading, TEXT_LENGTH_MAX};
use crate::rut::Rut;
use crate::violation::{Problem, Violation};

pub mod fields;

use fields::Field;

/// What the rules need to know beside the request.
pub struct ReceiverContext<'a> {
    /// Whether a bank has this id among those that the integrator's accounts see.
    pub is_bank: &'a dyn Fn(&str) -> bool,
    /// Whether the outgoing-address policy lets us call this URL.
    pub may_call: &'a dyn Fn(&str) -> bool,
}

/// A merchant's account to be made for an integrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReceiver {
    /// Who stands behind it.
    pub business: Business,
    /// Where its money is paid out, where that was said.
    pub payout_account: Option<PayoutAccount>,
    /// The account's default `notify_url`.
    pub notify_url: Option<String>,
    /// Where the account is told of its settlements.
    pub rendition_url: Option<String>,
}

/// The business behind an account, and whom to talk to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each is the field of the same name, `identifier` being its tax number"
)]
pub struct Business {
    pub country_code: String,
    /// A RUT without dots and hyphen; elsewhere as it was written.
    pub identifier: String,
    pub category: String,
    pub name: String,
    pub phone: String,
    pub address_lines: [String; 3],
    pub admin_first_name: String,
    pub admin_last_name: String,
    pub admin_email: String,
    pub contact_full_name: String,
    pub contact_job_title: String,
    pub contact_email: String,
    pub contact_phone: String,
}

/// The account that a request asks for, or all its violations in the documentation's order.
pub fn create(
    fields: &Fields<'_, Field>,
    context: &ReceiverContext<'_>,
) -> Result<NewReceiver, Vec<Violation>> {
    let mut reading = Reading::of(fields);
    let business = business(&mut reading);
    let country = business.as_ref().map(|business| business.country_code.clone());
    let country = country
        .or_else(|| fields.text(Field::CountryCode))
        .unwrap_or_default();
    let admin_email = fields.text(Field::AdminEmail).unwrap_or_default();
    let payout_account = payout_account(&mut reading, context, &country, admin_email);
    let notify_url = reading.called_url(Field::NotifyUrl, context.may_call);
    let rendition_url = reading.called_url(Field::RenditionUrl, context.may_call);
    let violations = reading.into_violations();
    match business {
        Some(business) if violations.is_empty() => Ok(NewReceiver {
            business,
            payout_account,
            notify_url,
            rendition_url,
        }),
        _ => Err(violations),
    }
}

fn business(reading: &mut Reading<'_, Field>) -> Option<Business> {
    let named = |reading: &mut Reading<'_, Field>, field| reading.required_text(field, TEXT_LENGTH_MAX);
    let phone = |reading: &mut Reading<'_, Field>, field| {
        reading.required_between(field, PHONE_LENGTH_MIN, PHONE_LENGTH_MAX)
    };
    let address = |reading: &mut Reading<'_, Field>, field| {
        reading.required_between(field, ADDRESS_LENGTH_MIN, ADDRESS_LENGTH_MAX)
    };
    let (admin_first_name, admin_last_name) = (
        named(reading, Field::AdminFirstName),
        named(reading, Field::AdminLastName),
    );
    let admin_email = reading.required_email(Field::AdminEmail);
    let country_code = country_code(reading);
    let identifier = reading
        .required_between(Field::BusinessIdentifier, IDENTIFIER_LENGTH_MIN, TEXT_LENGTH_MAX)
        .and_then(|text| identifier(reading, Field::BusinessIdentifier, text, country_code.as_deref()));
    let (category, name) = (
        named(reading, Field::BusinessCategory),
        named(reading, Field::BusinessName),
    );
    let business_phone = phone(reading, Field::BusinessPhone);
    let lines = [
        address(reading, Field::BusinessAddressLine1),
        address(reading, Field::BusinessAddressLine2),
        address(reading, Field::BusinessAddressLine3),
    ];
    let (contact_full_name, contact_job_title) = (
        named(reading, Field::ContactFullName),
        named(reading, Field::ContactJobTitle),
    );
    let contact_email = reading.required_email(Field::ContactEmail);
    let contact_phone = phone(reading, Field::ContactPhone);
    let [line_1, line_2, line_3] = lines;
    Some(Business {
        country_code: country_code?,
        identifier: identifier?,
        category: category?,
        name: name?,
        phone: business_phone?,
        address_lines: [line_1?, line_2?, line_3?],
        admin_first_name: admin_first_name?,
        admin_last_name: admin_last_name?,
        admin_email: admin_email?,
        contact_full_name: contact_full_name?,
        contact_job_title: contact_job_title?,
        contact_email: contact_email?,
        contact_phone: contact_phone?,
    })
}

fn country_code(reading: &mut Reading<'_, Field>) -> Option<String> {
    let code = reading.required_text(Field::CountryCode, TEXT_LENGTH_MAX)?;
    reading.accepted(Field::CountryCode, code, |code| {
        let known = COUNTRIES.map(|(known, _)| known);
        (!known.contains(&code.as_str())).then(|| Problem::NotOneOf(known.to_vec()))
    })
}

/// A tax number: in Chile a RUT, whose check digit must be right.
fn identifier(
    reading: &mut Reading<'_, Field>,
    field: Field,
    text: String,
    country: Option<&str>,
) -> Option<String> {
    if country != Some(CHILE) {
        return Some(text);
    }
    match Rut::parse(&text) {
        Ok(rut) => Some(rut.plain()),
        Err(_) => {
            reading.refuse(field, Problem::NotARut);
            None
        }
    }
}

/// The bank account: all of its fields, or none.
fn payout_account(
    reading: &mut Reading<'_, Field>,
    context: &ReceiverContext<'_>,
    country: &str,
    holder_email: String,
) -> Option<PayoutAccount> {
    let first = BANK_ACCOUNT.into_iter().find(|field| reading.is_set(*field))?;
    for missing in BANK_ACCOUNT
        .into_iter()
        .filter(|field| !reading.is_set(*field))
        .collect::<Vec<_>>()
    {
        reading.refuse(missing, Problem::RequiredWith(first.name()));
    }
    let bank_id = reading
        .text(Field::BankAccountBankId, TEXT_LENGTH_MAX)
        .and_then(|id| {
            reading.accepted(Field::BankAccountBankId, id, |id| {
                (!(context.is_bank)(id)).then_some(Problem::UnknownBank)
            })
        });
    let account_type = account_type(reading);
    let holder_identifier = reading
        .text(Field::BankAccountIdentifier, TEXT_LENGTH_MAX)
        .and_then(|text| identifier(reading, Field::BankAccountIdentifier, text, Some(country)));
    let holder_name = reading.text(Field::BankAccountName, TEXT_LENGTH_MAX);
    let number = reading
        .text(Field::BankAccountNumber, TEXT_LENGTH_MAX)
        .and_then(|number| {
            reading.accepted(Field::BankAccountNumber, number, |number| {
                (!is_account_number(number)).then_some(Problem::NotAnAccountNumber)
            })
        });
    let currency = COUNTRIES.into_iter().find(|(code, _)| *code == country);
    Some(PayoutAccount {
        currency: currency.map(|(_, currency)| currency)?,
        bank_id: bank_id?,
        account_type: account_type?,
        number: number?,
        holder_name: holder_name?,
        holder_identifier: holder_identifier?,
        holder_email,
    })
}

fn account_type(reading: &mut Reading<'_, Field>) -> Option<AccountType> {
    let word = reading.text(Field::BankAccountType, TEXT_LENGTH_MAX)?;
    let parsed = word.parse().ok();
    if parsed.is_none() {
        let allowed = AccountType::ALL.map(AccountType::wire).to_vec();
        reading.refuse(Field::BankAccountType, Problem::NotOneOf(allowed));
    }
    parsed
}

const BANK_ACCOUNT: [Field; 5] = [
    Field::BankAccountBankId,
    Field::BankAccountType,
    Field::BankAccountIdentifier,
    Field::BankAccountName,
    Field::BankAccountNumber,
];

/// Countries whose businesses can collect, and the currency of their bank accounts.
const COUNTRIES: [(&str, Currency); 8] = [
    (CHILE, Currency::Clp),
    ("AR", Currency::Ars),
    ("BO", Currency::Bob),
    ("CO", Currency::Cop),
    ("ES", Currency::Eur),
    ("MX", Currency::Mxn),
    ("PE", Currency::Pen),
    ("US", Currency::Usd),
];
const CHILE: &str = "CL";

const IDENTIFIER_LENGTH_MIN: usize = 8;
const PHONE_LENGTH_MIN: usize = 5;
const PHONE_LENGTH_MAX: usize = 20;
const ADDRESS_LENGTH_MIN: usize = 4;
const ADDRESS_LENGTH_MAX: usize = 300;

#[cfg(test)]
mod tests;

//! The names of a receiver's fields.

use crate::fields::FieldName;

/// A field of `POST /v3/receivers`, in the order of its documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the field of the same name")]
pub enum Field {
    AdminFirstName,
    AdminLastName,
    AdminEmail,
    CountryCode,
    BusinessIdentifier,
    BusinessCategory,
    BusinessName,
    BusinessPhone,
    BusinessAddressLine1,
    BusinessAddressLine2,
    BusinessAddressLine3,
    ContactFullName,
    ContactJobTitle,
    ContactEmail,
    ContactPhone,
    BankAccountBankId,
    BankAccountType,
    BankAccountIdentifier,
    BankAccountName,
    BankAccountNumber,
    NotifyUrl,
    RenditionUrl,
}

impl FieldName for Field {
    const NAMES: &'static [&'static str] = &[
        "admin_first_name",
        "admin_last_name",
        "admin_email",
        "country_code",
        "business_identifier",
        "business_category",
        "business_name",
        "business_phone",
        "business_address_line_1",
        "business_address_line_2",
        "business_address_line_3",
        "contact_full_name",
        "contact_job_title",
        "contact_email",
        "contact_phone",
        "bank_account_bank_id",
        "bank_account_type",
        "bank_account_identifier",
        "bank_account_name",
        "bank_account_number",
        "notify_url",
        "rendition_url",
    ];

    fn place(self) -> usize {
        self as usize
    }
}

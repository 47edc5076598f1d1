//! What becomes of each column with personal data when a person's data is told or erased. Most are a payment's and are in
//! `places`, where both are done; here stand all others, each with its reason where it is left out, and tests hold the
//! inventory against both.

/// Whether a column is in it, or why it is not.
pub type Covered = Result<(), &'static str>;

/// A column that is no payment's, or that stays.
pub struct Other {
    /// `table.column`.
    pub column: &'static str,
    /// Whether an export tells it.
    pub told: Covered,
    /// Whether an erasure takes it out.
    pub erased: Covered,
}

const fn other(column: &'static str, told: Covered, erased: Covered) -> Other {
    Other { column, told, erased }
}

/// A column that neither tells nor loses anything, for one reason.
const fn left(column: &'static str, why: &'static str) -> Other {
    other(column, Err(why), Err(why))
}

const DAY: &str = "it is gone within a day by itself";
const HOUR: &str = "it is this very asking, and gone within an hour by itself";
const DIGEST: &str = "a keyed digest, out of which nobody is read";
const SEALED: &str = "it is sealed, and gone as soon as it has been used";
const SECRET: &str = "it opens something; that it is there is told";
const MERCHANT: &str = "it is the merchant's, who is no payer; its own pages tell it";
const COPY: &str = "a copy of what the payment tells";
const USER: &str = "nobody is erased while a user of the account";
const LOG: &str = "who did what in a merchant's account is kept for its own time";

/// All of them.
pub const OTHERS: &[Other] = &[
    left("accounts.name", MERCHANT),
    left("accounts.email", MERCHANT),
    left("attempts.browser_hash", DIGEST),
    left("attempts.session_sealed", SEALED),
    other("audit.email", Ok(()), Err(LOG)),
    other("audit.address", Ok(()), Err(LOG)),
    other("audit.subject", Ok(()), Err(LOG)),
    left("authorizations.asked", DAY),
    left("authorizations.waiting_sealed", DAY),
    left("authorizations.browser_hash", DAY),
    left("businesses.identifier", MERCHANT),
    left("businesses.name", MERCHANT),
    left("businesses.phone", MERCHANT),
    left("businesses.address_line_1", MERCHANT),
    left("businesses.address_line_2", MERCHANT),
    left("businesses.address_line_3", MERCHANT),
    left("businesses.admin_first_name", MERCHANT),
    left("businesses.admin_last_name", MERCHANT),
    left("businesses.admin_email", MERCHANT),
    left("businesses.contact_full_name", MERCHANT),
    left("businesses.contact_job_title", MERCHANT),
    left("businesses.contact_email", MERCHANT),
    left("businesses.contact_phone", MERCHANT),
    left("collecting_accounts.number", MERCHANT),
    left("collecting_accounts.holder_name", MERCHANT),
    left("collecting_accounts.holder_identifier", MERCHANT),
    left("collecting_accounts.holder_email", MERCHANT),
    left("collecting_accounts.login_sealed", MERCHANT),
    left("consents.person", DIGEST),
    other(
        "consents.subject",
        Ok(()),
        Err("evidence of what was agreed; the person ends the consent on its own page"),
    ),
    left("consents.login_sealed", SEALED),
    left("console_failures.subject", DIGEST),
    other("console_links.email", Ok(()), Ok(())),
    other("console_people.email", Ok(()), Ok(())),
    other("console_people.password_hash", Err(SECRET), Ok(())),
    other("console_people.second_factor_sealed", Err(SECRET), Ok(())),
    other("console_people.offered_sealed", Err(SECRET), Ok(())),
    other("console_recovery_codes.email", Ok(()), Ok(())),
    other("console_recovery_codes.digest", Err(SECRET), Ok(())),
    other("console_sessions.email", Ok(()), Ok(())),
    other("console_sessions.address", Ok(()), Ok(())),
    other("console_sessions.agent", Ok(()), Ok(())),
    left(
        "contracts.bytes",
        "the document that was signed: evidence of the agreement, of which the payment's page has a copy",
    ),
    left("idempotent_answers.answer_sealed", DAY),
    left("jobs.payload", DAY),
    left("jobs.reason", DAY),
    other("mail_readers.address", Ok(()), Ok(())),
    left("operations.request_sealed", SEALED),
    left("operations.answer_sealed", DAY),
    other("payment_export_chunks.bytes", Err(COPY), Ok(())),
    other("payment_exports.wanted", Err(DIGEST), Ok(())),
    left("payment_links.terms", MERCHANT),
    other("payment_search.token", Err(COPY), Ok(())),
    other("payment_search_entries.tokens", Err(COPY), Ok(())),
    left("payout_accounts.number", MERCHANT),
    left("payout_accounts.holder_name", MERCHANT),
    left("payout_accounts.holder_identifier", MERCHANT),
    left("payout_accounts.holder_email", MERCHANT),
    other("person_case_chunks.bytes_sealed", Err(COPY), Ok(())),
    left("person_cases.email", HOUR),
    left("person_cases.address", HOUR),
    left("person_cases.person_sealed", HOUR),
    left("person_cases.found", HOUR),
    left("person_cases.reason", HOUR),
    left("pictures.bytes", "the merchant's picture of what is paid for"),
    left("request_portions.lines", DAY),
    left("site_refusals.user_hash", DIGEST),
    left(
        "unknown_pages.markup",
        "a page of an institution's, kept for who mends its connector, without a name to find it by",
    ),
    other("users.email", Ok(()), Err(USER)),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::privacy::inventory::INVENTORY;
    use crate::privacy::places::PLACES;

    #[test]
    fn every_personal_column_is_told_and_erased_or_says_why_not() {
        let personal: BTreeSet<String> = INVENTORY
            .iter()
            .flat_map(|table| table.personal().map(|column| format!("{}.{column}", table.name)))
            .collect();
        let of_payments: BTreeSet<String> = PLACES
            .iter()
            .map(|place| format!("{}.{}", place.table, place.column))
            .collect();
        let others: BTreeSet<String> = OTHERS.iter().map(|other| other.column.to_owned()).collect();
        assert_eq!(others.len(), OTHERS.len(), "each column once");
        let both: Vec<_> = of_payments.intersection(&others).collect();
        assert!(both.is_empty(), "a place is told and erased: {both:?}");
        let covered: BTreeSet<String> = of_payments.union(&others).cloned().collect();
        let forgotten: Vec<_> = personal.difference(&covered).collect();
        assert!(
            forgotten.is_empty(),
            "say in privacy/places.rs or privacy/covered.rs what becomes of {forgotten:?}"
        );
        let gone: Vec<_> = covered.difference(&personal).collect();
        assert!(gone.is_empty(), "not personal in the inventory: {gone:?}");
    }
}

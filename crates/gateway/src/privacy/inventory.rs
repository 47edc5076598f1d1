//! Every table and column there is, and which of them tell of a person. A test holds it against the schema, so that a new
//! column can't be forgotten; `docs/personal-data.md` is the same for people.

use super::kinds::Kind;

/// A table: what its rows are kept for, and which columns tell of a person.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What its rows are kept for.
    pub kind: Kind,
    personal: &'static str,
    other: &'static str,
}

impl Table {
    /// Columns that tell of a person, or may.
    pub fn personal(&self) -> impl Iterator<Item = &'static str> {
        self.personal.split(' ').filter(|name| !name.is_empty())
    }

    /// All its other columns.
    pub fn other(&self) -> impl Iterator<Item = &'static str> {
        self.other.split(' ').filter(|name| !name.is_empty())
    }
}

const fn table(name: &'static str, kind: Kind, personal: &'static str, other: &'static str) -> Table {
    Table {
        name,
        kind,
        personal,
        other,
    }
}

/// All of them, in the order of their names.
pub const INVENTORY: &[Table] = &[
    table(
        "account_events",
        Kind::Day,
        "body",
        "id account_id at kind subject version",
    ),
    table(
        "account_fees",
        Kind::Nobody,
        "",
        "account_id currency rate minimum vat",
    ),
    table(
        "accounts",
        Kind::Merchants,
        "name email",
        "id mode privileges integrator_account_id notify_url secret_sealed next_secret_sealed \
         next_secret_at created_at api_keys disabled_at rendition_url",
    ),
    table(
        "api_keys",
        Kind::Nobody,
        "",
        "hash account_id alias created_at expires_at last_used_at",
    ),
    table(
        "attempts",
        Kind::Payers,
        "payer_identifier payer_name payer_email payer_account reason browser_hash session_sealed",
        "id payment_id number account_id collecting_id bank_id method state version amount currency \
         operation_number logins started_at lapses_at authorising_at ended_at",
    ),
    table(
        "audit",
        Kind::Audit,
        "email address subject",
        "account_id at request number action",
    ),
    table(
        "authorizations",
        Kind::Day,
        "asked waiting_sealed browser_hash",
        "hash kind account_id client_id state version consent_id family_id created_at expires_at",
    ),
    table(
        "businesses",
        Kind::Merchants,
        "identifier name phone address_line_1 address_line_2 address_line_3 admin_first_name \
         admin_last_name admin_email contact_full_name contact_job_title contact_email contact_phone",
        "account_id country_code category created_at",
    ),
    table(
        "collecting_accounts",
        Kind::Merchants,
        "number holder_name holder_identifier holder_email login_sealed",
        "id uuid account_id bank_id currency created_at read_at custody",
    ),
    table(
        "consents",
        Kind::Consents,
        "person subject login_sealed",
        "id account_id client_id scope link_hash created_at expires_at withdrawn_at last_used_at",
    ),
    table("console_failures", Kind::SignIn, "subject", "failures since"),
    table(
        "console_links",
        Kind::SignIn,
        "email",
        "hash id account_id lang created_at expires_at",
    ),
    table(
        "console_people",
        Kind::SignIn,
        "email password_hash second_factor_sealed offered_sealed",
        "second_factor_step created_at",
    ),
    table("console_recovery_codes", Kind::SignIn, "email digest", ""),
    table(
        "console_sessions",
        Kind::SignIn,
        "email address agent",
        "hash id account_id is_complete created_at seen_at",
    ),
    table(
        "contract_acceptances",
        Kind::Contracts,
        "payer_identifier",
        "attempt_id payment_id sha256 accepted_at",
    ),
    table("contracts", Kind::Contracts, "bytes", "payment_id sha256"),
    table("daily_cursors", Kind::Nobody, "", "feed at payment_id"),
    table(
        "daily_sums",
        Kind::Nobody,
        "",
        "account_id day measure part value",
    ),
    table("data_keys", Kind::Nobody, "", "name sealed created_at"),
    table(
        "idempotent_answers",
        Kind::Day,
        "answer_sealed",
        "account_id method path key body_hash status created_at",
    ),
    table(
        "jobs",
        Kind::Day,
        "payload reason",
        "kind key lane due_at again_at lease version tries created_at buried_at",
    ),
    table(
        "ledger_balances",
        Kind::Nobody,
        "",
        "collecting_id kind owner balance",
    ),
    table(
        "ledger_postings",
        Kind::Nobody,
        "",
        "transaction_id kind owner amount",
    ),
    table(
        "ledger_statements",
        Kind::Nobody,
        "",
        "collecting_id lines balance is_open stated_at",
    ),
    table(
        "ledger_transactions",
        Kind::Ledger,
        "note",
        "id collecting_id kind at payment_id",
    ),
    table(
        "links",
        Kind::Consents,
        "",
        "id account_id institution issued_at expires_at revoked_at last_used_at",
    ),
    table("listeners", Kind::Nobody, "", "account_id listens_until"),
    table(
        "mail_readers",
        Kind::Mails,
        "address",
        "token_hash account_id declined_at",
    ),
    table(
        "mail_tries",
        Kind::Mails,
        "said",
        "mail_id number at latency_ms taken code",
    ),
    table(
        "mails",
        Kind::Mails,
        "address name reason",
        "id account_id payment_id kind lang state tries created_at queued_at next_at ended_at",
    ),
    table(
        "movements",
        Kind::Payers,
        "payer_identifier payer_name payer_account reference reason",
        "collecting_id id booked_at seen_at amount currency operation_number state payment_id \
         decided_at",
    ),
    table(
        "notice_tries",
        Kind::Notices,
        "error answer",
        "notice_id number at status latency_ms",
    ),
    table(
        "notices",
        Kind::Notices,
        "url body",
        "id account_id payment_id version state tries created_at next_at ended_at operation_id \
         settlement_id",
    ),
    table(
        "oauth_clients",
        Kind::Nobody,
        "",
        "id account_id name secret_hash redirect_uris scopes created_at expired_at",
    ),
    table(
        "oauth_codes",
        Kind::Nobody,
        "",
        "hash family_id redirect_uri challenge expires_at used_at",
    ),
    table(
        "oauth_families",
        Kind::Consents,
        "",
        "id client_id consent_id scopes created_at revoked_at",
    ),
    table(
        "oauth_refresh_tokens",
        Kind::Nobody,
        "",
        "hash family_id expires_at used_at",
    ),
    table(
        "oauth_tokens",
        Kind::Nobody,
        "",
        "id account_id client_id family_id consent_id expires_at revoked_at",
    ),
    table(
        "operations",
        Kind::Operations,
        "request_sealed answer_sealed",
        "id account_id institution operation lang state code created_at deadline_at callback_url \
         visits ended_at erase_at",
    ),
    table(
        "order_events",
        Kind::Payers,
        "reason",
        "order_id number at kind state",
    ),
    table(
        "orders",
        Kind::Payers,
        "holder_identifier holder_name holder_email number reason",
        "id collecting_id kind owner subject amount currency bank_id via state events tries \
         created_at due_at sent_at operation_number movement_id ended_at",
    ),
    table("payment_customs", Kind::Payers, "custom", "payment_id"),
    table(
        "payment_events",
        Kind::Payers,
        "data",
        "payment_id number at kind state",
    ),
    table("payment_export_chunks", Kind::Day, "bytes", "export_id number"),
    table(
        "payment_exports",
        Kind::Day,
        "wanted",
        "id account_id lang state lines chunks at payment_id is_cut created_at ended_at",
    ),
    table(
        "payment_link_uses",
        Kind::Nobody,
        "",
        "code submission at quantity payment_id",
    ),
    table(
        "payment_links",
        Kind::Merchants,
        "terms",
        "code account_id created_at version expires_at uses uses_max deactivated_at",
    ),
    table(
        "payment_search",
        Kind::Payers,
        "token",
        "account_id created_at payment_id",
    ),
    table(
        "payment_search_cursors",
        Kind::Nobody,
        "",
        "walk account_id at payment_id number",
    ),
    table(
        "payment_search_entries",
        Kind::Payers,
        "tokens",
        "payment_id version events",
    ),
    table(
        "payments",
        Kind::Payers,
        "subject transaction_id details",
        "id account_id collecting_id created_at expires_at amount currency state events",
    ),
    table(
        "payout_accounts",
        Kind::Merchants,
        "number holder_name holder_identifier holder_email",
        "account_id currency bank_id account_type updated_at",
    ),
    table("payout_file_orders", Kind::Nobody, "", "file_id number order_id"),
    table(
        "payout_files",
        Kind::Nobody,
        "",
        "id collecting_id orders total made_at execute_on",
    ),
    table("person_case_chunks", Kind::Hour, "bytes_sealed", "case_id number"),
    table(
        "person_cases",
        Kind::Hour,
        "email address person_sealed found reason",
        "id account_id request state told chunks created_at",
    ),
    table("pictures", Kind::Payers, "bytes", "payment_id content_type"),
    table(
        "public_tokens",
        Kind::Nobody,
        "",
        "hash account_id consent_id expires_at used_at",
    ),
    table(
        "reconciliations",
        Kind::Payers,
        "payer_identifier payer_name payer_email payer_account",
        "payment_id collecting_id movement_id conciliated_at out_of_date bank_id bank method \
         operation_code paid fee integrator_id integrator_fee",
    ),
    table(
        "refunds",
        Kind::Nobody,
        "",
        "id payment_id account_id collecting_id kind amount transfer state requested_at ended_at",
    ),
    table(
        "releases",
        Kind::Nobody,
        "",
        "payment_id account_id collecting_id releases_at held_until confirmed_at settlement_id",
    ),
    table(
        "request_portions",
        Kind::Day,
        "lines",
        "id account_id at requests left_out",
    ),
    table("request_tails", Kind::Nobody, "", "account_id since tails_until"),
    table("restorations", Kind::Nobody, "", "restored_at released_at"),
    table("retention_cursors", Kind::Nobody, "", "account_id at payment_id"),
    table(
        "retention_held",
        Kind::Nobody,
        "",
        "account_id what since tried_at",
    ),
    table(
        "retention_line_cursors",
        Kind::Nobody,
        "",
        "collecting_id at movement_id",
    ),
    table(
        "settlement_lines",
        Kind::Nobody,
        "",
        "settlement_id payment_id amount fee integrator_fee refunded net",
    ),
    table(
        "settlement_shares",
        Kind::Nobody,
        "",
        "settlement_id account_id collecting_id amount order_id",
    ),
    table(
        "settlements",
        Kind::Nobody,
        "",
        "id account_id collecting_id day number currency made_at payments amount fee integrator_fee \
         refunded carried paid_out state order_id ended_at",
    ),
    table(
        "signing_keys",
        Kind::Nobody,
        "",
        "kid private_sealed public role created_at retired_at",
    ),
    table("site_refusals", Kind::Hour, "user_hash", "at id"),
    table(
        "unknown_pages",
        Kind::Operations,
        "markup",
        "id institution operation at expected status",
    ),
    table("users", Kind::Merchants, "email", "account_id created_at role"),
    table(
        "wallets",
        Kind::Nobody,
        "",
        "reference account_id collecting_id created_at",
    ),
];

#[cfg(test)]
mod tests;

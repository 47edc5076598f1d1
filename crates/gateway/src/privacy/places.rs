//! Where personal data of a payer lies: one line for each column, from which its SQL is made.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// A RUT or another personal identifier: becomes a keyed digest.
    Identifier,
    /// An e-mail address: becomes a keyed digest at a domain that no mail reaches.
    Email,
    /// A name: goes.
    Name,
    /// A bank account's number: goes.
    Number,
    /// A free text, or JSON: loses what tells of the person.
    Text,
}

/// One column of one payment's rows.
pub(super) struct Place {
    /// The table.
    pub(super) table: &'static str,
    /// The column.
    pub(super) column: &'static str,
    /// What it holds.
    pub(super) held: Held,
    /// Its values; `$1` is the payment, or the order.
    pub(super) select: &'static str,
    /// Replaces the value `$3` by `$2`.
    pub(super) update: &'static str,
}

macro_rules! places {
    ($(#[$doc:meta])* $name:ident: $($table:literal where $rows:literal { $($column:literal $held:ident),+ $(,)? })+) => {
        $(#[$doc])*
        pub(super) const $name: &[Place] = &[$($(Place {
            table: $table,
            column: $column,
            held: Held::$held,
            select: concat!(
                "SELECT DISTINCT ", $column, " FROM ", $table, " WHERE ", $rows,
                " AND ", $column, " IS NOT NULL LIMIT 1000"
            ),
            update: concat!(
                "UPDATE ", $table, " SET ", $column, " = $2 WHERE ", $rows, " AND ", $column, " = $3"
            ),
        },)+)+];
    };
}

places! {
    /// A payment's. Columns of names, addresses and numbers are read before texts are.
    PLACES:
    "attempts" where "payment_id = $1" {
        "payer_identifier" Identifier, "payer_name" Name, "payer_email" Email, "payer_account" Number, "reason" Text,
    }
    "movements" where "payment_id = $1" {
        "payer_identifier" Identifier, "payer_name" Name, "payer_account" Number, "reference" Text, "reason" Text,
    }
    "reconciliations" where "payment_id = $1" {
        "payer_identifier" Identifier, "payer_name" Name, "payer_email" Email, "payer_account" Number,
    }
    "contract_acceptances" where "payment_id = $1" { "payer_identifier" Identifier }
    "mails" where "payment_id = $1" { "address" Email, "name" Name, "reason" Text }
    "mail_tries" where "mail_id IN (SELECT id FROM mails WHERE payment_id = $1)" { "said" Text }
    "orders" where "id IN (SELECT id FROM refunds WHERE payment_id = $1)" {
        "holder_identifier" Identifier, "holder_name" Name, "holder_email" Email, "number" Number, "reason" Text,
    }
    "order_events" where "order_id IN (SELECT id FROM refunds WHERE payment_id = $1)" { "reason" Text }
    "payments" where "id = $1" { "subject" Text, "transaction_id" Text, "details" Text }
    "payment_customs" where "payment_id = $1" { "custom" Text }
    "payment_events" where "payment_id = $1" { "data" Text }
    "notices" where "payment_id = $1" { "url" Text, "body" Text }
    "notice_tries" where "notice_id IN (SELECT id FROM notices WHERE payment_id = $1)" {
        "error" Text, "answer" Text,
    }
    "account_events" where "subject = $1" { "body" Text }
    "ledger_transactions" where "payment_id = $1" { "note" Text }
}

places! {
    /// Those of an order that sent money back that was no payment's; `$1` is the order.
    PLACES_OF_RETURNS:
    "orders" where "id = $1" {
        "holder_identifier" Identifier, "holder_name" Name, "holder_email" Email, "number" Number, "reason" Text,
    }
    "order_events" where "order_id = $1" { "reason" Text }
}

//! A file of orders as a table: one line an order, for banks that take one.

use std::io;

use super::Loaded;

/// The table with its header. `bank_name` tells a bank's name by its id.
pub(super) fn table(loaded: &Loaded, bank_name: &dyn Fn(&str) -> String) -> io::Result<String> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(HEADER)?;
    for order in &loaded.orders {
        let (new, payee) = (&order.new, &order.new.payee);
        csv.write_record([
            new.id.as_str(),
            new.kind.as_str(),
            &loaded.from.number,
            &new.amount.plain(),
            new.currency.code(),
            &bank_name(&payee.bank_id),
            &payee.bank_id,
            &payee.number,
            &payee.holder_name,
            &payee.holder_identifier,
            &payee.holder_email,
            &loaded.file.execute_on.to_string(),
        ])?;
    }
    let bytes = csv.into_inner().map_err(|error| error.into_error())?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

const HEADER: [&str; 12] = [
    "comment",
    "kind",
    "from_account",
    "amount",
    "currency",
    "bank",
    "bank_id",
    "to_account",
    "holder_name",
    "holder_identifier",
    "holder_email",
    "execute_on",
];

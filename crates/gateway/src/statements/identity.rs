//! The id of a line that came in a file: the same whenever the same statement is read again.
//!
//! The bank's own id where the file has one. Otherwise a digest of everything the line says, and its place among the
//! lines that say just the same: two equal transfers of one day are two movements, and the same two in tomorrow's file,
//! which begins with today's lines, are again these two. For that a file without ids must hold whole days.

use std::collections::HashMap;

use ayni_connectors::statement::StatementLine;
use ayni_crypto::digest;
use ayni_domain::currency::Currency;
use jiff::Timestamp;

use super::{Booked, FileLine};

/// What was seen of a file so far.
#[derive(Debug, Default)]
pub(super) struct Identities {
    seen: HashMap<[u8; KEY_BYTES], u32>,
}

impl Identities {
    /// The line as it is stored, or why it can't be told apart from another.
    pub(super) fn line(
        &mut self,
        line: FileLine,
        currency: Currency,
        now: Timestamp,
    ) -> Result<StatementLine, String> {
        let text = match &line.bank_id {
            Some(id) => format!("id\u{1f}{id}"),
            None => said(&line, currency),
        };
        let hash = digest::sha256(text.as_bytes());
        let mut key = [0; KEY_BYTES];
        key.copy_from_slice(&hash[..KEY_BYTES]);
        let ordinal = self.seen.entry(key).or_default();
        *ordinal += 1;
        let id = match line.bank_id {
            Some(id) if *ordinal > 1 => {
                return Err(format!("the bank's id {id} stands on an earlier line too"));
            }
            Some(id) => id,
            None => format!("{PREFIX}{}-{ordinal}", digest::hex(&key)),
        };
        Ok(StatementLine {
            id,
            booked_at: line.booked.instant(now),
            amount: line.amount,
            currency,
            payer_identifier: line.payer_identifier,
            payer_name: line.payer_name,
            payer_account: line.payer_account,
            reference: line.reference,
            operation_number: line.operation_number,
        })
    }
}

/// Everything that a line says, in one text that no other line has by accident.
fn said(line: &FileLine, currency: Currency) -> String {
    let booked = match line.booked {
        Booked::At(at) => at.as_millisecond().to_string(),
        Booked::On(day) => day.to_string(),
    };
    [
        booked.as_str(),
        &line.amount.to_string(),
        currency.code(),
        &line.payer_identifier,
        &line.payer_name,
        &line.payer_account,
        &line.reference,
        &line.operation_number,
    ]
    .join("\u{1f}")
}

/// So that no bank's id is taken for one of ours.
const PREFIX: &str = "file-";
/// Of a SHA-256: enough that no two lines of a bank ever meet by chance.
const KEY_BYTES: usize = 16;

#[cfg(test)]
mod tests {
    use ayni_domain::money::Amount;
    use jiff::civil::date;

    use super::*;

    fn line(reference: &str, bank_id: Option<&str>) -> FileLine {
        FileLine {
            line: 1,
            bank_id: bank_id.map(str::to_owned),
            booked: Booked::On(date(2026, 3, 2)),
            amount: Amount::from_units(1000),
            currency: None,
            payer_identifier: String::new(),
            payer_name: String::new(),
            payer_account: String::new(),
            reference: reference.to_owned(),
            operation_number: String::new(),
        }
    }

    fn ids(lines: &[FileLine], now: &str) -> Vec<Result<String, String>> {
        let mut identities = Identities::default();
        let now = now.parse().unwrap();
        let stored = |line: &FileLine| identities.line(line.clone(), Currency::Clp, now);
        lines
            .iter()
            .map(stored)
            .map(|stored| stored.map(|line| line.id))
            .collect()
    }

    #[test]
    fn equal_lines_of_a_day_are_told_apart_and_known_again_in_the_next_file() {
        let today = [line("a", None), line("a", None), line("b", None)];
        let first = ids(&today, "2026-03-02T20:00:00Z");
        assert_ne!(first[0], first[1]);
        assert_ne!(first[0], first[2]);
        let with_more = [today.as_slice(), &[line("a", None)]].concat();
        let second = ids(&with_more, "2026-03-05T12:00:00Z");
        assert_eq!(first, second[..3]);
        assert!(!first.contains(&second[3]));
    }

    #[test]
    fn the_banks_own_id_is_kept_and_may_stand_once_only() {
        let found = ids(
            &[line("a", Some("77")), line("b", Some("77"))],
            "2026-03-02T20:00:00Z",
        );
        assert_eq!(found[0], Ok("77".to_owned()));
        assert!(found[1].as_ref().unwrap_err().contains("77"));
    }

    #[test]
    fn a_day_ends_now_while_it_lasts() {
        let day = Booked::On(date(2026, 3, 2));
        let at = |text: &str| day.instant(text.parse().unwrap()).to_string();
        assert_eq!(at("2026-03-02T20:00:00Z"), "2026-03-02T20:00:00Z");
        assert_eq!(at("2026-03-09T20:00:00Z"), "2026-03-03T02:59:59.999Z");
        assert_eq!(at("2026-03-01T20:00:00Z"), "2026-03-02T03:00:00Z");
    }
}

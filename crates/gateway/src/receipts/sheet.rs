//! What a receipt says, in words: the same facts for the PDF and for whoever reads it aloud.

use ayni_domain::lang::Lang;
use ayni_domain::receipt::{masked, masked_account};
use ayni_domain::rut::Rut;

use super::facts::{Facts, Signed};
use crate::texts::dates;
use crate::texts::receipts::Texts;

/// A receipt's texts, in the order in which they stand on it.
pub(super) struct Sheet {
    pub(super) t: &'static Texts,
    pub(super) lang: Lang,
    pub(super) amount: String,
    pub(super) pesos: Option<String>,
    pub(super) paid_at: String,
    pub(super) rows: Vec<Row>,
    pub(super) contract: Vec<Row>,
    pub(super) verify_url: String,
    pub(super) payment_id: String,
}

/// A label and what it names.
pub(super) struct Row {
    pub(super) id: &'static str,
    pub(super) label: &'static str,
    pub(super) value: String,
    /// Lines that it may take; what is longer is cut.
    pub(super) lines_max: usize,
}

/// The receipt of these facts. The payer's identifier is told in part only, since receipts are passed on; with a
/// contract it is told whole, since the receipt is then the proof of who signed.
pub(super) fn of(facts: &Facts, verify_url: &str, lang: Lang) -> Sheet {
    let t = Texts::of(lang);
    let amount =
        |amount: ayni_domain::money::Amount, currency| amount.shown(currency, lang).replace(' ', "\u{a0}");
    Sheet {
        t,
        lang,
        amount: amount(facts.payment.amount, facts.payment.currency),
        pesos: facts.pesos.map(|pesos| {
            format!(
                "{} {}",
                t.in_pesos,
                amount(pesos, facts.payment.currency.paid_in())
            )
        }),
        paid_at: at(facts.settled.conciliated_at, t, lang),
        rows: rows(facts, t),
        contract: facts
            .contract
            .as_ref()
            .map(|signed| contract(facts, signed, t, lang))
            .unwrap_or_default(),
        verify_url: verify_url.to_owned(),
        payment_id: facts.payment.id.to_string(),
    }
}

fn rows(facts: &Facts, t: &Texts) -> Vec<Row> {
    let settled = &facts.settled;
    let identifier = match facts.contract {
        Some(_) => formatted(&settled.payer_identifier),
        None => masked(&formatted(&settled.payer_identifier)),
    };
    let account = match settled.payer_account.as_str() {
        "" => String::new(),
        number => masked_account(number),
    };
    let method = match settled.method.as_str() {
        "simplified_transfer" => t.simplified,
        _ => t.regular,
    };
    let all = [
        row("payee", t.payee, facts.payee.clone(), 2),
        row("providers", t.providers, facts.providers.join(" → "), 2),
        row(
            "subject",
            t.subject,
            facts.payment.subject.clone(),
            SUBJECT_LINES_MAX,
        ),
        row("payer", t.payer, settled.payer_name.clone(), 2),
        row("payer-identifier", t.payer_identifier, identifier, 1),
        row("bank", t.bank, settled.bank.clone(), 1),
        row("account", t.account, account, 1),
        row("operation", t.operation, settled.operation_code.clone(), 1),
        row("method", t.method, method.to_owned(), 1),
        row("payment-id", t.payment_id, facts.payment.id.to_string(), 1),
    ];
    all.into_iter().filter(|row| !row.value.is_empty()).collect()
}

fn contract(facts: &Facts, signed: &Signed, t: &Texts, lang: Lang) -> Vec<Row> {
    let paper = &signed.paper;
    let mut all = vec![
        row("contract-name", t.contract_name, paper.name.clone(), 2),
        row(
            "contract-size",
            t.contract_size,
            t.bytes(paper.size_bytes, lang),
            1,
        ),
        row("contract-sha256", t.contract_sha256, paper.sha256.clone(), 2),
    ];
    match &signed.acceptance {
        Some(acceptance) => {
            let name = &facts.settled.payer_name;
            let identifier = formatted(&acceptance.payer_identifier);
            all.extend([
                row("contract-by", t.contract_by, format!("{name}, {identifier}"), 2),
                row(
                    "contract-at",
                    t.contract_at,
                    at(acceptance.accepted_at, t, lang),
                    1,
                ),
                row(
                    "contract-attempt",
                    t.contract_attempt,
                    acceptance.attempt.clone(),
                    1,
                ),
            ]);
        }
        None => all.push(row("contract-none", t.contract_by, t.not_accepted.to_owned(), 2)),
    }
    all
}

fn at(instant: jiff::Timestamp, t: &Texts, lang: Lang) -> String {
    format!("{} ({})", dates::shown(instant, lang), t.chile_time)
}

fn formatted(identifier: &str) -> String {
    Rut::parse(identifier).map_or_else(|_| identifier.to_owned(), Rut::formatted)
}

fn row(id: &'static str, label: &'static str, value: String, lines_max: usize) -> Row {
    Row {
        id,
        label,
        value,
        lines_max,
    }
}

/// The longest subject of wide letters takes more: it is cut then, and the payment's page has it whole.
const SUBJECT_LINES_MAX: usize = 5;

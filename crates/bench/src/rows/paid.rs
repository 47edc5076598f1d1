//! Payments as an account has them after months: most of them paid, some open, some deleted, with payers, banks and
//! references, spread evenly over a time that ends now. Each kind of row is written many at a time.

use anyhow::Result;
use ayni_crypto::entropy::Entropy;
use ayni_domain::ids::PaymentId;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use ayni_store::value::Value;

use super::many::{ROWS_AT_ONCE, put, text};
use super::{Owner, told};

/// The texts, each of which writes [`ROWS_AT_ONCE`] rows.
#[derive(Clone, Copy)]
struct Texts {
    payments: &'static str,
    events: &'static str,
    attempts: &'static str,
    reconciliations: &'static str,
    told: told::Texts,
}

/// A payment that was written, and when it was made.
pub(super) struct Made {
    pub(super) number: u64,
    pub(super) id: String,
    pub(super) at_ms: i64,
}

/// Adds payments of this owner and returns the id of a paid one in their middle.
pub async fn add(db: &Db, owner: Owner, count: u64, now_ms: i64) -> Result<String> {
    let (texts, entropy) = (texts(), Entropy::seeded(count));
    let step_ms = SPAN_MS / i64::try_from(count)?;
    let mut middle = String::new();
    let mut number = 0;
    while number < count {
        let made: Vec<Made> = (number..count.min(number + ROWS_AT_ONCE as u64 * UNITS))
            .map(|number| Made {
                number,
                id: PaymentId::from_random_bytes(&entropy.bytes()).to_string(),
                at_ms: now_ms - SPAN_MS + step_ms * i64::try_from(number).unwrap_or_default(),
            })
            .collect();
        number += made.len() as u64;
        let is_middle = |made: &&Made| made.number >= count / 2 && is_paid(made.number);
        if let (true, Some(paid)) = (middle.is_empty(), made.iter().find(is_middle)) {
            middle.clone_from(&paid.id);
        }
        db.append("bench.paid", move |tx| {
            made.chunks(ROWS_AT_ONCE)
                .try_for_each(|some| write(tx, texts, owner, some))
        })
        .await?;
    }
    Ok(middle)
}

/// Seven of ten; of the others two are open and one was deleted.
fn is_paid(number: u64) -> bool {
    number % 10 < 7
}

fn write(tx: &mut Tx<'_>, texts: Texts, owner: Owner, some: &[Made]) -> Result<(), StoreError> {
    let words: Vec<[String; 5]> = some.iter().map(words).collect();
    let all: Vec<(&Made, &[String; 5])> = some.iter().zip(&words).collect();
    let paid: Vec<(&Made, &[String; 5])> = all
        .iter()
        .copied()
        .filter(|(made, _)| is_paid(made.number))
        .collect();
    put(tx, texts.payments, &all, |(made, [subject, reference, ..])| {
        let (state, events) = match made.number % 10 {
            0..7 => ("done/normal", 1),
            7 => ("deleted", 0),
            _ => ("pending", 0),
        };
        let amount = 10_000_000 + i64::try_from(made.number % 50_000).unwrap_or_default() * 10_000;
        vec![
            (&made.id).into(),
            owner.account.into(),
            made.at_ms.into(),
            amount.into(),
            state.into(),
            Value::Int(events),
            subject.into(),
            reference.into(),
            owner.collecting.into(),
        ]
    })?;
    put(tx, texts.events, &paid, |(made, _)| {
        vec![(&made.id).into(), (made.at_ms + 60_000).into()]
    })?;
    put(tx, texts.attempts, &paid, |(made, [_, _, name, email, rut])| {
        vec![
            (&made.id).into(),
            owner.account.into(),
            made.at_ms.into(),
            rut.into(),
            name.into(),
            email.into(),
            Value::Bytes(&[]),
            owner.collecting.into(),
        ]
    })?;
    put(
        tx,
        texts.reconciliations,
        &paid,
        |(made, [_, reference, name, email, rut])| {
            vec![
                (&made.id).into(),
                (made.at_ms + 60_000).into(),
                name.into(),
                email.into(),
                rut.into(),
                reference.into(),
                owner.collecting.into(),
            ]
        },
    )?;
    let paid: Vec<&Made> = paid.iter().map(|(made, _)| *made).collect();
    told::write(tx, texts.told, owner, &paid)
}

/// Subject, reference, and a payer's name, address and RUT.
fn words(made: &Made) -> [String; 5] {
    let payer = made.number % 20_000;
    let first = FIRST_NAMES[(payer % 8) as usize];
    let second = SECOND_NAMES[(payer / 8 % 8) as usize];
    [
        format!("Arriendo cuota {}", made.number),
        format!("pedido-{}", made.number),
        format!("{first} {second}"),
        format!("{}{payer}@example.com", first.to_lowercase()),
        format!("{}K", 10_000_000 + payer),
    ]
}

fn texts() -> Texts {
    Texts {
        payments: text(
            "payments (id, account_id, collecting_id, created_at, expires_at, amount, currency, state, events, subject, \
             transaction_id)",
            "($1, $2, $9, $3, $3, $4, 'CLP', $5, $6, $7, $8)",
            9,
        ),
        events: text(
            "payment_events (payment_id, number, at, kind, state, data)",
            "($1, 1, $2, 'money-seen', 'done/normal', '{}')",
            2,
        ),
        attempts: text(
            "attempts (id, payment_id, number, account_id, collecting_id, bank_id, method, state, version, browser_hash, \
             amount, currency, payer_identifier, payer_name, payer_email, logins, started_at, lapses_at)",
            "($1, $1, 1, $2, $8, 'Bawdf', 'simplified_transfer', 'settled', 1, $7, 10000000, 'CLP', $4, $5, $6, 0, $3, $3)",
            8,
        ),
        reconciliations: text(
            "reconciliations (payment_id, collecting_id, movement_id, conciliated_at, out_of_date, bank_id, bank, method, \
             payer_name, payer_email, payer_identifier, payer_account, operation_code, paid)",
            "($1, $7, $1, $2, 0, 'Bawdf', 'DemoBank', 'simplified_transfer', $3, $4, $5, '', $6, 10000000)",
            7,
        ),
        told: told::texts(),
    }
}

const UNITS: u64 = 20;
const SPAN_MS: i64 = 60 * 86_400_000;
const FIRST_NAMES: [&str; 8] = [
    "Ana", "Begoña", "Camilo", "Daniela", "Esteban", "Fernanda", "Gonzalo", "Hernán",
];
const SECOND_NAMES: [&str; 8] = [
    "Pérez",
    "Rojas",
    "Muñoz",
    "Díaz",
    "Soto",
    "Contreras",
    "Silva",
    "Araya",
];

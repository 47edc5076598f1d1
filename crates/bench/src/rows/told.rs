//! What each paid payment leaves besides: its movement on the statement, its notification with the one try that was
//! answered, its mail. Of ten payments one's notification was given up and one's movement waits for a person: so the
//! first page of both is full in a small account too.

use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::Owner;
use super::many::{put, text};
use super::paid::Made;

/// The texts, each of which writes many rows.
#[derive(Clone, Copy)]
pub struct Texts {
    movements: &'static str,
    notices: &'static str,
    tries: &'static str,
    mails: &'static str,
}

pub(super) fn write(tx: &mut Tx<'_>, texts: Texts, owner: Owner, paid: &[&Made]) -> Result<(), StoreError> {
    let is_rare = |made: &Made| made.number % 10 == 1;
    put(tx, texts.movements, paid, |made| {
        let state = if is_rare(made) { "review" } else { "matched" };
        vec![
            (&made.id).into(),
            (made.at_ms + 60_000).into(),
            state.into(),
            (!is_rare(made)).then_some(made.id.as_str()).into(),
            owner.collecting.into(),
        ]
    })?;
    put(tx, texts.notices, paid, |made| {
        let state = if is_rare(made) { "spent" } else { "delivered" };
        vec![
            (&made.id).into(),
            owner.account.into(),
            (made.at_ms + 61_000).into(),
            state.into(),
        ]
    })?;
    put(tx, texts.tries, paid, |made| {
        vec![(&made.id).into(), (made.at_ms + 62_000).into()]
    })?;
    put(tx, texts.mails, paid, |made| {
        vec![
            (&made.id).into(),
            owner.account.into(),
            (made.at_ms + 61_000).into(),
        ]
    })
}

pub(super) fn texts() -> Texts {
    Texts {
        movements: text(
            "movements (collecting_id, id, booked_at, seen_at, amount, currency, reference, state, payment_id)",
            "($5, $1, $2, $2, 10000000, 'CLP', $1, $3, $4)",
            5,
        ),
        notices: text(
            "notices (id, account_id, payment_id, url, version, body, state, tries, created_at, ended_at)",
            "($1, $2, $1, 'https://shop.example/notify', '3.0', '{}', $4, 1, $3, $3)",
            4,
        ),
        tries: text(
            "notice_tries (notice_id, number, at, status, latency_ms, answer)",
            "($1, 1, $2, 200, 40, 'ok')",
            2,
        ),
        mails: text(
            "mails (id, account_id, payment_id, kind, address, name, lang, state, tries, created_at, queued_at, ended_at)",
            "($1, $2, $1, 'receipt', 'ana@example.com', 'Ana', 'es', 'sent', 1, $3, $3, $3)",
            3,
        ),
    }
}

//! The work of a case. Each portion is a unit of work of its own, so that a process that dies is followed by one that goes
//! on: a file grows piece by piece, and what is erased is found no more.

use std::time::Duration;

use ayni_domain::ids::PaymentId;
use ayni_domain::personal::Person;
use ayni_domain::time::wire;
use ayni_store::queue::{self, Job};
use ayni_store::tx::Tx;
use serde_json::Value;

use super::{Case, CaseError, Reason, State, Tally, chunk_context, sql};
use crate::app::Shared;
use crate::privacy::{PrivacyError, erase, export, find};
use crate::signals::JobKind;
use crate::worker::{Pump, Unfinished};

/// Few at once, one of an account.
pub(crate) const CASES: Pump = Pump {
    kind: JobKind::PersonCase,
    concurrency: 2,
    per_lane: 1,
};

impl From<CaseError> for Unfinished {
    fn from(error: CaseError) -> Unfinished {
        Unfinished {
            reason: error.to_string(),
            pause: PAUSE,
        }
    }
}

impl From<PrivacyError> for Unfinished {
    fn from(error: PrivacyError) -> Unfinished {
        Unfinished {
            reason: error.to_string(),
            pause: PAUSE,
        }
    }
}

/// Carries a case out as far as it was asked for: [`CASES`]' handler.
pub(crate) async fn carry_out(app: Shared, job: Job) -> Result<(), Unfinished> {
    while !app.draining.is_cancelled() {
        let id = job.key.clone();
        let found = app
            .db
            .read("person.case", move |tx: &mut Tx<'_>| sql::select_case(tx, &id))
            .await?;
        let Some(case) = found.filter(|case| case.state.is_under_way()) else {
            let finish = move |tx: &mut Tx<'_>| queue::finish(tx, &job).map(drop);
            return Ok(app.db.append("person.finish", finish).await?);
        };
        let (person, _) = case.person(&app)?;
        let step = async {
            match case.state {
                State::Looking => look(&app, &case, &person).await,
                State::Writing => write(&app, &case, &person).await,
                _ => take_out(&app, &case, &person).await,
            }
        };
        tokio::select! {
            done = step => done?,
            // What is begun is found again by whoever takes the job when its lease is over.
            () = app.draining.cancelled() => {}
        }
    }
    Ok(())
}

async fn look(app: &Shared, case: &Case, person: &Person) -> Result<(), Unfinished> {
    let (state, tally, reason) = match find(app, case.account, person).await {
        Ok(found) => {
            let payments = found.payments.iter().map(ToString::to_string).collect();
            let counts = count(app, case, person, &found.payments).await?;
            let tally = Tally {
                payments,
                movements: found.movements,
                counts,
            };
            (State::Found, text_of(&tally), String::new())
        }
        Err(PrivacyError::TooMany) => (State::Refused, String::new(), text_of(&Reason::TooMany)),
        Err(error) => return Err(error.into()),
    };
    let id = case.id.clone();
    let end = move |tx: &mut Tx<'_>| sql::end_looking(tx, &id, state, (&tally, &reason));
    Ok(app.db.append("person.found", end).await?)
}

/// How many rows tell of the person, by what they are.
async fn count(
    app: &Shared,
    case: &Case,
    person: &Person,
    payments: &[PaymentId],
) -> Result<Vec<(String, i64)>, Unfinished> {
    let mut counts: Vec<(String, i64)> = Vec::new();
    for portion in payments.chunks(COUNTED_AT_ONCE) {
        let portion = portion.to_vec();
        let counted = app.db.read("person.count", move |tx: &mut Tx<'_>| {
            sql::count_rows(tx, &portion)
        });
        for (kind, rows) in counted.await? {
            match counts.iter_mut().find(|(known, _)| known == kind) {
                Some((_, sum)) => *sum += rows,
                None => counts.push((kind.to_owned(), rows)),
            }
        }
    }
    let rest = export::rest(app, case.account, person, Vec::new()).await?;
    let sign_in = &rest["console"];
    for (kind, told) in [
        ("consents", &rest["consents"]),
        ("user", &sign_in["user"]),
        ("sessions", &sign_in["sessions"]),
        ("invitations", &sign_in["invitations"]),
        ("audit", &sign_in["audit"]),
        ("reminders", &sign_in["reminders"]),
    ] {
        let rows = match told {
            Value::Array(all) => i64::try_from(all.len()).unwrap_or(i64::MAX),
            Value::Null => 0,
            _ => 1,
        };
        counts.push((kind.to_owned(), rows));
    }
    counts.retain(|(_, rows)| *rows > 0);
    Ok(counts)
}

/// The next piece of the file: its head, some payments, and in the end all the rest.
async fn write(app: &Shared, case: &Case, person: &Person) -> Result<(), Unfinished> {
    let ids = case.found.payment_ids();
    let mut piece = match case.chunks {
        0 => format!(
            "{{\"format\":\"{}\",\"exported_at\":\"{}\",\"receiver_id\":{},\"payments\":[",
            export::FORMAT,
            wire(app.clock.now()),
            case.account.0
        ),
        _ => String::new(),
    };
    let end = ids.len().min(case.told + TOLD_AT_ONCE);
    for (number, id) in ids.iter().enumerate().take(end).skip(case.told) {
        piece.push_str(if number == 0 { "\n" } else { ",\n" });
        piece.push_str(&export::payment(app, *id).await?.to_string());
    }
    let state = match end == ids.len() {
        true => State::Written,
        false => State::Writing,
    };
    if state == State::Written {
        piece.push(']');
        let movements = case.found.movements.clone();
        for (key, told) in export::rest(app, case.account, person, movements).await? {
            piece.push_str(&format!(",\n\"{key}\":{told}"));
        }
        piece.push_str("}\n");
    }
    let sealed = app
        .keyring
        .seal(&chunk_context(&case.id, case.chunks + 1), piece.as_bytes())
        .map_err(CaseError::from)?;
    let case = case.clone();
    let store = move |tx: &mut Tx<'_>| sql::write_piece(tx, &case, (end, state), &sealed);
    Ok(app.db.append("person.piece", store).await?)
}

async fn take_out(app: &Shared, case: &Case, person: &Person) -> Result<(), Unfinished> {
    let (state, reason) = match erase::carry_out(app, case.account, person, &case.actor).await {
        Ok(_) => (State::Erased, None),
        Err(PrivacyError::InFlight(what)) => (State::Refused, Some(Reason::InFlight(what))),
        Err(PrivacyError::Unreadable(which)) => (State::Refused, Some(Reason::Unreadable(which))),
        Err(PrivacyError::IsUser) => (State::Refused, Some(Reason::IsUser)),
        Err(PrivacyError::TooMany) => (State::Refused, Some(Reason::TooMany)),
        Err(error) => return Err(error.into()),
    };
    let (id, reason) = (
        case.id.clone(),
        reason.map(|reason| text_of(&reason)).unwrap_or_default(),
    );
    let end = move |tx: &mut Tx<'_>| sql::end_erasing(tx, &id, state, &reason);
    Ok(app.db.append("person.erased", end).await?)
}

fn text_of(told: &impl serde::Serialize) -> String {
    serde_json::to_string(told).unwrap_or_default()
}

/// Payments whose rows are counted in one reading.
const COUNTED_AT_ONCE: usize = 200;
/// Payments of one piece of a file.
const TOLD_AT_ONCE: usize = 50;
/// Before a step that met a fault is tried again.
const PAUSE: Duration = Duration::from_secs(10);

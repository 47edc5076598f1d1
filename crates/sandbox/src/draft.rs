//! A transfer between its form and its coordinates, because it must be executed at most once however often it is
//! confirmed, and its outcome must be there to be seen when the answer was lost.

use ayni_domain::money::Amount;
use ayni_domain::rut::Rut;
use ayni_domain::time::{from_ms, to_ms};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use crate::account::AccountNumber;
use crate::card::{self, COORDINATES, Verdict};
use crate::error::SandboxError;
use crate::sql::{self, DraftRow};
use crate::transfer::{self, Refusal, Told, Transfer};

/// How long it waits for its coordinates.
pub const DRAFT_LIFE: SignedDuration = SignedDuration::from_mins(15);

/// How long its outcome can be looked up.
const DRAFT_MEMORY: SignedDuration = SignedDuration::from_hours(24);

/// How many forgotten drafts are cleared away for each new one.
const FORGOTTEN_AT_ONCE_MAX: i64 = 4;

const OPEN: &str = "open";
const MOVED: &str = "moved";
const UNCLEAR: &str = "unclear";

/// A draft as its page shows it.
pub struct Draft {
    /// What will be transferred, or was.
    pub transfer: Transfer,
    /// The cells of the card that are asked for, in the order of the fields.
    pub positions: Vec<String>,
    /// Where it stands.
    pub standing: Standing,
}

/// Where a draft stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits for its coordinates.
    Open,
    /// The money moved under this operation number.
    Moved(i64),
    /// Nobody is told whether the money moved.
    Unclear,
    /// It was refused, and is over.
    Refused(Refusal),
}

/// Keeps a new draft, unless the money for it is missing already.
pub fn begin(
    connection: &Connection,
    id: &str,
    transfer: &Transfer,
    positions: &[String; COORDINATES],
    now: Timestamp,
) -> Result<Result<(), Refusal>, SandboxError> {
    if let Err(refusal) = transfer::check_funds(connection, transfer)? {
        return Ok(Err(refusal));
    }
    sql::forget_drafts(
        connection,
        to_ms(now) - millis(DRAFT_MEMORY),
        FORGOTTEN_AT_ONCE_MAX,
    )?;
    sql::add_draft(
        connection,
        &DraftRow {
            draft: id.to_owned(),
            created_at_ms: to_ms(now),
            origin: transfer.origin.to_string(),
            destination: transfer.destination.to_string(),
            holder: transfer.holder.clone(),
            amount: transfer.amount.ten_thousandths(),
            comment: transfer.comment.clone(),
            positions: positions.join(" "),
            state: OPEN.to_owned(),
            operation: None,
        },
    )?;
    Ok(Ok(()))
}

/// The customer's draft; `None` if there is none of that id, or it is somebody else's.
pub fn find(connection: &Connection, id: &str, customer: Rut) -> Result<Option<Draft>, SandboxError> {
    let draft = sql::find_draft(connection, id)?.map(read).transpose()?;
    Ok(draft.filter(|draft| draft.transfer.origin.owner() == customer))
}

/// Confirms the customer's draft with the coordinates typed, once: a draft that is over stays as it ended.
pub fn confirm(
    connection: &Connection,
    id: &str,
    customer: Rut,
    typed: &[String; COORDINATES],
    now: Timestamp,
) -> Result<Option<Draft>, SandboxError> {
    let Some(row) = sql::find_draft(connection, id)? else {
        return Ok(None);
    };
    let expired = now
        > from_ms(row.created_at_ms)
            .saturating_add(DRAFT_LIFE)
            .unwrap_or(Timestamp::MAX);
    let mut draft = read(row)?;
    if draft.transfer.origin.owner() != customer {
        return Ok(None);
    }
    if draft.standing == Standing::Open {
        let (standing, operation) = execute(connection, &draft.transfer, typed, expired, now)?;
        let (state, shown) = match standing {
            Standing::Open => return Err(SandboxError::Broken("a confirmed draft is still open")),
            Standing::Moved(_) => (MOVED, operation),
            Standing::Unclear => (UNCLEAR, operation),
            Standing::Refused(refusal) => (refusal.code(), None),
        };
        if !sql::close_draft(connection, id, state, shown)? {
            return Err(SandboxError::Broken("a draft was closed twice"));
        }
        draft.standing = standing;
    }
    Ok(Some(draft))
}

fn execute(
    connection: &Connection,
    transfer: &Transfer,
    typed: &[String; COORDINATES],
    expired: bool,
    now: Timestamp,
) -> Result<(Standing, Option<i64>), SandboxError> {
    if expired {
        return Ok((Standing::Refused(Refusal::Expired), None));
    }
    let told = match card::judge(typed, transfer.origin.owner()) {
        Verdict::Execute => Told::Yes,
        Verdict::ExecuteUntold => Told::No,
        Verdict::LeaveUntold => return Ok((Standing::Unclear, None)),
        Verdict::Reject => return Ok((Standing::Refused(Refusal::Rejected), None)),
        Verdict::Wrong => return Ok((Standing::Refused(Refusal::WrongCoordinates), None)),
    };
    Ok(
        match (transfer::move_money(connection, transfer, told, now)?, told) {
            (Ok(operation), Told::Yes) => (Standing::Moved(operation), Some(operation)),
            (Ok(operation), Told::No) => (Standing::Unclear, Some(operation)),
            (Err(refusal), Told::Yes) => (Standing::Refused(refusal), None),
            (Err(_), Told::No) => (Standing::Unclear, None),
        },
    )
}

fn read(row: DraftRow) -> Result<Draft, SandboxError> {
    let account = |text: &str| {
        text.parse::<AccountNumber>()
            .map_err(|_| SandboxError::Broken("account of a draft"))
    };
    let standing = match row.state.as_str() {
        OPEN => Standing::Open,
        MOVED => Standing::Moved(
            row.operation
                .ok_or(SandboxError::Broken("operation of a draft"))?,
        ),
        UNCLEAR => Standing::Unclear,
        reason => Standing::Refused(reason.parse()?),
    };
    Ok(Draft {
        transfer: Transfer {
            origin: account(&row.origin)?,
            destination: account(&row.destination)?,
            holder: row.holder,
            amount: Amount::from_ten_thousandths(row.amount),
            comment: row.comment,
        },
        positions: row.positions.split(' ').map(str::to_owned).collect(),
        standing,
    })
}

fn millis(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

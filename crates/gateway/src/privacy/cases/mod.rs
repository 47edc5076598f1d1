//! What an owner asks the console about one person. Looking through an account takes longer than a browser waits, and so do
//! telling and erasing: a job does each of them, while a page tells how far it is.
//!
//! A case is named by a number, so that no address tells whose it is; who is meant, and the file, lie sealed. It is its
//! asker's alone, and gone within [`LIFE`].

pub(crate) mod jobs;
mod sql;

use ayni_crypto::keyring::KeyringError;
use ayni_domain::audit::Action;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::personal::Person;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, NewJob};
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use super::digest_of;
use crate::app::{App, Shared};
use crate::console::audit::{self, Actor};
use crate::keys::sealed::SealedColumn;
use crate::signals::JobKind;

/// Every SQL text of this folder.
pub(super) const STATEMENTS: &[&str] = sql::ALL;

/// What is sealed here, for the walk that seals it anew and the end of a data key.
pub(super) const SEALED: &[SealedColumn] = &[
    SealedColumn {
        name: "person_cases.person_sealed",
        count: sql::COUNT_SEALED_PERSONS,
        lasting: None,
    },
    SealedColumn {
        name: "person_case_chunks.bytes_sealed",
        count: sql::COUNT_SEALED_CHUNKS,
        lasting: None,
    },
];

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The person is looked for.
    Looking,
    /// What is there is known.
    Found,
    /// The file is being written.
    Writing,
    /// The file is there.
    Written,
    /// The person is being erased.
    Erasing,
    /// The person is erased.
    Erased,
    /// It could not be done.
    Refused,
}

/// A case as its row tells it.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its id.
    pub id: String,
    /// In which account.
    pub account: AccountId,
    /// Who asked.
    pub actor: Actor,
    /// Where it stands.
    pub state: State,
    /// What was found; nothing before that is known.
    pub found: Tally,
    /// Why it could not be done.
    pub reason: Option<Reason>,
    /// Payments that the file tells so far.
    pub told: usize,
    /// Pieces of the file so far.
    pub chunks: i64,
    /// When it was begun.
    pub created_at: Timestamp,
    person_sealed: Vec<u8>,
}

/// Where a person stands, and how often.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Payments, by their identifiers.
    pub payments: Vec<String>,
    /// Lines of statements that are no payment's: collecting account and the bank's id.
    pub movements: Vec<(i64, String)>,
    /// How many rows of each table tell of the person, but for these two; empty ones are left out.
    pub counts: Vec<(String, i64)>,
}

/// Why a case could not be carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", content = "what", rename_all = "kebab-case")]
pub enum Reason {
    /// Money is on its way: payments and lines, each with what is under way.
    InFlight(Vec<String>),
    /// All but these payments was erased: they can't be read.
    Unreadable(Vec<String>),
    /// The person is a user of the account.
    IsUser,
    /// There are more payments than are handled at once.
    TooMany,
}

/// Why a case was not begun or carried on.
#[derive(Debug, Error)]
pub enum CaseError {
    /// The database refused or failed.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// What is sealed could not be sealed or opened.
    #[error("who is meant could not be sealed or opened")]
    Keyring(#[from] KeyringError),
    /// What was shown to prove who asks was used already.
    #[error("what was shown was used already")]
    Unproved,
    /// The case is not there, or stands elsewhere.
    #[error("the case is gone, or was carried on meanwhile")]
    Gone,
    /// As many of the asker's cases are open as may be.
    #[error("as many people are being looked for as may be")]
    TooMany,
}

impl State {
    /// All of them.
    pub const ALL: [State; 7] = [
        State::Looking,
        State::Found,
        State::Writing,
        State::Written,
        State::Erasing,
        State::Erased,
        State::Refused,
    ];

    /// Its word in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Looking => "looking",
            State::Found => "found",
            State::Writing => "writing",
            State::Written => "written",
            State::Erasing => "erasing",
            State::Erased => "erased",
            State::Refused => "refused",
        }
    }

    /// Whether a job is at it.
    pub fn is_under_way(self) -> bool {
        matches!(self, State::Looking | State::Writing | State::Erasing)
    }
}

impl Tally {
    /// Whether nothing tells of the person.
    pub fn is_empty(&self) -> bool {
        self.payments.is_empty() && self.movements.is_empty() && self.counts.is_empty()
    }

    fn payment_ids(&self) -> Vec<PaymentId> {
        let ids = self.payments.iter();
        ids.filter_map(|id| PaymentId::parse(id).ok()).collect()
    }
}

impl Case {
    /// Who is meant: RUT and e-mail address as they were typed, either may be empty.
    pub fn person(&self, app: &App) -> Result<(Person, [Zeroizing<String>; 2]), CaseError> {
        let opened = app.keyring.open(&context(&self.id), &self.person_sealed)?;
        let text = String::from_utf8_lossy(&opened);
        let (rut, email) = text.split_once('\n').unwrap_or_default();
        let person = Person::of(rut, email).map_err(|_| CaseError::Gone)?;
        Ok((person, [rut, email].map(|text| Zeroizing::new(text.to_owned()))))
    }
}

/// Begins to look for a person; returns the case's id.
pub async fn begin(app: &App, actor: &Actor, (rut, email): (&str, &str)) -> Result<String, CaseError> {
    let (id, now) = (app.entropy.uuid().to_string(), app.clock.now());
    let typed = Zeroizing::new(format!("{}\n{}", rut.trim(), email.trim()));
    let sealed = app.keyring.seal(&context(&id), typed.as_bytes())?;
    let (key, actor) = (id.clone(), actor.clone());
    app.db
        .write("person.begin", move |tx: &mut Tx<'_>| {
            if sql::count_open(tx, actor.account, &actor.email)? >= OPEN_MAX {
                return Err(CaseError::TooMany);
            }
            sql::insert_case(tx, &key, &actor, &sealed, now)?;
            Ok(enqueue(tx, &key, actor.account, now)?)
        })
        .await?;
    app.signals.wake(JobKind::PersonCase);
    Ok(id)
}

/// An asker's case.
pub async fn find(app: &App, asker: &Actor, id: &str) -> Result<Option<Case>, StoreError> {
    let (id, asker) = (id.to_owned(), asker.clone());
    app.db
        .read("person.find", move |tx: &mut Tx<'_>| {
            let found = sql::select_case(tx, &id)?;
            Ok(found.filter(|case| case.account == asker.account && case.actor.email == asker.email))
        })
        .await
}

/// An asker's cases, the newest first.
pub async fn list(app: &App, asker: &Actor) -> Result<Vec<Case>, StoreError> {
    let asker = asker.clone();
    app.db
        .read("person.list", move |tx: &mut Tx<'_>| {
            sql::select_of_asker(tx, asker.account, &asker.email)
        })
        .await
}

/// Has the person's file written.
pub async fn ask_for_file(app: &App, actor: &Actor, case: &Case) -> Result<(), CaseError> {
    let subject = digest_of(app, &case.person(app)?.0);
    let (actor, case, now) = (actor.clone(), case.clone(), app.clock.now());
    app.db
        .write("person.write", move |tx: &mut Tx<'_>| {
            carry_on(tx, &case, (&[State::Found], State::Writing), &actor, now)?;
            audit::note_by(tx, &actor, Action::PersonExport, &subject, now)?;
            Ok::<_, CaseError>(())
        })
        .await?;
    app.signals.wake(JobKind::PersonCase);
    Ok(())
}

/// Has the person erased, in the unit of work in which what the asker showed is spent; `false` of that undoes it.
pub(crate) async fn ask_for_erasure(
    app: &App,
    actor: &Actor,
    case: &Case,
    spend: impl Fn(&mut Tx<'_>) -> Result<bool, StoreError> + Send + Sync + 'static,
) -> Result<(), CaseError> {
    let subject = format!("{} begun", digest_of(app, &case.person(app)?.0));
    let (actor, case, now) = (actor.clone(), case.clone(), app.clock.now());
    app.db
        .write("person.erase", move |tx: &mut Tx<'_>| {
            if !spend(tx)? {
                return Err(CaseError::Unproved);
            }
            let from = &[State::Found, State::Written, State::Refused];
            carry_on(tx, &case, (from, State::Erasing), &actor, now)?;
            audit::note_by(tx, &actor, Action::PersonErase, &subject, now)?;
            Ok::<_, CaseError>(())
        })
        .await?;
    app.signals.wake(JobKind::PersonCase);
    Ok(())
}

/// A piece of a case's file: 1, 2, …
pub async fn piece(app: &Shared, case: &Case, number: i64) -> Result<Zeroizing<Vec<u8>>, CaseError> {
    let id = case.id.clone();
    let sealed = app
        .db
        .read("person.piece", move |tx: &mut Tx<'_>| {
            sql::select_chunk(tx, &id, number)
        })
        .await?;
    let sealed = sealed.ok_or(CaseError::Gone)?;
    Ok(app.keyring.open(&chunk_context(&case.id, number), &sealed)?)
}

/// Throws the files of an account away, since they may tell who was just erased.
pub(super) fn discard_files(tx: &mut Tx<'_>, account: AccountId) -> Result<(), StoreError> {
    sql::discard_files(tx, account)
}

/// Throws cases away that are older than [`LIFE`].
pub(crate) async fn forget_old(app: &App) -> Result<(), StoreError> {
    let before = app.clock.now() - LIFE;
    let old = app
        .db
        .read("person.old", move |tx: &mut Tx<'_>| sql::select_old(tx, before));
    for id in old.await? {
        let work = move |tx: &mut Tx<'_>| sql::delete_case(tx, &id);
        app.db.append("person.forget", work).await?;
    }
    Ok(())
}

/// Moves a case on, with the job that does it.
fn carry_on(
    tx: &mut Tx<'_>,
    case: &Case,
    (from, to): (&[State], State),
    actor: &Actor,
    now: Timestamp,
) -> Result<(), CaseError> {
    let is_there = sql::select_case(tx, &case.id)?.is_some_and(|now| from.contains(&now.state));
    if !is_there || !sql::move_case(tx, &case.id, to, actor)? {
        return Err(CaseError::Gone);
    }
    Ok(enqueue(tx, &case.id, case.account, now)?)
}

fn enqueue(tx: &mut Tx<'_>, id: &str, account: AccountId, now: Timestamp) -> Result<(), StoreError> {
    let job = NewJob {
        kind: JobKind::PersonCase.as_str(),
        key: id,
        lane: &account.to_string(),
        payload: "",
        due_at: now,
    };
    queue::enqueue(tx, &job, now)
}

fn context(id: &str) -> String {
    format!("person-case:{id}")
}

fn chunk_context(id: &str, number: i64) -> String {
    format!("person-case:{id}:{number}")
}

/// How long a case is kept.
pub const LIFE: SignedDuration = SignedDuration::from_hours(1);
/// Cases of one asker at once; they are gone within the hour.
pub const OPEN_MAX: i64 = 20;

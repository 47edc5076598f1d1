//! Sessions as rows: how they begin, how long they last, how they end.

use std::fmt;

use ayni_domain::ids::AccountId;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};

use super::sql;
use crate::app::App;
use crate::merchants::users::{self, Membership};

/// A session as pages name it; it opens nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SessionId(pub(crate) String);

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A signed-in browser, as its row says.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) hash: [u8; 32],
    pub(super) id: SessionId,
    pub(super) email: String,
    pub(super) account: AccountId,
    /// Whether the second factor was given, where the person has one.
    pub(super) is_complete: bool,
    pub(super) address: String,
    /// What the browser calls itself.
    pub(super) agent: String,
    pub(super) created_at: Timestamp,
    pub(super) seen_at: Timestamp,
}

impl Session {
    /// Whether it still opens pages.
    fn is_live(&self, now: Timestamp) -> bool {
        let life = match self.is_complete {
            true => LIFE,
            false => INCOMPLETE_LIFE,
        };
        now < self.created_at + life && now < self.seen_at + IDLE_LIFE
    }
}

/// The live, complete session of a token's hash, and the accounts that have its person as user.
pub(super) fn open(
    tx: &mut Tx<'_>,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<(Session, Vec<Membership>)>, StoreError> {
    let Some(session) = sql::select_session(tx, hash)?.filter(|session| session.is_live(now)) else {
        return Ok(None);
    };
    if !session.is_complete {
        return Ok(None);
    }
    let memberships = users::memberships(tx, &session.email)?;
    Ok(Some((session, memberships)))
}

/// The live session of a token's hash that waits for its second factor.
pub(super) fn waiting(
    tx: &mut Tx<'_>,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Session>, StoreError> {
    let found = sql::select_session(tx, hash)?;
    Ok(found.filter(|session| !session.is_complete && session.is_live(now)))
}

/// Notes that the session is used, so that it does not end of idleness; not at every page.
pub(super) async fn see(app: &App, session: &Session, now: Timestamp) -> Result<(), StoreError> {
    if now < session.seen_at + SEEN_EVERY {
        return Ok(());
    }
    let hash = session.hash;
    app.db
        .append("console.see", move |tx| sql::update_seen(tx, &hash, now))
        .await
}

/// Lets a session show another account of the person's, since it may not show its own any more; ends it where there is
/// none.
pub(super) async fn move_on(app: &App, session: &Session, others: &[Membership]) -> Result<(), StoreError> {
    let (hash, other) = (session.hash, others.first().map(|other| other.account));
    app.db
        .append("console.move-on", move |tx| match other {
            Some(account) => sql::update_account(tx, &hash, account),
            None => sql::delete_session(tx, &hash),
        })
        .await
}

/// The person's live sessions, newest first.
pub(super) fn list(tx: &mut Tx<'_>, email: &str, now: Timestamp) -> Result<Vec<Session>, StoreError> {
    let all = sql::select_sessions(tx, email)?;
    Ok(all
        .into_iter()
        .filter(|session| session.is_complete && session.is_live(now))
        .collect())
}

/// Deletes sessions that are over.
pub(super) async fn forget_old(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    app.db
        .append("console.forget-sessions", move |tx| {
            sql::delete_old_sessions(tx, now - LIFE, now - IDLE_LIFE)
        })
        .await
}

/// A session ends a week after its sign-in, however much it is used.
const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A session that nobody uses for a working day has ended.
const IDLE_LIFE: SignedDuration = SignedDuration::from_hours(8);
/// How long a person may look for the second factor.
const INCOMPLETE_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// A session's last use is written no more often than this.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(1);

//! Links by which people set a password: for who was invited, and for who forgot it. A link opens once. That of an
//! invitation opens for a day, and a newer one of the same person ends it; one that was asked for at the sign-in opens for
//! an hour and ends no other, since anybody may ask. Setting the password ends all of the person's.
//!
//! Whoever holds a link becomes the person. So it is shown to the operator at the command line and sent to the person's
//! own address, and never shown to another person of the console.

use ayni_crypto::digest::{hex, sha256};
use ayni_domain::audit::Action;
use ayni_domain::ids::AccountId;
use ayni_domain::lang::Lang;
use ayni_domain::role::Role;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use super::{Seat, mail, second, sql};
use crate::app::App;
use crate::console::audit::{self, Actor};
use crate::merchants::{MerchantError, accounts, users};
use crate::signals::JobKind;

/// What a link's mail tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Somebody let the person in.
    Invitation,
    /// Somebody, perhaps the person, asked for it at the sign-in.
    Forgotten,
}

/// What goes with an operator's link.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms {
    /// The role that the person is given first; without it the person keeps the one that there is.
    pub role: Option<Role>,
    /// Whether the person's second factor and recovery codes are taken away, for who lost both.
    pub without_second_factor: bool,
}

/// A link that was made.
pub struct Invitation {
    /// Whom it is for, in lower case.
    pub email: String,
    /// What the person may do in the account.
    pub role: Role,
    /// The whole address.
    pub url: Zeroizing<String>,
    /// Until when it opens.
    pub expires_at: Timestamp,
    /// Whether it is sent to the person by mail too.
    pub is_mailed: bool,
}

/// A link's row.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) hash: [u8; 32],
    pub(super) id: String,
    pub(super) email: String,
    pub(super) account: AccountId,
    pub(super) lang: Lang,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

impl Cause {
    /// Its word in the mail's job.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Cause::Invitation => "invitation",
            Cause::Forgotten => "forgotten",
        }
    }

    pub(super) fn read(word: &str) -> Cause {
        match word {
            "forgotten" => Cause::Forgotten,
            _ => Cause::Invitation,
        }
    }
}

/// Makes a link for a user of the account, as the operator does.
///
/// # Errors
/// [`MerchantError::NoUser`] where the account has no such user and no role was said.
pub async fn invite(
    app: &App,
    account: AccountId,
    address: &str,
    terms: Terms,
) -> Result<Invitation, MerchantError> {
    accounts::find(&app.db, account).await?;
    let email = address.to_lowercase();
    let (token, link) = draw(app, &email, account, Lang::Es, LIFE);
    let (expires_at, is_mailed) = (link.expires_at, app.mailer.is_some());
    let operator = Actor::operator(app, account);
    let role = app
        .db
        .write("console.invite", move |tx| {
            let (email, now) = (&link.email, link.created_at);
            if let Some(role) = terms.role {
                users::set_by(tx, &operator, email, role, now)?;
            }
            let Some(role) = users::role(tx, account, email)? else {
                let email = email.clone();
                return Err(MerchantError::NoUser { account, email });
            };
            if terms.without_second_factor && second::take_off(tx, email)? {
                audit::note_by(tx, &operator, Action::SecondFactorOff, email, now)?;
            }
            store(tx, &link, is_mailed)?;
            audit::note_by(tx, &operator, Action::UserInvite, email, now)?;
            Ok(role)
        })
        .await?;
    app.signals.wake(JobKind::Invitation);
    Ok(Invitation {
        is_mailed,
        url: url(app, &token),
        email,
        role,
        expires_at,
    })
}

/// A link with its token, not stored yet.
pub(super) fn draw(
    app: &App,
    email: &str,
    account: AccountId,
    lang: Lang,
    life: SignedDuration,
) -> (Zeroizing<String>, Link) {
    let (id, now) = (app.entropy.uuid().to_string(), app.clock.now());
    let token = token(app, &id);
    let link = Link {
        hash: sha256(token.as_bytes()),
        id,
        email: email.to_owned(),
        account,
        lang,
        created_at: now,
        expires_at: now + life,
    };
    (token, link)
}

/// Stores a link in place of the person's others, and arranges for its mail.
pub(super) fn store(tx: &mut Tx<'_>, link: &Link, is_mailed: bool) -> Result<(), StoreError> {
    sql::delete_links_of(tx, &link.email)?;
    add(tx, link, is_mailed.then_some(Cause::Invitation))
}

/// Stores a link beside the person's others, and arranges for the mail that tells this cause.
pub(super) fn add(tx: &mut Tx<'_>, link: &Link, mailed: Option<Cause>) -> Result<(), StoreError> {
    sql::insert_link(tx, link)?;
    match mailed {
        Some(cause) => mail::enqueue(tx, link, cause, link.created_at),
        None => Ok(()),
    }
}

/// Invites a new person of an account by mail, in the unit of work that gives the role. Nothing where the person has a
/// password already: the role is all that was missing.
pub(in crate::console) fn invite_in(tx: &mut Tx<'_>, drawn: &Drawn) -> Result<bool, StoreError> {
    if sql::select_password(tx, &drawn.0.email)?.is_some() {
        return Ok(false);
    }
    store(tx, &drawn.0, true).map(|()| true)
}

/// A person who has no password yet.
pub(in crate::console) struct Waiting {
    /// Until when the account's invitation opens; nothing where none does.
    pub(in crate::console) opens_until: Option<Timestamp>,
}

/// What came of sending an invitation again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::console) enum Resent {
    /// A new link is on its way.
    Sent,
    /// The person needs none.
    HasPassword,
    /// One was made a moment ago.
    TooSoon,
}

/// Whether a person of the account has no password yet, and how long the account's invitation opens.
pub(in crate::console) fn waiting(
    tx: &mut Tx<'_>,
    account: AccountId,
    email: &str,
    now: Timestamp,
) -> Result<Option<Waiting>, StoreError> {
    if sql::select_password(tx, email)?.is_some() {
        return Ok(None);
    }
    let newest = sql::select_newest_link(tx, account, email)?;
    let opens_until = newest.map(|link| link.expires_at).filter(|until| now < *until);
    Ok(Some(Waiting { opens_until }))
}

/// Puts a new invitation in place of the person's links, and arranges for its mail.
pub(in crate::console) fn send_again(tx: &mut Tx<'_>, drawn: &Drawn) -> Result<Resent, StoreError> {
    let Drawn(link) = drawn;
    if sql::select_password(tx, &link.email)?.is_some() {
        return Ok(Resent::HasPassword);
    }
    let newest = sql::select_newest_link(tx, link.account, &link.email)?;
    if newest.is_some_and(|newest| link.created_at < newest.created_at + SENT_EVERY) {
        return Ok(Resent::TooSoon);
    }
    store(tx, link, true).map(|()| Resent::Sent)
}

/// Ends the account's links of a person who has no password yet; says whether there was one.
pub(crate) fn cancel(tx: &mut Tx<'_>, account: AccountId, email: &str) -> Result<bool, StoreError> {
    match sql::select_password(tx, email)? {
        Some(_) => Ok(false),
        None => sql::delete_links_from(tx, account, email),
    }
}

/// A link that was drawn for a person and is not stored yet.
#[derive(Clone)]
pub(in crate::console) struct Drawn(Link);

/// Draws a link for a person of the console's account.
pub(in crate::console) fn draw_for(app: &App, seat: &Seat, email: &str) -> Drawn {
    Drawn(draw(app, email, seat.account, seat.lang, LIFE).1)
}

/// The link of a token, while it opens.
pub(super) async fn find(app: &App, token: &str) -> Result<Option<Link>, StoreError> {
    let (hash, now) = (sha256(token.as_bytes()), app.clock.now());
    let found = app
        .db
        .point("console.link", move |tx| sql::select_link(tx, &hash))
        .await?;
    Ok(found.filter(|link| now < link.expires_at))
}

/// A link's token: derived, so that the mail that carries it can be written on any node and lies nowhere.
pub(super) fn token(app: &App, id: &str) -> Zeroizing<String> {
    Zeroizing::new(app.keyring.derive_hex("console-link", id.as_bytes()))
}

/// The address that a link's token opens.
pub(super) fn url(app: &App, token: &str) -> Zeroizing<String> {
    Zeroizing::new(app.settings.link(&format!("/console/password/{token}")))
}

/// A password for a first start, of 96 bits in four groups.
pub fn draw_password(app: &App) -> Zeroizing<String> {
    let digits = Zeroizing::new(hex(&app.entropy.bytes::<12>()));
    let groups: Vec<&str> = (0..4)
        .filter_map(|group| digits.get(group * 6..group * 6 + 6))
        .collect();
    Zeroizing::new(groups.join("-"))
}

/// Deletes links that are over.
pub(super) async fn forget_old(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    app.db
        .append("console.forget-links", move |tx| sql::delete_old_links(tx, now))
        .await
}

/// An invitation is sent again no sooner than this: each is a mail.
const SENT_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// How long an invitation's link opens.
const LIFE: SignedDuration = SignedDuration::from_hours(24);

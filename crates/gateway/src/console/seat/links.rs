//! Links by which people set a password: for who was invited, and for who forgot it. A link opens once, for a day, and a
//! newer one of the same person ends it.
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

use super::{Seat, mail, sql};
use crate::app::App;
use crate::console::audit::{self, Actor};
use crate::merchants::{MerchantError, users};
use crate::signals::JobKind;

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

/// Makes a link for a user of the account; with a role the person is given it first.
///
/// # Errors
/// [`MerchantError::NoUser`] where the account has no such user and no role was said.
pub async fn invite(
    app: &App,
    account: AccountId,
    address: &str,
    role: Option<Role>,
) -> Result<Invitation, MerchantError> {
    if let Some(role) = role {
        users::set(app, account, address, role).await?;
    }
    let email = address.to_lowercase();
    let (token, link) = draw(app, &email, account, Lang::Es);
    let (expires_at, is_mailed) = (link.expires_at, app.mailer.is_some());
    let operator = Actor::operator(app, account);
    let role = app
        .db
        .write("console.invite", move |tx| {
            let Some(role) = users::role(tx, account, &link.email)? else {
                let email = link.email.clone();
                return Err(MerchantError::NoUser { account, email });
            };
            store(tx, &link, is_mailed)?;
            audit::note_by(tx, &operator, Action::UserInvite, &link.email, link.created_at)?;
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
pub(super) fn draw(app: &App, email: &str, account: AccountId, lang: Lang) -> (Zeroizing<String>, Link) {
    let (id, now) = (app.entropy.uuid().to_string(), app.clock.now());
    let token = token(app, &id);
    let link = Link {
        hash: sha256(token.as_bytes()),
        id,
        email: email.to_owned(),
        account,
        lang,
        created_at: now,
        expires_at: now + LIFE,
    };
    (token, link)
}

/// Stores a link in place of the person's others, and arranges for its mail.
pub(super) fn store(tx: &mut Tx<'_>, link: &Link, is_mailed: bool) -> Result<(), StoreError> {
    sql::delete_links_of(tx, &link.email)?;
    sql::insert_link(tx, link)?;
    match is_mailed {
        true => mail::enqueue(tx, link, link.created_at),
        false => Ok(()),
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

/// A link that was drawn for a person and is not stored yet.
#[derive(Clone)]
pub(in crate::console) struct Drawn(Link);

/// Draws a link for a person of the console's account.
pub(in crate::console) fn draw_for(app: &App, seat: &Seat, email: &str) -> Drawn {
    Drawn(draw(app, email, seat.account, seat.lang).1)
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

/// How long a link opens.
const LIFE: SignedDuration = SignedDuration::from_hours(24);

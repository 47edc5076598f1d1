//! The form of a link's page: what tells one sending of it from another.
//!
//! A page carries a random mark, signed for its link. What is sent is known by the mark and by what was filled in: the
//! same form sent twice is one order, and one that was changed in between is another.

use ayni_crypto::digest::{hex, sha256};
use ayni_domain::ids::LinkCode;

use crate::app::App;
use crate::http::pages::Form;

/// A new page's mark.
pub(super) fn mark(app: &App, code: LinkCode) -> String {
    let random = hex(&app.entropy.bytes::<MARK_BYTES>());
    let signature = signed(app, code, &random);
    format!("{random}{signature}")
}

/// What tells this sending from others, if the form came from a page of this link.
pub(super) fn submission(app: &App, code: LinkCode, form: &Form) -> Option<String> {
    let (random, signature) = form.text("mark").split_at_checked(2 * MARK_BYTES)?;
    let is_ours = sha256(signature.as_bytes()) == sha256(signed(app, code, random).as_bytes());
    let filled = FIELDS.map(|name| form.text(name)).join("\n");
    is_ours.then(|| hex(&sha256(format!("{random}\n{filled}").as_bytes())))
}

fn signed(app: &App, code: LinkCode, random: &str) -> String {
    app.keyring
        .derive_hex("payment-link-form", format!("{code}:{random}").as_bytes())
}

/// What a payer fills in.
const FIELDS: [&str; 4] = ["amount", "quantity", "name", "email"];
const MARK_BYTES: usize = 16;

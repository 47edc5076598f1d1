//! What the API says of refunds.

use ayni_domain::lang::Lang;

/// A refund was accepted, and is on its way.
pub fn accepted(lang: Lang) -> &'static str {
    lang.pick(
        "El reembolso fue aceptado y está en proceso",
        "The refund was accepted and is on its way",
    )
}

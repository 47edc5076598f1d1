//! The contract's part of a page: what it is, where it can be read, and before money may move the box to be ticked.
//!
//! The box's value is the digest of the document that is shown, so that what is accepted is what was shown.

use ayni_domain::lang::Lang;

use super::viewed::Viewed;
use super::visitor::Visitor;
use crate::http::pages::Form;
use crate::texts::pages::contract::Contract;
use crate::texts::receipts::Texts;

/// A contract before a visitor's eyes.
pub(super) struct ContractView {
    pub(super) t: &'static Contract,
    pub(super) name: String,
    pub(super) size: String,
    pub(super) sha256: String,
    pub(super) href: String,
    /// Whether it is to be accepted on this page.
    pub(super) asks: bool,
    /// Whether a form came back because it was not.
    pub(super) is_missing: bool,
}

/// The contract of a payment, to be read.
pub(super) fn shown(visitor: &Visitor, viewed: &Viewed) -> Option<ContractView> {
    let paper = viewed.contract.as_ref()?;
    Some(ContractView {
        t: Contract::of(visitor.lang),
        name: paper.name.clone(),
        size: size(paper.size_bytes, visitor.lang),
        sha256: paper.sha256.clone(),
        href: visitor.to("contract"),
        asks: false,
        is_missing: false,
    })
}

/// The contract of a payment, to be accepted in the form around it.
pub(super) fn asked(visitor: &Visitor, viewed: &Viewed, is_missing: bool) -> Option<ContractView> {
    Some(ContractView {
        asks: true,
        is_missing,
        ..shown(visitor, viewed)?
    })
}

/// Whether a form accepts the document that the payment has; also where it has none.
pub(super) fn is_accepted(viewed: &Viewed, form: &Form) -> bool {
    let named = form.text(FIELD);
    match &viewed.contract {
        Some(paper) => paper.sha256 == named,
        None => viewed.payment.details.contract_url.is_none(),
    }
}

fn size(bytes: i64, lang: Lang) -> String {
    Texts::of(lang).bytes(bytes, lang)
}

/// The box's name.
pub(super) const FIELD: &str = "contract";

//! What a connector asks for as a bearer token.

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// A connector's secret; it shows nothing of itself.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(super) struct Secret(String);

/// It has characters that a header can't have.
#[derive(Debug)]
pub(super) struct NotVisible;

impl Secret {
    pub(super) fn new(text: String) -> Result<Secret, NotVisible> {
        let is_visible = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        is_visible.then(|| Secret(text)).ok_or(NotVisible)
    }

    pub(super) fn header(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("Bearer {}", self.0))
    }
}

//! A small browser over HTTP: what it keeps of a site between two requests.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// One tab: the site's cookies and the page that it shows.
#[derive(Clone, Default, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Tab {
    url: String,
}

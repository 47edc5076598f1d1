//! What an operator sees and does: `ayni sites list|check`.

use std::sync::Arc;

use ayni_domain::operation::Fault;

use super::{Site, visit};
use crate::app::App;

/// How a site answered its probe.
pub struct Checked {
    /// The institution.
    pub site: Arc<Site>,
    /// How long it took, in milliseconds.
    pub took_ms: u128,
    /// Why it failed.
    pub fault: Option<Fault>,
}

/// Opens each site's first page, one after the other; of one institution where its path or host is named.
pub async fn check(app: &App, named: Option<&str>) -> Vec<Checked> {
    let is_meant = |site: &&Arc<Site>| {
        let declaration = site.declaration();
        named.is_none_or(|name| name == declaration.path || name == declaration.institution)
    };
    let mut checked = Vec::new();
    for site in app.sites.all().filter(is_meant) {
        let begun = std::time::Instant::now();
        let fault = visit::probe(app, site).await.err();
        checked.push(Checked {
            site: site.clone(),
            took_ms: begun.elapsed().as_millis(),
            fault,
        });
    }
    checked
}

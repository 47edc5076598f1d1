//! Getting a contract from its merchant's server, before its payment is made: within a time and a size, no redirect
//! followed, and only what begins as a PDF does. What a hostile document may do is not judged here: no page of ours shows it.

use std::time::Duration;

use super::Contract;
use crate::app::App;
use ayni_crypto::digest::sha256;
use ayni_domain::creation::NewPayment;
use ayni_domain::creation::fields::Field;
use ayni_domain::fields::{FieldName as _, Fields};
use ayni_domain::violation::{Problem, Violation};

/// Fetches the contract that a request names, unless its URL breaks a rule already; what goes wrong is one more
/// violation.
pub(crate) async fn fetch_asked(
    app: &App,
    fields: &Fields<'_, Field>,
    decided: Result<NewPayment, Vec<Violation>>,
    violations: &mut Vec<Violation>,
) -> Option<Contract> {
    let field = Field::ContractUrl.name();
    let is_refused = decided
        .err()
        .is_some_and(|all| all.iter().any(|violation| violation.field == field));
    let url = fields.text(Field::ContractUrl).filter(|_| !is_refused)?;
    match app.outbound.fetch(&url, MAX_BYTES, TIMEOUT).await {
        Ok(fetched) if fetched.bytes.starts_with(PDF_MAGIC) => Some(Contract {
            sha256: sha256(&fetched.bytes),
            bytes: fetched.bytes,
        }),
        Ok(_) | Err(_) => {
            violations.push(Violation::new(field, Problem::ContractUnreadable(url)));
            None
        }
    }
}

const PDF_MAGIC: &[u8] = b"%PDF-";
const MAX_BYTES: usize = 10 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(5);

//! What an answer adds to its data, before it is put in words: `AdditionalInformation` of the wire.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::lang::Lang;

/// Something the caller should know about an answer that ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// The client owes nothing.
    NoDebt,
    /// The debt is the sum of several bills.
    SeveralBills(Vec<Date>),
    /// The answer was kept from a visit that many seconds ago.
    Cached {
        /// Its age.
        age_s: u64,
    },
    /// A connector's own sentence.
    Told(String),
}

impl Note {
    /// The sentence.
    pub fn text(&self, lang: Lang) -> String {
        match (self, lang) {
            (Note::NoDebt, Lang::Es) => "El cliente no registra deuda.".to_owned(),
            (Note::NoDebt, Lang::En) => "The client has no debt.".to_owned(),
            (Note::SeveralBills(due), Lang::Es) => {
                format!("Suma de {} cuentas, con vencimiento {}.", due.len(), listed(due))
            }
            (Note::SeveralBills(due), Lang::En) => {
                format!("Sum of {} bills, due {}.", due.len(), listed(due))
            }
            (Note::Cached { age_s }, Lang::Es) => format!("Respuesta guardada hace {age_s} segundos."),
            (Note::Cached { age_s }, Lang::En) => format!("Answer kept from {age_s} seconds ago."),
            (Note::Told(sentence), _) => sentence.clone(),
        }
    }
}

fn listed(dates: &[Date]) -> String {
    let texts: Vec<String> = dates.iter().map(Date::to_string).collect();
    texts.join(", ")
}

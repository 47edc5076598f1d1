//! The console: one file for each group of pages.

/// Texts of a page, each one's Spanish and English side by side.
macro_rules! texts {
    ($page:literal; $($(#[$doc:meta])* $name:ident: $kind:ty = ($es:expr, $en:expr);)+) => {
        #[doc = concat!("Texts of `", $page, "`.")]
        pub struct Texts { lang: Lang, $($(#[$doc])* pub $name: $kind,)+ }
        static ES: Texts = Texts { lang: Lang::Es, $($name: $es,)+ };
        static EN: Texts = Texts { lang: Lang::En, $($name: $en,)+ };
    };
}

pub mod acts;
pub mod audit;
pub mod clients;
pub mod deliveries;
pub mod forgotten;
pub mod frame;
pub mod home;
pub mod invitation;
pub mod keys;
pub mod links;
pub mod payments;
pub mod people;
pub mod privacy;
pub mod refused;
pub mod review;
pub mod second;
pub mod security;
pub mod settlements;
pub mod sign_in;
pub mod step_up;
pub mod told;

/// A cell of a CSV file (RFC 4180) that no spreadsheet takes for a formula: what begins like one gets a quotation mark
/// before it (OWASP, CSV Injection).
pub fn csv_cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = match is_formula {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_where_it_must_be_and_is_never_a_formula() {
        for (text, cell) in [
            ("Pan", "Pan"),
            ("Pan, leche", "\"Pan, leche\""),
            ("el \"bueno\"", "\"el \"\"bueno\"\"\""),
            ("=1+1", "'=1+1"),
            ("@sum", "'@sum"),
        ] {
            assert_eq!(csv_cell(text), cell);
        }
    }
}

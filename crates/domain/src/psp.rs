//! Payment service providers that collect for others: a payment of theirs names its final merchant, with the providers
//! in between (`psp_client_merchant_name`: `PSP 1->PSP 2->Client Name`).

/// Between two names.
pub const SEPARATOR: &str = "->";

/// Whether every name of a chain says something.
pub fn is_chain(names: &str) -> bool {
    names.split(SEPARATOR).all(|name| !name.trim().is_empty())
}

/// Whom a payer pays, and through which providers: the account that collects, then those of the chain in its order.
pub fn payee(account: &str, names: &str) -> (String, Vec<String>) {
    let chain = names.split(SEPARATOR).map(|name| name.trim().to_owned());
    let mut all: Vec<String> = std::iter::once(account.to_owned()).chain(chain).collect();
    let payee = all.pop().unwrap_or_default();
    (payee, all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_name_is_the_payee_and_all_others_stand_between() {
        for (names, merchant, providers) in [
            ("Kiosko Luz", "Kiosko Luz", vec!["PSP Uno"]),
            (
                "PSP 2->PSP 3 -> Kiosko Luz",
                "Kiosko Luz",
                vec!["PSP Uno", "PSP 2", "PSP 3"],
            ),
        ] {
            let providers: Vec<String> = providers.into_iter().map(str::to_owned).collect();
            assert_eq!(payee("PSP Uno", names), (merchant.to_owned(), providers));
        }
    }

    #[test]
    fn a_chain_has_no_empty_part() {
        for (names, is_one) in [
            ("a", true),
            ("a->b", true),
            ("a-b", true),
            ("a->", false),
            ("->a", false),
            ("a-> ->b", false),
            (" ", false),
        ] {
            assert_eq!(is_chain(names), is_one, "{names:?}");
        }
    }
}

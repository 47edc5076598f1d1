//! What a client owes a company: nothing, one bill or several, always the same for the same identifier.

use jiff::civil::Date;

use super::biller::Biller;
use super::derived::Derived;

/// A bill that is not paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// The document's number.
    pub document: String,
    /// The day until which it is to be paid.
    pub due: Date,
    /// How much.
    pub pesos: u64,
}

/// The most bills that one client has.
pub const BILLS_MAX: u64 = 4;

/// The bills of that client, not in the order of their dates; `identifier` as the company writes it.
pub fn bills(biller: &Biller, identifier: &str) -> Vec<Bill> {
    if (biller.name.as_str(), identifier) == ("Aguas Andinas", "25252525") {
        return vec![example()];
    }
    let mut derived = Derived::of(&["deuda", &biller.name, identifier]);
    let count = match derived.below(100) {
        0..40 => 0,
        40..80 => 1,
        _ => 2 + derived.below(BILLS_MAX - 1),
    };
    (0..count).map(|_| bill(&mut derived)).collect()
}

/// The bill of the example client, and of everyone whose page has a fault, so that a number read from it would be a
/// known one.
pub fn example() -> Bill {
    Bill {
        document: "4102338".to_owned(),
        due: Date::constant(2025, 5, 31),
        pesos: 15_340,
    }
}

/// So many bills of the client, for a client that has a number of them for a test.
pub fn several(count: u64, biller: &Biller, identifier: &str) -> Vec<Bill> {
    let mut derived = Derived::of(&["varias", &biller.name, identifier]);
    (0..count).map(|_| bill(&mut derived)).collect()
}

fn bill(derived: &mut Derived) -> Bill {
    let days = i64::try_from(derived.below(540)).unwrap_or_default();
    let first = Date::constant(2025, 1, 15);
    Bill {
        document: (1_000_000 + derived.below(9_000_000)).to_string(),
        due: first.saturating_add(jiff::SignedDuration::from_hours(24 * days)),
        pesos: 990 + 10 * derived.below(24_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::biller::Directory;

    #[test]
    fn a_client_owes_the_same_whenever_it_is_asked() {
        let directory = Directory::read().unwrap();
        let water = directory.named("Aguas Andinas").unwrap();
        let owed = bills(water, "25252525");
        assert_eq!(
            owed.iter()
                .map(|bill| (bill.pesos, bill.due.to_string()))
                .collect::<Vec<_>>(),
            [(15_340, "2025-05-31".to_owned())]
        );
        let power = directory.named("CGE").unwrap();
        assert_eq!(bills(power, "1234567"), bills(power, "1234567"));
        assert_ne!(several(3, power, "1234567"), several(3, water, "1234567"));
    }

    #[test]
    fn some_owe_nothing_most_owe_one_bill_and_some_owe_several() {
        let directory = Directory::read().unwrap();
        let power = directory.named("CGE").unwrap();
        let mut clients_by_bills = [0; 5];
        for client in 1_000_000..1_001_000 {
            clients_by_bills[bills(power, &client.to_string()).len()] += 1;
        }
        assert!(
            clients_by_bills.iter().all(|clients| *clients > 20),
            "{clients_by_bills:?}"
        );
        assert!(clients_by_bills[0] > 300 && clients_by_bills[1] > 300);
    }
}

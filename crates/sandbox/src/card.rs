//! The matrix card: three of its coordinates confirm a transfer, and on DemoBank they choose how it ends.
//!
//! | typed, in order | what happens |
//! |---|---|
//! | `11 22 33` | the money moves and the receipt is shown |
//! | `99 99 99` | the bank refuses |
//! | `66 66 66` | no clear answer; the money moves if the payer's check digit is odd (K is even) |
//! | anything else | refused as wrong coordinates |

use ayni_domain::rut::Rut;

/// How many coordinates a transfer needs.
pub const COORDINATES: usize = 3;

/// Columns `A` to `J`, as on the cards of Chilean banks.
const COLUMNS: [char; 10] = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J'];

/// Rows 1 to 5.
const ROWS: u8 = 5;

/// What the coordinates make of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is executed and the receipt shown.
    Execute,
    /// It is executed, and the customer is not told.
    ExecuteUntold,
    /// Nothing happens, and the customer is not told that either.
    LeaveUntold,
    /// The bank refuses it.
    Reject,
    /// These are not the coordinates of the card.
    Wrong,
}

/// Judges what was typed.
pub fn judge(typed: &[String; COORDINATES], payer: Rut) -> Verdict {
    match typed.each_ref().map(|text| text.trim()) {
        ["11", "22", "33"] => Verdict::Execute,
        ["99", "99", "99"] => Verdict::Reject,
        ["66", "66", "66"] if payer.check_digit_is_odd() => Verdict::ExecuteUntold,
        ["66", "66", "66"] => Verdict::LeaveUntold,
        _ => Verdict::Wrong,
    }
}

/// Three different cells of the card, such as `B4`, chosen by random bytes.
pub fn positions(random: [u8; 16]) -> [String; COORDINATES] {
    let mut columns = COLUMNS.to_vec();
    let mut cell = |at: usize| {
        let column = columns.remove(usize::from(random[at]) % columns.len());
        format!("{column}{}", random[at + COORDINATES] % ROWS + 1)
    };
    [cell(0), cell(1), cell(2)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(typed: [&str; 3], payer: &str) -> Verdict {
        judge(&typed.map(String::from), Rut::parse(payer).unwrap())
    }

    #[test]
    fn the_coordinates_choose_the_outcome_in_the_order_of_the_fields() {
        for (typed, expected) in [
            (["11", "22", "33"], Verdict::Execute),
            (["33", "22", "11"], Verdict::Wrong),
            (["99", "99", "99"], Verdict::Reject),
            (["99", "99", "98"], Verdict::Wrong),
            (["", "", ""], Verdict::Wrong),
            ([" 11", "22 ", "33"], Verdict::Execute),
        ] {
            assert_eq!(verdict(typed, "11.111.111-1"), expected, "{typed:?}");
        }
    }

    #[test]
    fn without_a_clear_answer_the_payers_check_digit_decides() {
        for (payer, expected) in [
            ("11.111.111-1", Verdict::ExecuteUntold),
            ("44.444.444-4", Verdict::LeaveUntold),
            ("20.347.878-K", Verdict::LeaveUntold),
        ] {
            assert_eq!(verdict(["66", "66", "66"], payer), expected, "{payer}");
        }
    }

    #[test]
    fn the_cells_asked_are_all_different() {
        for seed in 0..=255_u8 {
            let cells = positions([seed; 16]);
            assert!(
                cells[0] != cells[1] && cells[1] != cells[2] && cells[0] != cells[2],
                "{cells:?}"
            );
        }
    }
}

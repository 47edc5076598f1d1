//! Companies as people type their names: with or without accents, capitals, dots and blanks. A name is the company's
//! when nothing but those differs; what is merely near is only ever suggested, because a debt of the wrong company is
//! worse than none.

use std::cmp::Ordering;

use crate::writing::unaccented;

/// Names that are suggested for one that is not known.
pub const SUGGESTIONS_MAX: usize = 3;

/// Characters in common at the beginning that make a name near.
const PREFIX_CHARS_MIN: usize = 3;

/// A name is near when at most one character in this many differs.
const CHARS_PER_SLIP: usize = 4;

/// A name as it is compared: letters and digits, without case and accents.
///
/// Blanks go with the punctuation, so that `Aguas-Andinas` and `Aguas Andinas` are one name.
pub fn normalised(name: &str) -> String {
    name.chars()
        .flat_map(char::to_lowercase)
        .map(unaccented)
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

/// The known names nearest to the one asked for, at most [`SUGGESTIONS_MAX`], nearest first. Each known name comes with
/// the writings it goes by, normalised.
pub fn near<'a>(asked: &str, known: impl IntoIterator<Item = (&'a str, &'a [String])>) -> Vec<&'a str> {
    let asked: Vec<char> = normalised(asked).chars().collect();
    let mut found: Vec<(usize, &str)> = known
        .into_iter()
        .filter_map(|(name, writings)| {
            let distances = writings.iter().filter_map(|writing| distance(&asked, writing));
            Some((distances.min()?, name))
        })
        .collect();
    found.sort_by(|(one, name), (other, other_name)| match one.cmp(other) {
        Ordering::Equal => name.cmp(other_name),
        unequal => unequal,
    });
    found.truncate(SUGGESTIONS_MAX);
    found.into_iter().map(|(_, name)| name).collect()
}

/// How far a writing is from what was asked; none if it is not near at all. A common beginning counts as one slip.
fn distance(asked: &[char], writing: &str) -> Option<usize> {
    let writing: Vec<char> = writing.chars().collect();
    let shorter = asked.len().min(writing.len());
    if shorter >= PREFIX_CHARS_MIN && asked[..shorter] == writing[..shorter] {
        return Some(1);
    }
    let slips = edits(asked, &writing);
    (slips <= asked.len().max(writing.len()) / CHARS_PER_SLIP).then_some(slips)
}

/// Characters to insert, delete or replace to get from one to the other.
fn edits(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (at, against) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != against);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampled::cases;
    use proptest::prelude::*;

    #[test]
    fn case_accents_punctuation_and_blanks_do_not_count() {
        for writing in [
            "Aguas Araucanía",
            "  AGUAS   ARAUCANÍA ",
            "aguas-araucania",
            "Aguas, Araucanía.",
            "Aguas Araucani\u{301}a",
        ] {
            assert_eq!(normalised(writing), "aguasaraucania", "{writing}");
        }
        assert_eq!(normalised("Pase Diario Único"), "pasediariounico");
        assert_eq!(normalised("¡!"), "");
        assert_ne!(normalised("Movistar"), normalised("Movistar Hogar"));
    }

    #[test]
    fn what_is_near_is_suggested_nearest_first_and_at_most_three() {
        let known: Vec<(&str, Vec<String>)> = [
            ("Movistar", vec!["Movistar"]),
            ("Movistar Hogar", vec!["Movistar Hogar", "telefónica chile"]),
            ("Enel", vec!["Enel", "chilectra"]),
            ("Aguas Andinas", vec!["Aguas Andinas"]),
            ("Aguas Antofagasta", vec!["Aguas Antofagasta"]),
            ("Aguas del Valle", vec!["Aguas del Valle"]),
            ("Aguas Magallanes", vec!["Aguas Magallanes"]),
        ]
        .map(|(name, writings)| (name, writings.into_iter().map(normalised).collect()))
        .into();
        let near = |asked| {
            near(
                asked,
                known.iter().map(|(name, writings)| (*name, writings.as_slice())),
            )
        };
        assert_eq!(near("Movistr"), ["Movistar"]);
        assert_eq!(near("Movistar Hogares"), ["Movistar", "Movistar Hogar"]);
        assert_eq!(near("Chilecta"), ["Enel"]);
        assert_eq!(
            near("aguas"),
            ["Aguas Andinas", "Aguas Antofagasta", "Aguas Magallanes"]
        );
        assert_eq!(near("Zapatería"), [""; 0]);
        assert_eq!(near(""), [""; 0]);
    }

    proptest! {
        #![proptest_config(cases(300))]

        #[test]
        fn normalising_twice_changes_nothing(name in "\\PC{0,40}") {
            let once = normalised(&name);
            prop_assert_eq!(&normalised(&once), &once);
        }

        #[test]
        fn edits_are_as_many_one_way_as_the_other(one in "[ab]{0,8}", other in "[ab]{0,8}") {
            let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
            prop_assert_eq!(edits(&one, &other), edits(&other, &one));
            prop_assert_eq!(edits(&one, &one), 0);
            prop_assert!(edits(&one, &other) <= one.len().max(other.len()));
        }
    }
}

//! A site that refuses a person's login again and again blocks the person. So after a few refusals within an hour, from
//! whichever caller, nobody tries that user again until the hour is over.

use jiff::{SignedDuration, Timestamp};

/// Refused logins of one user of a site within [`WINDOW`] after which no further one is tried.
pub const REFUSALS_MAX: usize = 3;

/// How long a refusal counts.
pub const WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// Whether a user with these refusals must not be tried now.
pub fn is_barred(refused_at: &[Timestamp], now: Timestamp) -> bool {
    let counting = refused_at.iter().filter(|at| now.duration_since(**at) < WINDOW);
    counting.count() >= REFUSALS_MAX
}

/// A user name without what people write differently: case, dots, hyphens and blanks.
pub fn normalised(username: &str) -> String {
    username
        .chars()
        .filter(|letter| letter.is_alphanumeric() || *letter == '@')
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_refusals_bar_a_user_until_the_first_is_an_hour_old() {
        let start = Timestamp::from_second(1_000_000).unwrap();
        let at = |minutes: i64| start + SignedDuration::from_mins(minutes);
        assert!(!is_barred(&[at(0), at(10)], at(20)));
        assert!(is_barred(&[at(0), at(10), at(20)], at(21)));
        assert!(is_barred(&[at(0), at(10), at(20)], at(59)));
        assert!(!is_barred(&[at(0), at(10), at(20)], at(60)));
    }

    #[test]
    fn a_rut_is_one_user_however_it_is_written() {
        assert_eq!(normalised("11.111.111-K "), normalised("11111111k"));
        assert_ne!(normalised("ana@example.com"), normalised("anaexample.com"));
    }
}

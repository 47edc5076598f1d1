//! How long something took, in steps that people would name: a day keeps how many fell into each, and from that the
//! half and nineteen of twenty are told without keeping every one.

use jiff::SignedDuration;

/// A step: everything longer than the step before and at most as long as its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step(usize);

impl Step {
    /// The step of a duration. Clocks of several machines may differ: below zero counts as the shortest.
    pub fn of(took: SignedDuration) -> Step {
        let limit = |limit_s: &i64| took <= SignedDuration::from_secs(*limit_s);
        Step(LIMITS_S.iter().position(limit).unwrap_or(LIMITS_S.len()))
    }

    /// The step of that number in rows.
    pub fn numbered(number: usize) -> Option<Step> {
        (number <= LIMITS_S.len()).then_some(Step(number))
    }

    /// Its number in rows.
    pub fn number(self) -> usize {
        self.0
    }

    /// At most so many seconds; absent for the last step, which has no limit.
    pub fn limit_s(self) -> Option<i64> {
        LIMITS_S.get(self.0).copied()
    }
}

/// The step within which this many of a hundred fell; absent where there is none at all.
pub fn quantile(counts: impl IntoIterator<Item = (Step, i64)>, percent: i64) -> Option<Step> {
    let mut counts: Vec<(Step, i64)> = counts.into_iter().collect();
    counts.sort_unstable_by_key(|(step, _)| *step);
    let all = counts.iter().map(|(_, count)| i128::from(*count)).sum::<i128>();
    let (mut seen, wanted) = (0_i128, all * i128::from(percent));
    counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .find_map(|(step, count)| {
            seen += i128::from(count);
            (seen * 100 >= wanted).then_some(step)
        })
}

/// From five seconds to the two days after which a verification lapses.
const LIMITS_S: [i64; 19] = [
    5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1_800, 3_600, 10_800, 21_600, 86_400, 172_800,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_falls_into_the_first_step_that_holds_it() {
        for (took_s, limit_s) in [
            (-3, Some(5)),
            (0, Some(5)),
            (5, Some(5)),
            (6, Some(10)),
            (61, Some(90)),
            (172_801, None),
        ] {
            let step = Step::of(SignedDuration::from_secs(took_s));
            assert_eq!(step.limit_s(), limit_s, "{took_s}");
            assert_eq!(Step::numbered(step.number()), Some(step));
        }
        assert_eq!(Step::numbered(LIMITS_S.len() + 1), None);
    }

    #[test]
    fn the_half_and_nineteen_of_twenty_are_told_by_their_step() {
        let of = |took_s| Step::of(SignedDuration::from_secs(took_s));
        let counts = [(of(60), 4), (of(3), 50), (of(12), 46)];
        assert_eq!(quantile(counts, 50), Some(of(3)));
        assert_eq!(quantile(counts, 95), Some(of(12)));
        assert_eq!(quantile(counts, 100), Some(of(60)));
        assert_eq!(quantile([(of(9), 1)], 50), Some(of(9)));
        assert_eq!(quantile([], 50), None);
    }
}

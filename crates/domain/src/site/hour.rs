//! What the last hour of a site was like: how long its answers took and whose fault failures were. Counts by minute in
//! a ring, so that an hour of any traffic costs the same few kilobytes.

use jiff::Timestamp;

/// Whose fault it was, or nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The site answered, if only that the user or the request is wrong.
    Answered,
    /// The site was down, silent, or showed what nobody knows.
    SiteFault,
    /// We failed.
    OurFault,
}

/// The counts of the last sixty minutes.
#[derive(Clone, Debug)]
pub struct LastHour {
    minutes: Vec<Minute>,
}

#[derive(Clone, Debug)]
struct Minute {
    /// Which one, since the epoch.
    number: i64,
    answered: u32,
    site_faults: u32,
    our_faults: u32,
    /// Answers by how long they took.
    took: [u32; STEPS],
}

/// What it comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Visits that were answered.
    pub answered: u64,
    /// Visits that failed by the site's fault.
    pub site_faults: u64,
    /// Visits that failed by ours.
    pub our_faults: u64,
    /// Half of the answers took at most this, in milliseconds.
    pub p50_ms: Option<u64>,
    /// Nineteen of twenty took at most this.
    pub p95_ms: Option<u64>,
}

impl Default for LastHour {
    fn default() -> LastHour {
        LastHour {
            minutes: vec![Minute::empty(i64::MIN); MINUTES],
        }
    }
}

impl LastHour {
    /// Counts a visit that ended now.
    pub fn count(&mut self, now: Timestamp, took_ms: u64, verdict: Verdict) {
        let number = now.as_second().div_euclid(60);
        let place = usize::try_from(number.rem_euclid(MINUTES as i64)).unwrap_or_default();
        let Some(minute) = self.minutes.get_mut(place) else {
            return;
        };
        if minute.number != number {
            *minute = Minute::empty(number);
        }
        match verdict {
            Verdict::Answered => {
                minute.answered += 1;
                minute.took[step_of(took_ms)] += 1;
            }
            Verdict::SiteFault => minute.site_faults += 1,
            Verdict::OurFault => minute.our_faults += 1,
        }
    }

    /// What the last sixty minutes come to.
    pub fn summary(&self, now: Timestamp) -> Summary {
        let current = now.as_second().div_euclid(60);
        let (mut summary, mut took) = (Summary::default(), [0_u64; STEPS]);
        for minute in &self.minutes {
            if minute.number > current || minute.number <= current.saturating_sub(MINUTES as i64) {
                continue;
            }
            summary.answered += u64::from(minute.answered);
            summary.site_faults += u64::from(minute.site_faults);
            summary.our_faults += u64::from(minute.our_faults);
            for (sum, count) in took.iter_mut().zip(&minute.took) {
                *sum += u64::from(*count);
            }
        }
        summary.p50_ms = quantile(&took, summary.answered, 50);
        summary.p95_ms = quantile(&took, summary.answered, 95);
        summary
    }
}

impl Minute {
    fn empty(number: i64) -> Minute {
        Minute {
            number,
            answered: 0,
            site_faults: 0,
            our_faults: 0,
            took: [0; STEPS],
        }
    }
}

fn quantile(took: &[u64; STEPS], answers: u64, percent: u64) -> Option<u64> {
    let rank = (answers * percent).div_ceil(100);
    let mut seen = 0;
    for (step, count) in took.iter().enumerate() {
        seen += count;
        if rank > 0 && seen >= rank {
            return Some(upper_ms(step));
        }
    }
    None
}

/// Four steps to each doubling: a figure is at most a quarter too high.
fn step_of(took_ms: u64) -> usize {
    (0..STEPS - 1)
        .find(|step| took_ms <= upper_ms(*step))
        .unwrap_or(STEPS - 1)
}

fn upper_ms(step: usize) -> u64 {
    let base = 1_u64 << (step / 4);
    4_u64.saturating_add(step as u64 % 4).saturating_mul(base) / 4
}

const MINUTES: usize = 60;
/// Up to four minutes; what takes longer counts as that.
const STEPS: usize = 72;

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn half_and_nineteen_twentieths_of_the_answers_are_told_to_a_quarter() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let mut hour = LastHour::default();
        for took_ms in 1..=100 {
            hour.count(now, took_ms * 10, Verdict::Answered);
        }
        let summary = hour.summary(now);
        let (p50, p95) = (summary.p50_ms.unwrap(), summary.p95_ms.unwrap());
        assert!((500..=625).contains(&p50), "{p50}");
        assert!((950..=1188).contains(&p95), "{p95}");
        assert_eq!(summary.answered, 100);
    }

    #[test]
    fn faults_are_told_apart_and_an_hour_later_all_is_forgotten() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let mut hour = LastHour::default();
        hour.count(now, 1, Verdict::SiteFault);
        hour.count(now, 1, Verdict::SiteFault);
        hour.count(now, 1, Verdict::OurFault);
        let at = |minutes| now + SignedDuration::from_mins(minutes);
        let summary = hour.summary(at(59));
        assert_eq!(
            (summary.site_faults, summary.our_faults, summary.p50_ms),
            (2, 1, None)
        );
        assert_eq!(hour.summary(at(60)), Summary::default());
        hour.count(at(60), 1, Verdict::OurFault);
        assert_eq!(hour.summary(at(60)).our_faults, 1);
    }
}

//! A visit to a form by someone who is not logged in. It lies in the browser's cookie alone, so that any number of
//! visitors costs the portal no memory: the moment it began, and a keyed hash of it.

use jiff::{SignedDuration, Timestamp};

use crate::csrf::CsrfKey;

/// A form that is sent in later than this after the visit began has expired.
pub const VISIT_LIMIT: SignedDuration = SignedDuration::from_mins(10);

/// The cookie of a visit.
pub const VISIT_COOKIE: &str = "portal_visita";

/// Makes and knows visits.
pub struct VisitKey(CsrfKey);

impl VisitKey {
    /// A key of these random bytes.
    pub fn new(bytes: [u8; 32]) -> VisitKey {
        VisitKey(CsrfKey::new(bytes))
    }

    /// The cookie of a visit that begins now; the nonce keeps two visits of one moment apart.
    pub fn begin(&self, now: Timestamp, nonce: &str) -> String {
        let begun = format!("{}.{nonce}", now.as_millisecond());
        let proof = self.0.field(&begun);
        format!("{begun}.{proof}")
    }

    /// Whether it is a visit of ours that has not expired.
    pub fn is_live(&self, visit: &str, now: Timestamp) -> bool {
        self.age(visit, now).is_some_and(|age| age <= VISIT_LIMIT)
    }

    /// Whether a form shown now can be sent in with this visit for a while yet.
    pub fn is_young(&self, visit: &str, now: Timestamp) -> bool {
        self.age(visit, now).is_some_and(|age| age <= VISIT_LIMIT / 2)
    }

    fn age(&self, visit: &str, now: Timestamp) -> Option<SignedDuration> {
        let (begun, proof) = visit.rsplit_once('.')?;
        let genuine = self.0.fits(begun, proof);
        let begun_ms = begun.split('.').next()?.parse().ok().filter(|_| genuine)?;
        let begun = Timestamp::from_millisecond(begun_ms).ok()?;
        Some(now.duration_since(begun))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_lives_ten_minutes_and_can_not_be_made_up() {
        let key = VisitKey::new([1; 32]);
        let at = |minutes: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        let visit = key.begin(at(0), "a");
        assert!(key.is_young(&visit, at(5)) && !key.is_young(&visit, at(6)));
        assert!(key.is_live(&visit, at(10)) && !key.is_live(&visit, at(11)));
        let later = visit.replacen("0.a", "60000.a", 1);
        for forged in ["", ".", "0.a.", &later, &VisitKey::new([2; 32]).begin(at(0), "a")] {
            assert!(!key.is_live(forged, at(1)), "{forged}");
        }
    }
}

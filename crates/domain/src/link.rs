//! An account link stands for a person's login at one institution, so that a caller need not send it again: for whom it
//! is, and until when.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::ids::AccountId;

/// How long a link works unless it is revoked.
pub const LIFE: SignedDuration = SignedDuration::from_hours(24 * 180);

/// What is known of a link; the login is in its own sealed text, which only its holder has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its id, for listing and revoking.
    pub id: Uuid,
    /// The account that asked for it, and the only one that may use it.
    pub account: AccountId,
    /// The institution's path, e.g. `com/services/servipag.com`.
    pub institution: String,
    /// When it was made.
    pub issued_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When its owner ended it.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl Link {
    /// A link made now.
    pub fn issue(id: Uuid, account: AccountId, institution: &str, now: Timestamp) -> Link {
        Link {
            id,
            account,
            institution: institution.to_owned(),
            issued_at: now,
            expires_at: now.saturating_add(LIFE).unwrap_or(Timestamp::MAX),
            revoked_at: None,
            last_used_at: None,
        }
    }

    /// Whether it may be used by this account at this institution now.
    pub fn serves(&self, account: AccountId, institution: &str, now: Timestamp) -> bool {
        self.account == account
            && self.institution == institution
            && self.revoked_at.is_none()
            && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_serves_its_account_at_its_institution_until_it_expires_or_is_revoked() {
        let now: Timestamp = "2026-03-02T15:00:00Z".parse().unwrap();
        let mut link = Link::issue(Uuid::nil(), AccountId(1), "com/services/servipag.com", now);
        let at = |days: i64| now + SignedDuration::from_hours(24 * days);
        assert!(link.serves(AccountId(1), "com/services/servipag.com", at(179)));
        assert!(!link.serves(AccountId(1), "com/services/servipag.com", at(180)));
        assert!(!link.serves(AccountId(2), "com/services/servipag.com", now));
        assert!(!link.serves(AccountId(1), "com/services/otro.com", now));
        link.revoked_at = Some(now);
        assert!(!link.serves(AccountId(1), "com/services/servipag.com", now));
    }
}

//! Who is logged in at a site: kept in memory only, as banks do, so that a restart logs everybody out.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ayni_domain::rut::Rut;
use jiff::{SignedDuration, Timestamp};

/// A session that nobody used for so long is over.
pub const IDLE_LIMIT: SignedDuration = SignedDuration::from_mins(15);

/// Sessions at the same time; beyond them nobody can log in.
const SESSIONS_MAX: usize = 200_000;

/// Ended sessions are cleared away each time the number of sessions passes a multiple of this.
const SWEEP_EVERY: usize = 4_096;

/// All sessions, by their token.
#[derive(Default)]
pub struct Sessions(Mutex<HashMap<String, Session>>);

struct Session {
    customer: Rut,
    used_at: Timestamp,
}

impl Session {
    fn is_live(&self, now: Timestamp) -> bool {
        now.duration_since(self.used_at) <= IDLE_LIMIT
    }
}

impl Sessions {
    /// Begins a session; false if there is no room for one more.
    pub fn begin(&self, token: String, customer: Rut, now: Timestamp) -> bool {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() % SWEEP_EVERY == SWEEP_EVERY - 1 || sessions.len() >= SESSIONS_MAX {
            sessions.retain(|_, session| session.is_live(now));
        }
        let room = sessions.len() < SESSIONS_MAX;
        if room {
            sessions.insert(
                token,
                Session {
                    customer,
                    used_at: now,
                },
            );
        }
        room
    }

    /// The customer of a live session, which counts as used from now.
    pub fn customer(&self, token: &str, now: Timestamp) -> Option<Rut> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = sessions.get_mut(token)?;
        if session.is_live(now) {
            session.used_at = now;
            Some(session.customer)
        } else {
            sessions.remove(token);
            None
        }
    }

    /// Ends a session, if it is there.
    pub fn end(&self, token: &str) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_lives_as_long_as_it_is_used() {
        let sessions = Sessions::default();
        let rut = Rut::parse("11.111.111-1").unwrap();
        let at = |minutes: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        assert!(sessions.begin("token".into(), rut, at(0)));
        assert_eq!(sessions.customer("token", at(15)), Some(rut));
        assert_eq!(sessions.customer("token", at(30)), Some(rut));
        assert_eq!(sessions.customer("token", at(46)), None);
        assert_eq!(sessions.customer("token", at(46)), None);
    }

    #[test]
    fn ended_sessions_make_room() {
        let sessions = Sessions::default();
        let rut = Rut::parse("11.111.111-1").unwrap();
        let now = Timestamp::UNIX_EPOCH;
        for number in 0..SWEEP_EVERY - 1 {
            assert!(sessions.begin(number.to_string(), rut, now));
        }
        assert!(sessions.begin("late".into(), rut, now + SignedDuration::from_hours(1)));
        assert_eq!(sessions.0.lock().unwrap().len(), 1);
    }
}

//! One login of a user at a time: sites end the older of two sessions, and a count of refusals must not be overtaken by
//! visits that began before it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::OwnedMutexGuard;

type Turn = tokio::sync::Mutex<()>;

/// The users of one site who are being logged in by this process.
#[derive(Default)]
pub(super) struct Users(Mutex<HashMap<String, Weak<Turn>>>);

impl Users {
    /// Waits for the user's turn, which lasts until the guard is dropped. `user` is a digest.
    pub(super) async fn turn(&self, user: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if turns.len() >= TURNS_KEPT {
                turns.retain(|_, turn| turn.strong_count() > 0);
            }
            match turns.get(user).and_then(Weak::upgrade) {
                Some(turn) => turn,
                None => {
                    let turn = Arc::new(Turn::default());
                    turns.insert(user.to_owned(), Arc::downgrade(&turn));
                    turn
                }
            }
        };
        turn.lock_owned().await
    }
}

/// Above so many, those that nobody waits for are forgotten; the edge limits how many do.
const TURNS_KEPT: usize = 4096;

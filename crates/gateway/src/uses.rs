//! Uses that the database does not know yet: noted in memory on the requests' path, written together, now and then, off it.
//! A process that dies forgets those of its last seconds, which is what «last used» can bear.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

/// When what was last used.
pub struct Uses<K>(Mutex<HashMap<K, Timestamp>>);

impl<K> Default for Uses<K> {
    fn default() -> Uses<K> {
        Uses(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash + Send + Sync + 'static> Uses<K> {
    /// Notes a use.
    pub(crate) fn note(&self, used: K, now: Timestamp) {
        self.lock().insert(used, now);
    }

    /// Writes what was noted since the last call, each with `write`, in one unit of work. What could not be written is
    /// written the next time.
    pub(crate) async fn record(
        &self,
        db: &Db,
        name: &'static str,
        write: fn(&mut Tx<'_>, &K, Timestamp) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let uses = std::mem::take(&mut *self.lock());
        if uses.is_empty() {
            return Ok(());
        }
        let uses = Arc::new(uses);
        let written = uses.clone();
        let recorded = db
            .append(name, move |tx| {
                written.iter().try_for_each(|(used, at)| write(tx, used, *at))
            })
            .await;
        if recorded.is_err() {
            self.put_back(&uses);
        }
        recorded
    }

    /// Keeps what could not be written, unless there is a newer use.
    fn put_back(&self, unwritten: &HashMap<K, Timestamp>) {
        let mut uses = self.lock();
        for (used, at) in unwritten {
            uses.entry(used.clone()).or_insert(*at);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_that_could_not_be_written_are_kept_unless_there_is_a_newer_one() {
        let uses = Uses::default();
        let [first, second] = [0, 60].map(|second| Timestamp::from_second(second).unwrap());
        uses.note("one", second);
        uses.put_back(&HashMap::from([("one", first), ("other", first)]));
        assert_eq!(*uses.lock(), HashMap::from([("one", second), ("other", first)]));
    }
}

//! Every limit of the store has a name here, with a default that suits a node of two to eight cores.

use std::time::Duration;

/// Limits and sizes of one open database.
#[derive(Clone, Debug)]
pub struct Options {
    /// Units of work that may wait for a thread, for each of writes, appends and reads; one more is `Overloaded`.
    pub queue_units: usize,
    /// Units of work in one commit.
    pub group_units: usize,
    /// How long the engine may be locked by another process or out of reach before callers get `Unavailable`.
    pub unavailable_after: Duration,
    /// How often a unit of work is tried again when other transactions stand in its way.
    pub max_reruns: u32,
    /// SQLite: threads that run `read`.
    pub reader_threads: usize,
    /// SQLite: page cache of the writer.
    pub writer_cache_bytes: usize,
    /// SQLite: page cache of each reading connection.
    pub reader_cache_bytes: usize,
    /// SQLite: how much of the file the reading connections map into memory.
    pub mmap_bytes: usize,
    /// SQLite: size of the write-ahead log at which it is copied back into the file.
    pub wal_bytes: usize,
    /// SQLite: the most that the file may grow to; then writes get `Full`.
    pub max_file_bytes: Option<u64>,
    /// PostgreSQL: connections for `write`.
    pub postgres_writers: usize,
    /// PostgreSQL: connections for `append`.
    pub postgres_appenders: usize,
    /// PostgreSQL: connections for `read` and `point`.
    pub postgres_readers: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            queue_units: 4096,
            group_units: 256,
            unavailable_after: Duration::from_secs(6),
            max_reruns: 20,
            reader_threads: 2,
            writer_cache_bytes: 8 << 20,
            reader_cache_bytes: 1 << 20,
            mmap_bytes: 256 << 20,
            wal_bytes: 16 << 20,
            max_file_bytes: None,
            postgres_writers: 8,
            postgres_appenders: 4,
            postgres_readers: 4,
        }
    }
}

//! Processor time of processes, as Linux tells it in `/proc`.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// The length of a tick of `/proc/*/stat`: fixed at a hundredth of a second towards programs.
const TICK: Duration = Duration::from_millis(10);

/// Processor time, with that of ended children whose end was waited for.
pub struct Cpu;

impl Cpu {
    /// One process's.
    pub fn of(process_id: u32) -> Result<Duration> {
        let stat = Stat::read(process_id).context("the process is not there")?;
        Ok(TICK * stat.ticks)
    }

    /// A process's and all of its living descendants'.
    pub fn of_family(process_id: u32) -> Result<Duration> {
        let mut children: HashMap<u32, Vec<(u32, u32)>> = HashMap::new();
        for entry in std::fs::read_dir("/proc")?.flatten() {
            let name = entry.file_name();
            let id = name.to_str().and_then(|name| name.parse().ok());
            // A process may end while it is looked at.
            let Some((id, stat)) = id.and_then(|id| Some((id, Stat::read(id)?))) else {
                continue;
            };
            children.entry(stat.parent).or_default().push((id, stat.ticks));
        }
        let mut total = Cpu::of(process_id)?;
        let mut family = vec![process_id];
        while let Some(parent) = family.pop() {
            for (id, ticks) in children.remove(&parent).unwrap_or_default() {
                total += TICK * ticks;
                family.push(id);
            }
        }
        Ok(total)
    }
}

struct Stat {
    parent: u32,
    ticks: u32,
}

impl Stat {
    /// Fields 4 (parent) and 14 to 17 (user, system, and the children's) of proc(5); the name before them may hold blanks.
    fn read(process_id: u32) -> Option<Stat> {
        let text = std::fs::read_to_string(format!("/proc/{process_id}/stat")).ok()?;
        let (_, after_name) = text.rsplit_once(')')?;
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        let number = |field: usize| fields.get(field - 3)?.parse::<u32>().ok();
        Some(Stat {
            parent: number(4)?,
            ticks: number(14)? + number(15)? + number(16)? + number(17)?,
        })
    }
}

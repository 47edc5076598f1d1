//! The lines that a test runner closes with, and what they add up to: `cargo xtask test` runs several runners, and
//! a person wants one answer at the end.

use std::fmt;

/// A program whose closing lines are known. nextest shows what a failed test printed, which closes like `cargo test`,
/// so a line is read as its own runner's only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runner {
    /// `cargo nextest run`
    Nextest,
    /// `cargo test`
    CargoTest,
    /// `node --test`, with the reporter `spec`
    Node,
    /// A program of ours, which closes with `5 passed, 0 failed`.
    Plain,
    /// A program that runs no test.
    None,
}

impl Runner {
    /// What a closing line counts; `None` for every other line.
    #[must_use]
    pub fn tally(self, line: &str) -> Option<Tally> {
        let line = line.trim_start();
        let counts = match self {
            Runner::Nextest => line.strip_prefix("Summary [")?.split_once(" run: ")?.1,
            Runner::CargoTest => line.strip_prefix("test result: ")?.split_once(". ")?.1,
            Runner::Node => line
                .strip_prefix("ℹ ")
                .filter(|line| NODE_COUNTS.iter().any(|key| line.starts_with(key)))?,
            Runner::Plain => line
                .split_once(" passed, ")
                .filter(|(count, _)| count.parse::<u64>().is_ok())
                .map(|_| line)?,
            Runner::None => return None,
        };
        Some(Tally::read(counts))
    }
}

const NODE_COUNTS: [&str; 5] = ["tests ", "pass ", "fail ", "cancelled ", "skipped "];

/// How many tests passed, failed and were skipped.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Tally {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Tally) -> Tally {
        Tally {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }

    /// Pairs of a number and the word that belongs to it: `12 passed (1 slow), 1 timed out`, `3 passed; 0 failed`, `pass 4`.
    fn read(counts: &str) -> Tally {
        let mut tally = Tally::default();
        for part in counts.split([',', ';', '(']) {
            let words: Vec<&str> = part.split_whitespace().collect();
            let [first, second, ..] = words[..] else { continue };
            let (count, what) = match (first.parse::<u64>(), second.parse::<u64>()) {
                (Ok(count), _) => (count, second),
                (_, Ok(count)) => (count, first),
                _ => continue,
            };
            match what {
                "passed" | "pass" => tally.passed += count,
                "failed" | "fail" | "timed" | "exec" | "cancelled" => tally.failed += count,
                "skipped" | "ignored" => tally.skipped += count,
                _ => {}
            }
        }
        tally
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Runner;

    #[test]
    fn the_closing_lines_of_every_runner_are_read() {
        let cases = [
            (
                Runner::Nextest,
                "     Summary [  12.3s] 5 tests run: 5 passed, 0 skipped",
                "5 passed, 0 failed, 0 skipped",
            ),
            (
                Runner::Nextest,
                "     Summary [   1.0s] 9/9 tests run: 6 passed (2 slow, 1 flaky), 1 failed, 2 timed out, 4 skipped",
                "6 passed, 3 failed, 4 skipped",
            ),
            (
                Runner::Plain,
                "5 passed, 1 failed",
                "5 passed, 1 failed, 0 skipped",
            ),
            (
                Runner::CargoTest,
                "test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 7 filtered out; finished in 0.10s",
                "3 passed, 1 failed, 2 skipped",
            ),
            (Runner::Node, "ℹ pass 4", "4 passed, 0 failed, 0 skipped"),
            (Runner::Node, "ℹ cancelled 1", "0 passed, 1 failed, 0 skipped"),
        ];
        for (runner, line, expected) in cases {
            assert_eq!(
                runner.tally(line).map(|tally| tally.to_string()).as_deref(),
                Some(expected),
                "{line}"
            );
        }
    }

    #[test]
    fn other_lines_close_nothing() {
        let cases = [
            (Runner::CargoTest, "test a_payment ... ok"),
            (Runner::Node, "ℹ duration_ms 12"),
            (Runner::Nextest, "Summary of what follows"),
            // What a failed test printed, shown by nextest.
            (
                Runner::Nextest,
                "    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; finished in 0.20s",
            ),
        ];
        for (runner, line) in cases {
            assert_eq!(runner.tally(line), None, "{line}");
        }
    }

    #[test]
    fn tallies_add_up() {
        let all =
            ["ℹ pass 4", "ℹ fail 2", "ℹ skipped 1"].map(|line| Runner::Node.tally(line).unwrap_or_default());
        let sum = all
            .into_iter()
            .reduce(|sum, tally| sum.and(tally))
            .unwrap_or_default();
        assert_eq!(sum.to_string(), "4 passed, 2 failed, 1 skipped");
    }
}

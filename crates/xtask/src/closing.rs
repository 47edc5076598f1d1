//! The lines that a test runner closes with, and what they add up to: `cargo xtask test` runs several runners, and
//! a person wants one answer at the end.

use std::fmt;

/// How many tests passed, failed and were skipped.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Tally {
    /// The sum of what the lines count.
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a String>) -> Tally {
        let mut tally = Tally::default();
        for line in lines {
            for (count, what) in counts(line) {
                match what {
                    "passed" | "pass" => tally.passed += count,
                    "failed" | "fail" | "timed" | "exec" | "cancelled" => tally.failed += count,
                    "skipped" | "ignored" => tally.skipped += count,
                    _ => {}
                }
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

/// Whether a line closes a run of nextest, of `cargo test` or of Node's runner.
#[must_use]
pub fn is_closing(line: &str) -> bool {
    body(line).is_some()
}

/// Whether a closing line stands for no test at all, as that of a library without examples.
#[must_use]
pub fn counts_nothing(line: &str) -> bool {
    counts(line).iter().all(|(count, _)| *count == 0)
}

/// The part of a closing line that counts.
fn body(line: &str) -> Option<&str> {
    let line = line.trim_start();
    if let Some(summary) = line.strip_prefix("Summary [") {
        return summary.split_once(" run: ").map(|(_, counts)| counts);
    }
    if let Some(result) = line.strip_prefix("test result: ") {
        return result.split_once(". ").map(|(_, counts)| counts);
    }
    let node = line.strip_prefix("ℹ ")?;
    ["tests ", "pass ", "fail ", "cancelled ", "skipped "]
        .iter()
        .any(|key| node.starts_with(key))
        .then_some(node)
}

/// Pairs of a number and the word that belongs to it: `12 passed (1 slow), 1 timed out`, `3 passed; 0 failed`, `pass 4`.
fn counts(line: &str) -> Vec<(u64, &str)> {
    let Some(body) = body(line) else { return Vec::new() };
    let mut pairs = Vec::new();
    for part in body.split([',', ';', '(']) {
        let words: Vec<&str> = part.split_whitespace().collect();
        if let [first, second, ..] = words[..] {
            if let Ok(count) = first.parse() {
                pairs.push((count, second));
            } else if let Ok(count) = second.parse() {
                pairs.push((count, first));
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::{Tally, is_closing};

    fn tally(lines: &[&str]) -> String {
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        Tally::of(&lines).to_string()
    }

    #[test]
    fn the_closing_lines_of_every_runner_are_added_up() {
        let cases = [
            (
                "     Summary [  12.3s] 5 tests run: 5 passed, 0 skipped",
                "5 passed, 0 failed, 0 skipped",
            ),
            (
                "     Summary [   1.0s] 9/9 tests run: 6 passed (2 slow, 1 flaky), 1 failed, 2 timed out, 4 skipped",
                "6 passed, 3 failed, 4 skipped",
            ),
            (
                "test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 7 filtered out; finished in 0.10s",
                "3 passed, 1 failed, 2 skipped",
            ),
            ("ℹ pass 4", "4 passed, 0 failed, 0 skipped"),
            ("ℹ cancelled 1", "0 passed, 1 failed, 0 skipped"),
        ];
        for (line, expected) in cases {
            assert_eq!(tally(&[line]), expected, "{line}");
        }
        assert_eq!(
            tally(&cases.map(|(line, _)| line)),
            "18 passed, 5 failed, 6 skipped"
        );
    }

    #[test]
    fn other_lines_close_nothing() {
        for line in [
            "test a_payment ... ok",
            "ℹ duration_ms 12",
            "Summary of what follows",
            "ℹ Summary",
        ] {
            assert!(!is_closing(line), "{line}");
        }
    }
}

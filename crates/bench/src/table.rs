//! The one table that a run prints: ratios of what was measured side by side, never bare numbers.

/// Paired samples of two things measured in alternating rounds of one run.
#[derive(Clone, Debug, Default)]
pub struct Pairs(Vec<(f64, f64)>);

impl Pairs {
    /// Adds a round: what is judged, and what it is judged against.
    pub fn add(&mut self, ours: f64, theirs: f64) {
        self.0.push((ours, theirs));
    }

    fn sorted(&self, of: impl Fn(&(f64, f64)) -> f64) -> Vec<f64> {
        let mut values: Vec<f64> = self.0.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values
    }
}

/// Collects rows and prints them.
#[derive(Default)]
pub struct Table {
    rows: Vec<[String; 6]>,
}

impl Table {
    /// A ratio of two rates, with the figure that it should reach.
    pub fn ratio(&mut self, what: &str, pairs: &Pairs, target: Option<f64>) {
        let ratios = pairs.sorted(|(ours, theirs)| ours / theirs);
        let (ours, theirs) = (
            median(&pairs.sorted(|pair| pair.0)),
            median(&pairs.sorted(|pair| pair.1)),
        );
        let spread = format!("{:.2} … {:.2}", first(&ratios), last(&ratios));
        self.row(
            what,
            format!("{:.2}", median(&ratios)),
            spread,
            target.map(|target| (median(&ratios) >= target, format!("≥ {target:.2}"))),
            format!("{ours:.0}/s : {theirs:.0}/s"),
        );
    }

    /// A value in a unit, of several samples, with the figure under which it should stay.
    pub fn value(&mut self, what: &str, samples: &[f64], unit: &str, below: Option<f64>) {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let middle = median(&sorted);
        let spread = format!("{:.1} … {:.1}", first(&sorted), last(&sorted));
        let target = below.map(|below| (middle < below, format!("< {below:.0} {unit}")));
        self.row(what, format!("{middle:.1} {unit}"), spread, target, String::new());
    }

    fn row(
        &mut self,
        what: &str,
        middle: String,
        spread: String,
        target: Option<(bool, String)>,
        rates: String,
    ) {
        let (verdict, target) = match target {
            Some((true, target)) => ("reached", target),
            Some((false, target)) => ("short", target),
            None => ("", String::new()),
        };
        self.rows
            .push([what.to_owned(), middle, spread, target, verdict.to_owned(), rates]);
    }

    /// The table as Markdown.
    pub fn text(&self) -> String {
        let mut text = String::from(
            "| measured | median | min … max | target | | medians |\n|---|---|---|---|---|---|\n",
        );
        for row in &self.rows {
            text.push_str(&format!("| {} |\n", row.join(" | ")));
        }
        text
    }
}

fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn first(sorted: &[f64]) -> f64 {
    sorted.first().copied().unwrap_or(f64::NAN)
}

fn last(sorted: &[f64]) -> f64 {
    sorted.last().copied().unwrap_or(f64::NAN)
}

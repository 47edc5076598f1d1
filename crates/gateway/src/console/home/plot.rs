//! Bars, drawn on the server: the values of a plot as rectangles of a drawing that stretches to its place. What the bars
//! say in numbers stands in a table beside them, so no text is drawn.

/// A plot: its bars lie within [`WIDTH`] by [`HEIGHT`].
pub(super) struct Plot {
    pub(super) bars: Vec<Bar>,
    pub(super) width: i64,
}

/// One place on the plot's axis.
pub(super) struct Bar {
    pub(super) x: i64,
    pub(super) width: i64,
    /// From the top.
    pub(super) y: i64,
    pub(super) height: i64,
    /// The part of it that is drawn stronger, from the bottom: what was paid of what was begun.
    pub(super) part_y: i64,
    pub(super) part_height: i64,
    /// Shown where one points at it.
    pub(super) says: String,
}

/// A value, the part of it to be drawn stronger, and what is said about it.
pub(super) struct Point {
    pub(super) value: i64,
    pub(super) part: i64,
    pub(super) says: String,
}

/// Bars for these values, the highest as high as the plot. A value above zero is never too low to be seen.
pub(super) fn of(points: Vec<Point>) -> Plot {
    let top = points.iter().map(|point| point.value).max().unwrap_or(0).max(1);
    let bar = |(place, point): (usize, Point)| {
        let (height, part_height) = (height_of(point.value, top), height_of(point.part, top));
        Bar {
            x: place as i64 * SLOT + (SLOT - BAR) / 2,
            width: BAR,
            y: HEIGHT - height,
            height,
            part_y: HEIGHT - part_height,
            part_height,
            says: point.says,
        }
    };
    Plot {
        width: points.len() as i64 * SLOT,
        bars: points.into_iter().enumerate().map(bar).collect(),
    }
}

fn height_of(value: i64, top: i64) -> i64 {
    let exact = i128::from(value.max(0)) * i128::from(HEIGHT) / i128::from(top);
    let least = if value > 0 { LOWEST } else { 0 };
    i64::try_from(exact).unwrap_or(HEIGHT).clamp(least, HEIGHT)
}

/// The drawing's height, in its own units.
pub(super) const HEIGHT: i64 = 120;
const SLOT: i64 = 20;
const BAR: i64 = 14;
const LOWEST: i64 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    fn point(value: i64, part: i64) -> Point {
        Point {
            value,
            part,
            says: String::new(),
        }
    }

    #[test]
    fn the_highest_bar_fills_the_plot_and_the_lowest_is_still_seen() {
        let plot = of(vec![point(1_000_000, 500_000), point(0, 0), point(1, 1)]);
        let heights: Vec<_> = plot.bars.iter().map(|bar| (bar.y, bar.height)).collect();
        assert_eq!(heights, [(0, 120), (120, 0), (118, 2)]);
        assert_eq!((plot.bars[0].part_y, plot.bars[0].part_height), (60, 60));
        assert_eq!((plot.bars[2].x, plot.width), (43, 60));
    }

    #[test]
    fn a_plot_of_nothing_has_no_height() {
        assert!(of(Vec::new()).bars.is_empty());
        assert_eq!(of(vec![point(0, 0)]).bars[0].height, 0);
        assert_eq!(of(vec![point(i64::MAX, i64::MAX)]).bars[0].height, HEIGHT);
    }
}

//! Breaking a text into lines that fit.

use super::Length;
use super::font::Font;

/// A text in lines no wider than this, broken between words, or within a word that fits in no line. What is left after
/// `lines_max` lines is cut, and says so by «…».
pub(super) fn wrap(font: &Font, text: &str, size: Length, width: Length, lines_max: usize) -> Vec<String> {
    let fits = |line: &str| font.width(line, size) <= width;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = match line.is_empty() {
            true => word.to_owned(),
            false => format!("{line} {word}"),
        };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for char in word.chars() {
            line.push(char);
            if !fits(&line) && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, char.to_string()));
            }
        }
        if lines.len() > lines_max {
            break;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > lines_max {
        lines.truncate(lines_max);
        if let Some(last) = lines.last_mut() {
            shorten(last, fits);
        }
    }
    lines
}

fn shorten(line: &mut String, fits: impl Fn(&str) -> bool) {
    while !line.is_empty() && !fits(&format!("{line}…")) {
        line.pop();
    }
    line.truncate(line.trim_end().len());
    line.push('…');
}

//! A mark for every bank and payment method, drawn from its name: banks' own logos are theirs, and an operator's bank
//! file need not bring one.

/// A coloured square with the name's initials.
pub(super) fn svg(name: &str) -> String {
    let initials: String = name
        .split(|c: char| !c.is_alphanumeric())
        .filter_map(|word| word.chars().next())
        .filter(|first| first.is_uppercase())
        .take(INITIALS_MAX)
        .collect();
    let colour = COLOURS[name.bytes().map(usize::from).sum::<usize>() % COLOURS.len()];
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\" width=\"64\" height=\"64\" role=\"img\">\
         <rect width=\"64\" height=\"64\" rx=\"12\" fill=\"{colour}\"/>\
         <text x=\"32\" y=\"42\" font-family=\"sans-serif\" font-size=\"28\" font-weight=\"700\" fill=\"#ffffff\" \
         text-anchor=\"middle\">{initials}</text></svg>"
    )
}

const INITIALS_MAX: usize = 2;
/// Dark enough for white letters (contrast at least 4.5).
const COLOURS: [&str; 6] = ["#1f4e79", "#7a1f3d", "#1f6b4a", "#5b3a8c", "#8a4b08", "#2b5d63"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_shows_initials_and_nothing_else_of_the_name() {
        assert!(svg("Banco de Chile").contains(">BC</text>"));
        assert!(svg("DemoBank").contains(">D</text>"));
        assert!(!svg("<Script> & Co").contains("Script"));
    }
}

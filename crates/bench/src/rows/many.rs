//! Rows of one kind written many at a time: a million of them one by one would take longer than what is measured.

use std::fmt::Write as _;

use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use ayni_store::value::Value;

/// Writes rows with a text of many; fewer are filled up with the last one, which is there already.
pub fn put<'a, T: Copy>(
    tx: &mut Tx<'_>,
    text: &'static str,
    rows: &'a [T],
    values: impl Fn(T) -> Vec<Value<'a>>,
) -> Result<(), StoreError> {
    let Some(last) = rows.last() else {
        return Ok(());
    };
    let filled = rows.iter().chain(std::iter::repeat(last)).take(ROWS_AT_ONCE);
    let params: Vec<Value<'a>> = filled.flat_map(|row| values(*row)).collect();
    tx.exec(text, &params)?;
    Ok(())
}

/// An insertion of [`ROWS_AT_ONCE`] rows, each of so many parameters.
pub fn text(into: &str, row: &str, params: usize) -> &'static str {
    let mut text = format!("INSERT INTO {into} VALUES ");
    for index in 0..ROWS_AT_ONCE {
        let mut numbered = row.to_owned();
        for param in (1..=params).rev() {
            numbered = numbered.replace(&format!("${param}"), &format!("#{}", index * params + param));
        }
        let separator = if index == 0 { "" } else { ", " };
        let _ = write!(text, "{separator}{}", numbered.replace('#', "$"));
    }
    text.push_str(" ON CONFLICT DO NOTHING");
    // A statement lives as long as the program, and there are as many as kinds of rows.
    Box::leak(text.into_boxed_str())
}

/// Rows of one statement.
pub const ROWS_AT_ONCE: usize = 50;

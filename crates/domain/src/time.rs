//! Instants on the wire: read with any offset, written in UTC with milliseconds.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use thiserror::Error;

/// Why a text is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TimeError {
    /// It is a date and a time, but says no offset from UTC.
    #[error("the offset from UTC is missing")]
    NoOffset,
    /// It is no ISO 8601 date and time.
    #[error("not an ISO 8601 date and time")]
    Shape,
}

/// Longer than any instant we read.
const TEXT_LENGTH_MAX: usize = 64;

/// Writes as every answer does.
static PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));

/// `2017-03-01T13:00:00.000Z`: UTC with milliseconds, truncated.
pub fn wire(instant: Timestamp) -> String {
    PRINTER.timestamp_to_string(&instant)
}

/// Reads ISO 8601 with `Z`, `±hh:mm` or `±hhmm` and optional fractions of a second.
pub fn parse(text: &str) -> Result<Timestamp, TimeError> {
    let bytes = text.as_bytes();
    if bytes.len() > TEXT_LENGTH_MAX || !has_the_shape_of_a_date_and_time(bytes) {
        return Err(TimeError::Shape);
    }
    let fraction_end = end_of_fraction(bytes).ok_or(TimeError::Shape)?;
    let (local, offset) = text.split_at(fraction_end);
    let offset = match offset.as_bytes() {
        [] => return Err(TimeError::NoOffset),
        b"Z" | b"z" => "Z".to_owned(),
        [sign @ (b'+' | b'-'), rest @ ..] => {
            let digits: Vec<u8> = match rest {
                [a, b, b':', c, d] | [a, b, c, d] => vec![*a, *b, *c, *d],
                _ => return Err(TimeError::Shape),
            };
            if !digits.iter().all(u8::is_ascii_digit) || digits[2] > b'5' {
                return Err(TimeError::Shape);
            }
            let [a, b, c, d] = [0, 1, 2, 3].map(|index| char::from(digits[index]));
            format!("{}{a}{b}:{c}{d}", char::from(*sign))
        }
        _ => return Err(TimeError::Shape),
    };
    format!("{local}{offset}").parse().map_err(|_| TimeError::Shape)
}

/// An instant of a row, in Unix milliseconds; one out of range becomes the nearest that there is.
pub fn from_ms(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// Unix milliseconds, for a row.
pub fn to_ms(instant: Timestamp) -> i64 {
    instant.as_millisecond()
}

fn has_the_shape_of_a_date_and_time(bytes: &[u8]) -> bool {
    const PATTERN: &[u8] = b"0000-00-00T00:00:00";
    bytes.len() >= PATTERN.len()
        && PATTERN.iter().zip(bytes).all(|(pattern, byte)| match pattern {
            b'0' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b't'),
            other => byte == other,
        })
}

/// Where the seconds and their fraction end; `None` for a fraction without digits or of more than nine.
fn end_of_fraction(bytes: &[u8]) -> Option<usize> {
    const SECONDS_END: usize = 19;
    match bytes.get(SECONDS_END) {
        Some(b'.' | b',') => {
            let digits = bytes[SECONDS_END + 1..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            (1..=9).contains(&digits).then_some(SECONDS_END + 1 + digits)
        }
        _ => Some(SECONDS_END),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_offset_reads_as_the_same_instant() {
        for text in [
            "2017-03-01T13:00:00Z",
            "2017-03-01T13:00:00.000Z",
            "2017-03-01t13:00:00z",
            "2017-03-01T10:00:00-03:00",
            "2017-03-01T10:00:00-0300",
            "2017-03-01T18:30:00.000000+05:30",
            "2017-03-01T13:00:00+00:00",
        ] {
            assert_eq!(
                parse(text).map(wire),
                Ok("2017-03-01T13:00:00.000Z".into()),
                "{text}"
            );
        }
    }

    #[test]
    fn fractions_are_kept_to_the_millisecond() {
        assert_eq!(
            parse("2017-03-01T13:00:00.123987Z").map(wire),
            Ok("2017-03-01T13:00:00.123Z".into())
        );
        assert_eq!(parse("2017-03-01T13:00:00.5Z").map(to_ms), Ok(1_488_373_200_500));
    }

    #[test]
    fn a_local_time_is_no_instant() {
        assert_eq!(parse("2017-03-01T13:00:00"), Err(TimeError::NoOffset));
        assert_eq!(parse("2017-03-01T13:00:00.5"), Err(TimeError::NoOffset));
    }

    #[test]
    fn other_shapes_and_impossible_dates_are_refused() {
        for text in [
            "",
            "2017-03-01",
            "1488373200000",
            "2017-02-30T13:00:00Z",
            "2017-03-01T25:00:00Z",
            "2017-03-01T13:00Z",
            "2017-03-01 13:00:00Z",
            "2017-03-01T13:00:00.Z",
            "2017-03-01T13:00:00-3",
            "2017-03-01T13:00:00-03",
            "2017-03-01T13:00:00+99:99",
            "2017-03-01T13:00:00Z[America/Santiago]",
            "2017-03-01T13:00:00+ñ0",
            "01/03/2017",
        ] {
            assert_eq!(parse(text), Err(TimeError::Shape), "{text}");
        }
    }

    #[test]
    fn rows_hold_milliseconds() {
        assert_eq!(to_ms(from_ms(1_488_373_200_000)), 1_488_373_200_000);
        assert_eq!(from_ms(i64::MAX), Timestamp::MAX);
    }
}

//! CSV, read as a mapping says. Every value is read in exactly the writing that the mapping names: `1.234` is another
//! number in another country.

use std::io::{BufRead, BufReader, Read};

use ayni_domain::calendar;
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{UTF_8, WINDOWS_1252};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};
use jiff::civil::{Date, Time};

use super::mapping::{Column, Encoding, Mapping};
use super::{Booked, FIELD_CHARS_MAX, FileError, FileLine, Found, Rejected};

/// Reads a CSV file.
pub struct DelimitedReader<R: Read> {
    csv: csv::Reader<BufReader<DecodeReaderBytes<R, Vec<u8>>>>,
    mapping: Mapping,
    places: Places,
    currency: Currency,
    skipped_lines: u64,
    record: StringRecord,
    is_over: bool,
}

/// Where in a record each value is, counted from 0.
#[derive(Clone, Copy, Debug, Default)]
struct Places {
    date: usize,
    time: Option<usize>,
    amount: Option<usize>,
    direction: Option<usize>,
    credit: Option<usize>,
    debit: Option<usize>,
    currency: Option<usize>,
    id: Option<usize>,
    reference: Option<usize>,
    operation_number: Option<usize>,
    payer_identifier: Option<usize>,
    payer_name: Option<usize>,
    payer_account: Option<usize>,
}

impl<R: Read> DelimitedReader<R> {
    /// Reads the statement of an account in this currency; without a mapping, in our own form.
    pub fn new(
        file: R,
        mapping: Option<Mapping>,
        currency: Currency,
    ) -> Result<DelimitedReader<R>, FileError> {
        let given = mapping.is_some();
        let mut mapping = mapping.unwrap_or_default();
        let encoding = match mapping.encoding {
            Encoding::Utf8 => UTF_8,
            Encoding::Latin1 | Encoding::Windows1252 => WINDOWS_1252,
        };
        let decoded = DecodeReaderBytesBuilder::new()
            .encoding(Some(encoding))
            .build(file);
        let mut decoded = BufReader::new(decoded);
        let mut passed = String::new();
        for _ in 0..mapping.skip_lines {
            passed.clear();
            (&mut decoded).take(LINE_BYTES_MAX).read_line(&mut passed)?;
        }
        let mut csv = ReaderBuilder::new()
            .delimiter(u8::try_from(mapping.delimiter).unwrap_or(b','))
            .has_headers(mapping.has_header)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(decoded);
        let header = match mapping.has_header {
            true => csv.headers().map_err(|error| no_csv(&error, 0))?.clone(),
            false => StringRecord::new(),
        };
        if !given {
            mapping = Mapping::ours(&header.iter().collect::<Vec<_>>());
        }
        Ok(DelimitedReader {
            places: Places::find(&mapping, &header)?,
            skipped_lines: u64::from(mapping.skip_lines),
            csv,
            mapping,
            currency,
            record: StringRecord::new(),
            is_over: false,
        })
    }

    fn read_on(&mut self) -> Result<Option<Found>, FileError> {
        loop {
            let is_there = self
                .csv
                .read_record(&mut self.record)
                .map_err(|error| no_csv(&error, self.skipped_lines))?;
            if !is_there {
                return Ok(None);
            }
            if self.record.iter().any(|value| !value.is_empty()) {
                break;
            }
        }
        let line = self.record.position().map_or(0, csv::Position::line) + self.skipped_lines;
        Ok(Some(match self.movement(line) {
            Ok(movement) => Found::Line(Box::new(movement)),
            Err(reason) => Found::Rejected(Rejected { line, reason }),
        }))
    }

    fn movement(&self, line: u64) -> Result<FileLine, String> {
        if let Some(long) = self
            .record
            .iter()
            .find(|value| value.chars().count() > FIELD_CHARS_MAX)
        {
            return Err(format!("a value of it has {} characters", long.chars().count()));
        }
        if self.record.iter().any(|value| value.contains('\u{fffd}')) {
            return Err("it has characters that are no UTF-8: say the encoding in a mapping".to_owned());
        }
        let places = &self.places;
        let currency = match self.value(places.currency) {
            "" => self.currency,
            code => code
                .parse()
                .map_err(|_| format!("its currency «{code}» is not one of ours"))?,
        };
        if currency != self.currency {
            return Err(format!("it is in {currency}, the account in {}", self.currency));
        }
        let amount = self.amount()?;
        if amount == Amount::ZERO {
            return Err("its amount is zero".to_owned());
        }
        Ok(FileLine {
            line,
            bank_id: Some(self.value(places.id).to_owned()).filter(|id| !id.is_empty()),
            booked: self.booked()?,
            amount,
            currency: Some(currency),
            payer_identifier: self.value(places.payer_identifier).to_owned(),
            payer_name: self.value(places.payer_name).to_owned(),
            payer_account: self.value(places.payer_account).to_owned(),
            reference: self.value(places.reference).to_owned(),
            operation_number: self.value(places.operation_number).to_owned(),
        })
    }

    fn value(&self, place: Option<usize>) -> &str {
        place.and_then(|place| self.record.get(place)).unwrap_or_default()
    }

    fn booked(&self) -> Result<Booked, String> {
        let text = self.value(Some(self.places.date));
        let format = &self.mapping.date_format;
        let day = Date::strptime(format, text)
            .map_err(|_| format!("its date «{text}» is not of the form {format}"))?;
        if !YEARS.contains(&day.year()) {
            return Err(format!("its date «{text}» is of the year {}", day.year()));
        }
        let time = self.value(self.places.time);
        if time.is_empty() {
            return Ok(Booked::On(day));
        }
        let format = &self.mapping.time_format;
        let time = Time::strptime(format, time)
            .map_err(|_| format!("its time «{time}» is not of the form {format}"))?;
        Ok(Booked::At(calendar::instant_in_chile(day.to_datetime(time))))
    }

    fn amount(&self) -> Result<Amount, String> {
        let places = &self.places;
        if places.amount.is_some() {
            let amount = self.number(self.value(places.amount))?;
            return match self.value(places.direction) {
                "" if places.direction.is_some() => Err("it does not say whether it is a credit".to_owned()),
                "" => Ok(amount),
                _ if amount < Amount::ZERO => Err("its amount is below zero".to_owned()),
                word if word.eq_ignore_ascii_case(&self.mapping.credit_word) => Ok(amount),
                _ => Ok(negative(amount)),
            };
        }
        let zero_if_empty = |text: &str| match text {
            "" => Ok(Amount::ZERO),
            text => self.number(text),
        };
        let credit = zero_if_empty(self.value(places.credit))?;
        // Some banks write what was taken with a minus, others without.
        let debit = zero_if_empty(self.value(places.debit))?;
        let debit = if debit > Amount::ZERO {
            negative(debit)
        } else {
            debit
        };
        match (credit, debit) {
            (credit, Amount::ZERO) if credit >= Amount::ZERO => Ok(credit),
            (Amount::ZERO, debit) => Ok(debit),
            _ => Err("it has both a credit and a debit".to_owned()),
        }
    }

    /// A number in exactly the mapping's writing, a peso sign before it permitted.
    fn number(&self, text: &str) -> Result<Amount, String> {
        let refused = || format!("its amount «{text}» is no number of the form that the mapping says");
        let (sign, unsigned) = match text.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", text.strip_prefix('+').unwrap_or(text)),
        };
        let unsigned = unsigned.trim_start().trim_start_matches('$').trim_start();
        let (whole, decimals) = match unsigned.split_once(self.mapping.decimal_sign) {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (unsigned, None),
        };
        let whole = match self.mapping.thousands_sign {
            Some(sign) if whole.contains(sign) => ungrouped(whole, sign).ok_or_else(refused)?,
            _ => whole.to_owned(),
        };
        let plain = match decimals {
            Some(decimals) => format!("{sign}{whole}.{decimals}"),
            None => format!("{sign}{whole}"),
        };
        let amount = Amount::parse(&plain, false).map_err(|_| refused())?;
        if amount.decimals() > self.currency.decimals() {
            return Err(format!(
                "its amount {text} has more decimals than {}",
                self.currency
            ));
        }
        Ok(amount)
    }
}

impl<R: Read> Iterator for DelimitedReader<R> {
    type Item = Result<Found, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let found = self.read_on();
        self.is_over = !matches!(found, Ok(Some(_)));
        found.transpose()
    }
}

impl Places {
    fn find(mapping: &Mapping, header: &StringRecord) -> Result<Places, FileError> {
        let place = |column: &Option<Column>| match column {
            None => Ok(None),
            Some(Column::Number(number)) => Ok(Some(number - 1)),
            Some(Column::Name(name)) => match header.iter().position(|found| found == name) {
                Some(at) => Ok(Some(at)),
                None => Err(FileError::NoColumn {
                    column: name.clone(),
                    header: header.iter().collect::<Vec<_>>().join(", "),
                }),
            },
        };
        let columns = &mapping.columns;
        Ok(Places {
            date: place(&columns.date)?.unwrap_or_default(),
            time: place(&columns.time)?,
            amount: place(&columns.amount)?,
            direction: place(&columns.direction)?,
            credit: place(&columns.credit)?,
            debit: place(&columns.debit)?,
            currency: place(&columns.currency)?,
            id: place(&columns.id)?,
            reference: place(&columns.reference)?,
            operation_number: place(&columns.operation_number)?,
            payer_identifier: place(&columns.payer_identifier)?,
            payer_name: place(&columns.payer_name)?,
            payer_account: place(&columns.payer_account)?,
        })
    }
}

/// The digits of groups of three, the first of one to three.
fn ungrouped(whole: &str, sign: char) -> Option<String> {
    let mut groups = whole.split(sign);
    let first = groups.next()?;
    let is_well_grouped = (1..=3).contains(&first.len()) && groups.clone().all(|group| group.len() == 3);
    is_well_grouped.then(|| [first].into_iter().chain(groups).collect())
}

fn negative(amount: Amount) -> Amount {
    Amount::from_ten_thousandths(-amount.ten_thousandths())
}

fn no_csv(error: &csv::Error, skipped_lines: u64) -> FileError {
    let line = error.position().map_or(0, csv::Position::line) + skipped_lines;
    FileError::Csv {
        line,
        problem: error.to_string(),
    }
}

/// Years that a movement may have; another one is a misreading, as of `26` for 2026.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2099;
/// More than any line above a header.
const LINE_BYTES_MAX: u64 = 64 * 1024;

#[cfg(test)]
mod tests;

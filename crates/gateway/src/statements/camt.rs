//! ISO 20022 camt.053, the bank's end-of-day statement, versions 001.02 to 001.13.
//!
//! Only what a movement is made of is looked at, by its path below `Ntry`; the newer versions put a party's data one
//! element deeper (`Dbtr/Pty/Nm` for `Dbtr/Nm`) and an entry's status into a code. An entry with several transactions
//! is as many movements, where their amounts add up to it. Entities from outside are never followed.

mod entry;

use std::io::BufRead;

use ayni_domain::currency::Currency;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use self::entry::Entry;
use super::counted::Counted;
use super::{FIELD_CHARS_MAX, FileError, FileLine, Found, Rejected};

/// Reads a camt.053 file.
pub struct CamtReader<R: BufRead> {
    xml: Reader<Counted<R>>,
    buffer: Vec<u8>,
    /// The names of the open elements.
    path: Vec<String>,
    text: String,
    entry: Option<Entry>,
    /// The account that the file is of, as it must be.
    account: String,
    currency: Currency,
    /// Movements of an entry that were made but not yet given out.
    ready: Vec<Found>,
    has_statement: bool,
    is_over: bool,
}

impl<R: BufRead> CamtReader<R> {
    /// Reads the statement of this account; one of another is an error.
    pub fn new(file: R, account_number: &str, currency: Currency) -> CamtReader<R> {
        let mut xml = Reader::from_reader(Counted::new(file));
        xml.config_mut().expand_empty_elements = true;
        CamtReader {
            xml,
            buffer: Vec::new(),
            path: Vec::new(),
            text: String::new(),
            entry: None,
            account: account_number.to_owned(),
            currency,
            ready: Vec::new(),
            has_statement: false,
            is_over: false,
        }
    }

    fn line(&self) -> u64 {
        self.xml.get_ref().line()
    }

    /// Goes on until something is found; `None` at the file's end.
    fn read_on(&mut self) -> Result<Option<Found>, FileError> {
        loop {
            if let Some(found) = self.ready.pop() {
                return Ok(Some(found));
            }
            let mut buffer = std::mem::take(&mut self.buffer);
            buffer.clear();
            let is_end = self.take_event(&mut buffer)?;
            self.buffer = buffer;
            if is_end {
                return Ok(None);
            }
        }
    }

    /// Whether it was the file's end.
    fn take_event(&mut self, buffer: &mut Vec<u8>) -> Result<bool, FileError> {
        let event = match self.xml.read_event_into(buffer) {
            Ok(event) => event,
            Err(error) => {
                let problem = error.to_string();
                return Err(FileError::Xml {
                    line: self.line(),
                    problem,
                });
            }
        };
        match event {
            Event::Start(start) => self.open(&start)?,
            Event::Text(text) => self.add_text(&text.xml10_content()),
            Event::CData(text) => self.add_text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let resolved = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(character.to_string()),
                    _ => quick_xml::escape::resolve_predefined_entity(&reference.xml10_content())
                        .map(str::to_owned),
                };
                match resolved {
                    Some(text) => self.add_text(&text),
                    None => return Err(self.xml_error("it has an entity of its own, which is not followed")),
                }
            }
            Event::End(_) => self.close()?,
            Event::Eof if !self.path.is_empty() => return Err(self.xml_error("it ends in the middle")),
            Event::Eof if !self.has_statement => {
                return Err(FileError::NotAStatement {
                    line: self.line(),
                    problem: "there is no statement (Stmt) in it".to_owned(),
                });
            }
            Event::Eof => return Ok(true),
            _ => {}
        }
        Ok(false)
    }

    fn xml_error(&self, problem: &str) -> FileError {
        FileError::Xml {
            line: self.line(),
            problem: problem.to_owned(),
        }
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), FileError> {
        let name = start.local_name().as_ref().to_owned();
        if self.path.is_empty() {
            self.check_document(&name, start)?;
        }
        if self.path.len() >= DEPTH_MAX {
            return Err(self.xml_error("its elements lie too deep in each other"));
        }
        self.text.clear();
        match name.as_str() {
            "Stmt" => self.has_statement = true,
            "Ntry" => self.entry = Some(Entry::default()),
            "TxDtls" => {
                if let Some(entry) = &mut self.entry {
                    entry.begin_details();
                }
            }
            "Amt" => {
                let code = start.try_get_attribute("Ccy").ok().flatten();
                if let (Some(entry), Some(code)) = (&mut self.entry, code) {
                    entry.note_currency(&code.value);
                }
            }
            _ => {}
        }
        self.path.push(name);
        Ok(())
    }

    /// The root element says, by its namespace, which message it is.
    fn check_document(&self, name: &str, start: &BytesStart<'_>) -> Result<(), FileError> {
        let namespaces = start.attributes().flatten();
        let message = namespaces
            .filter_map(|attribute| attribute.value.strip_prefix(NAMESPACE).map(str::to_owned))
            .next()
            .unwrap_or_default();
        if name == "Document" && message.starts_with("camt.053.001.") {
            return Ok(());
        }
        let problem = match message.as_str() {
            "" => format!("the file begins with «{name}», which is no camt.053 document"),
            other => format!("the file is {other}, not camt.053"),
        };
        Err(FileError::NotAStatement {
            line: self.line(),
            problem,
        })
    }

    fn add_text(&mut self, text: &str) {
        if self.text.chars().count() < FIELD_CHARS_MAX {
            self.text.push_str(text);
        }
    }

    fn close(&mut self) -> Result<(), FileError> {
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        let path = std::mem::take(&mut self.path);
        let entry_at = path.iter().position(|name| name == "Ntry");
        match (entry_at, &mut self.entry) {
            (Some(at), Some(_)) if path.len() == at + 1 => self.end_entry(),
            (Some(at), Some(entry)) => entry.take(&path[at + 1..], text),
            _ if is_account(&path) => self.check_account(text)?,
            _ => {}
        }
        self.path = path;
        self.path.pop();
        Ok(())
    }

    fn end_entry(&mut self) {
        let line = self.line();
        let Some(entry) = self.entry.take() else { return };
        if !entry.is_booked() {
            self.ready.push(Found::Pending);
            return;
        }
        let made: Result<Vec<FileLine>, String> = entry.movements(line, self.currency);
        self.ready = match made {
            Ok(lines) => lines
                .into_iter()
                .map(|line| Found::Line(Box::new(line)))
                .collect(),
            Err(reason) => vec![Found::Rejected(Rejected { line, reason })],
        };
        self.ready.reverse();
    }

    fn check_account(&self, found: &str) -> Result<(), FileError> {
        let (known, found_number) = (significant(&self.account), significant(found));
        if found_number == known || (known.len() >= SUFFIX_MIN && found_number.ends_with(&known)) {
            return Ok(());
        }
        Err(FileError::OtherAccount {
            found: found.to_owned(),
            expected: self.account.clone(),
        })
    }
}

impl<R: BufRead> Iterator for CamtReader<R> {
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

/// Whether a path is that of the statement's own account number.
fn is_account(path: &[String]) -> bool {
    let names: Vec<&str> = path.iter().rev().take(5).map(String::as_str).collect();
    matches!(
        names.as_slice(),
        ["IBAN", "Id", "Acct", "Stmt", ..] | ["Id", "Othr", "Id", "Acct", "Stmt"]
    )
}

/// An account's number without its punctuation and the zeros before it.
fn significant(number: &str) -> String {
    let plain: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    plain.trim_start_matches('0').to_ascii_uppercase()
}

const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:";
/// Deeper than any of the message's own elements.
const DEPTH_MAX: usize = 32;
/// So many digits of an account's number are enough to know it by the end of an IBAN.
const SUFFIX_MIN: usize = 6;

#[cfg(test)]
mod tests;

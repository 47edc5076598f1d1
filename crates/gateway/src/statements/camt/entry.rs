//! One `Ntry` of a statement and the movements that it is.

use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use ayni_domain::time;
use jiff::civil::Date;

use super::super::{Booked, FileLine};
use ayni_domain::calendar;

/// An entry while it is read.
#[derive(Debug, Default)]
pub(super) struct Entry {
    amount: String,
    currency: String,
    direction: String,
    status: String,
    day: String,
    instant: String,
    bank_id: String,
    text: String,
    details: Vec<Details>,
}

/// One transaction of an entry.
#[derive(Debug, Default)]
struct Details {
    amount: String,
    direction: String,
    bank_id: String,
    operation: String,
    end_to_end: String,
    remittance: Vec<String>,
    text: String,
    debtor: Party,
    creditor: Party,
}

#[derive(Debug, Default)]
struct Party {
    name: String,
    identifier: String,
    account: String,
}

impl Entry {
    pub(super) fn begin_details(&mut self) {
        self.details.push(Details::default());
    }

    /// The first currency of an entry is its own: that of `Ntry/Amt`.
    pub(super) fn note_currency(&mut self, code: &str) {
        if self.currency.is_empty() {
            self.currency = code.to_owned();
        }
    }

    /// Takes the text of an element, by its path below `Ntry`.
    pub(super) fn take(&mut self, path: &[String], text: &str) {
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        match names.as_slice() {
            ["Amt"] => self.amount = text.to_owned(),
            ["CdtDbtInd"] => self.direction = text.to_owned(),
            ["Sts"] | ["Sts", "Cd" | "Prtry"] if !text.is_empty() => self.status = text.to_owned(),
            ["BookgDt", "Dt"] => self.day = text.to_owned(),
            ["BookgDt", "DtTm"] => self.instant = text.to_owned(),
            ["AcctSvcrRef"] => self.bank_id = text.to_owned(),
            ["AddtlNtryInf"] => self.text = text.to_owned(),
            ["NtryDtls", "TxDtls", rest @ ..] => {
                if let Some(details) = self.details.last_mut() {
                    details.take(rest, text);
                }
            }
            _ => {}
        }
    }

    /// Whether the bank has booked it; pending and informative entries may still change.
    pub(super) fn is_booked(&self) -> bool {
        matches!(self.status.as_str(), "BOOK" | "")
    }

    /// The movements of the entry, or what is wrong with it.
    pub(super) fn movements(self, line: u64, currency: Currency) -> Result<Vec<FileLine>, String> {
        let found: Currency = self
            .currency
            .parse()
            .map_err(|_| format!("its currency «{}» is not one of ours", self.currency))?;
        if found != currency {
            return Err(format!("it is in {found}, the account in {currency}"));
        }
        let booked = self.booked()?;
        let total = amount(&self.amount, currency)?;
        let is_credit = is_credit(&self.direction)?;
        if self.details.len() < 2 {
            let details = self.details.into_iter().next().unwrap_or_default();
            let bank_id = filled(&self.bank_id).or_else(|| filled(&details.bank_id));
            let made = details.movement(&Given {
                line,
                booked,
                currency,
                amount: signed(total, is_credit),
                bank_id,
                text: &self.text,
                is_credit,
            });
            return Ok(vec![made]);
        }
        self.several(line, currency, booked, total, is_credit)
    }

    fn several(
        self,
        line: u64,
        currency: Currency,
        booked: Booked,
        total: Amount,
        is_credit: bool,
    ) -> Result<Vec<FileLine>, String> {
        let mut sum = Amount::ZERO;
        let mut made = Vec::with_capacity(self.details.len());
        for (index, details) in self.details.into_iter().enumerate() {
            let part = amount(&details.amount, currency)
                .map_err(|problem| format!("transaction {} of it: {problem}", index + 1))?;
            let part_is_credit = match details.direction.as_str() {
                "" => is_credit,
                direction => self::is_credit(direction)?,
            };
            let part = signed(part, part_is_credit);
            sum = sum.checked_add(part).ok_or("its amounts are too large")?;
            let own = filled(&details.bank_id);
            let bank_id = own.or_else(|| filled(&self.bank_id).map(|id| format!("{id}/{}", index + 1)));
            made.push(details.movement(&Given {
                line,
                booked,
                currency,
                amount: part,
                bank_id,
                text: &self.text,
                is_credit: part_is_credit,
            }));
        }
        match sum == signed(total, is_credit) {
            true => Ok(made),
            false => Err(format!(
                "its {} transactions add up to {}, not to its amount {}",
                made.len(),
                sum.plain(),
                signed(total, is_credit).plain()
            )),
        }
    }

    fn booked(&self) -> Result<Booked, String> {
        let text = filled(&self.instant).or_else(|| filled(&self.day));
        let text = text.ok_or("it has no booking date (BookgDt)")?;
        if let Ok(at) = time::parse(&text) {
            return Ok(Booked::At(at));
        }
        if let Ok(local) = text.parse::<jiff::civil::DateTime>()
            && text.contains('T')
        {
            return Ok(Booked::At(calendar::instant_in_chile(local)));
        }
        let day = text.get(..10).unwrap_or_default().parse::<Date>();
        day.map(Booked::On)
            .map_err(|_| format!("its booking date «{text}» is no date"))
    }
}

/// What a transaction has from its entry.
struct Given<'a> {
    line: u64,
    booked: Booked,
    currency: Currency,
    amount: Amount,
    bank_id: Option<String>,
    text: &'a str,
    is_credit: bool,
}

impl Details {
    fn take(&mut self, path: &[&str], text: &str) {
        match path {
            ["Amt"] | ["AmtDtls", "TxAmt", "Amt"] => self.amount = text.to_owned(),
            ["CdtDbtInd"] => self.direction = text.to_owned(),
            ["Refs", "AcctSvcrRef"] => self.bank_id = text.to_owned(),
            ["Refs", "TxId"] => self.operation = text.to_owned(),
            ["Refs", "EndToEndId"] if text != "NOTPROVIDED" => self.end_to_end = text.to_owned(),
            ["RmtInf", "Ustrd"] | ["RmtInf", "Strd", "CdtrRefInf", "Ref"] => {
                self.remittance.push(text.to_owned());
            }
            ["AddtlTxInf"] => self.text = text.to_owned(),
            ["RltdPties", "Dbtr", rest @ ..] => self.debtor.take(rest, text),
            ["RltdPties", "Cdtr", rest @ ..] => self.creditor.take(rest, text),
            ["RltdPties", "DbtrAcct", "Id", "IBAN" | "Othr", ..] if is_number(path) => {
                self.debtor.account = text.to_owned();
            }
            ["RltdPties", "CdtrAcct", "Id", "IBAN" | "Othr", ..] if is_number(path) => {
                self.creditor.account = text.to_owned();
            }
            _ => {}
        }
    }

    fn movement(self, given: &Given<'_>) -> FileLine {
        let other = if given.is_credit {
            self.debtor
        } else {
            self.creditor
        };
        let mut reference: Vec<&str> = Vec::new();
        let texts = self.remittance.iter().map(String::as_str);
        for text in texts.chain([self.end_to_end.as_str(), self.text.as_str()]) {
            if !text.is_empty() && !reference.contains(&text) {
                reference.push(text);
            }
        }
        if reference.is_empty() {
            reference.push(given.text);
        }
        FileLine {
            line: given.line,
            bank_id: given.bank_id.clone(),
            booked: given.booked,
            amount: given.amount,
            currency: Some(given.currency),
            payer_identifier: other.identifier,
            payer_name: other.name,
            payer_account: other.account,
            reference: reference.join(" "),
            operation_number: self.operation,
        }
    }
}

impl Party {
    fn take(&mut self, path: &[&str], text: &str) {
        match path {
            ["Nm"] | ["Pty", "Nm"] => self.name = text.to_owned(),
            ["Id", "PrvtId" | "OrgId", "Othr", "Id"] | ["Pty", "Id", "PrvtId" | "OrgId", "Othr", "Id"] => {
                self.identifier = text.to_owned();
            }
            _ => {}
        }
    }
}

fn is_number(path: &[&str]) -> bool {
    matches!(path, [.., "Id", "IBAN"] | [.., "Id", "Othr", "Id"])
}

fn amount(text: &str, currency: Currency) -> Result<Amount, String> {
    let amount = Amount::parse(text, false).map_err(|_| format!("its amount «{text}» is no number"))?;
    match amount {
        amount if amount < Amount::ZERO => Err(format!("its amount {text} is below zero")),
        amount if amount.decimals() > currency.decimals() => {
            Err(format!("its amount {text} has more decimals than {currency}"))
        }
        amount => Ok(amount),
    }
}

fn is_credit(text: &str) -> Result<bool, String> {
    match text {
        "CRDT" => Ok(true),
        "DBIT" => Ok(false),
        _ => Err(format!("it is neither credit nor debit but «{text}»")),
    }
}

fn signed(amount: Amount, is_credit: bool) -> Amount {
    match is_credit {
        true => amount,
        false => Amount::from_ten_thousandths(-amount.ten_thousandths()),
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

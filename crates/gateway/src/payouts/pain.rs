//! ISO 20022 pain.001.001.09, CustomerCreditTransferInitiation: element by element in the order of its schema.
//!
//! Chile has no IBAN: accounts are named by their number (`Othr`), holders by their tax number (`TXID`), banks by their
//! name and our id for them. The order's id is the transfer's end-to-end id and its remittance text, by which its debit
//! is known on the statement.

use std::io;

use ayni_domain::time;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::Loaded;
use crate::orders::Order;

type Xml = Writer<Vec<u8>>;

/// The document. `bank_name` tells a bank's name by its id.
pub(super) fn document(loaded: &Loaded, bank_name: &dyn Fn(&str) -> String) -> io::Result<String> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("Document")
        .with_attribute(("xmlns", NAMESPACE))
        .write_inner_content(|xml| {
            within(xml, "CstmrCdtTrfInitn", |xml| {
                within(xml, "GrpHdr", |xml| group_header(xml, loaded))?;
                within(xml, "PmtInf", |xml| payment_information(xml, loaded, bank_name))
            })
        })?;
    let mut text = String::from_utf8(xml.into_inner()).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}

fn group_header(xml: &mut Xml, loaded: &Loaded) -> io::Result<()> {
    let file = &loaded.file;
    leaf(xml, "MsgId", &file.id)?;
    leaf(xml, "CreDtTm", &time::wire(file.made_at))?;
    leaf(xml, "NbOfTxs", &loaded.orders.len().to_string())?;
    leaf(xml, "CtrlSum", &file.total.plain())?;
    within(xml, "InitgPty", |xml| {
        party(xml, &loaded.from.holder_name, &loaded.from.holder_identifier)
    })
}

fn payment_information(xml: &mut Xml, loaded: &Loaded, bank_name: &dyn Fn(&str) -> String) -> io::Result<()> {
    let (file, from) = (&loaded.file, &loaded.from);
    leaf(xml, "PmtInfId", &file.id)?;
    leaf(xml, "PmtMtd", "TRF")?;
    leaf(xml, "BtchBookg", "false")?;
    leaf(xml, "NbOfTxs", &loaded.orders.len().to_string())?;
    leaf(xml, "CtrlSum", &file.total.plain())?;
    within(xml, "ReqdExctnDt", |xml| {
        leaf(xml, "Dt", &file.execute_on.to_string())
    })?;
    within(xml, "Dbtr", |xml| {
        party(xml, &from.holder_name, &from.holder_identifier)
    })?;
    within(xml, "DbtrAcct", |xml| {
        account(xml, &from.number)?;
        leaf(xml, "Ccy", from.currency.code())
    })?;
    within(xml, "DbtrAgt", |xml| agent(xml, &from.bank_id, bank_name))?;
    for order in &loaded.orders {
        within(xml, "CdtTrfTxInf", |xml| transfer(xml, order, bank_name))?;
    }
    Ok(())
}

fn transfer(xml: &mut Xml, order: &Order, bank_name: &dyn Fn(&str) -> String) -> io::Result<()> {
    let (new, payee) = (&order.new, &order.new.payee);
    within(xml, "PmtId", |xml| leaf(xml, "EndToEndId", new.id.as_str()))?;
    within(xml, "Amt", |xml| {
        xml.create_element("InstdAmt")
            .with_attribute(("Ccy", new.currency.code()))
            .write_text_content(BytesText::new(&new.amount.plain()))
            .map(drop)
    })?;
    within(xml, "CdtrAgt", |xml| agent(xml, &payee.bank_id, bank_name))?;
    within(xml, "Cdtr", |xml| {
        party(xml, &payee.holder_name, &payee.holder_identifier)
    })?;
    within(xml, "CdtrAcct", |xml| account(xml, &payee.number))?;
    within(xml, "RmtInf", |xml| leaf(xml, "Ustrd", new.id.as_str()))
}

/// A party by its name and tax number.
fn party(xml: &mut Xml, name: &str, identifier: &str) -> io::Result<()> {
    leaf(xml, "Nm", &clean(name, TEXT_140))?;
    within(xml, "Id", |xml| {
        within(xml, "OrgId", |xml| {
            within(xml, "Othr", |xml| {
                leaf(xml, "Id", &clean(identifier, TEXT_35))?;
                within(xml, "SchmeNm", |xml| leaf(xml, "Cd", "TXID"))
            })
        })
    })
}

fn account(xml: &mut Xml, number: &str) -> io::Result<()> {
    within(xml, "Id", |xml| {
        within(xml, "Othr", |xml| leaf(xml, "Id", &clean(number, TEXT_34)))
    })
}

fn agent(xml: &mut Xml, bank_id: &str, bank_name: &dyn Fn(&str) -> String) -> io::Result<()> {
    within(xml, "FinInstnId", |xml| {
        leaf(xml, "Nm", &clean(&bank_name(bank_id), TEXT_140))?;
        within(xml, "Othr", |xml| leaf(xml, "Id", &clean(bank_id, TEXT_35)))
    })
}

fn within(xml: &mut Xml, name: &str, content: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<()> {
    xml.create_element(name).write_inner_content(content).map(drop)
}

fn leaf(xml: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    xml.create_element(name)
        .write_text_content(BytesText::new(text))
        .map(drop)
}

/// Without control characters, at most so long; the schema wants at least one character.
fn clean(text: &str, chars_max: usize) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let plain: String = plain.take(chars_max).collect();
    match plain.trim() {
        "" => "-".to_owned(),
        trimmed => trimmed.to_owned(),
    }
}

const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
/// The schema's Max140Text, Max35Text, Max34Text.
const TEXT_140: usize = 140;
const TEXT_35: usize = 35;
const TEXT_34: usize = 34;

#[cfg(test)]
mod tests;

//! The document against what the schema says of each element: its children, their order, how many, and their types.

use ayni_domain::currency::Currency;
use ayni_domain::custody::Custody;
use ayni_domain::ids::{AccountId, OrderId};
use ayni_domain::money::Amount;
use ayni_domain::order::{Kind, State, Via};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::PayoutFile;
use super::*;
use crate::merchants::collecting::CollectingAccount;
use crate::orders::{NewOrder, Payee};

/// An element's children: name, least and greatest number.
type Children = &'static [(&'static str, usize, usize)];

/// The schema's sequence of children, of each element that the document has; any other is a text.
const SCHEMA: &[(&str, Children)] = &[
    ("Document", &[("CstmrCdtTrfInitn", 1, 1)]),
    ("CstmrCdtTrfInitn", &[("GrpHdr", 1, 1), ("PmtInf", 1, MANY)]),
    (
        "GrpHdr",
        &[
            ("MsgId", 1, 1),
            ("CreDtTm", 1, 1),
            ("NbOfTxs", 1, 1),
            ("CtrlSum", 0, 1),
            ("InitgPty", 1, 1),
        ],
    ),
    (
        "PmtInf",
        &[
            ("PmtInfId", 1, 1),
            ("PmtMtd", 1, 1),
            ("BtchBookg", 0, 1),
            ("NbOfTxs", 0, 1),
            ("CtrlSum", 0, 1),
            ("PmtTpInf", 0, 1),
            ("ReqdExctnDt", 1, 1),
            ("Dbtr", 1, 1),
            ("DbtrAcct", 1, 1),
            ("DbtrAgt", 1, 1),
            ("ChrgBr", 0, 1),
            ("CdtTrfTxInf", 1, MANY),
        ],
    ),
    ("ReqdExctnDt", &[("Dt", 0, 1), ("DtTm", 0, 1)]),
    ("InitgPty", PARTY),
    ("Dbtr", PARTY),
    ("Cdtr", PARTY),
    ("OrgId", &[("AnyBIC", 0, 1), ("LEI", 0, 1), ("Othr", 0, MANY)]),
    ("DbtrAcct", ACCOUNT),
    ("CdtrAcct", ACCOUNT),
    ("DbtrAgt", &[("FinInstnId", 1, 1), ("BrnchId", 0, 1)]),
    ("CdtrAgt", &[("FinInstnId", 1, 1), ("BrnchId", 0, 1)]),
    (
        "FinInstnId",
        &[
            ("BICFI", 0, 1),
            ("ClrSysMmbId", 0, 1),
            ("LEI", 0, 1),
            ("Nm", 0, 1),
            ("PstlAdr", 0, 1),
            ("Othr", 0, 1),
        ],
    ),
    (
        "CdtTrfTxInf",
        &[
            ("PmtId", 1, 1),
            ("PmtTpInf", 0, 1),
            ("Amt", 1, 1),
            ("ChrgBr", 0, 1),
            ("CdtrAgt", 0, 1),
            ("Cdtr", 0, 1),
            ("CdtrAcct", 0, 1),
            ("Purp", 0, 1),
            ("RmtInf", 0, 1),
        ],
    ),
    (
        "PmtId",
        &[("InstrId", 0, 1), ("EndToEndId", 1, 1), ("UETR", 0, 1)],
    ),
    ("Amt", &[("InstdAmt", 0, 1), ("EqvtAmt", 0, 1)]),
    ("Othr", &[("Id", 1, 1), ("SchmeNm", 0, 1), ("Issr", 0, 1)]),
    ("SchmeNm", &[("Cd", 0, 1), ("Prtry", 0, 1)]),
    ("RmtInf", &[("Ustrd", 0, MANY), ("Strd", 0, MANY)]),
];
const PARTY: Children = &[
    ("Nm", 0, 1),
    ("PstlAdr", 0, 1),
    ("Id", 0, 1),
    ("CtryOfRes", 0, 1),
    ("CtctDtls", 0, 1),
];
const ACCOUNT: Children = &[
    ("Id", 1, 1),
    ("Tp", 0, 1),
    ("Ccy", 0, 1),
    ("Nm", 0, 1),
    ("Prxy", 0, 1),
];
const MANY: usize = usize::MAX;

#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
    text: String,
}

fn parsed(text: &str) -> Element {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                let attributes = start.attributes().map(Result::unwrap);
                open.push(Element {
                    name: start.name().as_ref().to_owned(),
                    attributes: attributes
                        .map(|one| (one.key.as_ref().to_owned(), one.value.into_owned()))
                        .collect(),
                    ..Element::default()
                });
            }
            Event::End(_) => {
                let mut done = open.pop().unwrap();
                done.text = done.text.trim().to_owned();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Text(text) => open.last_mut().unwrap().text += &*text.xml10_content(),
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                let resolved = quick_xml::escape::resolve_predefined_entity(&name).unwrap();
                open.last_mut().unwrap().text += resolved;
            }
            Event::Decl(_) => {}
            Event::Eof => return open.pop().unwrap().children.pop().unwrap(),
            other => panic!("{other:?}"),
        }
    }
}

impl Element {
    fn at(&self, path: &str) -> &Element {
        path.split('/').fold(self, |element, name| {
            let mut found = element.children.iter().filter(|child| child.name == name);
            found.next().unwrap_or_else(|| panic!("{path}: no {name}"))
        })
    }

    /// Holds it and everything in it against the schema.
    fn check(&self, within: &str) {
        let in_a_choice =
            self.name == "Id" && matches!(within, "DbtrAcct" | "CdtrAcct" | "InitgPty" | "Dbtr" | "Cdtr");
        let Some((_, sequence)) = SCHEMA.iter().find(|(name, _)| *name == self.name) else {
            match in_a_choice {
                true => assert_eq!(self.children.len(), 1, "{within}/Id is a choice"),
                false => self.check_text(),
            }
            self.children.iter().for_each(|child| child.check(&self.name));
            return;
        };
        let mut rest = self.children.iter().peekable();
        for (name, least, most) in *sequence {
            let mut count = 0;
            while rest.next_if(|child| child.name == *name).is_some() {
                count += 1;
            }
            assert!((*least..=*most).contains(&count), "{}/{name}: {count}", self.name);
        }
        assert!(
            rest.peek().is_none(),
            "{}: {:?} is out of order",
            self.name,
            rest.peek()
        );
        self.children.iter().for_each(|child| child.check(&self.name));
    }

    fn check_text(&self) {
        assert!(self.children.is_empty(), "{} is no text", self.name);
        let chars = self.text.chars().count();
        let max = match self.name.as_str() {
            "Nm" | "Ustrd" => 140,
            "NbOfTxs" => 15,
            _ => 35,
        };
        assert!((1..=max).contains(&chars), "{}: {}", self.name, self.text);
    }
}

fn order(id: &str, amount: &str, holder: &str) -> Order {
    let at = "2026-03-03T17:00:00Z".parse().unwrap();
    Order {
        new: NewOrder {
            id: OrderId::parse(id).unwrap(),
            kind: Kind::Payout,
            collecting_id: 7,
            owner: 100_001,
            subject: "100001-7-20260303-1".into(),
            amount: Amount::parse(amount, false).unwrap(),
            currency: Currency::Clp,
            payee: Payee {
                bank_id: "Bchil".into(),
                number: "00-123-45678-09".into(),
                holder_name: holder.into(),
                holder_identifier: "760864285".into(),
                holder_email: String::new(),
            },
        },
        via: Via::File,
        state: State::Authorised,
        events: 1,
        tries: 0,
        created_at: at,
        due_at: at,
        sent_at: Some(at),
        operation_number: None,
        reason: None,
        movement_id: None,
        ended_at: None,
    }
}

fn loaded(orders: Vec<Order>) -> Loaded {
    let total = orders.iter().fold(Amount::ZERO, |sum, order| {
        sum.checked_add(order.new.amount).unwrap()
    });
    Loaded {
        file: PayoutFile {
            id: "5f0c2f9b7a1d4e0d8f3b6c1a2d3e4f50".into(),
            collecting_id: 7,
            orders: orders.len() as i64,
            total,
            made_at: "2026-03-03T17:00:00Z".parse().unwrap(),
            execute_on: "2026-03-03".parse().unwrap(),
        },
        from: CollectingAccount {
            id: 7,
            uuid: "u".into(),
            account: AccountId(100_000),
            bank_id: "Bbice".into(),
            currency: Currency::Clp,
            number: "000111222".into(),
            holder_name: "Operador <& Hijos> SpA".into(),
            holder_identifier: "761111116".into(),
            holder_email: String::new(),
            has_login: false,
            custody: Custody::Gateway,
        },
        orders,
    }
}

fn bank_name(id: &str) -> String {
    format!("Banco {id}")
}

#[test]
fn the_document_has_the_elements_of_the_schema_in_their_order() {
    let long = "Ñandú ".repeat(40);
    let orders = vec![
        order("aaaaaaaaaaa1", "1000", "Panadería Sol"),
        order("aaaaaaaaaaa2", "2500000", &long),
        order("aaaaaaaaaaa3", "1", "\u{7}"),
    ];
    let text = document(&loaded(orders), &bank_name).unwrap();
    let root = parsed(&text);
    root.check("");
    assert_eq!(
        root.attributes,
        [(
            "xmlns".to_owned(),
            "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09".to_owned()
        )]
    );
    let header = root.at("CstmrCdtTrfInitn/GrpHdr");
    assert_eq!(
        (
            header.at("NbOfTxs").text.as_str(),
            header.at("CtrlSum").text.as_str()
        ),
        ("3", "2501001")
    );
    assert_eq!(header.at("InitgPty/Nm").text, "Operador <& Hijos> SpA");
    let payment = root.at("CstmrCdtTrfInitn/PmtInf");
    assert_eq!(payment.at("ReqdExctnDt/Dt").text, "2026-03-03");
    let first = payment.at("CdtTrfTxInf");
    assert_eq!(first.at("PmtId/EndToEndId").text, "aaaaaaaaaaa1");
    assert_eq!(first.at("RmtInf/Ustrd").text, "aaaaaaaaaaa1");
    let amount = first.at("Amt/InstdAmt");
    assert_eq!(
        (amount.text.as_str(), amount.attributes[0].1.as_str()),
        ("1000", "CLP")
    );
    assert_eq!(first.at("CdtrAcct/Id/Othr/Id").text, "00-123-45678-09");
    assert_eq!(first.at("Cdtr/Id/OrgId/Othr/Id").text, "760864285");
}

#[test]
fn the_same_file_is_the_same_text() {
    let one = loaded(vec![order("aaaaaaaaaaa1", "1000", "Panadería Sol")]);
    assert_eq!(
        document(&one, &bank_name).unwrap(),
        document(&one.clone(), &bank_name).unwrap()
    );
}

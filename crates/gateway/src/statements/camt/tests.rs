use ayni_domain::money::Amount;
use jiff::civil::date;

use super::super::Booked;
use super::*;

fn document(version: &str, statement: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}\">\n<BkToCstmrStmt>\n\
         <GrpHdr><MsgId>1</MsgId><CreDtTm>2026-03-03T06:00:00</CreDtTm></GrpHdr>\n<Stmt>\n<Id>S1</Id>\n\
         <Acct><Id><Othr><Id>000-0012345678</Id></Othr></Id><Ccy>CLP</Ccy></Acct>\n{statement}</Stmt>\n\
         </BkToCstmrStmt>\n</Document>\n"
    )
}

fn read(file: &str) -> Result<Vec<Found>, FileError> {
    CamtReader::new(file.as_bytes(), "12345678", Currency::Clp).collect()
}

fn lines(file: &str) -> Vec<FileLine> {
    let found = read(file).unwrap();
    let line = |found| match found {
        Found::Line(line) => *line,
        other => panic!("{other:?}"),
    };
    found.into_iter().map(line).collect()
}

const OLD: &str = "<Ntry><Amt Ccy=\"CLP\">1000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>\
    <BookgDt><Dt>2026-03-02</Dt></BookgDt><AcctSvcrRef>REF-1</AcctSvcrRef><NtryDtls><TxDtls>\
    <Refs><EndToEndId>NOTPROVIDED</EndToEndId><TxId>OP77</TxId></Refs>\
    <RltdPties><Dbtr><Nm>Ana P&#233;rez &amp; Hijos</Nm><Id><PrvtId><Othr><Id>11111111-1</Id></Othr></PrvtId></Id></Dbtr>\
    <DbtrAcct><Id><Othr><Id>998877</Id></Othr></Id></DbtrAcct><Cdtr><Nm>Comercio</Nm></Cdtr></RltdPties>\
    <RmtInf><Ustrd>pago gqzdy6chjne9</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n";

const NEW: &str = "<Ntry><Amt Ccy=\"CLP\">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
    <BookgDt><DtTm>2026-03-02T10:15:30</DtTm></BookgDt><AcctSvcrRef>REF-1</AcctSvcrRef><NtryDtls><TxDtls>\
    <Refs><EndToEndId>gqzdy6chjne9</EndToEndId><TxId>OP77</TxId></Refs><Amt Ccy=\"CLP\">1000.00</Amt>\
    <RltdPties><Dbtr><Pty><Nm>Ana Pérez &amp; Hijos</Nm><Id><PrvtId><Othr><Id>11111111-1</Id></Othr></PrvtId></Id></Pty></Dbtr>\
    <DbtrAcct><Id><Othr><Id>998877</Id></Othr></Id></DbtrAcct><Cdtr><Pty><Nm>Comercio</Nm></Pty></Cdtr></RltdPties>\
    <RmtInf><Ustrd>pago</Ustrd><Ustrd>pago</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n";

#[test]
fn both_versions_are_read_to_the_same_movement() {
    let old = lines(&document("02", OLD)).remove(0);
    let new = lines(&document("08", NEW)).remove(0);
    assert_eq!((old.booked, old.line), (Booked::On(date(2026, 3, 2)), 8));
    assert_eq!(new.booked, Booked::At("2026-03-02T13:15:30Z".parse().unwrap()));
    assert_eq!(
        (old.reference.as_str(), new.reference.as_str()),
        ("pago gqzdy6chjne9", "pago gqzdy6chjne9")
    );
    for line in [old, new] {
        assert_eq!(
            (line.bank_id.as_deref(), line.amount),
            (Some("REF-1"), Amount::from_units(1000))
        );
        assert_eq!(line.payer_name, "Ana Pérez & Hijos");
        assert_eq!(
            (
                line.payer_identifier.as_str(),
                line.payer_account.as_str(),
                line.operation_number.as_str()
            ),
            ("11111111-1", "998877", "OP77")
        );
    }
}

#[test]
fn of_money_that_left_the_other_side_is_the_receiver() {
    let debit = NEW
        .replace("CRDT", "DBIT")
        .replace("<Cdtr><Pty><Nm>Comercio", "<Cdtr><Pty><Nm>Luz");
    let line = lines(&document("08", &debit)).remove(0);
    assert_eq!(
        (line.amount, line.payer_name.as_str()),
        (Amount::from_units(-1000), "Luz")
    );
}

#[test]
fn an_entry_of_several_transactions_is_as_many_movements() {
    let part = |amount: u32, id: &str| {
        format!(
            "<TxDtls><Refs><AcctSvcrRef>{id}</AcctSvcrRef></Refs><Amt Ccy=\"CLP\">{amount}</Amt>\
             <RmtInf><Ustrd>parte {amount}</Ustrd></RmtInf></TxDtls>"
        )
    };
    let entry = |parts: &str| {
        format!(
            "<Ntry><Amt Ccy=\"CLP\">1000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>\
             <BookgDt><Dt>2026-03-02</Dt></BookgDt><AcctSvcrRef>B</AcctSvcrRef><NtryDtls>{parts}</NtryDtls></Ntry>\n"
        )
    };
    let parts = [part(400, "B1"), part(600, "")].concat();
    let found = lines(&document("08", &entry(&parts)));
    let ids: Vec<_> = found.iter().map(|line| line.bank_id.clone().unwrap()).collect();
    assert_eq!(ids, ["B1", "B/2"]);
    assert_eq!(found[1].reference, "parte 600");
    let short = read(&document("08", &entry(&[part(400, ""), part(500, "")].concat()))).unwrap();
    assert!(matches!(&short[0], Found::Rejected(rejected) if rejected.reason.contains("add up to 900")));
}

#[test]
fn what_is_not_booked_is_passed_over_and_what_is_not_understood_is_named() {
    let pending = NEW.replace("<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>");
    assert!(matches!(
        read(&document("08", &pending)).unwrap()[..],
        [Found::Pending]
    ));
    for (from, to, reason) in [
        (
            "<Amt Ccy=\"CLP\">1000</Amt>",
            "<Amt Ccy=\"USD\">1000</Amt>",
            "it is in USD",
        ),
        (
            "<Amt Ccy=\"CLP\">1000</Amt>",
            "<Amt Ccy=\"CLP\">10,00</Amt>",
            "is no number",
        ),
        (
            "<Amt Ccy=\"CLP\">1000</Amt>",
            "<Amt Ccy=\"CLP\">10.5</Amt>",
            "more decimals",
        ),
        ("CRDT", "CREDIT", "neither credit nor debit"),
        ("<Dt>2026-03-02</Dt>", "<Dt>2 March</Dt>", "is no date"),
        ("<BookgDt><Dt>2026-03-02</Dt></BookgDt>", "", "no booking date"),
    ] {
        let file = document("02", &format!("{}{OLD}", OLD.replace(from, to)));
        let found = read(&file).unwrap();
        match &found[..] {
            [Found::Rejected(rejected), Found::Line(_)] => {
                assert!(rejected.reason.contains(reason), "{}", rejected.reason);
                assert_eq!(rejected.line, 8);
            }
            other => panic!("{to}: {other:?}"),
        }
    }
}

#[test]
fn a_file_that_is_something_else_is_refused_as_a_whole() {
    let good = document("08", NEW);
    for (file, problem) in [
        (
            good.replace("camt.053", "camt.052"),
            "camt.052.001.08, not camt.053",
        ),
        ("<html><body/></html>".to_owned(), "«html», which is no camt.053"),
        (
            good.replace("000-0012345678", "87654321"),
            "of account 87654321, not of 12345678",
        ),
        (good[..good.len() - 40].to_owned(), "no XML"),
        (good.replace("<RmtInf>", "<RmtInf>&bank;"), "an entity of its own"),
        (document("08", "").replace("Stmt>", "Rpt>"), "no statement"),
        ("date,amount\n".to_owned(), "no statement"),
    ] {
        let error = read(&file).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
}

//! Statements that come as files.

use anyhow::Result;
use ayni_gateway::merchants::collecting::CollectingAccount;
use ayni_gateway::statements::camt::CamtReader;
use ayni_gateway::statements::delimited::DelimitedReader;
use ayni_gateway::statements::import::{self, ImportError, Imported};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::truth::rows;
use serde_json::json;

use super::house::account_without_login;
use crate::bodies::{payment, state};

on_both_engines!(
    a_line_of_a_file_settles_its_payment_once,
    a_camt_file_settles_payments_too,
    the_next_days_file_may_begin_with_lines_that_are_known,
    lines_that_are_not_understood_keep_no_other_from_being_stored,
    an_account_that_a_connector_reads_takes_no_file,
    two_imports_at_once_store_each_line_once,
);

/// Takes in our own form of CSV.
pub async fn import_csv(gateway: &TestGateway, account: &CollectingAccount, text: &str) -> Result<Imported> {
    let file = std::io::Cursor::new(text.as_bytes().to_vec());
    let reading = DelimitedReader::new(file, None, account.currency)?;
    Ok(import::import(&gateway.app, account, Box::new(reading)).await?)
}

async fn movements(gateway: &TestGateway) -> Result<usize> {
    Ok(rows(&gateway.app.db, "SELECT id FROM movements").await?.len())
}

fn counts(imported: &Imported) -> (u64, u64, u64, u64) {
    (
        imported.stored,
        imported.known,
        imported.pending,
        imported.rejected,
    )
}

async fn a_line_of_a_file_settles_its_payment_once(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let account = account_without_login(gateway, "000333").await?;
    let fields = json!({"collect_account_uuid": account.uuid, "notify_url": merchant.url("/")});
    let id = gateway.create(payment(&fields)).await?;
    let file = format!("date,amount,reference\n2026-03-02,1000,pago {id}\n2026-03-02,-77,comisión\n");
    assert_eq!(counts(&import_csv(gateway, &account, &file).await?), (2, 0, 0, 0));
    assert_eq!(state(gateway, &id).await?, "done/normal");
    assert_eq!(counts(&import_csv(gateway, &account, &file).await?), (0, 2, 0, 0));
    gateway.work().await?;
    assert_eq!((merchant.received().len(), movements(gateway).await?), (1, 2));
    Ok(())
}

async fn a_camt_file_settles_payments_too(gateway: &TestGateway) -> Result<()> {
    let account = account_without_login(gateway, "000333").await?;
    let id = gateway
        .create(payment(&json!({"collect_account_uuid": account.uuid})))
        .await?;
    let file = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt>\
         <Acct><Id><Othr><Id>333</Id></Othr></Id></Acct>\
         <Ntry><Amt Ccy=\"CLP\">1000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
         <BookgDt><Dt>2026-03-02</Dt></BookgDt><AcctSvcrRef>R1</AcctSvcrRef><NtryDtls><TxDtls>\
         <RltdPties><Dbtr><Pty><Nm>Ana</Nm></Pty></Dbtr></RltdPties>\
         <RmtInf><Ustrd>{id}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\
         <Ntry><Amt Ccy=\"CLP\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts></Ntry>\
         </Stmt></BkToCstmrStmt></Document>"
    );
    for expected in [(1, 0, 1, 0), (0, 1, 1, 0)] {
        let text = std::io::Cursor::new(file.clone().into_bytes());
        let reading = CamtReader::new(text, &account.number, account.currency);
        let imported = import::import(&gateway.app, &account, Box::new(reading)).await?;
        assert_eq!(counts(&imported), expected);
    }
    assert_eq!(state(gateway, &id).await?, "done/normal");
    Ok(())
}

async fn the_next_days_file_may_begin_with_lines_that_are_known(gateway: &TestGateway) -> Result<()> {
    let account = account_without_login(gateway, "000333").await?;
    let day = "date,amount,reference\n2026-03-01,500,igual\n2026-03-01,500,igual\n";
    assert_eq!(counts(&import_csv(gateway, &account, day).await?), (2, 0, 0, 0));
    let longer = format!("{day}2026-03-02,500,igual\n2026-03-01,500,igual\n");
    assert_eq!(
        counts(&import_csv(gateway, &account, &longer).await?),
        (2, 2, 0, 0)
    );
    assert_eq!(movements(gateway).await?, 4);
    Ok(())
}

async fn lines_that_are_not_understood_keep_no_other_from_being_stored(gateway: &TestGateway) -> Result<()> {
    let account = account_without_login(gateway, "000333").await?;
    let file =
        "date,amount,id\n2026-03-01,500,1\nayer,500,2\n2026-03-01,5x,3\n2026-03-01,500,1\n2026-03-01,7,4\n";
    let imported = import_csv(gateway, &account, file).await?;
    assert_eq!(counts(&imported), (2, 0, 0, 3));
    let lines: Vec<u64> = imported.named.iter().map(|rejected| rejected.line).collect();
    assert_eq!(lines, [3, 4, 5]);
    let changed = import_csv(gateway, &account, "date,amount,id\n2026-03-01,501,1\n").await?;
    assert_eq!(counts(&changed), (0, 0, 0, 1));
    assert!(
        changed.named[0].reason.contains("another amount, 500"),
        "{:?}",
        changed.named
    );
    assert_eq!(movements(gateway).await?, 2);
    Ok(())
}

async fn an_account_that_a_connector_reads_takes_no_file(gateway: &TestGateway) -> Result<()> {
    let account = account_without_login(gateway, "000333").await?;
    let read = CollectingAccount {
        has_login: true,
        ..account
    };
    let file = std::io::Cursor::new(b"date,amount\n2026-03-01,1\n".to_vec());
    let reading = DelimitedReader::new(file, None, read.currency)?;
    let refused = import::import(&gateway.app, &read, Box::new(reading)).await;
    assert!(
        matches!(refused, Err(ImportError::ReadByConnector)),
        "{refused:?}"
    );
    assert_eq!(movements(gateway).await?, 0);
    Ok(())
}

async fn two_imports_at_once_store_each_line_once(gateway: &TestGateway) -> Result<()> {
    use std::fmt::Write as _;
    let account = account_without_login(gateway, "000333").await?;
    let mut file = "date,amount,id\n".to_owned();
    for number in 0..450 {
        writeln!(file, "2026-03-01,{},{number}", number + 1)?;
    }
    let (one, other) = tokio::join!(
        import_csv(gateway, &account, &file),
        import_csv(gateway, &account, &file)
    );
    assert!(one.is_ok() || other.is_ok(), "{one:?} {other:?}");
    // Whoever came second is told to do it again, or finds the lines known.
    let again = import_csv(gateway, &account, &file).await?;
    assert_eq!(again.rejected, 0);
    assert_eq!(movements(gateway).await?, 450);
    Ok(())
}

//! Receipts as other programs read them: `qpdf` finds the file whole, `pdftotext` finds its words. The files stay in
//! `target/tmp/receipts` to be looked at.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use serde_json::json;

use super::{about, paid, receipt_path, verify_path};

on_both_engines!(
    a_receipt_of_every_currency_is_read_by_others,
    texts_of_every_kind_are_read_by_others,
);

const CURRENCIES: [(&str, &str); 9] = [
    ("CLP", "$123.457"),
    ("CLF", "UF 12,3456"),
    ("ARS", "12,34"),
    ("PEN", "12,34"),
    ("MXN", "12,34"),
    ("USD", "US$ 12,34"),
    ("EUR", "12,34"),
    ("BOB", "12,34"),
    ("COP", "123.457"),
];

async fn a_receipt_of_every_currency_is_read_by_others(gateway: &TestGateway) -> Result<()> {
    for (currency, shown) in CURRENCIES {
        let amount = match currency {
            "CLP" | "COP" => json!(123_457),
            "CLF" => json!("12.3456"),
            _ => json!("12.34"),
        };
        let (payment, _) = paid(gateway, &json!({"amount": amount, "currency": currency})).await?;
        let said = read(gateway, &payment, currency).await?;
        let (id, operation) = (&payment["payment_id"], &payment["authorizer_operation_code"]);
        for words in [
            shown,
            "Comprobante de pago",
            "Pagado el 2 de marzo de 2026, 12:00",
            "Cobro de prueba",
            "••.•••.111-1",
            "DemoBank",
            id.as_str().unwrap(),
            operation.as_str().unwrap(),
        ] {
            assert!(said.contains(words), "{currency}: no «{words}» in {said}");
        }
        assert!(!said.contains("11.111.111"), "the RUT is told in part only");
        assert_eq!(said.contains("En pesos: $487.651"), currency == "CLF", "{said}");
    }
    Ok(())
}

async fn texts_of_every_kind_are_read_by_others(gateway: &TestGateway) -> Result<()> {
    let long = "W".repeat(255);
    for (name, subject, read_as) in [
        (
            "spanish",
            "¡Ñandú, pingüino y «comillas»!",
            "¡Ñandú, pingüino y «comillas»!",
        ),
        (
            "emoji",
            "Regalo 🎁 para 👩‍👧",
            "Regalo \u{fffd} para \u{fffd}\u{fffd}",
        ),
        ("long", long.as_str(), "WWW…"),
    ] {
        let (payment, _) = paid(gateway, &about(subject)).await?;
        let said = read(gateway, &payment, name).await?;
        assert!(said.contains(read_as), "{name}: {said}");
    }
    Ok(())
}

/// What `pdftotext` reads in a payment's receipt, after `qpdf` found it whole.
async fn read(gateway: &TestGateway, payment: &serde_json::Value, name: &str) -> Result<String> {
    let answer = gateway.call_as("GET", &receipt_path(payment)?, &[]).await?;
    ensure!(answer.status == 200, "the receipt answered {}", answer.status);
    let file = keep(
        payment["payment_id"].as_str().unwrap_or_default(),
        name,
        &answer.body,
    )?;
    let found = run("qpdf", &["--check"], &file, &[])?;
    ensure!(
        found.contains("No syntax or stream encoding errors found"),
        "{found}"
    );
    let link = format!("/URI (http://{}{})", gateway.address, verify_path(payment)?);
    ensure!(
        String::from_utf8_lossy(&answer.body).contains(&link),
        "no link to {link}"
    );
    run("pdftotext", &["-layout"], &file, &["-"])
}

fn keep(id: &str, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("receipts");
    fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{name}-{id}.pdf"));
    fs::write(&file, bytes)?;
    Ok(file)
}

fn run(program: &str, before: &[&str], file: &Path, after: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(before)
        .arg(file)
        .args(after)
        .output()
        .with_context(|| {
            format!("{program} reads receipts: `cargo xtask test` installs qpdf and poppler-utils")
        })?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(
        output.status.success(),
        "{program}: {said} {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(said)
}

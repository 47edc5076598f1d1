//! The statement as a CSV file, sent piece by piece so that its length does not matter.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use ayni_domain::time::wire;
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

use super::Site;
use super::accounts::own_account;
use super::page::{Frame, missing};
use super::visitor::Visitor;
use crate::account::AccountNumber;
use crate::bank::DemoBank;
use crate::error::SandboxError;
use crate::statement::Movement;

/// Rows read and sent at once.
const PIECE_ROWS: i64 = 500;

/// Pieces that wait for a slow reader.
const PIECES_WAITING_MAX: usize = 2;

const COLUMNS: [&str; 11] = [
    "movimiento",
    "fecha",
    "descripcion",
    "contraparte",
    "rut",
    "cuenta",
    "operacion",
    "cargo",
    "abono",
    "saldo",
    "moneda",
];

/// All movements of the customer's own account, newest first.
pub async fn statement(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, SandboxError> {
    let Some(account) = own_account(&number, &visitor) else {
        return Ok(missing(Frame::of(&visitor)));
    };
    let (pieces, body) = channel(PIECES_WAITING_MAX);
    let first = piece(vec![COLUMNS.map(str::to_owned)])?;
    let newest = site.bank.movements(account, i64::MAX, PIECE_ROWS).await?;
    tokio::spawn(send(site.bank, account, first, newest, pieces));
    let name = format!("attachment; filename=\"cartola-{account}.csv\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, Body::from_stream(ReceiverStream::new(body))).into_response())
}

/// Ends when everything is sent, the reader has gone, or the bank fails, which breaks the download off.
async fn send(
    bank: DemoBank,
    account: AccountNumber,
    first: Vec<u8>,
    mut movements: Vec<Movement>,
    pieces: Sender<Result<Vec<u8>, SandboxError>>,
) {
    if pieces.send(Ok(first)).await.is_err() {
        return;
    }
    while let Some(oldest) = movements.last().map(|movement| movement.number) {
        let rows = movements.iter().map(|movement| row(movement, account.currency()));
        if pieces.send(piece(rows.collect())).await.is_err() || oldest <= 1 {
            return;
        }
        movements = match bank.movements(account, oldest - 1, PIECE_ROWS).await {
            Ok(movements) => movements,
            Err(error) => {
                tracing::error!(%error, "a download was broken off");
                // If the reader has gone too, there is nobody left to tell.
                let _ = pieces.send(Err(error)).await;
                return;
            }
        };
    }
}

fn row(movement: &Movement, currency: Currency) -> [String; COLUMNS.len()] {
    let (debit, credit) = movement.sides();
    let side = |amount: Option<Amount>| amount.map(Amount::plain).unwrap_or_default();
    [
        movement.number.to_string(),
        wire(movement.at),
        movement.comment.clone(),
        movement.counterpart_name.clone(),
        movement.counterpart.owner().formatted(),
        movement.counterpart.to_string(),
        movement.operation.to_string(),
        side(debit),
        side(credit),
        movement.balance.plain(),
        currency.code().to_owned(),
    ]
}

fn piece(rows: Vec<[String; COLUMNS.len()]>) -> Result<Vec<u8>, SandboxError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(std::io::Error::other)?;
    }
    writer
        .into_inner()
        .map_err(|error| SandboxError::Io(std::io::Error::other(error.to_string())))
}

//! A company's form, and the client's bills in answer to it.

use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use ayni_domain::rut::dotted;
use serde::Deserialize;
use serde_json::json;

use super::frame::{FormToken, Frame, render, returned};
use super::{login, notice, trouble};
use crate::portal::Portal;
use crate::portal::biller::Biller;
use crate::portal::debt::Bill;
use crate::portal::effect::DebtEffect;
use crate::portal::magic;

#[derive(Template)]
#[template(path = "portal/consult.html")]
struct Asked<'a> {
    frame: Frame,
    biller: &'a Biller,
    token: &'a str,
    typed: &'a str,
    error: &'static str,
}

#[derive(Template)]
#[template(path = "portal/debt.html")]
struct Owed<'a> {
    frame: Frame,
    biller: &'a Biller,
    identifier: &'a str,
    /// The table's columns changed places and names.
    other_columns: bool,
    rows: Vec<Row>,
    total: String,
    /// The rows for the script, where one fills them in.
    data: String,
}

#[derive(Template)]
#[template(path = "portal/no_debt.html")]
struct Nothing<'a> {
    frame: Frame,
    biller: &'a Biller,
    identifier: &'a str,
}

/// A bill as the page shows it.
struct Row {
    document: String,
    due: String,
    amount: String,
}

/// What a person types.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Question {
    #[serde(rename = "_token")]
    token: String,
    identificador: String,
}

/// The form.
pub async fn form(
    State(portal): State<Portal>,
    frame: Frame,
    headers: HeaderMap,
    Path(slug): Path<String>,
) -> Response {
    let Some(biller) = portal.directory().at(&slug) else {
        return notice::missing(frame);
    };
    let token = FormToken::of(&portal, &headers);
    token.with(asked(frame, biller, &token.field, "", ""))
}

/// The client's bills, or why there are none to see.
pub async fn answer(
    State(portal): State<Portal>,
    frame: Frame,
    headers: HeaderMap,
    Path(slug): Path<String>,
    form: Result<Form<Question>, FormRejection>,
) -> Response {
    portal.0.counts.debt();
    let Some(biller) = portal.directory().at(&slug) else {
        return notice::missing(frame);
    };
    let Form(question) = match form {
        Ok(form) => form,
        Err(unread) => return notice::unreadable(frame, unread.status()),
    };
    if let Some(refusal) = notice::refused(frame.clone(), returned(&portal, &headers, &question.token)) {
        return refusal;
    }
    let again = |error| {
        asked(
            frame.clone(),
            biller,
            &question.token,
            &question.identificador,
            error,
        )
    };
    let Some(identifier) = biller.format.read(&question.identificador) else {
        return again(WRONG_FORMAT);
    };
    let bills = portal.bills(&biller.name, &identifier).unwrap_or_default();
    let shown = |look| owed(frame.clone(), biller, &identifier, &bills, look);
    match magic::debt_effect(&identifier) {
        Some(DebtEffect::Trouble(kind)) => {
            let what = format!("{slug} {identifier}");
            trouble::answer(&portal, kind, &what, frame.clone(), || shown(Look::Usual)).await
        }
        Some(DebtEffect::UnknownClient) => again(UNKNOWN_CLIENT),
        Some(DebtEffect::WrongFormat) => again(WRONG_FORMAT),
        Some(DebtEffect::LoginInstead) => login::form(&portal, frame.clone(), &headers),
        Some(DebtEffect::AmountWithDecimals) => shown(Look::AmountWithDecimals),
        Some(DebtEffect::AmountInDollars) => shown(Look::AmountInDollars),
        Some(DebtEffect::DateTurned) => shown(Look::DateTurned),
        Some(DebtEffect::OtherColumns) => shown(Look::OtherColumns),
        Some(DebtEffect::OtherClient) => owed(frame.clone(), biller, OTHER_CLIENT, &bills, Look::Usual),
        Some(DebtEffect::OtherTotal) => shown(Look::OtherTotal),
        Some(DebtEffect::NoDueDate) => shown(Look::NoDueDate),
        Some(DebtEffect::AmountAsText) => shown(Look::AmountAsText),
        Some(DebtEffect::NoDebt | DebtEffect::ThreeBills) | None => shown(Look::Usual),
    }
}

const WRONG_FORMAT: &str = "El identificador no corresponde al formato de la empresa.";
/// Whose bills are shown by mistake.
const OTHER_CLIENT: &str = "25252525";
const UNKNOWN_CLIENT: &str = "Cliente no encontrado. Revise el identificador.";

/// How the bills are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Usual,
    AmountWithDecimals,
    AmountInDollars,
    DateTurned,
    OtherColumns,
    OtherTotal,
    NoDueDate,
    AmountAsText,
}

impl Look {
    fn amount(self, pesos: u64) -> String {
        match self {
            Look::AmountWithDecimals => format!("{},00 CLP", dotted(pesos)),
            Look::AmountInDollars => format!("US${},{:02}", dotted(pesos / 1_000), pesos % 1_000 / 10),
            Look::AmountAsText => "Por confirmar".to_owned(),
            _ => format!("${}", dotted(pesos)),
        }
    }

    fn row(self, bill: &Bill) -> Row {
        let due = match self {
            Look::NoDueDate => String::new(),
            Look::DateTurned => bill.due.strftime("%Y/%d/%m").to_string(),
            _ => bill.due.strftime("%d/%m/%Y").to_string(),
        };
        Row {
            document: bill.document.clone(),
            due,
            amount: self.amount(bill.pesos),
        }
    }
}

fn asked(frame: Frame, biller: &Biller, token: &str, typed: &str, error: &'static str) -> Response {
    let page = Asked {
        frame,
        biller,
        token,
        typed,
        error,
    };
    render(StatusCode::OK, &page)
}

fn owed(frame: Frame, biller: &Biller, identifier: &str, bills: &[Bill], look: Look) -> Response {
    if bills.is_empty() {
        let page = Nothing {
            frame,
            biller,
            identifier,
        };
        return render(StatusCode::OK, &page);
    }
    let rows: Vec<Row> = bills.iter().map(|bill| look.row(bill)).collect();
    let sum: u64 = bills.iter().map(|bill| bill.pesos).sum();
    let total = look.amount(if look == Look::OtherTotal {
        sum + 1_000
    } else {
        sum
    });
    let listed: Vec<_> = rows
        .iter()
        .map(|row| json!({ "documento": row.document, "vencimiento": row.due, "monto": row.amount }))
        .collect();
    let data = json!({ "cuentas": listed, "total": total }).to_string();
    let page = Owed {
        other_columns: look == Look::OtherColumns,
        frame,
        biller,
        identifier,
        rows,
        total,
        data,
    };
    render(StatusCode::OK, &page)
}

//! `/console/settlements`: what there is, what waits, and what was paid out.

use axum::extract::State;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::ids::PaymentId;
use ayni_domain::settlement::next_run;
use ayni_store::tx::Tx;

use super::payout::Typed;
use super::view::{self, Shown};
use crate::app::Shared;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::Section;
use crate::console::refused::Refused;
use crate::console::seat::{Collects, Seat};
use crate::console::{audit, page, page_again};
use crate::http::error::ApiError;
use crate::http::idempotent::outcome::NotAnswered;
use crate::ledger::list as ledger;
use crate::merchants::{MerchantError, accounts, payout_accounts};
use crate::settlement::account as settlements;
use crate::texts::console::settlements::Texts;

/// `GET /console/settlements`.
pub(super) async fn show(State(app): State<Shared>, seat: Seat) -> Result<Response, Refused> {
    page(&view::page(
        &app,
        &seat,
        read(&app, &seat).await?,
        Typed::default(),
    ))
}

/// The same with what was typed into one of its forms.
pub(super) async fn show_again(app: &Shared, seat: &Seat, typed: Typed) -> Result<Response, Refused> {
    page_again(&view::page(app, seat, read(app, seat).await?, typed))
}

/// `POST /console/settlements/confirm`: a held payment is settled on the next business day.
pub(super) async fn confirm(
    State(app): State<Shared>,
    Posted {
        seat: Collects(seat),
        form,
    }: Posted<Collects>,
) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    let id = PaymentId::parse(form.text("payment")).map_err(|_| Refused::NotFound)?;
    let (who, on, now) = (seat.clone(), app.clone(), app.clock.now());
    let done = app.db.write("console.confirm", move |tx| {
        settlements::release(tx, &on, who.account, id)?;
        Ok::<_, NotAnswered>(audit::note(tx, &who, Action::PaymentConfirm, id.as_str(), now)?)
    });
    let flash = match done.await {
        Ok(()) => Flash::Done(t.confirmed.to_owned()),
        Err(NotAnswered::Refused(ApiError::Invalid(problems))) => {
            let said = problems.iter().map(|found| found.problem.text(seat.lang));
            Flash::Failed(said.collect::<Vec<_>>().join(" "))
        }
        Err(NotAnswered::Refused(ApiError::Forbidden)) => Flash::Failed(t.may_not_confirm.to_owned()),
        Err(NotAnswered::Refused(ApiError::NotFound)) => return Err(Refused::NotFound),
        Err(_) => return Err(Refused::Unavailable),
    };
    Ok(flash::see_other(&seat, Section::Settlements.href(), &flash))
}

async fn read(app: &Shared, seat: &Seat) -> Result<Shown, Refused> {
    let (account, place) = (seat.account, seat.asked("before").to_owned());
    let wanted = ledger::Wanted {
        owner: Some(account),
        ..ledger::Wanted::default()
    };
    let balances = ledger::balances(&app.db, wanted, BALANCES_MAX).await?;
    let shown = app.db.read("console.settlements", move |tx: &mut Tx<'_>| {
        let before = place.split_once('.');
        let mut settlements = settlements::page(tx, account, before, PAGE + 1)?;
        let has_more = settlements.len() as i64 > PAGE;
        settlements.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
        Ok::<_, MerchantError>(Shown {
            is_first: before.is_none(),
            has_more,
            settlements,
            held: settlements::held(tx, account, HELD_MAX)?,
            payout_accounts: payout_accounts::list(tx, account)?,
            rendition_url: accounts::rendition_url(tx, account)?,
            account: accounts::read(tx, account)?,
            balances: Vec::new(),
            next_run: None,
        })
    });
    let settings = &app.settings;
    Ok(Shown {
        balances,
        next_run: Some(next_run(
            &settings.calendar,
            app.clock.now(),
            settings.settlement_hour,
        )),
        ..shown.await?
    })
}

/// Settlements of a page.
const PAGE: i64 = 25;
/// Held payments that are shown: the next ones.
const HELD_MAX: i64 = 50;
/// Balances of an account: nine purposes on each of its bank accounts.
const BALANCES_MAX: u32 = 200;

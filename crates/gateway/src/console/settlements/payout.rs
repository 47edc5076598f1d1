//! Where an account is paid, and where it is told of that: owners only, and every change is in the audit log.

use axum::extract::State;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::currency::Currency;
use ayni_domain::email;
use ayni_domain::payout_account::{AccountType, PayoutAccount, is_account_number};
use ayni_domain::rut::Rut;
use ayni_store::error::StoreError;

use super::list;
use super::view::masked;
use crate::app::{App, Shared};
use crate::console::audit;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::Section;
use crate::console::keys::view::check_url;
use crate::console::refused::Refused;
use crate::console::seat::step_up::{self, Act, StepUp};
use crate::console::seat::{Owner, Seat};
use crate::http::pages::Form;
use crate::merchants::{MerchantError, accounts, payout_accounts};
use crate::texts::console::settlements::Texts;

/// What was typed, and what is wrong with it.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) rendition_url: Option<String>,
    pub(super) url_problem: Option<String>,
    pub(super) payout: Option<PayoutForm>,
}

/// The form of a payout account.
#[derive(Default)]
pub(super) struct PayoutForm {
    pub(super) currency: String,
    pub(super) bank: String,
    pub(super) account_type: String,
    pub(super) number: String,
    pub(super) holder: String,
    pub(super) identifier: String,
    pub(super) email: String,
    pub(super) number_problem: Option<&'static str>,
    pub(super) holder_problem: Option<&'static str>,
    pub(super) identifier_problem: Option<&'static str>,
    pub(super) email_problem: Option<&'static str>,
}

/// `POST /console/settlements/payout-account`.
pub(super) async fn set_account(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    let payout = match checked(&app, &seat, t, &form)? {
        Ok(payout) => payout,
        Err(typed) => {
            let typed = Typed {
                payout: Some(typed),
                ..Typed::default()
            };
            return list::show_again(&app, &seat, typed).await;
        }
    };
    let proof = match step_up::ask(&app, &seat, &form, &act(&app, t, &payout)).await? {
        StepUp::Proved(proof) => proof,
        StepUp::Asked(page) => return Ok(page),
    };
    let (who, now) = (seat.clone(), app.clock.now());
    let done = app.db.write("console.payout-account", move |tx| {
        if !proof.spend(tx)? {
            return Ok::<_, StoreError>(false);
        }
        payout_accounts::set(tx, who.account, &payout, now)?;
        let subject = format!("payout_account {}", payout.currency.code());
        audit::note(tx, &who, Action::AccountUpdate, &subject, now)?;
        Ok(true)
    });
    if !done.await? {
        return Err(Refused::NotThisPage);
    }
    let flash = Flash::Done(t.payout_set.to_owned());
    Ok(flash::see_other(&seat, Section::Settlements.href(), &flash))
}

/// What is about to be done, for the page that asks again who the person is.
fn act(app: &App, t: &Texts, payout: &PayoutAccount) -> Act<'static> {
    let bank = app
        .banks
        .find(&payout.bank_id)
        .map_or(payout.bank_id.as_str(), |bank| bank.name.as_str());
    Act {
        section: Section::Settlements,
        path: "/console/settlements/payout-account",
        said: (t.payout_act)(bank, &masked(&payout.number)),
    }
}

/// `POST /console/settlements/rendition-url`.
pub(super) async fn set_rendition_url(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    let url = form.text("rendition_url").to_owned();
    if let Err(problem) = check_url(&app, seat.lang, &url) {
        let typed = Typed {
            rendition_url: Some(url),
            url_problem: Some(problem),
            ..Typed::default()
        };
        return list::show_again(&app, &seat, typed).await;
    }
    let (who, now) = (seat.clone(), app.clock.now());
    let done = app.db.write("console.rendition-url", move |tx| {
        let url = (!url.is_empty()).then_some(url.as_str());
        accounts::write_rendition_url(tx, who.account, url)?;
        Ok::<_, MerchantError>(audit::note(
            tx,
            &who,
            Action::AccountUpdate,
            "rendition_url",
            now,
        )?)
    });
    done.await?;
    let flash = Flash::Done(t.url_set.to_owned());
    Ok(flash::see_other(&seat, Section::Settlements.href(), &flash))
}

/// The account, or the form with what is wrong beside each field. What the page's own choices never say is refused.
fn checked(
    app: &App,
    seat: &Seat,
    t: &'static Texts,
    form: &Form,
) -> Result<Result<PayoutAccount, PayoutForm>, Refused> {
    let currency: Currency = form.text("currency").parse().map_err(|_| Refused::NotFound)?;
    let account_type: AccountType = form.text("type").parse().map_err(|_| Refused::NotFound)?;
    let bank = app
        .banks
        .seen_by(seat.mode)
        .find(|bank| bank.id == form.text("bank"));
    let bank_id = bank.ok_or(Refused::NotFound)?.id.clone();
    if currency.paid_in() != currency {
        return Err(Refused::NotFound);
    }
    let [number, holder, identifier, address] =
        ["number", "holder", "identifier", "email"].map(|name| form.text(name).to_owned());
    let is_name = (1..=TEXT_LENGTH_MAX).contains(&holder.chars().count());
    let is_address = email::is_valid(&address) && address.chars().count() <= TEXT_LENGTH_MAX;
    let rut = Rut::parse(&identifier);
    if let (Ok(rut), true, true, true) = (rut, is_account_number(&number), is_name, is_address) {
        return Ok(Ok(PayoutAccount {
            currency,
            bank_id,
            account_type,
            number,
            holder_name: holder,
            holder_identifier: rut.plain(),
            holder_email: address,
        }));
    }
    Ok(Err(PayoutForm {
        number_problem: (!is_account_number(&number)).then_some(t.number_wrong),
        holder_problem: (!is_name).then_some(t.holder_wrong),
        identifier_problem: rut.is_err().then_some(t.identifier_wrong),
        email_problem: (!is_address).then_some(t.email_wrong),
        currency: currency.code().to_owned(),
        bank: bank_id,
        account_type: account_type.as_str().to_owned(),
        number,
        holder,
        identifier,
        email: address,
    }))
}

const TEXT_LENGTH_MAX: usize = 255;

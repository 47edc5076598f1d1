//! `consult-debt`: the company's form, and the bills that it answers with.

use ayni_domain::company::normalised;
use ayni_domain::operation::code::Code;
use ayni_domain::operation::note::Note;
use jiff::civil::Date;
use scraper::ElementRef;
use serde::Serialize;
use serde_json::value::to_raw_value;

use super::companies::Company;
use super::hooks::Known;
use super::{Site, filled, refused};
use crate::data::Reply;
use crate::data::stopped::Stopped;
use crate::extract::{Unread, day, pesos};
use crate::failure::SiteError;
use crate::session::Tab;
use crate::session::page::{Page, Parsed, one_in, text_of};
use crate::sites::Css;

/// Bills of one client; more are no client's.
const BILLS_MAX: usize = 1_000;

/// A bill that is not paid.
struct Bill {
    due: Date,
    pesos: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Data {
    debt: Debt,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Debt {
    due_date: Date,
    pending_debt: i64,
}

impl Site {
    pub(super) async fn consult_debt(&self, company: &str, client: &str) -> Result<Reply, Stopped> {
        let company = self.companies.named(company)?;
        let hooks = &self.hooks.company;
        let mut visitor = self.visits.begin(Tab::default());
        let page = visitor
            .open(&hooks.path.replace("{company}", &company.page))
            .await?;
        let form = {
            let page = page.parsed();
            self.expect(&page, Known::Company, "the company's form")?;
            let fields = [(hooks.identifier.as_str(), client)];
            filled(&page, &hooks.form, &fields, "the company's form")?
        };
        let answer = visitor.submit(&form).await?;
        let bills = self.read_answer(&answer, company, client)?;
        reply(&bills)
    }

    /// The client's bills; none where the site says that there are none.
    fn read_answer(&self, page: &Page, company: &Company, client: &str) -> Result<Vec<Bill>, Stopped> {
        const WHAT: &str = "the client's debt";
        let (page, hooks) = (&page.parsed(), &self.hooks);
        match hooks.pages.recognise(page) {
            Some(Known::Debt) => {
                self.expect_about(page, (&hooks.debt.company, company), (&hooks.debt.client, client))?;
                self.read_bills(page)
            }
            Some(Known::NoDebt) => {
                self.expect_about(
                    page,
                    (&hooks.no_debt.company, company),
                    (&hooks.no_debt.client, client),
                )?;
                Ok(Vec::new())
            }
            Some(Known::Company) => match page.all(&hooks.company.problem.0).as_slice() {
                [problem] => Err(refused(&hooks.company.problems, &text_of(*problem), &[client])),
                _ => Err(Stopped::at(page, &page.unknown(WHAT), WHAT)),
            },
            shown => Err(self.instead(page, shown, WHAT)),
        }
    }

    /// A page about another client's debt, or another company's, is not read.
    fn expect_about(
        &self,
        page: &Parsed<'_>,
        company: (&Css, &Company),
        client: (&Css, &str),
    ) -> Result<(), Stopped> {
        let shown = |css: &Css| text(page, page.one(&css.0, "whose debt it is"));
        if company.1.is_named(&shown(company.0)?) && is_client(&shown(client.0)?, client.1) {
            return Ok(());
        }
        Err(Stopped::with_page(
            page,
            Code::UnknownPage,
            "the debt of who was asked for",
        ))
    }

    fn read_bills(&self, page: &Parsed<'_>) -> Result<Vec<Bill>, Stopped> {
        let hooks = &self.hooks.debt;
        let rows = page.all(&hooks.row.0);
        let changed = |what| Stopped::with_page(page, Code::UnknownPage, what);
        if rows.is_empty() || rows.len() > BILLS_MAX || page.has(&hooks.loading.0) {
            return Err(changed("the client's bills"));
        }
        let bill = |row: &ElementRef<'_>| {
            let cell = |css: &Css, what| text(page, one_in(*row, &css.0, what));
            let misread = |what| move |unread: Unread| Stopped::with_page(page, unread.code(), what);
            Ok(Bill {
                due: day(&cell(&hooks.due, "a bill's date")?).map_err(misread("a bill's date"))?,
                pesos: pesos(&cell(&hooks.amount, "a bill's amount")?).map_err(misread("a bill's amount"))?,
            })
        };
        let bills: Vec<Bill> = rows.iter().map(bill).collect::<Result<_, Stopped>>()?;
        let total = text(page, page.one(&hooks.total.0, "the total"))?;
        if pesos(&total).ok() == sum(&bills) {
            Ok(bills)
        } else {
            Err(changed("a total that is the sum of the bills"))
        }
    }
}

fn reply(bills: &[Bill]) -> Result<Reply, Stopped> {
    let mut due: Vec<Date> = bills.iter().map(|bill| bill.due).collect();
    due.sort_unstable();
    let Some(earliest) = due.first() else {
        return Ok(Reply {
            data: None,
            note: Some(Note::NoDebt),
        });
    };
    let debt = Debt {
        due_date: *earliest,
        pending_debt: sum(bills).ok_or(Code::DataUnfit)?,
    };
    let data = to_raw_value(&Data { debt }).map_err(|_| Code::Internal)?;
    Ok(Reply {
        data: Some(data),
        note: (due.len() > 1).then_some(Note::SeveralBills(due)),
    })
}

fn sum(bills: &[Bill]) -> Option<i64> {
    bills
        .iter()
        .try_fold(0_i64, |sum, bill| sum.checked_add(bill.pesos))
}

fn text(page: &Parsed<'_>, element: Result<ElementRef<'_>, SiteError>) -> Result<String, Stopped> {
    element
        .map(text_of)
        .map_err(|error| Stopped::at(page, &error, "the client's debt"))
}

/// Sites write an identifier with their own dots, hyphens and zeros before it.
fn is_client(shown: &str, asked: &str) -> bool {
    let plain = |identifier: &str| normalised(identifier).trim_start_matches('0').to_owned();
    plain(shown) == plain(asked)
}

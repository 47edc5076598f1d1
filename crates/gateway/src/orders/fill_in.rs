//! Walks an order through the bank's questions, up to the request that moves money and not beyond: what a payer would
//! type is answered from the collecting account's sealed login.

use ayni_connectors::bank::Bank;
use ayni_connectors::failure::Failure;
use ayni_connectors::prompt::{Answers, Choice, Field, FieldKind, Problem, Prompt};
use ayni_connectors::statement::BankLogin;
use ayni_connectors::transfer::{Next, Session, TransferOrder};

/// Why an order could not be filled in; no money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotFilledIn {
    /// The bank said so, or could not be reached.
    Failed(Failure),
    /// The bank asks for a card's coordinates, and the login has none, or too few.
    NoCoordinates,
    /// The bank does not offer the collecting account to pay from.
    NotOffered,
}

/// The session whose next request moves the money of this transfer out of `number`.
pub(super) async fn fill_in(
    bank: &Bank,
    order: TransferOrder,
    number: &str,
    login: &BankLogin,
) -> Result<Session, NotFilledIn> {
    let mut next = bank.begin(order);
    for _ in 0..PROMPTS_MAX {
        let (prompt, session) = match next {
            Next::Ask(prompt, session) => (prompt, session),
            Next::Authorise(session) => return Ok(session),
            Next::Failed(failure) => return Err(NotFilledIn::Failed(failure)),
        };
        next = bank.answer(session, answers(&prompt, number, login)?).await;
    }
    Err(NotFilledIn::Failed(Failure::UnknownPage))
}

/// The answers to a prompt. What was answered wrongly once is not answered again: banks lock a customer out.
fn answers(prompt: &Prompt, number: &str, login: &BankLogin) -> Result<Answers, NotFilledIn> {
    match prompt.problem {
        None => {}
        Some(Problem::WrongLogin) => return Err(NotFilledIn::Failed(Failure::WrongLogin)),
        Some(Problem::LoginExpired) => return Err(NotFilledIn::Failed(Failure::SessionExpired)),
        Some(Problem::AnswerMissing | Problem::NotOffered | Problem::CoordinateMalformed) => {
            return Err(NotFilledIn::Failed(Failure::UnknownPage));
        }
    }
    let mut coordinates = coordinates(login);
    prompt
        .fields
        .iter()
        .map(|field| {
            Ok((
                field.name.clone(),
                answer(field, number, login, &mut coordinates)?,
            ))
        })
        .collect()
}

fn answer<'a>(
    field: &Field,
    number: &str,
    login: &BankLogin,
    coordinates: &mut impl Iterator<Item = &'a str>,
) -> Result<String, NotFilledIn> {
    match &field.kind {
        FieldKind::Rut => Ok(login.rut.clone()),
        FieldKind::Password => Ok(login.password.clone()),
        FieldKind::Choice(offered) => own(offered, number).ok_or(NotFilledIn::NotOffered),
        FieldKind::Coordinate { .. } => coordinates
            .next()
            .map(str::to_owned)
            .ok_or(NotFilledIn::NoCoordinates),
    }
}

/// The card's coordinates, in the order in which the bank's page asks for them.
fn coordinates(login: &BankLogin) -> impl Iterator<Item = &str> {
    login
        .coordinates
        .as_deref()
        .unwrap_or_default()
        .split_whitespace()
}

/// The choice that is the collecting account: banks write numbers with more or fewer zeros before them, and blanks between.
fn own(offered: &[Choice], number: &str) -> Option<String> {
    let plain = |text: &str| -> String {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        digits.trim_start_matches('0').to_owned()
    };
    let wanted = plain(number);
    let found = offered.iter().find(|choice| plain(&choice.value) == wanted);
    found.map(|choice| choice.value.clone())
}

/// More questions than any bank asks.
const PROMPTS_MAX: u32 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn login(coordinates: Option<&str>) -> BankLogin {
        BankLogin {
            rut: "76.086.428-5".into(),
            password: "1234".into(),
            coordinates: coordinates.map(str::to_owned),
        }
    }

    fn prompt(kinds: Vec<FieldKind>, problem: Option<Problem>) -> Prompt {
        let field = |(place, kind)| Field {
            name: format!("field_{place}"),
            kind,
        };
        Prompt {
            fields: kinds.into_iter().enumerate().map(field).collect(),
            problem,
        }
    }

    fn cell(position: &str) -> FieldKind {
        FieldKind::Coordinate {
            position: position.into(),
        }
    }

    #[test]
    fn each_question_is_answered_from_the_login() {
        let offered = ["000000000000760864285", "400000000000760864285"].map(|value| Choice {
            value: value.into(),
            label: "Cuenta Corriente".into(),
        });
        let asked = prompt(
            vec![
                FieldKind::Rut,
                FieldKind::Password,
                FieldKind::Choice(offered.to_vec()),
                cell("B4"),
                cell("A1"),
            ],
            None,
        );
        let answered = answers(&asked, "760864285", &login(Some("11 22 33"))).unwrap();
        let texts: Vec<&str> = answered.values().map(String::as_str).collect();
        assert_eq!(
            texts,
            ["76.086.428-5", "1234", "000000000000760864285", "11", "22"]
        );
    }

    #[test]
    fn what_the_login_can_not_answer_is_said_and_never_guessed() {
        let other = Choice {
            value: "999".into(),
            label: String::new(),
        };
        for (asked, coordinates, expected) in [
            (
                prompt(vec![FieldKind::Choice(vec![other])], None),
                None,
                NotFilledIn::NotOffered,
            ),
            (prompt(vec![cell("A1")], None), None, NotFilledIn::NoCoordinates),
            (
                prompt(vec![cell("A1"), cell("B2")], None),
                Some("11"),
                NotFilledIn::NoCoordinates,
            ),
            (
                prompt(vec![FieldKind::Rut], Some(Problem::WrongLogin)),
                None,
                NotFilledIn::Failed(Failure::WrongLogin),
            ),
            (
                prompt(vec![FieldKind::Rut], Some(Problem::LoginExpired)),
                None,
                NotFilledIn::Failed(Failure::SessionExpired),
            ),
        ] {
            assert_eq!(answers(&asked, "1", &login(coordinates)), Err(expected));
        }
    }
}

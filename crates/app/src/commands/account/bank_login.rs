//! A bank login of the operator's own: read from a file or asked for on the terminal, and tried before it is stored,
//! since a wrong one would only show when payments are not seen.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use ayni_connectors::failure::SiteError;
use ayni_connectors::statement::BankLogin;
use ayni_gateway::app::Shared;
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use crate::output;
use crate::told::Told;

/// Reads the login from a file, or from standard input where it is `-`: RUT and password, a line each, without the
/// RUT where it is known. One more line holds the card's coordinates, by which money is sent from the account.
pub fn read(path: &Path, rut: Option<&str>) -> anyhow::Result<BankLogin> {
    let text = match path.to_str() {
        Some("-") => std::io::read_to_string(std::io::stdin()),
        _ => std::fs::read_to_string(path),
    };
    let text = Zeroizing::new(text.with_context(|| format!("{} could not be read", path.display()))?);
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let (rut, password, coordinates) = match (rut, lines.as_slice()) {
        (Some(rut), [password]) => (rut, *password, None),
        (Some(rut), [password, coordinates]) => (rut, *password, Some(*coordinates)),
        (None, [rut, password]) => (*rut, *password, None),
        (None, [rut, password, coordinates]) => (*rut, *password, Some(*coordinates)),
        _ => {
            let hint = match rut {
                Some(_) => {
                    "write the password, and in a second line the coordinates if money is sent from here"
                }
                None => {
                    "write two lines, RUT and password, and in a third the coordinates if money is sent from here"
                }
            };
            return Err(Told::new(format!("{} holds no bank login", path.display()), hint).into());
        }
    };
    Ok(BankLogin {
        rut: rut.to_owned(),
        password: password.to_owned(),
        coordinates: coordinates.map(str::to_owned),
    })
}

/// Asks for the login on the terminal, and for the RUT only where it is not known.
pub fn ask(bank: &str, rut: Option<&str>) -> anyhow::Result<BankLogin> {
    if !std::io::stdin().is_terminal() {
        let hint = "--login-file FILE (or - for standard input): two lines, RUT and password";
        return Err(Told::new(format!("{bank}'s login is needed to read the statement"), hint).into());
    }
    output::note(&format!(
        "Login at {bank}, to read this account's statement. It is sealed before it is stored."
    ));
    Ok(BankLogin {
        rut: match rut {
            Some(rut) => rut.to_owned(),
            None => ask_line("RUT: ")?,
        },
        password: ask_unseen("Password (it is not shown): ")?,
        coordinates: Some(ask_unseen(CARD_QUESTION)?).filter(|typed| !typed.is_empty()),
    })
}

const CARD_QUESTION: &str = "Coordinates of its card, to send money from it (empty: none is sent): ";

fn ask_line(question: &str) -> anyhow::Result<String> {
    write!(std::io::stderr(), "{question}")?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

/// Asks for a line that the terminal does not show.
fn ask_unseen(question: &str) -> anyhow::Result<String> {
    let terminal = std::io::stdin();
    let shown = tcgetattr(&terminal)?;
    let mut unseen = shown.clone();
    unseen.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&terminal, OptionalActions::Flush, &unseen)?;
    let line = ask_line(question);
    tcsetattr(&terminal, OptionalActions::Flush, &shown)?;
    output::note("");
    line
}

/// Logs in with it. An error is the bank's no; `Some` says why the bank could not be asked.
pub async fn attempt(
    app: &Shared,
    connector: Option<&str>,
    login: &BankLogin,
    number: &str,
) -> anyhow::Result<Option<SiteError>> {
    let Some(site) = connector.and_then(|name| app.connectors.for_bank(name)) else {
        return Ok(None);
    };
    let seen = match site.accounts(login).await {
        Ok(seen) => seen,
        Err(error @ SiteError::WrongLogin) => {
            let hint = "check RUT and password at the bank's own site";
            return Err(Told::new("the bank did not let this login in", hint)
                .because(error)
                .into());
        }
        Err(error) => return Ok(Some(error)),
    };
    if seen.iter().any(|account| account.number == number) {
        return Ok(None);
    }
    let numbers: Vec<&str> = seen.iter().map(|account| account.number.as_str()).collect();
    let what = format!("this login has no account {number}");
    Err(Told::new(what, format!("its accounts are: {}", numbers.join(", "))).into())
}

//! The developer account's owner at the console, with a password that is ready and told in dev.json. Only `dev` makes one.

use ayni_gateway::app::Shared;
use ayni_gateway::console::seat::{links, people};
use ayni_gateway::merchants::Account;

use crate::dev_file::DevFile;

/// The password that dev.json tells, or a new one where it tells none or the database knows none.
pub(super) async fn password(
    app: &Shared,
    account: &Account,
    kept: Option<&DevFile>,
) -> anyhow::Result<String> {
    let told = kept
        .map(|file| file.console_password.clone())
        .filter(|password| !password.is_empty());
    if let Some(password) = told
        && people::has_password(app, &account.email).await?
    {
        return Ok(password);
    }
    let drawn = links::draw_password(app);
    people::set_password(app, &account.email, &drawn).await?;
    Ok(drawn.as_str().to_owned())
}

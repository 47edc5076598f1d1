//! `/v1/links`: an account's own links, never the logins in them.

use axum::extract::{Path, State};
use axum::response::Response;
use ayni_domain::link::Link;
use ayni_domain::time::wire;
use serde::Serialize;
use uuid::Uuid;

use super::commands::{self, LINKS_MAX};
use super::sql;
use crate::app::Shared;
use crate::http::data_auth::DataCaller;
use crate::http::error::ApiError;
use crate::operations::answer;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    link: Vec<Shown>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    link_id: String,
    institution: String,
    issued_at: String,
    expires_at: String,
    revoked_at: Option<String>,
    last_used_at: Option<String>,
}

/// The account's links, newest first.
pub(super) async fn list(State(app): State<Shared>, caller: DataCaller) -> Result<Response, ApiError> {
    let account = caller.account().id;
    let links = app
        .db
        .read("links.list", move |tx| sql::select_links(tx, account, LINKS_MAX))
        .await?;
    let link = links.iter().map(shown).collect();
    answer::with_data(&app, &Listed { link })
}

/// Ends a link: the next operation that brings it is refused.
pub(super) async fn revoke(
    State(app): State<Shared>,
    caller: DataCaller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let id: Uuid = id.parse().map_err(|_| ApiError::NotFound)?;
    match commands::revoke(&app, caller.account().id, id).await? {
        true => answer::without_data(&app),
        false => Err(ApiError::NotFound),
    }
}

fn shown(link: &Link) -> Shown {
    Shown {
        link_id: link.id.to_string(),
        institution: link.institution.clone(),
        issued_at: wire(link.issued_at),
        expires_at: wire(link.expires_at),
        revoked_at: link.revoked_at.map(wire),
        last_used_at: link.last_used_at.map(wire),
    }
}

//! A merchant's server with documents of every kind, one of which it changes.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use ayni_domain::ids::AccountId;
use ayni_domain::privilege::{Privilege, Privileges};
use ayni_gateway::merchants::accounts;
use ayni_testkit::gateway::TestGateway;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::bodies::payment;

/// The server.
pub struct Shop {
    address: SocketAddr,
    document: Arc<Mutex<Vec<u8>>>,
}

impl Shop {
    /// Opens it for the developer account, which may have contracts signed from now on.
    pub async fn open(gateway: &TestGateway) -> Result<Shop> {
        let privileges = Privileges::of_a_developer().with(Privilege::Contracts);
        accounts::grant(&gateway.app.db, AccountId(gateway.receiver_id), privileges).await?;
        let document = Arc::new(Mutex::new(DOCUMENT.to_vec()));
        let kept = document.clone();
        let now = move || {
            let kept = kept.clone();
            async move { kept.lock().unwrap_or_else(PoisonError::into_inner).clone() }
        };
        let pdf = [("content-type", "application/pdf")];
        let router = Router::new()
            .route("/docs/Arriendo%20a%C3%B1o.pdf", get(now))
            .route(
                "/page.pdf",
                get(move || async move { (pdf, "<html><script>alert(1)</script>") }),
            )
            .route("/largest.pdf", get(|| async { document_of(LARGEST_BYTES) }))
            .route("/too-large.pdf", get(|| async { document_of(LARGEST_BYTES + 1) }))
            .route(
                "/redirect.pdf",
                get(|| async { (StatusCode::FOUND, [("location", "/largest.pdf")]) }),
            )
            .route("/broken.pdf", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
            .route("/never.pdf", get(never));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Shop { address, document })
    }

    /// The address of one of its documents.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Puts another document at the contract's address.
    pub fn change_document(&self, to: &[u8]) {
        *self.document.lock().unwrap_or_else(PoisonError::into_inner) = to.to_vec();
    }

    /// A payment with the contract, for this person only.
    pub async fn create(&self, gateway: &TestGateway, rut: &str) -> Result<String> {
        gateway.create(self.body(CONTRACT, rut)).await
    }

    /// The body of a payment with the document of this path.
    pub fn body(&self, path: &str, rut: &str) -> Value {
        payment(&json!({"contract_url": self.url(path), "fixed_payer_personal_identifier": rut}))
    }
}

/// Takes the request, and says nothing.
async fn never() -> StatusCode {
    std::future::pending().await
}

fn document_of(bytes: usize) -> Vec<u8> {
    let mut document = DOCUMENT.to_vec();
    document.resize_with(bytes, Default::default);
    document
}

/// Where the contract lies.
pub const CONTRACT: &str = "/docs/Arriendo%20a%C3%B1o.pdf";
/// What it is at first.
pub const DOCUMENT: &[u8] = b"%PDF-1.7 a contract\n<script>alert(1)</script>";
/// As long as a contract may be.
pub const LARGEST_BYTES: usize = 10 * 1024 * 1024;

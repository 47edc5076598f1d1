//! TLS to PostgreSQL: the certificate is checked, and everything passes through it.

use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::location::Location;
use ayni_store::options::Options;

use crate::bed::{Bed, at, block_on};

#[test]
fn a_server_with_a_trusted_certificate_is_spoken_to_in_tls() {
    let bed = Bed::postgres();
    let certificate = std::env::var("AYNI_TEST_POSTGRES_CERTIFICATE")
        .expect("the server's certificate must be known: start the tests with `cargo xtask test`");
    let location = with(&bed, &format!("sslmode=verify-full&sslrootcert={certificate}"));
    Db::migrate(&location, at(0)).unwrap();
    let db = Db::open(&location, Options::default()).unwrap();
    let is_tls = "SELECT CAST(ssl AS TEXT) FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let read = block_on(db.read("test.tls", |tx| tx.one(is_tls, &[])));
    let written = block_on(db.write("test.tls", |tx| tx.one(is_tls, &[])));
    for row in [read, written] {
        let row: Result<_, StoreError> = row;
        assert_eq!(row.unwrap().unwrap().str(0).unwrap(), "true");
    }
}

#[test]
fn a_server_whose_certificate_nobody_vouches_for_is_not_spoken_to() {
    let bed = Bed::postgres();
    let refused = Db::migrate(&with(&bed, "sslmode=require"), at(0)).unwrap_err();
    assert!(
        refused.to_string().contains("certificate") || refused.to_string().contains("TLS"),
        "{refused}"
    );
}

/// The bed's database, reached in another way.
fn with(bed: &Bed, query: &str) -> Location {
    match &bed.location {
        Location::Postgres(url) => {
            let address = url.split('?').next().unwrap();
            Location::Postgres(format!("{address}?{query}"))
        }
        other => other.clone(),
    }
}

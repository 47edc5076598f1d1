//! What any request by key may be refused with, told once for all operations' documentation.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

/// No such key, too many requests, our own fault: each as an `ErrorBody`.
pub(crate) struct ByKey;

impl IntoResponses for ByKey {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let all = [
            ("401", "No such key"),
            ("429", "More requests than the key may make"),
            ("500", "Our own fault"),
        ];
        all.map(|(status, description)| (status.to_owned(), refused(description).into()))
            .into()
    }
}

fn refused(description: &str) -> Response {
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("ErrorBody")));
    ResponseBuilder::new()
        .description(description)
        .content("application/json", body.build())
        .build()
}

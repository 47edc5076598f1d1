//! The live status: at once, at each change, never more streams than allowed.

use axum::Router;
use axum::body::{Body, BodyDataStream};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use ayni_domain::ids::PaymentId;
use ayni_domain::payment::Event;
use tokio_stream::StreamExt;
use tower::ServiceExt;

use super::house::House;
use crate::payer::live::STREAMS_PER_PAYMENT_MAX;

async fn open(router: &Router, id: PaymentId) -> Response {
    let request = Request::get(format!("/payment/events/{id}"))
        .body(Body::empty())
        .unwrap();
    router.clone().oneshot(request).await.unwrap()
}

async fn next(stream: &mut BodyDataStream) -> Option<serde_json::Value> {
    let frame = stream.next().await?.unwrap();
    let text = String::from_utf8(frame.to_vec()).unwrap();
    let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    Some(serde_json::from_str(data).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_tells_the_status_at_once_then_the_change_and_ends_with_the_last_one() {
    let house = House::on_a_moved_clock().await;
    let id = house.create("").await;
    let response = open(&house.router, id).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.into_body().into_data_stream();
    let told = next(&mut stream).await.unwrap();
    assert_eq!(
        (&told["status"], &told["final"]),
        (&"pending".into(), &false.into())
    );

    house.apply(id, vec![Event::RejectedByPayer]).await;
    house.app.signals.payment_changed(id);
    let told = next(&mut stream).await.unwrap();
    assert_eq!(told["status_detail"], "rejected-by-payer");
    assert_eq!(
        (&told["mark"], &told["final"]),
        (&"done/rejected-by-payer".into(), &true.into())
    );
    assert!(next(&mut stream).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_has_only_so_many_streams_and_a_closed_one_makes_room() {
    let house = House::on_a_moved_clock().await;
    let (id, other) = (house.create("").await, house.create("").await);
    let mut held = Vec::new();
    for _ in 0..STREAMS_PER_PAYMENT_MAX {
        held.push(open(&house.router, id).await);
    }
    let refused = open(&house.router, id).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(open(&house.router, other).await.status(), StatusCode::OK);
    drop(held);
    while open(&house.router, id).await.status() != StatusCode::OK {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_does_not_exist_has_no_stream() {
    let house = House::on_a_moved_clock().await;
    let nobody = PaymentId::from_random_bytes(&[9; 16]);
    assert_eq!(open(&house.router, nobody).await.status(), StatusCode::NO_CONTENT);
}

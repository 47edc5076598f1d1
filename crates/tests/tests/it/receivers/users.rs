//! The people of an account: who may be responsible for a payment, and that an owner stays.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_domain::role::Role;
use ayni_gateway::merchants::{MerchantError, users};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use serde_json::json;

use crate::bodies::payment;

on_both_engines!(
    only_users_who_may_collect_are_responsible_for_payments,
    the_last_owner_stays,
    of_two_owners_who_leave_at_once_one_stays,
);

const OWNER: &str = "cobros@comercio.example";

async fn only_users_who_may_collect_are_responsible_for_payments(gateway: &TestGateway) -> Result<()> {
    let (app, account) = (&gateway.app, AccountId(gateway.receiver_id));
    for (role, status) in [(Role::Collector, 200), (Role::ReadOnly, 400), (Role::Owner, 200)] {
        users::set(app, account, "Luis@Comercio.example", role).await?;
        let body = payment(&json!({"responsible_user_email": "luis@comercio.EXAMPLE"}));
        let answer = gateway.call("POST", "/v3/payments", Some(body)).await?;
        assert_eq!(answer.status, status, "{role:?}: {}", answer.text());
        if status == 400 {
            assert_eq!(answer.fields(), ["responsible_user_email"]);
        }
    }
    users::remove(app, account, "LUIS@comercio.example").await?;
    let body = payment(&json!({"responsible_user_email": "luis@comercio.example"}));
    assert_eq!(
        gateway.call("POST", "/v3/payments", Some(body)).await?.status,
        400
    );
    let left: Vec<String> = users::list(&app.db, account)
        .await?
        .into_iter()
        .map(|user| user.email)
        .collect();
    assert_eq!(left, [OWNER]);
    Ok(())
}

async fn the_last_owner_stays(gateway: &TestGateway) -> Result<()> {
    let (app, account) = (&gateway.app, AccountId(gateway.receiver_id));
    users::set(app, account, "luis@comercio.example", Role::Collector).await?;
    for refused in [
        users::remove(app, account, OWNER).await,
        users::set(app, account, OWNER, Role::ReadOnly).await,
    ] {
        assert!(
            matches!(refused, Err(MerchantError::LastOwner { .. })),
            "{refused:?}"
        );
    }
    users::set(app, account, OWNER, Role::Owner).await?;
    users::set(app, account, "luis@comercio.example", Role::Owner).await?;
    users::remove(app, account, OWNER).await?;
    let nobody = users::remove(app, account, OWNER).await;
    assert!(matches!(nobody, Err(MerchantError::NoUser { .. })), "{nobody:?}");
    for text in ["luis", "luis@", &format!("{}@b.example", "x".repeat(300))] {
        let refused = users::set(app, account, text, Role::Owner).await;
        assert!(matches!(refused, Err(MerchantError::NotAnEmail(_))), "{text}");
    }
    let elsewhere = users::set(app, AccountId(1), OWNER, Role::Owner).await;
    assert!(
        matches!(elsewhere, Err(MerchantError::NoAccount(_))),
        "{elsewhere:?}"
    );
    Ok(())
}

async fn of_two_owners_who_leave_at_once_one_stays(gateway: &TestGateway) -> Result<()> {
    let (app, account) = (&gateway.app, AccountId(gateway.receiver_id));
    for _ in 0..5 {
        for owner in [OWNER, "luis@comercio.example"] {
            users::set(app, account, owner, Role::Owner).await?;
        }
        let (one, other) = tokio::join!(
            users::remove(app, account, OWNER),
            users::remove(app, account, "luis@comercio.example"),
        );
        assert_ne!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
        assert_eq!(users::list(&app.db, account).await?.len(), 1);
    }
    Ok(())
}

//! Files of transfers for the bank.

use anyhow::Result;
use ayni_gateway::payouts::{self, Form};
use ayni_gateway::settlement::PayoutState;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::run::all_at_once;
use serde_json::json;

use super::house::{account_without_login, balance, only, set_payout_account, until};
use super::importing::import_csv;
use crate::bodies::payment;

on_both_engines!(
    a_payout_goes_into_one_file_and_its_debit_ends_it,
    of_two_who_make_a_file_at_once_one_gets_the_transfer,
);

/// A payment on an account whose transfers go by file, settled; the collecting account.
async fn settled(gateway: &TestGateway) -> Result<ayni_gateway::merchants::collecting::CollectingAccount> {
    set_payout_account(gateway).await?;
    let account = account_without_login(gateway, "000333").await?;
    let fields = json!({"collect_account_uuid": account.uuid});
    let id = gateway.create(payment(&fields)).await?;
    let file = format!("date,amount,reference\n2026-03-02,1000,{id}\n");
    import_csv(gateway, &account, &file).await?;
    until(gateway, "2026-03-03T17:05:00Z").await?;
    Ok(account)
}

async fn a_payout_goes_into_one_file_and_its_debit_ends_it(gateway: &TestGateway) -> Result<()> {
    let account = settled(gateway).await?;
    let order = only(gateway).await?.settlement.order;
    let made = payouts::make(&gateway.app, &account.uuid).await?.unwrap();
    assert_eq!(
        (
            made.orders,
            made.total.plain(),
            made.execute_on.to_string().as_str()
        ),
        (1, "1000".to_owned(), "2026-03-03")
    );
    assert!(
        payouts::make(&gateway.app, &account.uuid).await?.is_none(),
        "nothing is left"
    );
    let loaded = payouts::load(&gateway.app.db, &made.id).await?;
    for (form, holds) in [
        (Form::Pain001, "<EndToEndId>"),
        (Form::Csv, "payout,000333,1000,CLP"),
    ] {
        let text = payouts::write(&gateway.app, &loaded, form)?;
        assert!(text.contains(holds) && text.contains(&order), "{text}");
        let again = payouts::load(&gateway.app.db, &made.id).await?;
        assert_eq!(payouts::write(&gateway.app, &again, form)?, text);
    }
    assert_eq!(payouts::list(&gateway.app.db, 10).await?, [made]);
    assert_eq!(only(gateway).await?.settlement.state, PayoutState::Ordered);
    let debit = format!("date,amount,reference\n2026-03-03,-1000,Transferencia {order}\n");
    import_csv(gateway, &account, &debit).await?;
    assert_eq!(only(gateway).await?.settlement.state, PayoutState::Paid);
    assert_eq!(balance(gateway, "payouts", gateway.receiver_id).await?, 0);
    assert!(payouts::load(&gateway.app.db, "absent").await.is_err());
    Ok(())
}

async fn of_two_who_make_a_file_at_once_one_gets_the_transfer(gateway: &TestGateway) -> Result<()> {
    let account = settled(gateway).await?;
    let made = all_at_once((0..4).map(|_| payouts::make(&gateway.app, &account.uuid))).await;
    let files = made
        .into_iter()
        .filter(|made| matches!(made, Ok(Some(_))))
        .count();
    assert_eq!(files, 1);
    Ok(())
}

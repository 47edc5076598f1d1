//! All SQL of payout accounts.

use ayni_domain::ids::AccountId;
use ayni_domain::payout_account::PayoutAccount;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[UPSERT_PAYOUT_ACCOUNT, SELECT_PAYOUT_ACCOUNTS];

pub(super) const UPSERT_PAYOUT_ACCOUNT: &str = "\
    INSERT INTO payout_accounts (account_id, currency, bank_id, account_type, number, holder_name, \
                                 holder_identifier, holder_email, updated_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
    ON CONFLICT (account_id, currency) DO UPDATE SET bank_id = excluded.bank_id, \
      account_type = excluded.account_type, number = excluded.number, holder_name = excluded.holder_name, \
      holder_identifier = excluded.holder_identifier, holder_email = excluded.holder_email, \
      updated_at = excluded.updated_at";

pub(super) fn upsert_payout_account(
    tx: &mut Tx<'_>,
    account: AccountId,
    payout: &PayoutAccount,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        UPSERT_PAYOUT_ACCOUNT,
        &[
            account.0.into(),
            payout.currency.code().into(),
            payout.bank_id.as_str().into(),
            payout.account_type.as_str().into(),
            payout.number.as_str().into(),
            payout.holder_name.as_str().into(),
            payout.holder_identifier.as_str().into(),
            payout.holder_email.as_str().into(),
            now.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_PAYOUT_ACCOUNTS: &str = "\
    SELECT currency, bank_id, account_type, number, holder_name, holder_identifier, holder_email \
    FROM payout_accounts WHERE account_id = $1 ORDER BY currency";

pub(super) fn select_payout_accounts(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<Vec<PayoutAccount>, StoreError> {
    tx.all(SELECT_PAYOUT_ACCOUNTS, &[account.0.into()])?
        .iter()
        .map(payout_account)
        .collect()
}

fn payout_account(row: &Row) -> Result<PayoutAccount, StoreError> {
    let wrong = |column, problem| StoreError::Column { column, problem };
    Ok(PayoutAccount {
        currency: row.str(0)?.parse().map_err(|_| wrong(0, "is no currency"))?,
        bank_id: row.text(1)?,
        account_type: row
            .str(2)?
            .parse()
            .map_err(|_| wrong(2, "is no type of account"))?,
        number: row.text(3)?,
        holder_name: row.text(4)?,
        holder_identifier: row.text(5)?,
        holder_email: row.text(6)?,
    })
}

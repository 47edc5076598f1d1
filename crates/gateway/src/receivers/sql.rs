//! All SQL of receivers.

use ayni_domain::ids::AccountId;
use ayni_domain::receiver::Business;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::children::{Child, Order, Sort, Wanted};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_BUSINESS,
    COUNT_CHILDREN,
    SELECT_BY_ID,
    SELECT_BY_ID_DOWN,
    SELECT_BY_NAME,
    SELECT_BY_NAME_DOWN,
    SELECT_BY_DATE,
    SELECT_BY_DATE_DOWN,
];

pub(super) const INSERT_BUSINESS: &str = "\
    INSERT INTO businesses (account_id, country_code, identifier, category, name, phone, address_line_1, \
                            address_line_2, address_line_3, admin_first_name, admin_last_name, admin_email, \
                            contact_full_name, contact_job_title, contact_email, contact_phone, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

pub(super) fn insert_business(
    tx: &mut Tx<'_>,
    account: AccountId,
    new: &Business,
    now: Timestamp,
) -> Result<(), StoreError> {
    let [line_1, line_2, line_3] = &new.address_lines;
    tx.exec(
        INSERT_BUSINESS,
        &[
            account.0.into(),
            new.country_code.as_str().into(),
            new.identifier.as_str().into(),
            new.category.as_str().into(),
            new.name.as_str().into(),
            new.phone.as_str().into(),
            line_1.as_str().into(),
            line_2.as_str().into(),
            line_3.as_str().into(),
            new.admin_first_name.as_str().into(),
            new.admin_last_name.as_str().into(),
            new.admin_email.as_str().into(),
            new.contact_full_name.as_str().into(),
            new.contact_job_title.as_str().into(),
            new.contact_email.as_str().into(),
            new.contact_phone.as_str().into(),
            now.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const COUNT_CHILDREN: &str = "SELECT COUNT(*) FROM accounts WHERE integrator_account_id = $1";

pub(super) fn count_children(tx: &mut Tx<'_>, integrator: AccountId) -> Result<i64, StoreError> {
    tx.one(COUNT_CHILDREN, &[integrator.0.into()])?
        .map_or(Ok(0), |row| row.int(0))
}

macro_rules! children {
    ($order:literal) => {
        concat!(
            "SELECT a.id, a.name, a.created_at, a.disabled_at, \
             (SELECT COUNT(*) FROM collecting_accounts c WHERE c.account_id = a.id) \
             FROM accounts a WHERE a.integrator_account_id = $1 ORDER BY ",
            $order,
            " LIMIT $2 OFFSET $3"
        )
    };
}

pub(super) const SELECT_BY_ID: &str = children!("a.id");
pub(super) const SELECT_BY_ID_DOWN: &str = children!("a.id DESC");
pub(super) const SELECT_BY_NAME: &str = children!("a.name, a.id");
pub(super) const SELECT_BY_NAME_DOWN: &str = children!("a.name DESC, a.id DESC");
pub(super) const SELECT_BY_DATE: &str = children!("a.created_at, a.id");
pub(super) const SELECT_BY_DATE_DOWN: &str = children!("a.created_at DESC, a.id DESC");

pub(super) fn select_children(
    tx: &mut Tx<'_>,
    integrator: AccountId,
    wanted: &Wanted,
) -> Result<Vec<Child>, StoreError> {
    let statement = match (wanted.sort, wanted.order) {
        (Sort::Id, Order::Asc) => SELECT_BY_ID,
        (Sort::Id, Order::Desc) => SELECT_BY_ID_DOWN,
        (Sort::Name, Order::Asc) => SELECT_BY_NAME,
        (Sort::Name, Order::Desc) => SELECT_BY_NAME_DOWN,
        (Sort::DateCreated, Order::Asc) => SELECT_BY_DATE,
        (Sort::DateCreated, Order::Desc) => SELECT_BY_DATE_DOWN,
    };
    let params = [integrator.0.into(), wanted.max.into(), wanted.offset.into()];
    tx.all(statement, &params)?.iter().map(child).collect()
}

fn child(row: &Row) -> Result<Child, StoreError> {
    Ok(Child {
        id: row.int(0)?,
        name: row.text(1)?,
        created_at: time::from_ms(row.int(2)?),
        is_disabled: row.opt_int(3)?.is_some(),
        has_own_account: row.int(4)? > 0,
    })
}

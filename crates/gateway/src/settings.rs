//! What an operator may set, as the gateway uses it: already read, checked and defaulted by the command line.

use std::time::Duration;

use ayni_domain::calendar::Calendar;
use ayni_domain::money::Amount;
use jiff::SignedDuration;
use url::Url;

use crate::privacy::retention::Retention;

/// The settings of one process. Everything here is the same for every account.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where payers and merchants reach this gateway; links are made from it. No path, no trailing slash.
    pub public_url: Url,
    /// Scheme of `app_url` (`khipu:///pos/{id}`).
    pub app_url_scheme: String,
    /// Largest request body in bytes; over it 413.
    pub body_limit_bytes: usize,
    /// Requests per second and API key; over it 429.
    pub rate_limit_per_s: u32,
    /// How long a `verifying` payment waits for its money before it is `pending` again.
    pub verifying_life: Duration,
    /// How long an order that was sent waits for its debit on the statement before it is given up.
    pub order_life: Duration,
    /// Pause between two periodic readings of a collecting account's statement.
    pub statement_pause: Duration,
    /// Value of one UF in pesos, for payments in CLF.
    pub uf_value: Amount,
    /// Deliveries in flight at once to one destination.
    pub deliveries_per_destination: usize,
    /// How long a delivery waits for the merchant's answer.
    pub delivery_timeout: Duration,
    /// Deliveries in flight at once in this process.
    pub deliveries: usize,
    /// How long a synchronous operation, or one visit of an accepted one, may take.
    pub operation_budget: Duration,
    /// By when an accepted operation's callback goes out.
    pub operation_life: SignedDuration,
    /// The days on which the banks work.
    pub calendar: Calendar,
    /// The hour of a business day, in Chile, at which settlements are made.
    pub settlement_hour: i8,
    /// Payments of one settlement at most; a merchant with more gets several on a day.
    pub settlement_payments: i64,
    /// How long personal data is kept.
    pub retention: Retention,
    /// Whether this process may make and serve developer accounts.
    pub development: bool,
}

impl Settings {
    /// The defaults of `serve`; `dev` raises the rate limit and sets `development`.
    pub fn with_public_url(public_url: Url) -> Settings {
        Settings {
            public_url,
            app_url_scheme: "khipu".to_owned(),
            body_limit_bytes: 2 * 1024 * 1024,
            rate_limit_per_s: 200,
            verifying_life: Duration::from_secs(48 * 3600),
            order_life: Duration::from_secs(48 * 3600),
            statement_pause: Duration::from_secs(30),
            uf_value: Amount::from_ten_thousandths(DEFAULT_UF_VALUE_TEN_THOUSANDTHS),
            deliveries_per_destination: 8,
            delivery_timeout: ayni_outbound::CALLER_TIMEOUT,
            deliveries: 64,
            operation_budget: OPERATION_BUDGET,
            operation_life: ayni_domain::operation::retry::LIFE,
            calendar: Calendar::default(),
            settlement_hour: SETTLEMENT_HOUR,
            settlement_payments: SETTLEMENT_PAYMENTS,
            retention: Retention::default(),
            development: false,
        }
    }

    /// The address of a page or call of this gateway: `path` begins with a slash.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }
}

/// When the banks' day ends: what is held until the morning is still settled on its date.
const SETTLEMENT_HOUR: i8 = 14;
/// So many keep a settlement's unit of work short beside the payments that arrive meanwhile, and its notice below a
/// megabyte.
const SETTLEMENT_PAYMENTS: i64 = 5_000;

/// Below the minute after which proxies in front of us give up.
const OPERATION_BUDGET: Duration = Duration::from_secs(50);

/// 39.500,00 pesos: the sandbox's fixed UF, replaced by the operator's own value in production.
const DEFAULT_UF_VALUE_TEN_THOUSANDTHS: i64 = 39_500 * 10_000;

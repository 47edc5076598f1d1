//! The tools: what each is called, what it says of itself, and the call that it makes.

use ayni_client::Client;
use ayni_client::banks::Question;
use ayni_client::error::Error;
use ayni_client::notices;
use ayni_client::operations::Errand;
use ayni_client::payments::{Filter, NewPayment};
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use serde::Serialize;
use serde_json::{Value, json};

use super::schema::{self, Argument, needed, optional};

/// The tools of one account.
pub(super) struct Tools {
    client: Client,
    may_write: bool,
}

/// One tool.
struct Tool {
    name: &'static str,
    title: &'static str,
    what: &'static str,
    effect: Effect,
    arguments: &'static [Argument],
}

/// What a tool changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Nothing.
    Reads,
    /// Something is added.
    Adds,
    /// Something can't be undone.
    Destroys,
}

/// Why a call has no result, in words for the assistant.
struct Failed(String);

impl Tools {
    pub(super) fn new(client: Client, may_write: bool) -> Tools {
        Tools { client, may_write }
    }

    pub(super) fn instructions(&self) -> &'static str {
        match self.may_write {
            true => {
                "Payments of one account. Some of these tools move money: ask a person before each of them."
            }
            false => "Payments of one account, to be read only.",
        }
    }

    /// The tools as the protocol lists them.
    pub(super) fn listed(&self) -> Vec<Value> {
        let offered = TOOLS.iter().filter(|tool| self.offers(tool));
        offered
            .map(|tool| {
                json!({
                    "name": tool.name, "title": tool.title, "description": tool.what,
                    "inputSchema": schema::of(tool.arguments),
                    "annotations": {
                        "title": tool.title,
                        "readOnlyHint": tool.effect == Effect::Reads,
                        "destructiveHint": tool.effect == Effect::Destroys,
                        "idempotentHint": tool.effect == Effect::Reads,
                        "openWorldHint": true,
                    },
                })
            })
            .collect()
    }

    /// Calls a tool; what fails is a result too, marked as an error, so that the assistant reads why. `None` where there
    /// is no such tool.
    pub(super) async fn call(&self, name: &str, arguments: &Value) -> Option<Value> {
        let tool = TOOLS.iter().find(|tool| tool.name == name && self.offers(tool))?;
        let done = match schema::problem(tool.arguments, arguments) {
            Some(problem) => Err(Failed(problem)),
            None => self.done(name, &Given(arguments)).await,
        };
        Some(match done {
            Ok(value) => json!({
                "content": [{ "type": "text", "text": value.to_string() }],
                "structuredContent": value, "isError": false,
            }),
            Err(Failed(why)) => json!({ "content": [{ "type": "text", "text": why }], "isError": true }),
        })
    }

    fn offers(&self, tool: &Tool) -> bool {
        self.may_write || tool.effect == Effect::Reads
    }

    async fn done(&self, name: &str, given: &Given<'_>) -> Result<Value, Failed> {
        let client = &self.client;
        match name {
            "list_payments" => told(client.payments(&filter(given)?).await),
            "get_payment" => told(client.payment(given.text("payment_id")).await),
            "list_banks" => client
                .banks()
                .await
                .map(|banks| json!({ "banks": banks }))
                .map_err(|error| Failed::of(&error)),
            "list_payment_methods" => {
                let methods = client.payment_methods().await;
                methods
                    .map(|methods| json!({ "payment_methods": methods }))
                    .map_err(|error| Failed::of(&error))
            }
            "predict_payment" => told(client.predict(&question(given)?).await),
            "get_notification" => told(client.event(given.text("id")).await),
            "list_notifications" => told(client.notices(&notices(given)).await),
            "get_delivery" => told(client.notice(given.text("id")).await),
            "get_refund" => told(client.refund(given.text("refund_id")).await),
            "list_refunds" => told(client.refunds(limit(given)?, given.get("cursor")).await),
            "list_settlements" => told(client.settlements(limit(given)?, given.get("cursor")).await),
            "get_settlement" => told(client.settlement(given.text("settlement_id")).await),
            "get_wallet" => told(client.wallet().await),
            "consult_debt" => told(client.run_operation(&debt(given)).await),
            "get_operation" => told(client.operation(given.text("operation_id")).await),
            "create_payment" => self.create(given).await,
            "delete_payment" => told(client.delete_payment(given.text("payment_id")).await),
            "refund_payment" => {
                let amount = given.get("amount").map(amount).transpose()?;
                let payment = given.text("payment_id");
                match given.get("idempotency_key") {
                    Some(key) => told(client.refund_payment_once(key, payment, amount).await),
                    None => told(client.refund_payment(payment, amount).await),
                }
            }
            _ => Err(Failed(format!("«{name}» is not done here"))),
        }
    }

    async fn create(&self, given: &Given<'_>) -> Result<Value, Failed> {
        let currency = given.get("currency").unwrap_or("CLP");
        let currency: Currency = currency
            .parse()
            .map_err(|_| Failed(format!("«{currency}» is no currency of the gateway's")))?;
        let mut new = NewPayment::new(amount(given.text("amount"))?, currency, given.text("subject"));
        new.transaction_id = given.get("transaction_id").map(str::to_owned);
        new.payer_email = given.get("payer_email").map(str::to_owned);
        match given.get("idempotency_key") {
            Some(key) => told(self.client.create_payment_once(key, &new).await),
            None => told(self.client.create_payment(&new).await),
        }
    }
}

/// The arguments of a call, which were checked.
struct Given<'a>(&'a Value);

impl Given<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    }

    fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }
}

impl Failed {
    fn of(error: &Error) -> Failed {
        let hint = match error {
            Error::NoAnswer(_) => "; it may have been done: read before you try again",
            _ => "",
        };
        Failed(format!("{error}{hint}"))
    }
}

fn told<T: Serialize>(answered: Result<T, Error>) -> Result<Value, Failed> {
    let value = answered.map_err(|error| Failed::of(&error))?;
    serde_json::to_value(value).map_err(|error| Failed(error.to_string()))
}

fn amount(text: &str) -> Result<Amount, Failed> {
    Amount::parse(text, false).map_err(|error| Failed(format!("«{text}» is no amount: {error}")))
}

fn filter(given: &Given<'_>) -> Result<Filter, Failed> {
    let text = |name| given.get(name).map(str::to_owned);
    Ok(Filter {
        status: text("status"),
        transaction_id: text("transaction_id"),
        from: text("from"),
        to: text("to"),
        limit: limit(given)?,
        cursor: text("cursor"),
    })
}

fn notices(given: &Given<'_>) -> notices::Filter {
    let text = |name| given.get(name).map(str::to_owned);
    notices::Filter {
        state: text("state"),
        payment_id: text("payment_id"),
        cursor: text("cursor"),
    }
}

fn limit(given: &Given<'_>) -> Result<Option<u32>, Failed> {
    let Some(text) = given.get("limit") else {
        return Ok(None);
    };
    let limit: u32 = text
        .parse()
        .map_err(|_| Failed(format!("«{text}» is no number")))?;
    Ok(Some(limit.clamp(1, ROWS_MAX)))
}

fn question(given: &Given<'_>) -> Result<Question, Failed> {
    let currency = given.get("currency").unwrap_or("CLP");
    Ok(Question {
        payer_email: given.text("payer_email").to_owned(),
        bank_id: given.text("bank_id").to_owned(),
        amount: amount(given.text("amount"))?,
        currency: currency
            .parse()
            .map_err(|_| Failed(format!("«{currency}» is no currency of the gateway's")))?,
    })
}

fn debt<'a>(given: &Given<'_>) -> Errand<'a> {
    Errand {
        institution: "com/services/servipag.com",
        operation: "consult-debt",
        request_data: json!({
            "EnterpriseName": given.text("company"), "ClientIdentifier": given.text("client_identifier"),
        }),
        callback_url: None,
    }
}

/// Of one answer.
const ROWS_MAX: u32 = 100;
const PAYMENT_ID: Argument = needed(
    "payment_id",
    "The payment's identifier: 12 small letters and digits",
);
const AMOUNT: &str = "How much, as a decimal text: 1000 or 25.50";
const KEY: Argument = optional("idempotency_key", "A text of your own that names this one act");
const LIMIT: Argument = optional("limit", "At most so many, up to 100");
const CURSOR: Argument = optional("cursor", "The next_cursor of the page before");
const CURRENCY: Argument = optional(
    "currency",
    "CLP, CLF, ARS, PEN, MXN, USD, EUR, BOB or COP; CLP where absent",
);

const TOOLS: &[Tool] = &[
    Tool {
        name: "list_payments",
        title: "List payments",
        what: "The account's payments, newest first, a page at a time.",
        effect: Effect::Reads,
        arguments: &[
            optional("status", "pending, verifying, done or deleted"),
            optional("transaction_id", "With this reference of the merchant's"),
            optional("from", "Made then or later, ISO 8601 with an offset"),
            optional("to", "Made before, ISO 8601 with an offset"),
            LIMIT,
            CURSOR,
        ],
    },
    Tool {
        name: "get_payment",
        title: "Read a payment",
        what: "One payment with its status, its payer and its refunds.",
        effect: Effect::Reads,
        arguments: &[PAYMENT_ID],
    },
    Tool {
        name: "list_banks",
        title: "List banks",
        what: "The banks that payers can choose.",
        effect: Effect::Reads,
        arguments: &[],
    },
    Tool {
        name: "list_payment_methods",
        title: "List payment methods",
        what: "The ways of paying that the account offers.",
        effect: Effect::Reads,
        arguments: &[],
    },
    Tool {
        name: "predict_payment",
        title: "Forecast a payment",
        what: "Whether a payment by this payer at this bank may go through.",
        effect: Effect::Reads,
        arguments: &[
            needed("payer_email", "Who would pay"),
            needed("bank_id", "At which bank, as list_banks says"),
            needed("amount", AMOUNT),
            CURRENCY,
        ],
    },
    Tool {
        name: "list_notifications",
        title: "List notifications",
        what: "The account's notifications, newest first, with how far each came.",
        effect: Effect::Reads,
        arguments: &[
            optional("state", "pending, delivered, or spent: given up after two days"),
            optional("payment_id", "Only of this payment"),
            CURSOR,
        ],
    },
    Tool {
        name: "get_delivery",
        title: "Read a delivery",
        what: "Every try of one notification: when, with which answer, how long it took.",
        effect: Effect::Reads,
        arguments: &[needed("id", "The notification's identifier")],
    },
    Tool {
        name: "get_notification",
        title: "Read a notification",
        what: "A notification or event by its identifier: what is sent of it, signed now.",
        effect: Effect::Reads,
        arguments: &[needed("id", "The notification's or event's identifier")],
    },
    Tool {
        name: "get_refund",
        title: "Read a refund",
        what: "One refund and how far it came.",
        effect: Effect::Reads,
        arguments: &[needed(
            "refund_id",
            "The refund's identifier, as get_payment lists it",
        )],
    },
    Tool {
        name: "list_refunds",
        title: "List refunds",
        what: "The account's refunds, newest first, and how far each came.",
        effect: Effect::Reads,
        arguments: &[LIMIT, CURSOR],
    },
    Tool {
        name: "list_settlements",
        title: "List settlements",
        what: "What the account was paid out, newest first.",
        effect: Effect::Reads,
        arguments: &[LIMIT, CURSOR],
    },
    Tool {
        name: "get_settlement",
        title: "Read a settlement",
        what: "One settlement with every payment that it hands over.",
        effect: Effect::Reads,
        arguments: &[needed("settlement_id", "As list_settlements tells it")],
    },
    Tool {
        name: "get_wallet",
        title: "Read the wallet",
        what: "What the refund wallet holds.",
        effect: Effect::Reads,
        arguments: &[],
    },
    Tool {
        name: "consult_debt",
        title: "Look up a debt",
        what: "What a client owes a company, asked at Servipag. It reads another site and changes nothing.",
        effect: Effect::Reads,
        arguments: &[
            needed("company", "The company: Aguas Andinas"),
            needed("client_identifier", "The client's number there: 25252525"),
        ],
    },
    Tool {
        name: "get_operation",
        title: "Read an operation",
        what: "The answer of an earlier open-data operation.",
        effect: Effect::Reads,
        arguments: &[needed("operation_id", "Its OperationId")],
    },
    Tool {
        name: "create_payment",
        title: "Make a payment",
        what: "Makes a payment request, which moves no money: its payer does that at payment_url. With an \
               idempotency_key it is made once, however often it is called.",
        effect: Effect::Adds,
        arguments: &[
            needed("amount", AMOUNT),
            needed("subject", "What it is for, as its payer reads it"),
            CURRENCY,
            optional("transaction_id", "The merchant's own reference"),
            optional("payer_email", "The payer's address; nothing is sent to it"),
            KEY,
        ],
    },
    Tool {
        name: "delete_payment",
        title: "Delete a payment",
        what: "Deletes a pending payment for good: it can't be paid any more.",
        effect: Effect::Destroys,
        arguments: &[PAYMENT_ID],
    },
    Tool {
        name: "refund_payment",
        title: "Refund a payment",
        what: "Gives money back to whoever paid: all that is left, or the amount. It can't be taken back. With an \
               idempotency_key it is done once, however often it is called.",
        effect: Effect::Destroys,
        arguments: &[PAYMENT_ID, optional("amount", AMOUNT), KEY],
    },
];

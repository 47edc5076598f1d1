//! Which banks and methods payers can choose, and whether a payment may go through.

use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use serde::{Deserialize, Serialize};

use crate::Client;
use crate::call::Call;
use crate::error::Error;

/// A bank that payers can choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bank {
    /// `bank_id` of the wire.
    pub bank_id: String,
    /// Its name.
    pub name: String,
    /// What payers are told of it; mostly empty.
    pub message: String,
    /// The least that it transfers.
    pub min_amount: Amount,
    /// `Persona` or `Empresa`.
    pub r#type: String,
    /// Its picture.
    pub logo_url: String,
}

/// A way of paying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentMethod {
    /// `SIMPLIFIED_TRANSFER` or `REGULAR_TRANSFER`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its picture.
    pub logo_url: String,
}

/// What is asked of a forecast.
#[derive(Clone, Debug)]
pub struct Question {
    /// Who would pay.
    pub payer_email: String,
    /// At which bank.
    pub bank_id: String,
    /// How much.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
}

/// Whether a payment may go through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forecast {
    /// `ok`, or what stands against it.
    pub result: String,
    /// The most that the bank transfers.
    pub max_amount: String,
    /// The most that it transfers to somebody new.
    pub new_destinatary_max_amount: String,
    /// Until when somebody new waits; may be empty.
    pub cool_down_date: String,
}

impl Client {
    /// The banks.
    ///
    /// # Errors
    /// None but those of every call.
    pub async fn banks(&self) -> Result<Vec<Bank>, Error> {
        #[derive(Deserialize)]
        struct Banks {
            banks: Vec<Bank>,
        }
        let listed: Banks = self.way.answer(Call::get("/v3/banks")).await?;
        Ok(listed.banks)
    }

    /// The account's ways of paying.
    ///
    /// # Errors
    /// None but those of every call.
    pub async fn payment_methods(&self) -> Result<Vec<PaymentMethod>, Error> {
        #[derive(Deserialize)]
        struct Methods {
            #[serde(rename = "paymentMethods")]
            methods: Vec<PaymentMethod>,
        }
        let listed: Methods = self.way.answer(Call::get("/v3/merchants/paymentMethods")).await?;
        Ok(listed.methods)
    }

    /// Whether a payment may go through.
    ///
    /// # Errors
    /// A refusal names what is wrong with the question.
    pub async fn predict(&self, question: &Question) -> Result<Forecast, Error> {
        let call = Call::get("/v3/predict")
            .with_query("payer_email", Some(&question.payer_email))
            .with_query("bank_id", Some(&question.bank_id))
            .with_query("amount", Some(question.amount))
            .with_query("currency", Some(question.currency.code()));
        self.way.answer(call).await
    }
}

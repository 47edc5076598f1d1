//! What `ayni logs` prints: a line for each request, and one more where it was refused.

use std::time::Duration;

use ayni_client::Client;
use ayni_client::requests::{Refusal, Request, Requests};
use serde_json::json;

use crate::output::{self, Form};
use crate::standing::Standing;

/// The lines so far.
pub struct Shown {
    form: Form,
    standing: Standing,
}

impl Shown {
    /// Nothing yet.
    pub fn new(form: Form) -> Shown {
        Shown {
            form,
            standing: Standing::new(form),
        }
    }

    /// The connection stands.
    pub fn connected(&mut self, client: &Client) {
        let url = client.gateway_url().as_str().trim_end_matches('/').to_owned();
        let first = format!("tailing requests at {url}; Ctrl-C ends it");
        self.standing.connected(&json!({ "tailing": url }), &first);
    }

    /// Some of what was asked for is not there.
    pub fn gap(&self) {
        output::note(
            "some earlier requests are not kept: they are recorded while somebody tails, and for a day after",
        );
    }

    /// The connection is gone.
    pub fn lost(&mut self, reason: &str, pause: Duration) {
        self.standing.lost(reason, pause);
    }

    /// One request.
    pub fn request(&self, request: &Request) {
        if self.form == Form::Json {
            // Of texts and numbers only, so it can be written.
            return output::line(&serde_json::to_string(request).unwrap_or_default());
        }
        let by = request
            .key
            .as_deref()
            .or(request.client.as_deref())
            .unwrap_or("-");
        output::line(&format!(
            "{}  {}  {:<6} {:<40} {:>9}  {by}  {}",
            time_of(&request.at),
            request.status,
            request.method,
            request.path,
            duration(request.duration_us),
            request.request_id,
        ));
        if let Some(refusal) = &request.refusal {
            output::line(&format!("          {}", described(refusal)));
        }
    }

    /// How many there were besides.
    pub fn left_out(&self, told: &Requests) {
        match self.form {
            Form::Json => output::line(&json!({ "at": told.at, "left_out": told.left_out }).to_string()),
            Form::Text => output::line(&format!(
                "{}  … {} more requests, left out: there were too many to keep",
                time_of(&told.at),
                told.left_out
            )),
        }
    }
}

fn described(refusal: &Refusal) -> String {
    let fields = refusal
        .fields
        .iter()
        .map(|field| format!("{} {}", field.field, field.code));
    let fields: Vec<String> = fields.collect();
    match fields.is_empty() {
        true => refusal.code.clone(),
        false => format!("{}: {}", refusal.code, fields.join(", ")),
    }
}

/// The time of day stands after the T of ISO 8601.
fn time_of(at: &str) -> &str {
    at.get(11..19).unwrap_or(at)
}

/// Milliseconds with one decimal, and seconds from one on.
fn duration(us: u64) -> String {
    match us {
        0..1_000_000 => format!("{}.{} ms", us / 1_000, us % 1_000 / 100),
        _ => format!("{}.{} s", us / 1_000_000, us % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_in_the_unit_that_fits() {
        for (us, told) in [
            (0, "0.0 ms"),
            (1_240, "1.2 ms"),
            (999_999, "999.9 ms"),
            (50_300_000, "50.3 s"),
        ] {
            assert_eq!(duration(us), told);
        }
    }
}

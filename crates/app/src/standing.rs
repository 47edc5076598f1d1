//! What is said of a stream's connection: that it stands, that it was lost, once each.

use std::time::Duration;

use serde_json::Value;

use crate::output::{self, Form};

/// How a stream's connection stood when it was spoken of last.
pub struct Standing {
    form: Form,
    is_lost: bool,
    was_connected: bool,
}

impl Standing {
    /// Nothing was said yet.
    pub fn new(form: Form) -> Standing {
        Standing {
            form,
            is_lost: false,
            was_connected: false,
        }
    }

    /// The connection stands: `said` for a script, `first` for a person at the first time.
    pub fn connected(&mut self, said: &Value, first: &str) {
        let (is_lost, was_connected) = (self.is_lost, self.was_connected);
        (self.is_lost, self.was_connected) = (false, true);
        match self.form {
            Form::Json => output::line(&said.to_string()),
            Form::Text if was_connected && !is_lost => {}
            Form::Text if was_connected => output::note("connected again; nothing was missed"),
            Form::Text => output::note(first),
        }
    }

    /// The connection is gone; said once.
    pub fn lost(&mut self, reason: &str, pause: Duration) {
        if !self.is_lost {
            output::note(&format!(
                "{reason}; trying again in {} ms and on",
                pause.as_millis()
            ));
        }
        self.is_lost = true;
    }
}

//! Errors as a stranger needs them: what failed, why, and what to do about it.

use std::fmt;

/// What failed and what to do; the cause, if there is one, follows in the chain.
#[derive(Debug)]
pub struct Told {
    what: String,
    hint: String,
    cause: Option<anyhow::Error>,
}

impl Told {
    /// What failed, and what to do.
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Told {
        Told {
            what: what.into(),
            hint: hint.into(),
            cause: None,
        }
    }

    /// The same, because of something.
    pub fn because(mut self, cause: impl Into<anyhow::Error>) -> Told {
        self.cause = Some(cause.into());
        self
    }

    /// What to do.
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Told {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(AsRef::as_ref)
    }
}

//! What a person may do with an account.

use std::str::FromStr;

use thiserror::Error;

/// A user's role in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything; an account always has one.
    Owner,
    /// May collect: be a payment's `responsible_user_email`.
    Collector,
    /// May look.
    ReadOnly,
}

/// The word is no role.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown role {0:?}: use owner, collector or read-only")]
pub struct UnknownRole(pub String);

impl Role {
    /// All of them.
    pub const ALL: [Role; 3] = [Role::Owner, Role::Collector, Role::ReadOnly];

    /// Its word in rows and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Collector => "collector",
            Role::ReadOnly => "read-only",
        }
    }

    /// Whether it may be responsible for a payment.
    pub fn may_collect(self) -> bool {
        matches!(self, Role::Owner | Role::Collector)
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Role::ALL.into_iter().find(|role| role.as_str() == word);
        known.ok_or_else(|| UnknownRole(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_reads_back_and_only_who_looks_may_not_collect() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
            assert_eq!(role.may_collect(), role != Role::ReadOnly);
        }
        assert_eq!("admin".parse::<Role>(), Err(UnknownRole("admin".into())));
    }
}

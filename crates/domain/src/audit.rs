//! What people do in the console, as the audit log calls it. One word for each act, the same in rows, on the page and in
//! its CSV, so that an auditor can search for it.

use std::str::FromStr;

use thiserror::Error;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)+) => {
        /// An act that is written down: who did it, when, and to what.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$doc])* $name,)+ }

        impl Action {
            /// All of them.
            pub const ALL: &[Action] = &[$(Action::$name,)+];

            /// Its word: the thing and the verb.
            pub fn as_str(self) -> &'static str {
                match self { $(Action::$name => $word,)+ }
            }
        }
    };
}

actions! {
    /// Somebody signed in; the subject is the session.
    SessionStart = "session.start",
    /// Somebody ended a session, their own or another one of theirs.
    SessionEnd = "session.end",
    /// Somebody set a password of their own.
    PasswordSet = "password.set",
    /// Somebody asked, without being signed in, for a link to set a password of this e-mail.
    PasswordForget = "password.forget",
    /// Somebody turned the second factor on.
    SecondFactorOn = "second-factor.on",
    /// Somebody turned the second factor off.
    SecondFactorOff = "second-factor.off",
    /// Somebody drew new recovery codes.
    RecoveryCodesDraw = "recovery-codes.draw",
    /// Somebody signed in with a recovery code.
    RecoveryCodeUse = "recovery-code.use",
    /// A person was invited; the subject is the e-mail.
    UserInvite = "user.invite",
    /// A person's invitation was ended before it was used.
    InvitationCancel = "invitation.cancel",
    /// A person was given a role; the subject is the e-mail and the role.
    UserSet = "user.set",
    /// A person was taken out of the account.
    UserRemove = "user.remove",
    /// A payment was created.
    PaymentCreate = "payment.create",
    /// A payment was deleted.
    PaymentDelete = "payment.delete",
    /// A payment was marked as paid elsewhere.
    PaymentMarkPaid = "payment.mark-paid",
    /// A held payment was confirmed.
    PaymentConfirm = "payment.confirm",
    /// Payments were exported.
    PaymentExport = "payment.export",
    /// A refund was made.
    RefundCreate = "refund.create",
    /// A notification was sent again.
    NoticeResend = "notice.resend",
    /// A test notification was sent; the subject is its id.
    NoticeTrial = "notice.trial",
    /// A notification was given up.
    NoticeStop = "notice.stop",
    /// Background work that was given up is tried again.
    JobRetry = "job.retry",
    /// A mail was sent again.
    MailResend = "mail.resend",
    /// A movement in review was accepted for its payment.
    ReviewAccept = "review.accept",
    /// A movement in review was given to a payment.
    ReviewAssign = "review.assign",
    /// A movement in review was sent back.
    ReviewReturn = "review.return",
    /// A debit in review was cleared.
    ReviewAcknowledge = "review.acknowledge",
    /// An API key was made; the subject is its alias.
    KeyCreate = "key.create",
    /// An API key was expired at once.
    KeyExpire = "key.expire",
    /// The secret that signs notifications is being changed.
    SecretRotate = "secret.rotate",
    /// The change of the secret was ended at once.
    SecretFinish = "secret.finish",
    /// An OAuth client was made.
    ClientCreate = "client.create",
    /// An OAuth client was given a new secret.
    ClientSecret = "client.secret",
    /// An OAuth client's redirect URIs were changed.
    ClientUpdate = "client.update",
    /// An OAuth client was ended.
    ClientDisable = "client.disable",
    /// A consent was withdrawn on a person's behalf.
    ConsentWithdraw = "consent.withdraw",
    /// An account link was revoked.
    AccountLinkRevoke = "account-link.revoke",
    /// A payment link was made.
    LinkCreate = "link.create",
    /// A payment link was changed.
    LinkUpdate = "link.update",
    /// A payment link was ended.
    LinkEnd = "link.end",
    /// A setting of the account was changed.
    AccountUpdate = "account.update",
    /// All that is kept about one person was exported.
    PersonExport = "person.export",
    /// What may be erased about one person was erased.
    PersonErase = "person.erase",
    /// The audit log itself was exported.
    AuditExport = "audit.export",
}

/// The word is no action.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown action {0:?}")]
pub struct UnknownAction(pub String);

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Action::ALL.iter().find(|action| action.as_str() == word);
        known.copied().ok_or_else(|| UnknownAction(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_word_of_its_own_that_reads_back() {
        for action in Action::ALL {
            assert_eq!(action.as_str().parse(), Ok(*action));
            assert!(action.as_str().contains('.'));
        }
        assert!("payment.steal".parse::<Action>().is_err());
    }
}

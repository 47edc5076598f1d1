//! What one part of this process tells another after a commit, so that nothing waits for the next poll.
//!
//! Signals are hints: the truth is in the rows, other nodes' work is found by polling, and a lost signal costs
//! at most one poll.

use std::collections::HashMap;
use std::sync::Arc;

use ayni_domain::ids::PaymentId;
use tokio::sync::{Notify, broadcast};

/// The kinds of jobs, each with its own worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Read a collecting account's statement; key: its row's number.
    Statement,
    /// Deliver a notification; key: the notice's id, lane: its destination.
    Notice,
    /// End an attempt whose three hours are over; key: the attempt's id.
    AttemptLapse,
    /// Return a payment to `pending` whose money did not come; key: the payment's id.
    VerifyingLapse,
    /// Fetch a merchant's picture; key: the payment's id.
    Picture,
    /// Visit a site for an accepted operation; key: its id, lane: its institution.
    Operation,
    /// Send the orders of a collecting account, one after the other; key: its row's number, lane: its bank.
    Order,
    /// End an order whose debit did not come; key: the order's id.
    OrderLapse,
    /// Make the settlements of a business day; there is one.
    Settlement,
    /// Send a mail; key: its id.
    Mail,
    /// Make a reminder that falls due; key: the payment's id, payload: its number.
    Reminder,
    /// Send the link by which a person sets a password for the console; key: its id.
    Invitation,
    /// Look up who asked for the link of a forgotten password; payload: the e-mail, sealed.
    Forgotten,
    /// Write a list of payments as a file; key: the export's id, lane: its account.
    PaymentExport,
    /// Take out what is too old; there is one.
    Retention,
    /// Look for a person, tell or erase them; key: the case's id, lane: its account.
    PersonCase,
}

impl JobKind {
    /// All of them.
    pub const ALL: [JobKind; 16] = [
        JobKind::Statement,
        JobKind::Notice,
        JobKind::AttemptLapse,
        JobKind::VerifyingLapse,
        JobKind::Picture,
        JobKind::Operation,
        JobKind::Order,
        JobKind::OrderLapse,
        JobKind::Settlement,
        JobKind::Mail,
        JobKind::Reminder,
        JobKind::Invitation,
        JobKind::Forgotten,
        JobKind::PaymentExport,
        JobKind::Retention,
        JobKind::PersonCase,
    ];

    /// Its name in the `jobs` table.
    pub fn as_str(self) -> &'static str {
        match self {
            JobKind::Statement => "statement",
            JobKind::Notice => "notice",
            JobKind::AttemptLapse => "attempt-lapse",
            JobKind::VerifyingLapse => "verifying-lapse",
            JobKind::Picture => "picture",
            JobKind::Operation => "operation",
            JobKind::Order => "order",
            JobKind::OrderLapse => "order-lapse",
            JobKind::Settlement => "settlement",
            JobKind::Mail => "mail",
            JobKind::Reminder => "reminder",
            JobKind::Invitation => "invitation",
            JobKind::Forgotten => "forgotten",
            JobKind::PaymentExport => "payment-export",
            JobKind::Retention => "retention",
            JobKind::PersonCase => "person-case",
        }
    }
}

/// The process's own wake-ups.
pub struct Signals {
    work: HashMap<JobKind, Arc<Notify>>,
    payments: broadcast::Sender<PaymentId>,
}

impl Default for Signals {
    fn default() -> Signals {
        Signals {
            work: JobKind::ALL.map(|kind| (kind, Arc::new(Notify::new()))).into(),
            payments: broadcast::channel(PAYMENT_SIGNALS).0,
        }
    }
}

impl Signals {
    /// Says that a job of this kind is due now.
    pub fn wake(&self, kind: JobKind) {
        if let Some(notify) = self.work.get(&kind) {
            notify.notify_one();
        }
    }

    /// Waits until a job of this kind may be due.
    pub async fn woken(&self, kind: JobKind) {
        if let Some(notify) = self.work.get(&kind) {
            notify.notified().await;
        }
    }

    /// Says that a payment's state changed, to the pages that show it live.
    pub fn payment_changed(&self, id: PaymentId) {
        // An error means that no page is listening.
        let _ = self.payments.send(id);
    }

    /// The changes from now on.
    pub fn payment_changes(&self) -> broadcast::Receiver<PaymentId> {
        self.payments.subscribe()
    }
}

/// Changes a slow listener may lag behind before it re-reads instead.
const PAYMENT_SIGNALS: usize = 256;

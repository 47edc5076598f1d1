//! Notifications: what merchants answer, and what becomes of it.

mod answers;
mod forms;
mod lanes;
mod policy;
mod schedule;
pub(crate) mod told;

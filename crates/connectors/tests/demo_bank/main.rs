//! The connector against the real DemoBank, served in this process on loopback: nothing of the bank is imitated, but a
//! layer before it counts what is sent and, where a test asks for it, spoils what is answered.

mod disturbance;
mod hostile;
mod outages;
mod statement;
mod test_bank;
mod transfer;

//! Servipag's connector against the real bill portal, served in this process on loopback: nothing of the site is
//! imitated, but where a test asks for it a layer before it spoils what is answered.

#[cfg(test)]
mod codes;
#[cfg(test)]
mod debts;
#[cfg(test)]
#[path = "../demo_bank/disturbance.rs"]
mod disturbance;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod logins;
#[cfg(test)]
mod site_file;
#[cfg(test)]
mod test_portal;

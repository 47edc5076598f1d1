//! A visit to a site is the same with both drivers: the same pages, the same cookies, the same errors. Every test here
//! runs over HTTP and in the Chromium of this machine, against small sites on loopback; a machine without Chromium
//! fails them.

#[cfg(test)]
mod chromium;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod site;
#[cfg(test)]
mod visits;

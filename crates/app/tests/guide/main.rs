//! What the guide and the README tell people to do is done here, as they say it, and what they say comes of it is
//! compared with what came.

#[cfg(test)]
mod blocks;
#[cfg(test)]
mod help;
#[cfg(test)]
mod house;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod shell;
#[cfg(test)]
mod verifying;

//! `/v3/receivers`: merchants of an integrator, what they may do, and on whose bank accounts they collect.

mod children;
mod collecting;
mod creating;
mod disabled;
mod family;
mod psp;
mod users;

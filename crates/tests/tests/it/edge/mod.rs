//! What every request passes: keys, limits, methods, ids, and the pages' headers.

mod banks;
mod hangups;
mod keys;
mod pages;
mod predict;
mod refusals;
mod statements;

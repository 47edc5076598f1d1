//! What people read, in Spanish and English, as typed values: a text that lacks a language does not compile.

pub mod api;

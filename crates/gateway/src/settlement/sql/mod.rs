//! All SQL of settlements, by what it is about.

pub(super) mod made;
pub(super) mod released;
pub(super) mod shares;

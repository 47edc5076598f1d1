//! The behaviour of the whole, over HTTP, on both engines: one binary, its modules as the API's parts.

mod end_to_end;

//! The targets, as the test suite has them.

#[path = "../../../tests/suite/fuzz/bytes.rs"]
pub(crate) mod bytes;
#[path = "../../../tests/suite/fuzz/targets/mod.rs"]
#[expect(dead_code, reason = "how often a target is tried is a matter of the test suite")]
pub(crate) mod targets;

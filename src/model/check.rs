//! The invariants of a profile.

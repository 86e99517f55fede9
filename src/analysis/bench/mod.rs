//! Comparing benchmark results.

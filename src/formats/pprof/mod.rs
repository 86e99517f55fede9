//! `profile.proto`, the format of pprof (its field numbers: google/pprof `proto/profile.proto`).
//!
//! [`wire`] reads fields, [`decode`] streams records into the [`tables`], [`stacks`] keeps each
//! stack once, [`prune`] applies the profile's own drop_frames, [`encode`] writes.

mod decode;
mod encode;
pub(super) mod limits;
mod prune;
mod stacks;
mod tables;
mod wire;

pub(crate) use decode::Decoder;
pub use encode::{encode, gzip};
pub use prune::drop_frames;

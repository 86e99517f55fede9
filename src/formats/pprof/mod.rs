//! `profile.proto`, the format of pprof (its field numbers: google/pprof `proto/profile.proto`).
//!
//! [`wire`] reads fields, [`decode`] streams records into the [`tables`], [`stacks`] keeps each
//! stack once, [`prune`] applies the profile's own drop_frames.

mod decode;
mod limits;
mod prune;
mod stacks;
mod tables;
mod wire;

pub(crate) use decode::Decoder;
pub(crate) use prune::drop_frames;

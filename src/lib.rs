//! dropprof: read pprof profiles, see where time and memory go, write the report.
//!
//! The pipeline, one module per step: [`formats`] turns bytes into the [`model`], [`analysis`]
//! computes over it, [`findings`] says what is wrong, [`report`] writes documents and pprof's texts, [`views`] gives a screen the
//! rectangles it shows, and [`wasm`] is the session behind the page. Start with
//! [`formats::open`], then [`analysis::Nodes`] and [`analysis::Selection`], from which everything
//! else follows:
//!
//! ```
//! use dropprof::analysis::{NodeOptions, Nodes, Selection, TopOptions, top};
//! use dropprof::formats::{OpenOptions, open};
//!
//! # let bytes = include_bytes!("../testdata/pprof/handmade/ties.pb");
//! let opened = open("ties.pb", bytes, OpenOptions::default());
//! let profile = &opened[0].result.as_ref().expect("a profile").profile;
//! let nodes = Nodes::new(profile, &NodeOptions::default());
//! let selection = Selection::all(profile, profile.default_type());
//! let table = top(profile, &nodes, &selection, &TopOptions::default());
//! assert!(!table.rows.is_empty());
//! ```
//!
//! # Design constraints
//! The core runs in a browser tab and as a native command, and must give the same bytes in both:
//! it reads no file, clock or environment and owns no thread. Input is hostile: nothing panics,
//! recurses over a stack, or allocates by a length that was not compared with what is there. It
//! must hold a profile of a million distinct stacks in a tab: tables are columns, rows are 32-bit
//! ids, and every analysis is a pass over stacks.

pub mod analysis;
pub mod error;
pub mod findings;
pub mod formats;
mod gotext;
pub mod model;
pub mod report;
mod sort;
pub mod unit;
pub mod views;
pub mod wasm;

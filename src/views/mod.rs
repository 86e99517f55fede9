//! What a screen needs of an analysis: rectangles for a viewport, rows for a window.
//!
//! Views hold ids and numbers; texts and colours are the page's and the boundary's business.

mod flame;
mod siblings;
mod timeline;

pub use flame::{FlameBoxes, FlameWindow, flame_boxes};
pub use timeline::{
    CountColumn, Flow, Found, Hit, HitKind, Lane, LaneId, Limits, Memory, Moment, Painted,
    PaintedRow, PaintedSpan, State, Timeline, TimelineSlot, TimelineStore, UNNAMED_GROUP, Wake,
    Window,
};

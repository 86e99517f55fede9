//! For who only asks whether a trace can be read, and what it is as a file.

use std::sync::Arc;

use crate::model::Profile;
use crate::model::trace::{Event, Loss, TraceFacts, TraceReport, TraceSink, World};

/// Takes no notice of events.
#[derive(Debug, Default)]
struct Plain;

/// A sink that keeps the facts of the file, and nothing else.
pub fn facts_only() -> Box<dyn TraceSink> {
    Box::new(Plain)
}

impl TraceSink for Plain {
    fn event(&mut self, _: &Event, _: &World) {}

    fn lost(&mut self, _: &Loss, _: &World) {}

    fn finish(self: Box<Self>, _: &World, facts: TraceFacts) -> Profile {
        let span = facts.span().unwrap_or_default();
        let report = TraceReport {
            facts,
            span,
            ..TraceReport::default()
        };
        let mut profile = Profile::default();
        profile.strings.push(b"");
        profile.trace = Some(Arc::new(report));
        profile
    }
}

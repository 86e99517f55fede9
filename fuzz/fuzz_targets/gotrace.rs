//! Execution traces: times grow, and every event can be written down.
#![no_main]

use dropprof::formats::read_trace;
use dropprof::model::Profile;
use dropprof::model::trace::{Event, Loss, TraceFacts, TraceSink, What, World};
use dropprof::report::gotrace::ParsedDump;
use libfuzzer_sys::fuzz_target;

#[derive(Debug)]
struct Checks {
    last: u64,
    dump: ParsedDump<std::io::Sink>,
}

impl TraceSink for Checks {
    fn event(&mut self, event: &Event, world: &World) {
        assert!(event.time > self.last || self.last == 0);
        self.last = event.time;
        if let What::Goroutine {
            goroutine, stack, ..
        } = event.what
        {
            assert!(world.goroutine(goroutine).is_some());
            assert!(world.stack(stack).len() <= 128);
        }
        self.dump.event(event, world);
    }

    fn lost(&mut self, loss: &Loss, _: &World) {
        assert!(loss.span.0 <= loss.span.1);
    }

    fn finish(self: Box<Self>, _: &World, facts: TraceFacts) -> Profile {
        for generation in &facts.generations {
            assert!(generation.span.0 <= generation.span.1);
        }
        Profile::default()
    }
}

fuzz_target!(|bytes: &[u8]| {
    let make = Box::new(|| {
        let sink: Box<dyn TraceSink> = Box::new(Checks {
            last: 0,
            dump: ParsedDump::new(std::io::sink()),
        });
        sink
    });
    let _ = read_trace(bytes.chunks(333), make);
});

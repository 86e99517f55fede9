//! What is known of a trace as a file.

/// Readings of three clocks at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// The trace's clock, in nanoseconds.
    pub trace: u64,
    /// The system's monotonic clock, in nanoseconds.
    pub mono: u64,
    /// Seconds since 1970.
    pub wall_seconds: u64,
    /// And nanoseconds.
    pub wall_nanos: u64,
}

/// A piece of a trace that stands for itself, about a second of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Generation {
    /// Its number.
    pub number: u64,
    /// Where it begins in the unpacked file.
    pub at: u64,
    /// Its bytes.
    pub bytes: u64,
    /// Time of its first and its last event, in nanoseconds of the trace's clock.
    pub span: (u64, u64),
    /// Records with a time that were put in order.
    pub events: u64,
    /// CPU samples.
    pub samples: u64,
}

/// Something of a trace that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The generation it is of.
    pub generation: u64,
    /// Where in the unpacked file, as well as that can be said.
    pub at: u64,
    /// Bytes that were not used.
    pub bytes: u64,
    /// From when until when nothing is known, in nanoseconds of the trace's clock; the end is
    /// the beginning of what could be used again, or as far as the bytes that are lost are told
    /// to reach.
    pub span: (u64, u64),
    /// Why; lower case, no full stop.
    pub reason: String,
}

/// The file's own facts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraceFacts {
    /// The format: 26 of `go 1.26 trace`. Go 1.27 writes 26, too.
    pub version: u32,
    /// Bytes of the trace.
    pub bytes: u64,
    /// What was read, in order.
    pub generations: Vec<Generation>,
    /// What was not, in order.
    pub losses: Vec<Loss>,
    /// The trace says where it ends, or could not (before Go 1.26).
    pub is_ended: bool,
    /// The file ends in the middle of a batch.
    pub is_cut: bool,
    /// Nanoseconds of a tick of the clock; 64 but for Windows.
    pub tick: f64,
    /// First reading of the clocks.
    pub clock: Option<Clock>,
    /// Batches of experiments that were passed over.
    pub experiments: u64,
    /// Events that could only be put in order against their times.
    pub reordered: u64,
}

impl TraceFacts {
    /// Time of the first and of the last event, in nanoseconds of the trace's clock; `None` of
    /// an empty trace.
    pub fn span(&self) -> Option<(u64, u64)> {
        let first = self.generations.first()?.span.0;
        Some((first, self.generations.last()?.span.1))
    }

    /// Nanoseconds from the first to the last event.
    pub fn duration(&self) -> u64 {
        self.span().map_or(0, |(from, to)| to.saturating_sub(from))
    }

    /// Records with a time, of all generations.
    pub fn events(&self) -> u64 {
        self.generations.iter().map(|one| one.events).sum()
    }

    /// Bytes that were not used.
    pub fn lost_bytes(&self) -> u64 {
        self.losses.iter().map(|loss| loss.bytes).sum()
    }

    /// Nanoseconds of which nothing is known.
    pub fn lost_time(&self) -> u64 {
        let long = |loss: &Loss| loss.span.1.saturating_sub(loss.span.0);
        self.losses.iter().map(long).fold(0, u64::saturating_add)
    }
}

//! Large profiles, made from a seed: the shape of a Go CPU profile of a big server that many hosts
//! wrote to.
//!
//! Samples are what a few dozen threads of a [`Program`] were doing: each keeps most of its stack
//! from one sample to the next, so that nearly every stack is new and the tree of them still has
//! trunks. Written as it is made: memory does not grow with the number of samples.

use super::program::Program;
use crate::wire::Message;
use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

/// What to make.
pub struct Spec {
    /// The stem of the file.
    pub name: &'static str,
    /// How many samples.
    pub samples: usize,
    /// Mean number of locations of a stack; a quarter of the locations hold two frames.
    pub depth: usize,
    /// How many functions.
    pub functions: usize,
    /// Call sites, and with that locations, per function.
    pub sites: usize,
    /// The same seed gives the same bytes.
    pub seed: u64,
}

/// To be raised when the same [`Spec`] gives another file.
pub const VERSION: u32 = 1;

const GOROUTINES: usize = 48;
const PERIOD_NS: u64 = 10_000_000;

/// Writes the profile, gzipped as fast as the Go runtime does; returns the size before that.
pub fn write(spec: &Spec, to: &Path) -> Result<u64> {
    let unfinished = to.with_extension("part");
    let gzip = GzEncoder::new(
        BufWriter::new(File::create(&unfinished)?),
        Compression::fast(),
    );
    let mut out = Counted {
        inner: gzip,
        written: 0,
    };
    Profile(Program::new(spec)).write(&mut out)?;
    out.inner.finish()?.flush()?;
    fs::rename(&unfinished, to)?;
    Ok(out.written)
}

struct Counted<W> {
    inner: W,
    written: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.written += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

struct Profile<'a>(Program<'a>);

impl Profile<'_> {
    fn write(mut self, out: &mut impl Write) -> Result<()> {
        let mut message = Message::default();
        for (name, unit) in [("samples", "count"), ("cpu", "nanoseconds")] {
            let value_type = self.value_type(name, unit);
            message.bytes(1, &value_type.bytes);
        }
        out.write_all(&message.bytes)?;
        self.write_samples(out)?;
        self.write_mapping(out)?;
        self.write_locations(out)?;
        self.write_functions(out)?;
        self.write_rest(out)
    }

    fn value_type(&mut self, name: &str, unit: &str) -> Message {
        let mut inner = Message::default();
        inner.uint(1, self.0.strings.id(name));
        inner.uint(2, self.0.strings.id(unit));
        inner
    }

    fn write_samples(&mut self, out: &mut impl Write) -> Result<()> {
        let mut goroutines = vec![Vec::new(); GOROUTINES];
        let (mut message, mut inner) = (Message::default(), Message::default());
        for _ in 0..self.0.spec.samples {
            let stack = &mut goroutines[self.0.random.below(GOROUTINES)];
            self.0.advance(stack);
            inner.clear();
            inner.packed(1, stack.iter().rev().map(|site| u64::from(*site) + 1));
            // Few stacks are hit more than once: halve the odds for each further hit.
            let hits = 1 + u64::from(self.0.random.next().trailing_zeros());
            inner.packed(2, [hits, hits * PERIOD_NS]);
            message.clear();
            message.bytes(2, &inner.bytes);
            out.write_all(&message.bytes)?;
        }
        Ok(())
    }

    fn write_mapping(&mut self, out: &mut impl Write) -> Result<()> {
        let mut inner = Message::default();
        inner.uint(1, 1);
        inner.uint(2, 0x40_0000);
        inner.uint(3, 0x40_0000 + self.0.callees.len() as u64 * 64);
        inner.uint(5, self.0.strings.id("/usr/local/bin/atlas"));
        inner.uint(
            6,
            self.0
                .strings
                .id("5eed0000000000000000000000000000a71a5000"),
        );
        inner.uint(7, 1);
        write_field(out, 3, &inner)
    }

    fn write_locations(&mut self, out: &mut impl Write) -> Result<()> {
        let (mut inner, mut line) = (Message::default(), Message::default());
        for site in 0..self.0.callees.len() {
            let function = site / self.0.spec.sites;
            let inlined = (self.0.random.below(4) == 0).then(|| self.0.neighbour(function));
            inner.clear();
            inner.uint(1, site as u64 + 1);
            inner.uint(2, 1);
            inner.uint(3, 0x40_0000 + site as u64 * 64);
            for function in inlined.into_iter().chain([function]) {
                line.clear();
                line.uint(1, function as u64 + 1);
                line.uint(2, 1 + self.0.random.below(1500) as u64);
                inner.bytes(4, &line.bytes);
            }
            write_field(out, 4, &inner)?;
        }
        Ok(())
    }

    fn write_functions(&mut self, out: &mut impl Write) -> Result<()> {
        let mut inner = Message::default();
        for (at, (name, file)) in self.0.functions.iter().enumerate() {
            inner.clear();
            inner.uint(1, at as u64 + 1);
            inner.uint(2, *name);
            inner.uint(3, *name);
            inner.uint(4, *file);
            inner.uint(5, 1 + self.0.random.below(1000) as u64);
            write_field(out, 5, &inner)?;
        }
        Ok(())
    }

    fn write_rest(&mut self, out: &mut impl Write) -> Result<()> {
        let period_type = self.value_type("cpu", "nanoseconds");
        let mut message = Message::default();
        message.uint(9, 1_700_000_000_000_000_000);
        message.uint(10, 60_000_000_000);
        message.bytes(11, &period_type.bytes);
        message.uint(12, PERIOD_NS);
        for text in &self.0.strings.texts {
            message.bytes(6, text.as_bytes());
        }
        Ok(out.write_all(&message.bytes)?)
    }
}

fn write_field(out: &mut impl Write, number: u32, inner: &Message) -> Result<()> {
    let mut message = Message::default();
    message.bytes(number, &inner.bytes);
    Ok(out.write_all(&message.bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let write = |seed| {
            let spec = Spec {
                name: "s",
                samples: 500,
                depth: 40,
                functions: 800,
                sites: 2,
                seed,
            };
            let mut out = Vec::new();
            Profile(Program::new(&spec)).write(&mut out).unwrap();
            out
        };
        assert_eq!(write(7), write(7));
        assert_ne!(write(7), write(8));
    }
}

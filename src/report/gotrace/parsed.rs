//! Every event as text, as `go tool trace -d=parsed` prints it.

use std::io::Write;

use crate::formats::{experiment, facts_only};
use crate::gotext::quoted;
use crate::model::trace::{
    Clock, Edge, Event, GoState, Loss, RangeKind, TraceFacts, TraceSink, What, World,
};
use crate::model::{Profile, StringId};
use crate::unit::instant_nanos;

/// Writes events as text. What cannot be written is lost: the caller's `write` knows why.
pub struct ParsedDump<W> {
    out: W,
}

impl<W> std::fmt::Debug for ParsedDump<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParsedDump").finish_non_exhaustive()
    }
}

impl<W: Write> ParsedDump<W> {
    /// A dump to this writer.
    pub fn new(out: W) -> Self {
        Self { out }
    }

    fn write(&mut self, event: &Event, world: &World) -> std::io::Result<()> {
        let own = |id: Option<u64>| id.map_or(-1, |id| id as i64);
        let mut goroutine = own(world.goroutine(event.goroutine));
        if let What::Sample { goroutine: id } = event.what {
            goroutine = own((id != u64::MAX).then_some(id));
        }
        let (thread, proc) = (own(world.thread(event.thread)), own(world.proc(event.proc)));
        let out = &mut self.out;
        write!(out, "M={thread} P={proc} G={goroutine} ")?;
        let kind = kind(&event.what);
        write!(out, "{kind} Time={}", event.time)?;
        let quote = |row: u32| quoted(world.strings.bytes(StringId(row)));
        let mut own_stack = None;
        match event.what {
            What::Sync { number, clock } => {
                write!(out, " N={number}")?;
                if let Some(clock) = clock {
                    write!(
                        out,
                        " Trace={} Mono={} Wall={}",
                        clock.trace,
                        clock.mono,
                        wall(&clock)
                    )?;
                }
            }
            What::Goroutine {
                goroutine,
                from,
                to,
                reason,
                stack,
            } => {
                let id = own(world.goroutine(goroutine));
                let (before, after, why) = (from.name(), to.name(), quote(reason));
                write!(out, " GoID={id} {before}->{after} Reason={why}")?;
                // Of one that is created Go says where it begins, even where that is not known.
                let is_new = from == GoState::NotExist && to != GoState::Syscall;
                own_stack = (stack != 0 || is_new).then_some(stack);
            }
            What::Proc { proc, from, to } => {
                let id = own(world.proc(proc));
                write!(
                    out,
                    " ProcID={id} {}->{} Reason=\"\"",
                    from.name(),
                    to.name()
                )?;
            }
            What::Range {
                edge,
                kind,
                scope,
                reason,
                bytes,
            } => {
                let name = match kind {
                    RangeKind::Stop => format!("{} ({})", kind.name(), world.text(reason)),
                    _ => kind.name().to_owned(),
                };
                let scope = match kind {
                    RangeKind::Mark => "None".to_owned(),
                    RangeKind::Sweep => format!("Proc({})", own(world.proc(scope))),
                    _ => format!("Goroutine({})", own(world.goroutine(scope))),
                };
                let name = quoted(name.as_bytes());
                write!(out, " Name={name} Scope={scope}")?;
                match (edge, kind) {
                    (Edge::End, RangeKind::Sweep) => {
                        let (swept, reclaimed) = bytes;
                        write!(
                            out,
                            " Attributes=[\"bytes swept\"=Value{{Uint64({swept})}} \
                             \"bytes reclaimed\"=Value{{Uint64({reclaimed})}}]"
                        )?;
                    }
                    (Edge::End, _) => write!(out, " Attributes=[]")?,
                    _ => {}
                }
            }
            What::Metric(metric, value) => {
                write!(
                    out,
                    " Name=\"{}\" Value=Value{{Uint64({value})}}",
                    metric.name()
                )?;
            }
            What::Label(label) => {
                let label = quote(label);
                write!(out, " Label={label} Resource=Goroutine({goroutine})")?;
            }
            What::Task {
                id, parent, name, ..
            } => {
                write!(out, " ID={id} Parent={parent} Type={}", quote(name))?;
            }
            What::Region { task, name, .. } => write!(out, " Task={task} Type={}", quote(name))?,
            What::Log {
                task,
                category,
                message,
            } => {
                let (category, message) = (quote(category), quote(message));
                write!(out, " Task={task} Category={category} Message={message}")?;
            }
            What::Sample { .. } => {}
            What::Experiment { kind, args } => {
                let (name, names) = experiment(kind);
                let args = names.iter().zip(args);
                let args: Vec<String> = args
                    .map(|(name, value)| format!("{name}=Value{{Uint64({value})}}"))
                    .collect();
                write!(out, " Name={name} Args=[{}]", args.join(", "))?;
            }
        }
        if let Some(row) = own_stack {
            write!(out, "\nTransitionStack=")?;
            stack(out, row, world)?;
        }
        if event.stack != 0 {
            write!(out, "\nStack=")?;
            stack(out, event.stack, world)?;
        }
        writeln!(out)
    }
}

/// The kind of an event as Go names it.
fn kind(what: &What) -> &'static str {
    match what {
        What::Sync { .. } => "Sync",
        What::Goroutine { .. } | What::Proc { .. } => "StateTransition",
        What::Range { edge, .. } => match edge {
            Edge::Begin => "RangeBegin",
            Edge::Active => "RangeActive",
            Edge::End => "RangeEnd",
        },
        What::Metric(..) => "Metric",
        What::Label(_) => "Label",
        What::Task { edge, .. } => match edge {
            Edge::End => "TaskEnd",
            _ => "TaskBegin",
        },
        What::Region { edge, .. } => match edge {
            Edge::End => "RegionEnd",
            _ => "RegionBegin",
        },
        What::Log { .. } => "Log",
        What::Sample { .. } => "StackSample",
        What::Experiment { .. } => "Experimental",
    }
}

/// A moment of the wall clock, in UTC.
fn wall(clock: &Clock) -> String {
    let seconds = i64::try_from(clock.wall_seconds).unwrap_or(i64::MAX);
    instant_nanos(seconds, clock.wall_nanos)
}

fn stack(out: &mut impl Write, row: u32, world: &World) -> std::io::Result<()> {
    for frame in world.stack(row) {
        let (function, file) = (world.text(frame.function), world.text(frame.file));
        write!(
            out,
            "\n\t{function} @ 0x{:x}\n\t\t{file}:{}",
            frame.pc, frame.line
        )?;
    }
    writeln!(out)
}

impl<W: Write> TraceSink for ParsedDump<W> {
    fn event(&mut self, event: &Event, world: &World) {
        // A writer that fails once fails for the caller, too, when it is flushed.
        let _ = self.write(event, world);
    }

    fn lost(&mut self, loss: &Loss, _: &World) {
        let _ = writeln!(self.out, "ERROR {}", loss.reason);
    }

    fn finish(mut self: Box<Self>, world: &World, facts: TraceFacts) -> Profile {
        let _ = self.out.flush();
        facts_only().finish(world, facts)
    }
}

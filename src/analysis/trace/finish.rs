//! The end of a trace: what is still open is cut off, and all is laid out as tables.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::TraceAnalysis;
use super::groups::{UNNAMED, range_name};
use super::live::Live;
use crate::model::trace::{
    AssistSite, GoState, GoroutineRow, Group, Latency, NO_GROUP, NO_STACK, Stop, StopKind,
    TraceFacts, TraceReport, WaitKind, WaitSite, Wake, World,
};
use crate::model::{Function, Label, Line, Profile, ProfileBuilder, StackId, StringId};

/// Adds a goroutine to its group, of which it is a member for the last time.
pub(super) fn fold(all: &mut TraceAnalysis, live: &mut Live, now: u64) {
    let end = if live.ended > 0 { live.ended } else { now };
    let row = GoroutineRow {
        id: live.id,
        group: live.group,
        created: live.created,
        started: live.started,
        ended: live.ended,
        total: end.saturating_sub(live.created),
        exec: live.exec,
        sched: live.sched,
        syscall: live.syscall,
        syscall_blocked: live.syscall_blocked,
        open_call: live.open_call,
        // Rows of the world's strings until the end.
        blocks: live
            .blocks
            .iter()
            .map(|&(reason, time)| (StringId(reason), time))
            .collect(),
        ranges: Vec::new(),
    };
    // To wait for ever is an end for Go, and yet it is there. Who is lost, and not heard of in a
    // whole generation after that, has ended in between: one tells of all who are there.
    let has_ended = live.gone.is_some_and(|(_, told)| told < all.told);
    let is_left = !has_ended && (live.ended == 0 || live.is_over);
    let ranges = live.ranges.iter().map(|range| {
        let open = if range.since > 0 {
            now.saturating_sub(range.since)
        } else {
            0
        };
        (range.kind, range.reason, range.total + open)
    });
    let ranges: Vec<_> = ranges.filter(|&(.., time)| time > 0).collect();
    let making = &mut all.groups.all[live.group as usize];
    making.count += u64::from(live.group == UNNAMED);
    making.end(row, ranges, is_left, all.keep);
}

/// The names and stacks of the world as rows of a profile.
struct Tables<'a> {
    world: &'a World,
    builder: ProfileBuilder,
    stacks: FxHashMap<u32, StackId>,
    empty: StackId,
}

impl<'a> Tables<'a> {
    fn new(world: &'a World) -> Self {
        let mut builder = ProfileBuilder::new();
        let empty = builder.stack(&[]).unwrap_or_default();
        Self {
            world,
            builder,
            stacks: FxHashMap::default(),
            empty,
        }
    }

    /// A string; the empty one where there is no room for more.
    fn text(&mut self, text: &[u8]) -> StringId {
        self.builder.string(text).unwrap_or_default()
    }

    fn string(&mut self, row: u32) -> StringId {
        let world = self.world;
        self.text(world.strings.bytes(StringId(row)))
    }

    fn stack(&mut self, row: u32) -> StackId {
        if let Some(&known) = self.stacks.get(&row) {
            return known;
        }
        let mut locations = Vec::new();
        for frame in self.world.stack(row) {
            let (name, filename) = (self.string(frame.function), self.string(frame.file));
            let function = self.builder.function(Function {
                id: 0,
                name,
                system_name: name,
                filename,
                start_line: 0,
            });
            let location = function.and_then(|function| {
                let line = Line {
                    function,
                    line: i64::try_from(frame.line).unwrap_or(i64::MAX),
                    column: 0,
                };
                self.builder.location(None, frame.pc, false, &[line])
            });
            locations.extend(location);
        }
        let stack = self.builder.stack(&locations).unwrap_or(self.empty);
        self.stacks.insert(row, stack);
        stack
    }
}

/// Sample types of a trace's profile: how often and how long, by what was waited for.
pub(super) const TYPES: [(&str, &str); 11] = [
    ("waits", "count"),
    ("wait", "nanoseconds"),
    ("sync_waits", "count"),
    ("sync", "nanoseconds"),
    ("network_waits", "count"),
    ("network", "nanoseconds"),
    ("syscalls", "count"),
    ("syscall", "nanoseconds"),
    ("sched_waits", "count"),
    ("sched", "nanoseconds"),
    ("samples", "count"),
];

/// True for waits of what `go tool trace -pprof=sync` has: channels, locks, select.
pub fn is_sync(reason: &str) -> bool {
    ["chan", "sync", "select"]
        .iter()
        .any(|part| reason.contains(part))
}

/// A site's values by [`TYPES`].
fn values(site: &WaitSite, reason: &str) -> [i64; TYPES.len()] {
    let (count, time) = site.all();
    let pair = [count, time].map(|value| i64::try_from(value).unwrap_or(i64::MAX));
    let mut values = [0; TYPES.len()];
    let mut set = |at: usize| values[at..at + 2].copy_from_slice(&pair);
    match site.kind {
        WaitKind::Blocked => {
            set(0);
            if is_sync(reason) {
                set(2);
            } else if reason == "network" {
                set(4);
            }
        }
        WaitKind::Syscall => set(6),
        WaitKind::Sched(_) => set(8),
    }
    values
}

/// Lays everything out.
pub(super) fn finish(mut all: TraceAnalysis, world: &World, facts: TraceFacts) -> Profile {
    let now = all.last;
    if facts.is_cut && all.is_whole {
        // The last one is not.
        all.told = all.told.saturating_sub(1);
    }
    // Since then nobody's records are missing: what is lost of a thread may be all of the rest.
    let last = facts.losses.iter().max_by_key(|loss| loss.generation);
    let whole_since = last.map(|loss| {
        let mut generations = facts.generations.iter();
        let of = generations.rfind(|one| one.number == loss.generation);
        of.map_or(loss.span.1, |one| one.span.1)
    });
    for slot in 0..all.live.len() as u32 {
        let live = &all.live[slot as usize];
        // Who is to run does so soon, so that it has been heard of again if that was recorded.
        let is_short = matches!(live.state, GoState::Runnable | GoState::Running);
        if live.is_there && is_short && whole_since.is_some_and(|since| live.since <= since) {
            all.doubt(slot, now);
        }
        let live = &all.live[slot as usize];
        if !live.is_there {
            if live.gone.is_some() {
                all.fold_gone(slot);
            }
            continue;
        }
        let live = &mut all.live[slot as usize];
        if live.lost > 0 && !live.is_over {
            live.open_call = now - live.lost;
        }
        all.close(slot, now);
        all.end(slot, now, false);
    }
    all.most_alive = all.most_alive.max(all.most_since);
    let (workers, assists) = all.marking(now);
    all.collector.end_cycle(now, false, workers, assists);
    all.count(
        now,
        crate::model::trace::GoState::Running,
        crate::model::trace::GoState::Undetermined,
    );
    let mut tables = Tables::new(world);
    for (kind, unit) in TYPES {
        // Only the first few rows of an empty table: there is room.
        let _ = tables.builder.sample_type(kind.as_bytes(), unit.as_bytes());
    }
    let mut report = TraceReport {
        span: (all.begin, now),
        last_event: now,
        events: all.events,
        created: all.created,
        ended: all.ended,
        most_alive: all.most_alive,
        max_procs: (all.most_procs, all.procs.max_procs),
        latency: std::mem::take(&mut all.sites.latency),
        system_latency: std::mem::take(&mut all.sites.system_latency),
        swept: all.collector.swept,
        logs: all.tasks.logs,
        facts,
        ..TraceReport::default()
    };
    let places = groups(&mut all, now, &mut tables, &mut report);
    let place = |group: u32| places.get(group as usize).copied().unwrap_or(NO_GROUP);
    sites(&all, &mut tables, &mut report, &place);
    collector(&all, &mut tables, &mut report, &place);
    let (tasks, regions) = std::mem::take(&mut all.tasks).finish(now, |row| tables.string(row));
    (report.tasks, report.regions) = (tasks, regions);
    let id = |slot: u32| world.proc(slot).unwrap_or(u64::from(slot));
    let procs = std::mem::replace(&mut all.procs, super::Procs::new(0));
    (report.procs, report.uses, report.collector) = procs.finish(now, id);
    report.heap = all.collector.heap.finish();
    report.running = all.running.finish();
    samples(&mut tables, &mut report, &all.sites.samples, &place);
    let clock = report.facts.clock;
    let mut profile = tables.builder.finish();
    profile.duration_nanos = i64::try_from(now - report.span.0).unwrap_or(i64::MAX);
    if let Some(clock) = clock {
        // When the trace's first event was, by the wall clock.
        let wall = i128::from(clock.wall_seconds) * 1_000_000_000 + i128::from(clock.wall_nanos);
        let begin = wall - i128::from(clock.trace) + i128::from(report.span.0);
        profile.time_nanos = i64::try_from(begin).unwrap_or(0);
    }
    let default = profile.sample_types.get(1).map(|t| t.kind);
    profile.default_sample_type = default.unwrap_or_default();
    profile.trace = Some(Arc::new(report));
    profile
}

/// Groups in order, and where each has gone.
fn groups(
    all: &mut TraceAnalysis,
    now: u64,
    tables: &mut Tables<'_>,
    report: &mut TraceReport,
) -> Vec<u32> {
    let making = std::mem::take(&mut all.groups.all);
    let keep = all.keep;
    let mut made: Vec<_> = making
        .into_iter()
        .map(|one| one.finish(now, keep, |row| tables.string(row)))
        .zip(0_u32..)
        .collect();
    made.sort_by(|((a, _), i), ((b, _), j)| {
        let weight = |group: &Group| (!group.is_system, group.total());
        weight(b).cmp(&weight(a)).then(i.cmp(j))
    });
    let mut places = vec![NO_GROUP; made.len()];
    for ((mut group, members), old) in made {
        if group.count == 0 {
            continue;
        }
        let place = report.groups.len() as u32;
        places[old as usize] = place;
        for (mut row, ranges) in members {
            row.group = place;
            for (reason, _) in &mut row.blocks {
                *reason = tables.string(reason.0);
            }
            let named = ranges.iter().map(|&(kind, reason, time)| {
                let name = range_name(kind, reason, tables.world);
                (
                    tables.builder.string(name.as_bytes()).unwrap_or_default(),
                    time,
                )
            });
            row.ranges = named.collect();
            group.members.push(report.goroutines.len() as u32);
            report.goroutines.push(row);
        }
        report.groups.push(group);
    }
    places
}

fn sites(
    all: &TraceAnalysis,
    tables: &mut Tables<'_>,
    report: &mut TraceReport,
    place: &impl Fn(u32) -> u32,
) {
    let mut found = all.sites.all.clone();
    found.sort_by(|(a, x), (b, y)| {
        let weight = |site: &super::sites::Site| site.total + site.open.1;
        weight(y).cmp(&weight(x)).then(a.cmp(b))
    });
    for ((kind, reason, stack, group), site) in found {
        report.sites.push(WaitSite {
            kind,
            reason: tables.string(reason),
            stack: tables.stack(stack),
            group: place(group),
            count: site.count,
            total: site.total,
            most: site.most,
            early: site.early,
            open: site.open,
        });
    }
    let mut wakes: Vec<_> = all
        .sites
        .wakes
        .iter()
        .map(|(&key, &wake)| (key, wake))
        .collect();
    wakes.sort_by(|(a, x), (b, y)| y.1.cmp(&x.1).then(a.cmp(b)));
    for ((from, to, reason), (count, total)) in wakes {
        report.wakes.push(Wake {
            from: place(from),
            to: place(to),
            reason: tables.string(reason),
            count,
            total,
        });
    }
    for worst in all.sites.longest() {
        let meanwhile = worst.meanwhile.iter().map(|&(slot, group, time)| {
            let id = tables.world.proc(slot).unwrap_or(u64::from(slot));
            (id, place(group), time)
        });
        let mut meanwhile: Vec<_> = meanwhile.collect();
        meanwhile.sort_unstable();
        report.worst_latency.push(Latency {
            at: worst.at,
            time: worst.time,
            goroutine: worst.goroutine,
            group: place(worst.group),
            cause: worst.cause,
            reason: tables.string(worst.reason),
            waker: place(worst.waker),
            stack: tables.stack(worst.stack),
            meanwhile,
        });
    }
}

fn collector(
    all: &TraceAnalysis,
    tables: &mut Tables<'_>,
    report: &mut TraceReport,
    place: &impl Fn(u32) -> u32,
) {
    report.cycles.clone_from(&all.collector.cycles);
    let stops = all.collector.stops.iter().map(|(reason, times)| StopKind {
        reason: tables.string(*reason),
        times: times.clone(),
    });
    report.stops = stops.collect();
    report
        .stops
        .sort_by_key(|stop| std::cmp::Reverse(stop.times.total()));
    for stop in &all.collector.worst {
        let last = stop.last.and_then(|slot| tables.world.proc(slot));
        report.worst_stops.push(Stop {
            at: stop.at,
            time: stop.time,
            stopping: stop.stopping,
            reason: tables.string(stop.reason),
            last: last.unwrap_or(u64::MAX),
            ran: place(stop.ran),
            by: place(stop.by),
        });
    }
    let mut assists: Vec<_> = all.collector.assists.iter().collect();
    assists.sort_by(|(a, x), (b, y)| y.total().cmp(&x.total()).then(a.cmp(b)));
    for (&(group, stack), times) in assists {
        report.assists.push(AssistSite {
            group: place(group),
            stack: tables.stack(stack),
            times: times.clone(),
        });
    }
}

/// The waits of the program's own goroutines as samples, labelled by group and reason, and the
/// CPU samples. The runtime's own wait most of the time, for nothing that anybody would change.
fn samples(
    tables: &mut Tables<'_>,
    report: &mut TraceReport,
    cpu: &FxHashMap<(u32, u32), u64>,
    place: &impl Fn(u32) -> u32,
) {
    let keys = [b"goroutine".as_slice(), b"reason"].map(|key| tables.text(key));
    let no_stack = tables.text(NO_STACK.as_bytes());
    let label = |key: StringId, text: StringId| Label {
        key,
        str: text,
        num: 0,
        unit: StringId(0),
    };
    let of_group = |group: &Group| match group.is_unnamed() {
        true => label(keys[0], no_stack),
        false => label(keys[0], group.name),
    };
    for site in &report.sites {
        let Some(group) = report
            .groups
            .get(site.group as usize)
            .filter(|group| !group.is_system)
        else {
            continue;
        };
        let reason = match site.kind {
            WaitKind::Sched(cause) => tables.text(cause.label().as_bytes()),
            WaitKind::Syscall => tables.text(b"syscall"),
            WaitKind::Blocked => site.reason,
        };
        let text = tables.builder.profile().strings.text(reason).into_owned();
        let labels = [of_group(group), label(keys[1], reason)];
        let count = if reason == StringId(0) { 1 } else { 2 };
        let _ = tables
            .builder
            .sample(site.stack, &values(site, &text), &labels[..count]);
    }
    let mut cpu: Vec<_> = cpu.iter().map(|(&key, &count)| (key, count)).collect();
    cpu.sort_unstable();
    let mut by_group: Vec<(u32, u64)> = Vec::new();
    for &((group, _), count) in &cpu {
        let group = place(group);
        match by_group.iter_mut().find(|(known, _)| *known == group) {
            Some((_, sum)) => *sum += count,
            None => by_group.push((group, count)),
        }
    }
    by_group.sort_by_key(|&(group, count)| (std::cmp::Reverse(count), group));
    report.samples = by_group;
    for ((group, stack), count) in cpu {
        let stack = tables.stack(stack);
        let group = report.groups.get(place(group) as usize);
        let labels = group.map(of_group);
        let mut values = [0; TYPES.len()];
        values[TYPES.len() - 1] = i64::try_from(count).unwrap_or(i64::MAX);
        let _ = tables.builder.sample(stack, &values, labels.as_slice());
    }
}

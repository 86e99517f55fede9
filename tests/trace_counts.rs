//! What a trace's report counts, where parts are missing and where it begins in the middle: sums
//! of groups against those of their members, members at a time, procs that are there for a while.
#![allow(clippy::disallowed_methods, reason = "a test reads its files")]

#[path = "support/batches.rs"]
mod batches;
#[path = "support/opening.rs"]
mod opening;
#[path = "support/tracing.rs"]
mod tracing;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use batches::batches;
use dropprof::analysis::Classes;
use dropprof::analysis::trace::{full_report_sink, pools as find_pools, totals};
use dropprof::formats::read_trace;
use dropprof::model::trace::{GoroutineRow, Group, NO_GROUP, ProcUse, TraceReport, WaitKind};
use dropprof::model::{Profile, StringId};
use dropprof::wasm::Workspace;
use dropprof::wasm::dto_trace::{TraceInfo, TraceQuery, TraceTable, TraceTableQuery};
use opening::open;
use tracing::{list, number, oracle, own, traces};

fn bytes(name: &str) -> Vec<u8> {
    fs::read(own().join(format!("{name}.trace"))).expect("readable")
}

fn report(bytes: &[u8]) -> (Profile, Arc<TraceReport>) {
    let profiles = read_trace(bytes.chunks(1 << 14), Box::new(full_report_sink));
    let profile = profiles.expect("a trace").remove(0);
    let report = profile.trace.clone().expect("a report");
    (profile, report)
}

/// A trace of several generations in which one batch of events of the fourth is not there.
fn torn() -> Vec<u8> {
    let bytes = bytes("mixed-generations");
    let whole = report(&bytes).1;
    let fourth = whole.facts.generations[3].number;
    let all = batches(&bytes);
    let is_events = |b: &&(usize, usize, u64, u64)| b.2 == fourth && b.3 != u64::MAX;
    let &(from, to, ..) = all.iter().filter(is_events).nth(2).expect("a batch");
    [&bytes[..from], &bytes[to..]].concat()
}

fn sum(of: impl Iterator<Item = u64>) -> u64 {
    of.sum()
}

/// Everything that a group adds up is what its members add up to.
fn adds_up(name: &str, profile: &Profile, report: &TraceReport) {
    let mut ids = BTreeSet::new();
    for row in &report.goroutines {
        assert!(ids.insert(row.id), "{name}: goroutine {} twice", row.id);
    }
    for group in &report.groups {
        let rows = || group.members.iter();
        let rows = || rows().map(|&row| &report.goroutines[row as usize]);
        let total = |of: fn(&GoroutineRow) -> u64| sum(rows().map(of));
        assert_eq!(rows().count() as u64, group.count, "{name}");
        assert_eq!(total(|row| row.exec), group.exec.total(), "{name}");
        assert_eq!(total(|row| row.sched), group.sched.total(), "{name}");
        assert_eq!(
            total(|row| row.syscall + row.syscall_blocked),
            group.syscall.total(),
            "{name}"
        );
        // To wait for ever is an end, as Go counts, and is a wait of the group all the same.
        if profile
            .strings
            .bytes(group.blocks.first().map_or(StringId(0), |one| one.0))
            == b"forever"
        {
            continue;
        }
        assert_eq!(
            total(|row| sum(row.blocks.iter().map(|&(_, time)| time))),
            sum(group.blocks.iter().map(|(_, times)| times.total())),
            "{name}"
        );
        assert_eq!(total(|row| row.total), group.total(), "{name}");
        assert!(group.left <= group.most_alive, "{name}");
        assert!(group.most_alive <= group.count, "{name}");
        // Nobody is a member for longer than all there ever were could be.
        let most = group.most_alive * group.pool.time;
        // Who has shown no stack yet is counted there until then.
        assert!(group.is_unnamed() || group.pool.members <= most, "{name}");
    }
}

fn by_name(profile: &Profile, report: &TraceReport) -> BTreeMap<String, Group> {
    let groups = report.groups.iter().cloned();
    let named = groups.map(|group| (profile.strings.text(group.name).into_owned(), group));
    named.collect()
}

#[test]
fn after_a_loss_goroutines_are_those_that_there_were() {
    let (profile, whole) = report(&bytes("mixed-generations"));
    adds_up("whole", &profile, &whole);
    let whole = by_name(&profile, &whole);
    let (profile, found) = report(&torn());
    assert_eq!(found.facts.losses.len(), 1);
    assert!(found.facts.losses[0].span.1 < found.span.1, "in the middle");
    adds_up("torn", &profile, &found);
    let mut seen = 0;
    for (name, group) in by_name(&profile, &found) {
        let Some(expected) = whole.get(&name) else {
            // Not all that was read has a name.
            assert_eq!(name, "");
            continue;
        };
        // Who began and ended in the lost time is not known; of the others nobody is counted
        // twice, and those who are there at the end are known.
        assert!(group.count <= expected.count, "{name}");
        assert!(group.most_alive <= expected.most_alive, "{name}");
        assert_eq!(group.left, expected.left, "{name}");
        assert!(group.exec.total() <= expected.exec.total(), "{name}");
        seen += 1;
    }
    assert!(seen >= 20, "{seen} groups");
}

/// The trace with one event of an unknown type, so that the rest of its batch is lost.
fn with_unknown(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    damaged[at] = 0x60;
    damaged
}

#[test]
fn what_is_not_known_is_no_time() {
    for name in ["mixed-1.27", "mixed-generations", "lock-convoy"] {
        let bytes = bytes(name);
        let (_, whole) = report(&bytes);
        let total = |report: &TraceReport, of: fn(&GoroutineRow) -> u64| {
            sum(report.goroutines.iter().map(of))
        };
        let events = batches(&bytes)
            .into_iter()
            .filter(|b| b.3 != u64::MAX && b.2 > 0);
        let mut damaged = 0;
        for (from, to, ..) in events.step_by(2) {
            for part in 1..8 {
                let at = from + (to - from) * part / 8;
                let (profile, found) = report(&with_unknown(&bytes, at));
                // Of a short batch it was the time; that is told, too.
                let is_long = found.span.1 > whole.span.1;
                if found.facts.losses.is_empty() || is_long {
                    continue;
                }
                damaged += 1;
                adds_up(name, &profile, &found);
                // Nobody runs while no P does: every P's time is in one use only.
                let procs = found.procs.iter().map(|row| sum(row.uses.iter().copied()));
                let exec = total(&found, |row| row.exec);
                assert!(exec <= sum(procs), "{name} at {at}");
                // Who is to run may be seen to run a generation later, and no more than that: it
                // was 36 times as long when what was unseen was taken for waiting.
                let sched = total(&found, |row| row.sched);
                let most = 3 * total(&whole, |row| row.sched);
                assert!(sched <= most, "{name} at {at}: {sched} of {most}");
            }
        }
        assert!(damaged >= 10, "{name}: {damaged}");
    }
}

#[test]
fn a_head_that_is_damaged_makes_nobody_anew() {
    let bytes = bytes("mixed-generations");
    let (_, whole) = report(&bytes);
    let count = |report: &TraceReport| sum(report.groups.iter().map(|group| group.count));
    let left = |report: &TraceReport| sum(report.groups.iter().map(|group| group.left));
    let all = batches(&bytes);
    let mut damaged = 0;
    for &(from, ..) in all.iter().filter(|b| b.2 > 1 && b.3 != u64::MAX).step_by(7) {
        // No kind of batch; and another generation than that of its neighbours.
        for (at, bit) in [
            (from, 0x7e),
            (from + 1, 0x40),
            (from + 1, 0x02),
            (from + 1, 0x01),
        ] {
            let mut bytes = bytes.clone();
            bytes[at] ^= bit;
            let (profile, found) = report(&bytes);
            adds_up("damaged", &profile, &found);
            assert!(!found.facts.losses.is_empty(), "{from} {bit}");
            assert!(count(&found) <= count(&whole), "{from} {bit}");
            assert!(left(&found) >= left(&whole), "{from} {bit}");
            let lost = found.facts.lost_bytes();
            assert!(lost < 20_000, "{from} {bit}: {lost} bytes");
            damaged += 1;
        }
    }
    assert!(damaged >= 40, "{damaged}");
}

#[test]
fn groups_add_up_to_their_members() {
    for (name, _) in traces() {
        let (profile, report) = report(&bytes(&name));
        adds_up(&name, &profile, &report);
    }
}

#[test]
fn latency_is_of_those_whose_goroutines_these_are() {
    for (name, _) in traces() {
        let (_, report) = report(&bytes(&name));
        let is_system = |group: u32| report.groups[group as usize].is_system;
        let sites = |wanted: bool| {
            let sites = report.sites.iter();
            let sites = sites.filter(move |site| {
                matches!(site.kind, WaitKind::Sched(_)) && is_system(site.group) == wanted
            });
            sites.fold((0, 0), |sum, site| (sum.0 + site.count, sum.1 + site.total))
        };
        let own = report.latency.iter();
        let own = own.fold((0, 0), |sum, of| (sum.0 + of.count(), sum.1 + of.total()));
        let system = &report.system_latency;
        assert_eq!(own, sites(false), "{name}");
        assert_eq!((system.count(), system.total()), sites(true), "{name}");
        for worst in &report.worst_latency {
            assert!(worst.group != NO_GROUP && !is_system(worst.group), "{name}");
        }
    }
}

#[test]
fn the_most_at_a_time_is_that_of_an_independent_count() {
    for (name, _) in traces() {
        let oracle = oracle(&name);
        let (profile, report) = report(&bytes(&name));
        // Moments at which members begin and end: the oracle's begin with the trace where they
        // were there before it. Who waits for ever has ended for Go and is still there.
        let mut moments: BTreeMap<String, Vec<(u64, i64)>> = BTreeMap::new();
        let is_left: BTreeSet<u64> = {
            let groups = report.groups.iter().filter(|group| group.left > 0);
            let rows = groups.flat_map(|group| &group.members);
            let rows = rows.map(|&row| &report.goroutines[row as usize]);
            let forever = rows.filter(|row| row.ended > 0 && row.total > 0);
            forever.map(|row| row.id).collect()
        };
        for row in list(&oracle, "goroutines") {
            let group = row["name"].as_str().expect("a name").to_owned();
            let (begin, end) = (number(&row["create"]), number(&row["end"]));
            for of in [group, "all of them".to_owned()] {
                let moments = moments.entry(of).or_default();
                moments.push((begin, 1));
                if end > 0 {
                    moments.push((end, -1));
                }
            }
        }
        let most = |moments: &mut Vec<(u64, i64)>| {
            moments.sort_unstable();
            let mut now = 0;
            moments
                .iter()
                .map(|&(_, change)| {
                    now += change;
                    now
                })
                .max()
        };
        if is_left.is_empty() {
            let all = moments.get_mut("all of them").expect("some");
            assert_eq!(most(all), Some(report.most_alive as i64), "{name}");
        }
        for (group, found) in by_name(&profile, &report) {
            let members = found.members.iter();
            let mut ids = members.map(|&row| report.goroutines[row as usize].id);
            if ids.any(|id| is_left.contains(&id)) {
                continue;
            }
            let moments = moments.get_mut(&group).expect("a group of Go's");
            let expected = most(moments);
            assert_eq!(Some(found.most_alive as i64), expected, "{name}: {group}");
        }
    }
}

#[test]
fn a_proc_is_idle_only_while_there_is_one() {
    for (name, _) in traces() {
        let (profile, report) = report(&bytes(&name));
        let totals = totals(&profile, &report);
        let duration = report.span.1 - report.span.0;
        let rows = report.procs.iter().map(|proc| sum(proc.uses.into_iter()));
        let rows: Vec<u64> = rows.collect();
        let series = sum(report.uses.values.iter().flatten().copied());
        // By what GOMAXPROCS was at each time, which is the oracle's, too.
        let offered = oracle(&name)["facts"]["proc_time"]
            .as_f64()
            .expect("a time");
        for found in [series, totals.procs] {
            let share = found as f64 / offered;
            assert!((share - 1.0).abs() < 2e-3, "{name}: {found}, {offered}");
        }
        for (row, proc) in rows.iter().zip(&report.procs) {
            assert!(*row <= duration + duration / 1000, "{name}: P {}", proc.id);
        }
        let idle = |of: &[u64; ProcUse::COUNT]| of[ProcUse::Idle as usize];
        let by_proc = sum(report.procs.iter().map(|proc| idle(&proc.uses)));
        let by_time = sum(report.uses.values.iter().map(idle));
        // A proc that was there for a moment may never have been told of.
        let differ = by_time as f64 - by_proc as f64;
        let is_all = report.procs.len() as u32 >= report.max_procs.0;
        assert!(differ >= -2e-3 * offered, "{name}: {by_proc} and {by_time}");
        assert!(
            differ < 2e-3 * offered || !is_all,
            "{name}: {by_proc} and {by_time}"
        );
    }
}

fn opened(bytes: &[u8]) -> (Workspace, TraceQuery, TraceInfo) {
    let mut workspace = Workspace::new(1 << 30);
    let file = open(&mut workspace, "a.trace", bytes).id;
    let query = TraceQuery {
        file,
        ..TraceQuery::default()
    };
    let info = workspace.trace(&query).expect("a trace");
    (workspace, query, info)
}

fn table(workspace: &mut Workspace, query: &TraceQuery, section: &str) -> TraceTable {
    let asked = TraceTableQuery {
        section: section.to_owned(),
        column: -1,
        ..TraceTableQuery::default()
    };
    let table = workspace.trace_table(query, &asked, 0, 1000);
    table.unwrap_or_else(|error| panic!("{section}: {error}"))
}

fn fact<'a>(info: &'a TraceInfo, name: &str) -> &'a str {
    let found = info.facts.iter().find(|fact| fact.name == name);
    &found.unwrap_or_else(|| panic!("no {name}")).value
}

#[test]
fn what_is_busy_is_the_sum_of_its_parts_and_one_share_everywhere() {
    for name in ["mixed-generations", "gc-assist", "healthy"] {
        let bytes = bytes(name);
        let (mut workspace, query, info) = opened(&bytes);
        let (profile, report) = report(&bytes);
        let share = totals(&profile, &report).busy_share() * 100.0;
        let told: f64 = fact(&info, "Ps busy")
            .trim_end_matches('%')
            .parse()
            .expect("a share");
        assert!((told - share).abs() < 0.06, "{name}: {told}, not {share}");
        let procs = table(&mut workspace, &query, "procs");
        let at = |title: &str| {
            let mut columns = procs.columns.iter();
            columns.position(|one| one.title == title).expect("there")
        };
        for row in &procs.rows {
            let share = |title: &str| -> f64 {
                let text = row.cells[at(title)].trim_end_matches('%');
                text.trim_start_matches('<').parse().expect("a share")
            };
            let parts = ["Goroutines", "GC", "Syscall"].map(share);
            let differ = share("Busy") - parts.iter().sum::<f64>();
            assert!(differ.abs() < 0.2, "{name}: {:?}", row.cells);
        }
    }
}

#[test]
fn goroutines_without_a_stack_are_not_hidden() {
    // Stacks are told at a generation's end: cut in its middle, nobody has any.
    let bytes = bytes("mixed-1.27");
    let cut = &bytes[..bytes.len() / 2];
    let (profile, found) = report(cut);
    adds_up("cut", &profile, &found);
    let [unnamed] = &found.groups[..] else {
        panic!("{} groups", found.groups.len());
    };
    assert!(unnamed.name == StringId(0) && !unnamed.is_system);
    assert!(unnamed.exec.total() > 0 && unnamed.sched.count() > 0);
    // Who has not ended when nothing more is known is still there.
    assert_eq!(unnamed.left, unnamed.count - found.ended);
    assert!(unnamed.left > 0);
    let (mut workspace, query, info) = opened(cut);
    let told = fact(&info, "Goroutines");
    let expected = format!(
        "0 of the program, 0 of the runtime, {} of which no stack was seen",
        unnamed.count
    );
    assert!(told.starts_with(&expected), "{told}");
    for section in ["groups", "blocking", "syscalls", "latency", "wakes"] {
        let rows = table(&mut workspace, &query, section).rows;
        assert!(!rows.is_empty(), "{section}");
        let named = ["groups", "blocking", "syscalls"].contains(&section);
        let is_it = |cell: &String| cell == "(no stack seen)";
        assert!(!named || rows[0].cells.iter().any(is_it), "{section}");
    }
    // What has no rows says that some may be in what is missing.
    for section in info.sections.iter().filter(|one| !one.has_rows) {
        assert!(section.about.starts_with("In what could be read"));
    }
}

#[test]
fn the_page_and_the_report_know_the_same_pools() {
    for (name, verdict) in [
        ("pool-imbalanced", "work unevenly spread"),
        ("pool-starved", "slow producer, or too many workers"),
        ("lock-convoy", ""),
    ] {
        let (mut workspace, query, _) = opened(&bytes(name));
        let pools = table(&mut workspace, &query, "pools");
        let told = pools.rows.iter().filter_map(|row| row.cells.last());
        let told: Vec<&str> = told.map(String::as_str).collect();
        let expected: &[&str] = if verdict.is_empty() { &[] } else { &[verdict] };
        assert_eq!(told, expected, "{name}");
        // What the report and the findings ask.
        let (profile, report) = report(&bytes(name));
        let known = find_pools(
            &profile,
            &report,
            &totals(&profile, &report),
            &Classes::new(&profile),
        );
        let known: Vec<&str> = known.iter().map(|pool| pool.verdict.label()).collect();
        assert_eq!(known, expected, "{name}");
    }
}

#[test]
fn a_range_has_those_who_wait_through_it_at_their_place_in_the_whole() {
    for name in ["pool-starved", "mixed-1.27", "leak"] {
        let bytes = bytes(name);
        let (mut workspace, mut query, info) = opened(&bytes);
        query.system = true;
        let size = bytes.len() as f64;
        workspace
            .timeline_start(query.file, "a.trace", size)
            .expect("a trace");
        workspace.timeline_push(&bytes).expect("taken");
        workspace.timeline_finish().expect("a timeline");
        let (_, whole) = report(&bytes);
        let (from, to) = (info.length * 0.6, info.length * 0.65);
        let within = TraceQuery {
            from,
            to,
            ..query.clone()
        };
        let rows = table(&mut workspace, &within, "goroutines").rows;
        let found: BTreeMap<u64, &str> = rows
            .iter()
            .map(|row| (row.goroutine as u64, row.cells[1].as_str()))
            .collect();
        let begin = whole.span.0;
        let named = table(&mut workspace, &query, "goroutines").rows;
        let named: BTreeMap<u64, &str> = named
            .iter()
            .map(|row| (row.goroutine as u64, row.cells[1].as_str()))
            .collect();
        let mut seen = 0;
        for row in &whole.goroutines {
            let is_before = row.created.saturating_sub(begin) <= from as u64;
            let is_after = row.ended == 0 || row.ended - begin >= to as u64;
            if is_before && is_after && named.contains_key(&row.id) {
                assert_eq!(
                    found.get(&row.id),
                    named.get(&row.id),
                    "{name}: goroutine {}",
                    row.id
                );
                seen += 1;
            }
        }
        assert!(seen > 5, "{name}: {seen}");
        // Moments are those of the whole trace, as the timeline has them.
        for section in ["goroutines", "worst", "gc", "stop_list"] {
            for row in table(&mut workspace, &within, section).rows {
                let is_in = row.at >= from - 1.0 && row.at <= to + 1.0;
                assert!(is_in, "{name} {section}: {} not in {from}", row.at);
            }
        }
    }
}

#[test]
fn a_moment_has_no_rates() {
    // A generation of which next to nothing is left.
    let bytes = bytes("gc-generations");
    let ends: Vec<usize> = batches(&bytes).iter().map(|&(_, to, ..)| to).collect();
    let folder = tracing::folder("a-moment");
    let mut tried = 0;
    for &end in &ends {
        let path = folder.join("a.trace");
        fs::write(&path, &bytes[..end]).expect("written");
        let path = path.to_str().expect("UTF-8");
        let (_, head, _) = tracing::ran(&["summary", path]);
        let short = read_trace([&bytes[..end]], Box::new(full_report_sink));
        let Ok(profiles) = short else { continue };
        let report = profiles[0].trace.as_ref().expect("a report");
        if report.span.1 - report.span.0 >= 1_000_000 {
            break;
        }
        assert!(
            !head.lines().nth(1).unwrap_or("/s").contains("/s"),
            "{head}"
        );
        if report.max_procs.1 == 0 {
            assert!(head.contains("GOMAXPROCS not told"), "{head}");
        }
        tried += 1;
    }
    assert!(tried > 0);
}

#[test]
fn places_are_lines_of_the_program_where_there_are_any() {
    // Where the manifest's programs wait, as testdata/programs/tracing has them.
    for (name, section, expected) in [
        ("pool-starved", "blocking", "pool.go:"),
        ("gc-assist", "assists", "memory.newTable memory.go:27"),
        ("syscall-bound", "syscalls", ".go:"),
    ] {
        let (mut workspace, query, _) = opened(&bytes(name));
        let found = table(&mut workspace, &query, section);
        let mut columns = found.columns.iter();
        let at = columns.position(|one| one.title == "Where").expect("there");
        let places: Vec<&str> = found
            .rows
            .iter()
            .map(|row| row.cells[at].as_str())
            .collect();
        assert!(places[0].contains(expected), "{name}: {places:?}");
        for place in places {
            assert!(!place.starts_with("runtime.trace"), "{name}: {place}");
        }
    }
}

use super::words::Column;
use super::*;
use crate::analysis::Selection;
use crate::analysis::testing::{cpu_profile, test_profile_of};

fn cpu(text: &str, seconds: i64) -> Profile {
    let mut profile = cpu_profile(text);
    profile.duration_nanos = seconds * 1_000_000_000;
    profile
}

fn side(profile: &Profile, kind: Kind, sample_type: usize) -> Side<'_> {
    Side {
        profile,
        kind,
        sample_type,
    }
}

fn compared(base: &Profile, new: &Profile, mode: Option<Mode>) -> Compared {
    let (base, new) = (side(base, Kind::Cpu, 1), side(new, Kind::Cpu, 1));
    compare(&base, &new, &NodeOptions::default(), mode, None).unwrap()
}

fn row<'a>(result: &'a Compared, measure: Measure, name: &str) -> &'a Row {
    let rows = result.comparison.rows(measure);
    let is_it = |row: &&Row| result.nodes.printable_text(row.node) == name;
    rows.iter().find(is_it).expect(name)
}

const BEFORE: &str =
    "main.main;main.run;main.slow 400\nmain.main;main.run;main.same 300\nmain.main;main.gone 100";
const AFTER: &str =
    "main.main;main.run;main.slow 100\nmain.main;main.run;main.same 310\nmain.main;main.new 40";

#[test]
fn frames_meet_by_name_and_differences_are_plain() {
    let (before, after) = (cpu(BEFORE, 0), cpu(AFTER, 0));
    let result = compared(&before, &after, Some(Mode::Absolute));
    let comparison = &result.comparison;
    // 10 ms a sample.
    let slow = row(&result, Measure::Flat, "main.slow");
    assert_eq!(
        slow.value,
        Pair {
            base: 4_000_000_000,
            new: 1_000_000_000
        }
    );
    assert_eq!(comparison.delta_text(comparison.delta(slow.value)), "-3s");
    assert_eq!(comparison.change_text(slow.value), "-75%");
    let run = row(&result, Measure::Cum, "main.run");
    assert_eq!(
        run.value,
        Pair {
            base: 7_000_000_000,
            new: 4_100_000_000
        }
    );
    let gone = row(&result, Measure::Flat, "main.gone");
    assert_eq!(comparison.change_text(gone.value), "gone");
    let new = row(&result, Measure::Flat, "main.new");
    assert_eq!(comparison.change_text(new.value), "new");
    assert_eq!(comparison.delta_text(comparison.delta(new.value)), "+400ms");
    // The joint profile is the difference: -8 s and +4.5 s.
    let selection = Selection::all(&result.profile, 0);
    assert_eq!(selection.net(), -3_500_000_000);
    assert_eq!((selection.total, selection.of_base), (8_000_000_000, true));
}

#[test]
fn rows_are_ordered_by_any_column_and_ties_by_name() {
    let (before, after) = (cpu("b 5\na 5\nc 1", 0), cpu("b 6\na 6\nc 5", 0));
    let result = compared(&before, &after, Some(Mode::Absolute));
    let names = |column, ascending| -> Vec<String> {
        let order = result
            .comparison
            .order(&result.nodes, Measure::Flat, column, ascending);
        let rows = result.comparison.rows(Measure::Flat);
        let name = |&at: &u32| result.nodes.printable_text(rows[at as usize].node);
        order.iter().map(name).collect()
    };
    assert_eq!(names(Column::Delta, false), ["c", "a", "b"]);
    assert_eq!(names(Column::Base, false), ["a", "b", "c"]);
    assert_eq!(names(Column::Base, true), ["c", "a", "b"]);
    assert_eq!(names(Column::Change, false), ["c", "a", "b"]);
    assert_eq!(names(Column::Name, false), ["c", "b", "a"]);
}

#[test]
fn per_second_takes_durations_out() {
    // 800 samples in 8 s and 450 in 4 s: 1 core and 1.125 cores.
    let (before, after) = (cpu(BEFORE, 8), cpu(AFTER, 4));
    let result = compared(&before, &after, None);
    let comparison = &result.comparison;
    assert_eq!(comparison.plan.mode, Mode::Rate);
    assert_eq!(comparison.plan.offered, Mode::ALL);
    // ln 1.125 = 0.117783; half 1.96 · √(1/800 + 1/450) = 0.115490; e^0.002293 = 1.0023,
    // e^0.233273 = 1.2627.
    let summary = comparison.summary(&result.nodes, "function");
    assert_eq!(
        summary[0],
        "CPU per second rose from 1.00 to 1.12 cores: +12.5% [+0.2%, +26.3%]."
    );
    // main.slow 4 s in 8 s, 1 s in 4 s: 500 ms/s and 250 ms/s.
    let slow = row(&result, Measure::Flat, "main.slow");
    assert_eq!(comparison.base_text(slow.value), "500ms/s");
    assert_eq!(
        comparison.delta_text(comparison.delta(slow.value)),
        "-250ms/s"
    );
    assert_eq!(slow.verdict.significance, Significance::Measured);
    // The picture has the same: weights are rates.
    let root = Selection::all(&result.profile, 0);
    let width: i64 = root.weights.iter().map(|w| w.abs()).sum();
    let (base, new) = comparison.sides_of_weight(width as u64, root.net());
    assert!(
        (base - 1e9).abs() < 1.0 && (new - 1.125e9).abs() < 1.0,
        "{base} {new}"
    );
    assert!(
        comparison
            .plan
            .notes
            .iter()
            .any(|note| note.message.contains("8s, this file 4s"))
    );
}

#[test]
fn without_durations_cpu_is_compared_by_composition() {
    let (before, after) = (cpu("a 50\nb 50", 0), cpu("a 150\nb 50", 0));
    let result = compared(&before, &after, None);
    let comparison = &result.comparison;
    assert_eq!(comparison.plan.mode, Mode::Share);
    assert!(!comparison.plan.offered.contains(&Mode::Rate));
    let a = row(&result, Measure::Flat, "a");
    assert_eq!(comparison.base_text(a.value), "50%");
    assert_eq!(comparison.new_text(a.value), "75%");
    assert_eq!(comparison.delta_text(comparison.delta(a.value)), "+25pp");
    // Wilson: 50 of 100 is 0.40383 to 0.59617, 150 of 200 is 0.68572 to 0.80489. Newcombe:
    // 0.25 − √(0.06428² + 0.09617²) = 0.13433 and 0.25 + √(0.05489² + 0.09617²) = 0.36073.
    let Some(Interval::Points(low, high)) = a.verdict.interval else {
        panic!("{:?}", a.verdict)
    };
    assert!(
        (low - 0.13433).abs() < 1e-4 && (high - 0.36073).abs() < 1e-4,
        "{low} {high}"
    );
    assert_eq!(a.verdict.significance, Significance::Measured);
}

#[test]
fn what_may_be_chance_is_not_called_a_change() {
    let (before, after) = (
        cpu("a 500\nb 20\nc 3\nd 5", 1),
        cpu("a 520\nb 24\nc 9\nd 40", 1),
    );
    let result = compared(&before, &after, None);
    let of = |name| row(&result, Measure::Flat, name).verdict.significance;
    assert_eq!(of("a"), Significance::Indistinguishable);
    assert_eq!(of("b"), Significance::Indistinguishable);
    // 3 and 9: z = ln 3 / √(1/3 + 1/9) = 1.65.
    assert_eq!(of("c"), Significance::Indistinguishable);
    // 5 and 40: z = ln 8 / √(1/5 + 1/40) = 4.38; 45 samples, 6 % of the whole. The interval: half
    // width 1.96 · √0.225 = 0.92970, so 8 · e^∓0.9297 = 3.157 and 20.27 times as much.
    assert_eq!(of("d"), Significance::Measured);
    let d = row(&result, Measure::Flat, "d");
    assert!(
        result
            .comparison
            .explain(d)
            .starts_with("Measured: 95% interval [+216%, ×20.3], p < 0.001, 5 and 40 samples."),
        "{}",
        result.comparison.explain(d)
    );
}

#[test]
fn ticks_of_different_length_are_not_more_or_less() {
    // 4 s of CPU in 8 s, seen in ticks of 10 ms and of 5 ms.
    let before = cpu("a 400", 8);
    let mut after = cpu("a 400", 8);
    after.samples.values = vec![800, 4_000_000_000];
    after.period = 5_000_000;
    let result = compared(&before, &after, None);
    let a = row(&result, Measure::Flat, "a");
    assert_eq!(a.seen.map(|n| n.round() as u64), [400, 800]);
    assert!((a.verdict.p.unwrap() - 1.0).abs() < 1e-9, "{:?}", a.verdict);
    let notes = &result.comparison.plan.notes;
    assert!(
        notes.iter().any(|note| note
            .message
            .contains("every 10ms in the baseline and every 5ms here")),
        "{notes:?}"
    );
}

#[test]
fn kinds_types_and_units_must_fit() {
    let cpu = cpu("a 1", 0);
    let heap = test_profile_of(
        &[("inuse_objects", "count"), ("inuse_space", "bytes")],
        "a 1 16",
    );
    let refused = |base: &Side<'_>, new: &Side<'_>| {
        compare(base, new, &NodeOptions::default(), None, None).unwrap_err()
    };
    assert_eq!(
        refused(&side(&heap, Kind::Heap, 1), &side(&cpu, Kind::Cpu, 1)),
        "The baseline is a heap profile, this file a CPU profile: only profiles of one kind can be compared."
    );
    assert_eq!(
        counterpart(&heap, &cpu, 1).unwrap_err(),
        "The two profiles have no sample type in common."
    );
    let more = test_profile_of(
        &[("inuse_space", "bytes"), ("inuse_objects", "count")],
        "a 16 1",
    );
    assert_eq!(counterpart(&heap, &more, 0), Ok(1));
    let other = test_profile_of(&[("time", "bytes"), ("x", "count")], "a 1 1");
    let wanted = test_profile_of(&[("time", "seconds"), ("x", "count")], "a 1 1");
    assert!(
        refused(
            &side(&other, Kind::Custom, 0),
            &side(&wanted, Kind::Custom, 0)
        )
        .contains("cannot be converted")
    );
    // Milliseconds against nanoseconds can be.
    let ms = test_profile_of(&[("time", "milliseconds")], "a 2");
    let ns = test_profile_of(&[("time", "nanoseconds")], "a 3000000");
    let result = compare(
        &side(&ms, Kind::Custom, 0),
        &side(&ns, Kind::Custom, 0),
        &NodeOptions::default(),
        Some(Mode::Absolute),
        None,
    )
    .unwrap();
    assert_eq!(
        result.comparison.total.value,
        Pair {
            base: 2_000_000,
            new: 3_000_000
        }
    );
    assert_eq!(
        result.comparison.flat[0].verdict.significance,
        Significance::Unassessed
    );
}

const HEAP: [(&str, &str); 4] = [
    ("alloc_objects", "count"),
    ("alloc_space", "bytes"),
    ("inuse_objects", "count"),
    ("inuse_space", "bytes"),
];

fn heap(text: &str, period: i64, time: i64) -> Profile {
    let mut profile = test_profile_of(&HEAP, text);
    let kind = crate::analysis::testing::intern(&mut profile, b"space");
    let unit = crate::analysis::testing::intern(&mut profile, b"bytes");
    profile.period_type = Some(ValueType { kind, unit });
    profile.period = period;
    profile.time_nanos = time;
    profile
}

fn compared_heaps(base: &Profile, new: &Profile, sample_type: usize) -> Compared {
    let sides = [base, new].map(|profile| side(profile, Kind::Heap, sample_type));
    compare(&sides[0], &sides[1], &NodeOptions::default(), None, None).unwrap()
}

#[test]
fn gauges_are_subtracted_and_have_the_error_of_their_samples() {
    // Objects as large as a hundred periods are all seen: 64 and 100 of them.
    let size = 100 * 1024;
    let before = heap(&format!("main.a 0 0 64 {}", 64 * size), 1024, 1);
    let after = heap(&format!("main.a 0 0 100 {}", 100 * size), 1024, 2);
    let result = compared_heaps(&before, &after, 3);
    let comparison = &result.comparison;
    assert_eq!(comparison.plan.offered, [Mode::Absolute]);
    let a = row(&result, Measure::Flat, "main.a");
    assert!((a.seen[0] - 64.0).abs() < 1e-6 && (a.seen[1] - 100.0).abs() < 1e-6);
    // 64·size/8 = 8·size and 100·size/10 = 10·size: √164 = 12.806 sizes; z = 36 / 12.806 = 2.81,
    // p = 0.0049.
    let error = comparison.standard_error(a).unwrap();
    assert!((error / f64::from(size) - 12.806).abs() < 1e-3, "{error}");
    assert!(
        (a.verdict.p.unwrap() - 0.0049).abs() < 2e-4,
        "{:?}",
        a.verdict
    );
    assert_eq!(a.verdict.significance, Significance::Measured);
    // With a period of one byte everything is counted.
    let before = heap("main.a 0 0 1 16", 1, 1);
    let after = heap("main.a 0 0 2 32", 1, 2);
    let result = compared_heaps(&before, &after, 3);
    assert_eq!(
        row(&result, Measure::Flat, "main.a").verdict.significance,
        Significance::Counted
    );
}

#[test]
fn counters_of_one_process_have_a_rate_and_those_of_two_have_none() {
    let second = 1_000_000_000;
    let before = heap("main.a 10 1000 1 100\nmain.b 5 500 0 0", 1, second);
    let after = heap("main.a 30 3000 1 100\nmain.b 5 500 0 0", 1, 5 * second);
    let result = compared_heaps(&before, &after, 1);
    let comparison = &result.comparison;
    assert_eq!(comparison.plan.mode, Mode::Rate);
    let a = row(&result, Measure::Flat, "main.a");
    // 2000 bytes in 4 s; the sides stay what they are.
    assert_eq!(comparison.delta_text(comparison.delta(a.value)), "+500B/s");
    assert_eq!(comparison.new_text(a.value), "2.93kB");
    assert_eq!(
        comparison.summary(&result.nodes, "function")[0],
        "alloc_space went from 1.46kB to 3.42kB in 4s: +500B/s."
    );
    let less = heap("main.a 10 1000 1 100\nmain.b 4 400 0 0", 1, 5 * second);
    let result = compared_heaps(&before, &less, 1);
    assert_eq!(result.comparison.plan.mode, Mode::Absolute);
    let notes = &result.comparison.plan.notes;
    assert!(
        notes.iter().any(|note| note
            .message
            .contains("different processes, or it was restarted")),
        "{notes:?}"
    );
}

#[test]
fn operations_are_asked_for_and_divide_both() {
    let (before, after) = (cpu("a 100", 0), cpu("a 100", 0));
    let sides = [&before, &after].map(|profile| side(profile, Kind::Cpu, 1));
    let options = NodeOptions::default();
    let asked = |operations| {
        compare(
            &sides[0],
            &sides[1],
            &options,
            Some(Mode::Operation),
            operations,
        )
        .unwrap()
    };
    let result = asked(Some([1000.0, 4000.0]));
    let a = row(&result, Measure::Flat, "a");
    // 1 s for 1000 operations, then for 4000.
    assert_eq!(result.comparison.base_text(a.value), "1ms/op");
    assert_eq!(result.comparison.new_text(a.value), "250us/op");
    assert_eq!(a.verdict.significance, Significance::Measured);
    let result = asked(None);
    assert!(
        result.comparison.plan.notes[0]
            .message
            .contains("give both numbers")
    );
}

#[test]
fn nothing_and_strangers_are_told() {
    let (before, after) = (cpu("a.A 1", 1), cpu("z.Z 1", 1));
    let notes = compared(&before, &after, None).comparison.plan.notes;
    assert!(
        notes
            .iter()
            .any(|note| note.message.contains("different programs")),
        "{notes:?}"
    );
    let empty = cpu("", 1);
    let result = compared(&empty, &after, None);
    assert!(
        result.comparison.plan.notes[0]
            .message
            .contains("The baseline has no value")
    );
    let result = compared(&empty, &empty, None);
    assert!(result.comparison.flat.is_empty());
    assert_eq!(
        result.comparison.summary(&result.nodes, "function").len(),
        1
    );
}

#[test]
fn growth_over_time_is_followed_by_site() {
    let minute = 60_000_000_000;
    let mib = 1 << 20;
    let at = |a: i64, b: i64, time: i64| {
        let text = format!(
            "main.a;runtime.x 0 0 {a} {}\nmain.b 0 0 {b} {}",
            a * mib,
            b * mib
        );
        heap(&text, 1024, time * minute)
    };
    // Given out of order: a has 16, 20, 24 MiB at 1, 2, 3 min, b 8, 8, 7.
    let profiles = [at(20, 8, 2), at(16, 8, 1), at(24, 7, 3)];
    let nodes = profiles
        .each_ref()
        .map(|p| Nodes::new(p, &NodeOptions::default()));
    let classes = profiles.each_ref().map(crate::analysis::Classes::new);
    let snapshots: Vec<Snapshot<'_>> = (0..3)
        .map(|i| Snapshot {
            side: side(&profiles[i], Kind::Heap, 3),
            objects: Some(2),
            nodes: &nodes[i],
            classes: &classes[i],
        })
        .collect();
    let found = growth(&snapshots);
    assert_eq!(found.order, [1, 0, 2]);
    assert_eq!(found.minutes, [0.0, 1.0, 2.0]);
    assert_eq!(found.totals, [24 * mib, 28 * mib, 31 * mib]);
    let a = &found.sites[0];
    assert_eq!(a.amounts, [16 * mib, 20 * mib, 24 * mib]);
    assert_eq!(a.objects, [16, 20, 24]);
    assert_eq!(a.delta, 8 * mib);
    assert!((a.slope.unwrap() - 4.0 * mib as f64).abs() < 1.0);
    // 16/√16 = 4 and 24/√24 = 4.899: √(16 + 24) = 6.3246 MiB, twice which is more than 8.
    assert!((a.error / mib as f64 - 6.3246).abs() < 1e-3, "{}", a.error);
    let facts = GrowthFacts {
        is_sampled: true,
        exceeds_error: false,
        is_large: true,
        is_share: true,
        is_fast: true,
        is_steady: true,
    };
    assert_eq!(a.facts, facts);
    assert_eq!(found.sites[1].delta, -mib);
    assert!(!found.sites[1].facts.is_steady && !found.sites[1].facts.is_large);
}

#[test]
fn without_times_growth_has_an_order_and_no_speed() {
    let profiles = [1, 2, 3]
        .map(|n| test_profile_of(&[("goroutine", "count")], &format!("main.f {}", n * 60)));
    let nodes = profiles
        .each_ref()
        .map(|p| Nodes::new(p, &NodeOptions::default()));
    let classes = profiles.each_ref().map(crate::analysis::Classes::new);
    let snapshots: Vec<Snapshot<'_>> = (0..3)
        .map(|i| Snapshot {
            side: side(&profiles[i], Kind::Goroutine, 0),
            objects: None,
            nodes: &nodes[i],
            classes: &classes[i],
        })
        .collect();
    let found = growth(&snapshots);
    assert!(found.minutes.is_empty() && found.sites[0].slope.is_none());
    assert!(
        found.notes[0]
            .message
            .contains("order in which they were opened")
    );
    let facts = found.sites[0].facts;
    assert!(facts.is_steady && facts.is_large && facts.is_sampled && !facts.is_fast);
}

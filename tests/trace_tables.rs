//! The numbers of `dropprof trace` against those of the independent count in `testdata/trace`.
#![allow(clippy::disallowed_methods, reason = "a test reads its files")]

use std::collections::BTreeMap;

use serde_json::Value;

#[path = "support/tracing.rs"]
mod tracing;

use tracing::{json, list, number, oracle, said, traces};

/// A goroutine as the oracle has it, which counts a call that has not ended at the end twice.
fn as_oracle(row: &Value, begin: u64) -> Value {
    let moment = |key: &str| match row[key].as_i64() {
        Some(at) => begin.wrapping_add_signed(at),
        None => 0,
    };
    let map = |key: &str, name: &str| {
        let pairs = list(row, key).iter().filter(|pair| number(&pair["ns"]) > 0);
        let pairs = pairs.map(|pair| (pair[name].as_str().expect("a name"), &pair["ns"]));
        serde_json::json!(pairs.collect::<BTreeMap<_, _>>())
    };
    let open = number(&row["syscall_open_ns"]);
    serde_json::json!({
        "id": row["id"],
        "create": moment("created_at_ns"),
        "start": moment("started_at_ns"),
        "end": moment("ended_at_ns"),
        "total": row["total_ns"],
        "exec": row["exec_ns"],
        "sched": number(&row["sched_ns"]) + open,
        "syscall": number(&row["syscall_ns"]) + open,
        "syscall_block": number(&row["syscall_blocked_ns"]) - open,
        "block": map("block", "reason"),
        "range": map("ranges", "name"),
    })
}

#[test]
fn every_goroutine_is_as_go_summarises_it() {
    let mut seen = 0;
    for (name, _) in traces() {
        let file = format!("{name}.trace");
        let answer = json(&["goroutines", "-json", "-all", "-system", &file]);
        let begin = number(&answer["trace"]["clock_begin_ns"]);
        let mut found = BTreeMap::new();
        for group in list(&answer, "goroutines") {
            for row in list(group, "goroutines") {
                let row = as_oracle(row, begin);
                found.insert(number(&row["id"]), (group["name"].clone(), row));
            }
        }
        for expected in list(&oracle(&name), "goroutines") {
            let (group, row) = &found[&number(&expected["id"])];
            assert_eq!(*group, expected["name"], "{name}");
            for key in [
                "create",
                "start",
                "end",
                "total",
                "exec",
                "sched",
                "syscall",
                "syscall_block",
            ] {
                assert_eq!(row[key], expected[key], "{name} {key}: {expected}");
            }
            for key in ["block", "range"] {
                // Go has an entry for what took no time, too.
                let all = expected[key].as_object().cloned().unwrap_or_default();
                let some = all.into_iter().filter(|(_, time)| *time != 0);
                let some: serde_json::Map<String, Value> = some.collect();
                assert_eq!(row[key], Value::Object(some), "{name} {key}: {expected}");
            }
            seen += 1;
        }
        assert_eq!(
            found.len(),
            list(&oracle(&name), "goroutines").len(),
            "{name}"
        );
    }
    assert!(seen > 5000, "{seen} goroutines");
}

#[test]
fn groups_and_summaries_have_the_numbers_of_the_oracle() {
    for (name, sentence) in traces() {
        let file = format!("{name}.trace");
        let (oracle, answer) = (oracle(&name), json(&["-json", "-system", &file]));
        let (facts, trace) = (&oracle["facts"], &answer["trace"]);
        assert_eq!(trace["duration_ns"], facts["wall"], "{name}");
        assert_eq!(trace["events"], oracle["events"], "{name}");
        assert_eq!(trace["goroutines_created"], facts["created"], "{name}");
        assert_eq!(trace["goroutines_ended"], facts["ended"], "{name}");
        let all = |key: &str| oracle[key].as_array().cloned().unwrap_or_default();
        let whole = all("tasks")
            .iter()
            .filter(|task| task["complete"] == true)
            .count();
        let kinds = list(&answer["tasks"], "tasks")
            .iter()
            .map(|kind| number(&kind["count"]));
        assert_eq!(kinds.sum::<u64>(), whole as u64, "{name}");
        let named = all("regions")
            .iter()
            .filter(|region| region["name"] != "")
            .count();
        assert_eq!(trace["regions"], named, "{name}");
        assert_eq!(answer["gc"]["cycles"], facts["cycles"], "{name}");
        assert_eq!(trace["used_share"], 1.0, "{name}");
        assert_eq!(
            (list(trace, "losses"), list(trace, "remarks").len()),
            (&[][..], 0)
        );
        for stop in list(&answer["gc"], "stops") {
            let expected = &facts["stops"]
                [format!("stop-the-world ({})", stop["reason"].as_str().expect("why"))];
            assert_eq!(
                (&stop["count"], &stop["total_ns"], &stop["max_ns"]),
                (&expected["count"], &expected["total"], &expected["max"]),
                "{name}"
            );
        }
        // A P is busy while a goroutine runs on it, the collector's among them. What it did before it
        // is first heard of is not in the table.
        let uses = &answer["procs"]["total"];
        let running = [
            "running",
            "gc_worker",
            "gc_assist",
            "gc_sweep",
            "gc_idle_worker",
        ];
        let busy: u64 = running
            .map(|key| number(&uses[format!("{key}_ns")]))
            .iter()
            .sum();
        let (expected, all) = (
            number(&facts["running"]) as f64,
            number(&facts["proc_time"]) as f64,
        );
        assert!(
            (busy as f64 - expected).abs() < all / 100.0,
            "{name}: {busy}, not {expected}"
        );
        // As the manifest has it in words.
        let text = said(&[&file]);
        let created = sentence
            .split(", ")
            .find(|part| part.ends_with(" goroutines created"))
            .expect("created");
        let created = created.trim_end_matches(" goroutines created");
        assert!(
            text.contains(&format!("goroutines: {created} created, ")),
            "{name}: {text}"
        );
        let cycles = sentence
            .split(", ")
            .find(|part| part.contains(" GC cycles"))
            .expect("cycles");
        let cycles = cycles.split(' ').next().expect("a count");
        let noun = if cycles == "1" { "cycle" } else { "cycles" };
        assert!(
            text.contains(&format!("The collector: {cycles} {noun} ")),
            "{name}: {text}"
        );

        let groups = json(&["goroutines", "-json", "-system", &file]);
        let found: BTreeMap<&str, &Value> = list(&groups, "goroutines")
            .iter()
            .map(|group| (group["name"].as_str().expect("a name"), group))
            .collect();
        for (group, expected) in facts["groups"].as_object().expect("groups") {
            let found = found[&**group];
            assert_eq!(
                (&found["count"], &found["left"]),
                (&expected["goroutines"], &expected["left"]),
                "{name} {group}"
            );
            assert_eq!(found["assist_ns"], expected["assist"], "{name} {group}");
            for (state, key) in [
                ("Running", "exec"),
                ("Runnable", "sched"),
                ("Syscall", "syscall"),
            ] {
                distribution(
                    &found[key],
                    &expected["spans"][state],
                    &format!("{name} {group} {state}"),
                );
            }
            for block in list(found, "block") {
                let state = format!("Waiting:{}", block["reason"].as_str().expect("a reason"));
                distribution(
                    block,
                    &expected["spans"][&state],
                    &format!("{name} {group} {state}"),
                );
            }
        }
    }
}

fn distribution(found: &Value, expected: &Value, place: &str) {
    if expected.is_null() {
        return assert_eq!(number(&found["count"]), 0, "{place}");
    }
    for (key, of) in [("count", "count"), ("total_ns", "total"), ("max_ns", "max")] {
        assert_eq!(found[key], expected[of], "{place}");
    }
    for key in ["p50", "p99"] {
        let (found, exact) = (
            number(&found[format!("{key}_ns")]) as f64,
            number(&expected[key]) as f64,
        );
        assert!(
            (found - exact).abs() <= exact / 32.0 + 1.0,
            "{place} {key}: {found}, not {exact}"
        );
    }
}

#[test]
fn the_collector_leaves_what_an_independent_count_says() {
    for (name, _) in traces() {
        let file = format!("{name}.trace");
        for flags in [
            "stw",
            "stw,background",
            "stw,background,assist",
            "stw,background,assist,sweep",
        ] {
            let expected = &oracle(&name)["mmu"][flags.replace(',', "|")];
            let flag = format!("-flags={flags}");
            let answer = json(&[
                "mmu",
                &flag,
                "-windows=100us,1ms,10ms,100ms,1s",
                "-json",
                &file,
            ]);
            let mmu = &answer["mmu"];
            let near = |found: &Value, expected: &Value| {
                let (found, expected) = (
                    found.as_f64().expect("a share"),
                    expected.as_f64().expect("a share"),
                );
                assert!(
                    (found - expected).abs() < 1e-9,
                    "{name} {flags}: {found}, not {expected}"
                );
            };
            near(&mmu["mean"], &expected["mean"]);
            assert_eq!(list(mmu, "windows").len(), 5);
            for (window, expected) in list(mmu, "windows").iter().zip(list(expected, "mmu")) {
                assert_eq!(window["window_ns"], expected["w"]);
                near(&window["mmu"], &expected["mmu"]);
                // Who takes what adds up to what is not left.
                let taken = window["taken"].as_object().expect("shares").values();
                let taken: f64 = taken.map(|share| share.as_f64().expect("a share")).sum();
                near(&(1.0 - taken).into(), &expected["mmu"]);
            }
        }
    }
}

#[test]
fn pools_have_the_shares_of_the_manifest() {
    // Of the manifest: chan receive, running and the busiest as a multiple of the mean.
    for (name, idle, busy, busiest) in [
        ("pool-starved", 98.34, 1.58, 1.03),
        ("pool-imbalanced", 77.40, 22.47, 4.50),
        ("healthy", 49.84, 49.83, 1.00),
        ("pool-saturated", 0.0, 99.16, 1.01),
    ] {
        let answer = json(&["pools", "-json", &format!("{name}.trace")]);
        let is_it = |pool: &&Value| pool["name"] == "example.com/tracing/pool.(*pool).work";
        let pool = list(&answer, "pools").iter().find(is_it).expect("the pool");
        let near = |found: f64, expected: f64| {
            assert!(
                (found - expected).abs() < 0.006,
                "{name}: {found}, not {expected}"
            )
        };
        let share = |key: &str| pool[key].as_f64().expect("a share") * 100.0;
        near(share("idle_share"), idle);
        near(share("busy_share"), busy);
        near(
            number(&pool["exec_max_ns"]) as f64 / number(&pool["exec_mean_ns"]) as f64,
            busiest,
        );
    }
}

#[test]
fn texts_say_nothing_finer_than_the_clock() {
    for name in ["mixed-1.27", "gc-assist", "churn", "stw"] {
        let file = format!("{name}.trace");
        for table in [
            "summary",
            "goroutines",
            "waits",
            "latency",
            "gc",
            "procs",
            "pools",
            "tasks",
        ] {
            let text = said(&[table, "-system", &file]);
            for word in text.split([' ', '(', ')', ',', '\n']) {
                if let Some(nanos) = word.strip_suffix("ns").and_then(|n| n.parse::<u64>().ok()) {
                    assert_eq!(nanos % 64, 0, "{name} {table}: {word}");
                } else if let Some(micros) = word.strip_suffix("µs") {
                    let decimals = micros.split_once('.').map_or(0, |(_, rest)| rest.len());
                    assert!(decimals <= 1, "{name} {table}: {word}");
                }
            }
            assert!(
                !text.lines().any(|line| line.ends_with(' ')),
                "{name} {table}"
            );
        }
    }
}

//! `dropprof trace` as a person meets it, and its profiles against those of `go tool trace`.
#![allow(
    clippy::disallowed_methods,
    reason = "a test of the command writes the files that it reads"
)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Output, Stdio};

use serde_json::Value;

#[path = "support/encode.rs"]
mod encode;
mod support;
#[path = "support/tracing.rs"]
mod tracing;

use tracing::{command, folder, json, list, number, oracle, own, ran, said, traces};

#[test]
fn profiles_are_those_of_go_tool_trace() {
    let folder = folder("trace-profiles");
    let top: Vec<String> = ["-top".to_owned()].to_vec();
    for (name, _) in traces() {
        for kind in ["net", "sync", "syscall", "sched"] {
            let out = folder.join(format!("{name}.{kind}.pb.gz"));
            let written = said(&[
                &format!("-pprof={kind}"),
                &format!("-o={}", out.display()),
                &format!("{name}.trace"),
            ]);
            assert_eq!(written, "");
            let found = support::dropprof_pprof(&top, &out).expect("a profile");
            let golden = own().join(format!("golden/{name}.{kind}.top.txt"));
            let expected = fs::read(golden).expect("a golden");
            let differs = support::first_difference(&expected, &found);
            assert!(found == expected, "{name} {kind}:\n{differs}");
        }
    }
}

/// Total delay of a profile in nanoseconds.
fn delay(arguments: &[&str]) -> u64 {
    let folder = folder("trace-delay");
    let out = folder.join("waits.pb.gz");
    let to = format!("-o={}", out.display());
    said(&[&[&*to], arguments].concat());
    let arguments = ["-top", "-unit=ns"].map(str::to_owned);
    let top = support::dropprof_pprof(&arguments, &out).expect("a profile");
    let top = String::from_utf8(top).expect("UTF-8");
    // Showing nodes accounting for 12ns, 100% of 12ns total
    let total = top.split_once("% of ").expect("a total").1;
    let total = total.split_once(" total").expect("a total").0;
    total.trim_end_matches("ns").parse().expect("a number")
}

#[test]
fn a_profile_may_be_of_one_group_and_of_all_waits() {
    // In the golden all but the two other functions' waits are of the eight workers.
    let of = [
        "-pprof=sync",
        "-goroutine=example.com/tracing/lock.Convoy.func1",
        "lock-convoy.trace",
    ];
    let golden =
        fs::read_to_string(own().join("golden/lock-convoy.sync.top.txt")).expect("a golden");
    let row = golden
        .lines()
        .find(|row| row.ends_with("lock.Convoy.func1"))
        .expect("a row");
    let cum = row.split_whitespace().nth(3).expect("cum");
    assert_eq!(format!("{:.2}ms", delay(&of) as f64 / 1e6), cum);
    // Nothing is left out: all time in which somebody could run.
    for name in ["sched-latency", "churn", "mixed-flight"] {
        let file = format!("{name}.trace");
        let groups = oracle(name)["facts"]["groups"].clone();
        let spans = groups.as_object().expect("groups").values();
        let all = spans.map(|group| group["spans"]["Runnable"]["total"].as_u64().unwrap_or(0));
        let corrected = delay(&["-pprof=sched", "-corrected", &file]);
        assert_eq!(corrected, all.sum::<u64>(), "{name}");
        assert!(delay(&["-pprof=sched", &file]) < corrected);
    }
    // Two files are one profile.
    let one = delay(&["-pprof=sync", "healthy.trace"]);
    let other = delay(&["-pprof=sync", "stw.trace"]);
    assert_eq!(
        delay(&["-pprof=sync", "healthy.trace", "stw.trace"]),
        one + other
    );
    let (status, stdout, stderr) = ran(&["-pprof=sync", "-goroutine=main.mian", "idle.trace"]);
    assert_eq!((status, &*stdout), (Some(1), ""));
    assert_eq!(stderr, "dropprof: no goroutine began with main.mian\n");
}

#[test]
fn a_cut_trace_says_what_is_missing() {
    let folder = folder("trace-cut");
    let bytes = fs::read(own().join("mixed-generations.trace")).expect("readable");
    let path = folder.join("cut.trace");
    fs::write(&path, &bytes[..bytes.len() * 63 / 100]).expect("written");
    let path = path.to_str().expect("UTF-8");
    let text = said(&[path]);
    for told in [
        "  NOTE 165\u{202f}805 of 165\u{202f}805 bytes were used (100.0%)",
        "; what followed is not in the file.",
        "  NOTE Generation 7: at byte 163876: the batches of some threads are cut off: ",
        "The file ends before the trace does, in generation 7.",
        "its names and its stacks, which stand at its end",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let whole = json(&["-d=generations", "-json", "mixed-generations.trace"]);
    let cut = json(&["-d=generations", "-json", path]);
    let generations = |of: &Value| list(&of["trace"], "generations").to_vec();
    assert_eq!(generations(&cut).len(), 7);
    assert_eq!(generations(&cut)[..6], generations(&whole)[..6]);
    let (trace, losses) = (&cut["trace"], list(&cut["trace"], "losses"));
    assert_eq!(
        (&trace["is_cut"], &trace["is_ended"]),
        (&true.into(), &false.into())
    );
    let lost: u64 = losses.iter().map(|loss| number(&loss["bytes"])).sum();
    assert_eq!(lost, number(&trace["lost_bytes"]));
    assert_eq!(number(&trace["bytes"]) - lost, number(&trace["used_bytes"]));
    // The profile is made of what there is, and says so.
    let out = folder.join("waits.pb.gz");
    let (status, _, stderr) = ran(&["-pprof=sync", &format!("-o={}", out.display()), path]);
    assert_eq!(status, Some(0));
    assert!(
        stderr.contains("cut.trace: Generation 7: at byte 163876: "),
        "{stderr}"
    );
    // Only the header, and nothing at all.
    for (bytes, reason) in [
        (&bytes[..16], "the trace is empty"),
        (&[], "the file is empty"),
    ] {
        fs::write(path, bytes).expect("written");
        let (status, stdout, stderr) = ran(&[path]);
        assert_eq!((status, &*stdout), (Some(1), ""));
        assert!(
            stderr.contains(reason) && stderr.starts_with("dropprof: "),
            "{stderr}"
        );
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    for arguments in [
        &["mixed-1.21.trace"][..],
        &["gc", "mixed-1.21.trace"],
        &["-pprof=net", "mixed-1.21.trace"],
        &["-d=parsed", "mixed-1.21.trace"],
        &["-d=footprint", "mixed-1.21.trace"],
    ] {
        let (status, stdout, stderr) = ran(arguments);
        assert_eq!((status, &*stdout), (Some(1), ""), "{arguments:?}");
        assert!(
            stderr.starts_with("dropprof: mixed-1.21.trace: trace: this trace is of Go 1.21"),
            "{stderr}"
        );
        assert!(
            stderr.contains("record it anew with a program built by Go 1.22 or later"),
            "{stderr}"
        );
        assert_eq!(stderr.lines().count(), 1);
    }
    let profile = "../pprof/dirsync/block.pb.gz";
    let (status, _, stderr) = ran(&[profile]);
    assert_eq!(status, Some(1));
    assert_eq!(
        stderr,
        format!("dropprof: {profile}: not an execution trace: Block profile\n")
    );
    let (status, stdout, stderr) = ran(&["gc", "none.trace", "idle.trace"]);
    assert_eq!(status, Some(1));
    assert!(stderr.starts_with("dropprof: none.trace: "), "{stderr}");
    assert!(
        stdout.starts_with("idle.trace: execution trace"),
        "{stdout}"
    );
    // JSON has a place for each.
    let (status, stdout, _) = ran(&["gc", "-json", "none.trace", "idle.trace"]);
    let all: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(
        (status, all[0]["name"].as_str()),
        (Some(1), Some("none.trace"))
    );
    assert!(
        all[0]["error"].is_string() && all[1]["gc"].is_object(),
        "{all}"
    );
    for (arguments, told) in [
        (&[][..], "which file?"),
        (&["goroutines"], "which file?"),
        (&["-"], "a trace is read from a file"),
        (
            &["-nope", "idle.trace"],
            "flag provided but not defined: -nope",
        ),
        (
            &["-pprof=block", "idle.trace"],
            "-pprof must be net, sync, syscall or sched",
        ),
        (
            &["-d=wire", "idle.trace"],
            "-d must be parsed, footprint or generations",
        ),
        (
            &["mmu", "-windows=soon", "idle.trace"],
            "\"soon\" is no duration",
        ),
        (&["mmu", "-sort=exec", "idle.trace"], "-sort is for"),
        (
            &["goroutine", "idle.trace"],
            "\"goroutine\" is neither a table nor a file",
        ),
    ] {
        let (status, stdout, stderr) = ran(arguments);
        assert_eq!((status, &*stdout), (Some(2), ""), "{arguments:?}");
        assert!(
            stderr.starts_with("dropprof trace: ") && stderr.contains(told),
            "{stderr}"
        );
    }
}

#[test]
fn events_are_written_as_they_come() {
    for (name, _) in traces().iter().step_by(5) {
        let text = said(&["-d=parsed", &format!("{name}.trace")]);
        let events = text.lines().filter(|line| line.starts_with("M=")).count() as u64;
        assert_eq!(Some(events), oracle(name)["events"].as_u64(), "{name}");
    }
    // Who reads a line and goes away is no error.
    let mut child = command(&["-d=parsed", "mixed-1.27.trace"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let mut line = String::new();
    let mut lines = BufReader::new(child.stdout.take().expect("piped"));
    lines.read_line(&mut line).expect("a line");
    assert!(line.starts_with("M=-1 P=-1 G=-1 Sync Time="), "{line}");
    drop(lines);
    let Output { status, stderr, .. } = child.wait_with_output().expect("it ends");
    let stderr = String::from_utf8_lossy(&stderr);
    assert_eq!((status.code(), &*stderr), (Some(0), ""));
}

#[test]
#[cfg(target_os = "linux")]
fn what_cannot_be_written_is_told() {
    for arguments in [
        &["-d=parsed"][..],
        &["-d=footprint"],
        &["-pprof=sync"],
        &["gc"],
    ] {
        let (status, _, stderr) = ran(&[arguments, &["-o=/dev/full", "idle.trace"]].concat());
        assert_eq!(status, Some(1), "{arguments:?}");
        assert!(stderr.starts_with("dropprof: /dev/full: "), "{stderr}");
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .expect("there");
        let mut command = command(&[arguments, &["idle.trace"]].concat());
        let Output { status, stderr, .. } =
            command.stdout(full).output().expect("the command runs");
        let stderr = String::from_utf8_lossy(&stderr);
        assert_eq!(status.code(), Some(1), "{arguments:?}");
        assert!(stderr.starts_with("dropprof: writing: "), "{stderr}");
    }
}

#[test]
fn a_file_may_hold_several_traces() {
    let folder = folder("trace-several");
    let read = |name: &str| fs::read(own().join(name)).expect("readable");
    let (idle, stw) = (read("idle.trace"), read("stw.trace"));
    let path = |name: &str| folder.join(name).to_str().expect("UTF-8").to_owned();
    fs::write(path("both.trace"), [&idle[..], &stw].concat()).expect("written");
    let members: [(&str, &[u8]); 3] = [
        ("idle.trace", &idle),
        ("notes.txt", b"nothing"),
        ("stw.trace", &stw),
    ];
    fs::write(path("all.zip"), encode::zip(&members)).expect("written");
    let single = |file: &str| json(&["-json", file])["gc"].clone();
    let expected = [single("idle.trace"), single("stw.trace")];
    for (file, names) in [
        (&["both.trace"][..], ["both.trace#1", "both.trace#2"]),
        (&["all.zip"], ["all.zip/idle.trace", "all.zip/stw.trace"]),
        (
            &["all.zip/idle.trace", "all.zip/stw.trace"],
            ["all.zip/idle.trace", "all.zip/stw.trace"],
        ),
    ] {
        let files: Vec<String> = file.iter().map(|file| path(file)).collect();
        let arguments: Vec<&str> = ["-json"]
            .into_iter()
            .chain(files.iter().map(String::as_str))
            .collect();
        let all: Value = serde_json::from_str(&said(&arguments)).expect("JSON");
        for (at, expected) in expected.iter().enumerate() {
            assert_eq!(all[at]["name"], path(names[at]));
            assert_eq!(all[at]["gc"], *expected);
        }
        assert_eq!(all.as_array().map(Vec::len), Some(2));
    }
    let events = |arguments: &[&str]| said(arguments).lines().count();
    let both = events(&["-d=parsed", "idle.trace"]) + events(&["-d=parsed", "stw.trace"]);
    assert_eq!(events(&["-d=parsed", &path("both.trace")]), both);
    assert_eq!(events(&["-d=parsed", &path("all.zip")]), both);
    let (status, _, stderr) = ran(&["-d=parsed", &path("all.zip/stw.trace")]);
    assert_eq!(status, Some(1));
    assert!(stderr.contains("unpack this one"), "{stderr}");
}

#[test]
fn footprints_are_go_s() {
    // go tool trace -d=footprint of Go 1.27.3, but for the types that do not occur.
    let text = said(&["-d=footprint", "allocfree.trace"]);
    for row in [
        "HeapObjectAlloc 2830 12.13% 457 11.91%",
        "String 2117 9.08% 90 2.35%",
        "Stack 1145 4.91% 34 0.89%",
        "ExperimentalBatch 909 3.90% 2 0.05%",
        "EventBatch 133 0.57% 9 0.23%",
        "ClockSnapshot 19 0.08% 1 0.03%",
        "EndOfGeneration 1 0.00% 1 0.03%",
    ] {
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            text.lines().any(|line| words(line) == row),
            "{row} in {text}"
        );
    }
    let bytes = text.lines().skip(2).map(|line| {
        let number = |word: &str| word.parse::<u64>().ok();
        line.split_whitespace().find_map(number).expect("bytes")
    });
    assert_eq!(bytes.sum::<u64>(), 23_324);
}

//! Labels and time at the boundary, against what `go tool pprof -tags` prints.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

#[path = "support/encode.rs"]
mod encode;
#[path = "support/opening.rs"]
mod opening;
mod support;

use std::fs;

use dropprof::wasm::Workspace;
use dropprof::wasm::dto::{GranularityDto, Query, Step, TableOrder};
use dropprof::wasm::dto_flame::FlameShape;
use dropprof::wasm::dto_tags::{TagKeyInfo, TagOrder, TagRow, TagsInfo};
use encode::Encoder;
use opening::open;
use support::testdata;

/// A workspace with these files, and their ids.
fn session(files: &[(&str, &[u8])]) -> (Workspace, Vec<u32>) {
    let mut workspace = Workspace::new(1 << 30);
    let ids = files.iter();
    let ids = ids.map(|(name, bytes)| open(&mut workspace, name, bytes).id);
    let ids = ids.collect();
    (workspace, ids)
}

/// The default query of a file.
fn query(workspace: &Workspace, file: u32) -> Query {
    let files = workspace.files();
    let info = files
        .iter()
        .find(|info| info.id == file)
        .expect("it is there");
    Query {
        file,
        sample: info.default_sample,
        granularity: GranularityDto::Functions,
        ..Query::default()
    }
}

/// A key of a printed report: name, total with its share, and the values with theirs.
#[derive(Debug, PartialEq)]
struct Printed {
    key: String,
    total: (String, String),
    values: Vec<(String, String, String)>,
}

/// Reads what pprof prints: ` tenant: Total 20.79s of 23.13s (89.88%)`, then `10.45s (45.18%): south`.
fn printed(text: &str) -> Vec<Printed> {
    let share = |text: &str| text.trim().trim_end_matches(')').trim().to_owned();
    let mut keys: Vec<Printed> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if let Some((key, rest)) = line.split_once(": Total ") {
            let (total, rest) = rest.split_once(" of ").expect("a total");
            let (_, pct) = rest.split_once('(').expect("a share");
            keys.push(Printed {
                key: key.trim().to_owned(),
                total: (total.to_owned(), share(pct)),
                values: Vec::new(),
            });
        } else {
            let (value, rest) = line.split_once('(').expect("a share");
            let (pct, name) = rest.split_once("): ").expect("a name");
            let row = (name.to_owned(), value.trim().to_owned(), share(pct));
            keys.last_mut().expect("a key").values.push(row);
        }
    }
    keys
}

/// All that the boundary says of a query's labels, in the shape of the printed report.
fn shown(workspace: &mut Workspace, query: &Query) -> Vec<Printed> {
    let info = workspace.tags(query).expect("labels");
    let order = TagOrder {
        column: "value".to_owned(),
        ..TagOrder::default()
    };
    let key = |key: &TagKeyInfo| {
        let all = workspace.tag_values(query, key.at, &order, 0, u32::MAX);
        let all = all.expect("values");
        assert_eq!(
            (all.rows, all.values.len()),
            (key.distinct, key.distinct as usize)
        );
        let first: Vec<String> = key.values.iter().map(|row| row.name.clone()).collect();
        let row = |row: TagRow| (row.name, row.value, row.pct);
        let values: Vec<_> = all.values.into_iter().map(row).collect();
        assert!(
            values
                .iter()
                .map(|row| &row.0)
                .zip(&first)
                .all(|(a, b)| a == b)
        );
        Printed {
            key: key.key.clone(),
            total: (key.tagged.clone(), key.tagged_pct.clone()),
            values,
        }
    };
    let mut keys: Vec<Printed> = info.keys.iter().map(key).collect();
    keys.sort_by(|a, b| a.key.cmp(&b.key));
    keys
}

/// The rows with ties in the order of their names: pprof's order of those is by text, ours of
/// numbers by number.
fn settled(mut keys: Vec<Printed>) -> Vec<Printed> {
    for key in &mut keys {
        let mut from = 0;
        while from < key.values.len() {
            let same = |row: &&(String, String, String)| row.1 == key.values[from].1;
            let end = from + key.values[from..].iter().take_while(same).count();
            key.values[from..end].sort();
            from = end;
        }
    }
    keys
}

#[test]
fn values_are_those_of_go_tool_pprof() {
    // The goldens of `cargo xtask golden`: go tool pprof -symbolize=none -tags and what stands here.
    for (input, golden, unit, tagfocus) in [
        ("../www/public/demo/cpu.pb.gz", "demo/cpu/tags", "", ""),
        ("../www/public/demo/heap.pb.gz", "demo/heap/tags", "", ""),
        (
            "../www/public/demo/heap.pb.gz",
            "demo/heap/tags_unit-kb",
            "kb",
            "",
        ),
        (
            "../www/public/demo/heap.pb.gz",
            "demo/heap/tags_tagfocus-bytes-:1kb",
            "",
            "bytes=:1kb",
        ),
        ("pprof/handmade/wire.pb", "handmade/wire/tags", "", ""),
    ] {
        let bytes = fs::read(testdata().join(input)).expect("the profile");
        let (mut workspace, ids) = session(&[("file.pb.gz", &bytes)]);
        let mut asked = query(&workspace, ids[0]);
        asked.unit = unit.to_owned();
        set(&mut asked, "tagfocus", tagfocus.to_owned());
        let path = testdata().join(format!("golden/pprof/{golden}.txt"));
        let golden_text = fs::read_to_string(path).expect("the golden");
        let expected = settled(printed(&golden_text));
        assert!(!expected.is_empty() && expected.iter().all(|key| !key.values.is_empty()));
        assert_eq!(settled(shown(&mut workspace, &asked)), expected, "{golden}");
    }
}

const CPU: &[u8] = include_bytes!("../www/public/demo/cpu.pb.gz");

/// Sets a filter of a query; an empty text sets none.
fn set(query: &mut Query, kind: &str, text: impl Into<String>) {
    let (kind, text) = (kind.to_owned(), text.into());
    if !text.is_empty() {
        query.steps.push(Step { kind, text });
    }
}

fn key<'a>(info: &'a TagsInfo, name: &str) -> &'a TagKeyInfo {
    info.keys
        .iter()
        .find(|key| key.key == name)
        .expect("the key")
}

#[test]
fn only_and_without_keep_what_the_rows_say() {
    // The golden has tenant on 20.79 s of 23.13 s, 10.45 s south and 10.34 s north; so 2.34 s are
    // untagged. -tagfocus and -tagignore sum to the whole.
    let (mut workspace, ids) = session(&[("cpu.pb.gz", CPU)]);
    let asked = query(&workspace, ids[0]);
    let info = workspace.tags(&asked).expect("labels");
    assert_eq!(
        info.keys[0].key, "tenant",
        "what more is tagged with stands first"
    );
    let tenant = key(&info, "tenant");
    let untagged = tenant.untagged.clone().expect("some are untagged");
    assert_eq!((&*untagged.value, &*untagged.pct), ("2.34s", "10.12%"));
    let mut left = |focus: &str, ignore: &str| {
        let mut some = asked.clone();
        set(&mut some, "tagfocus", focus.to_owned());
        set(&mut some, "tagignore", ignore.to_owned());
        workspace.filters(&some).expect("filters").value
    };
    let south = &tenant.values[0];
    assert_eq!(
        (&*south.name, &*south.expression),
        ("south", "tenant=^south$")
    );
    assert_eq!(left(&south.expression, ""), "10.45s");
    assert_eq!(left("", &south.expression), "12.68s");
    assert_eq!(left(&tenant.any, ""), "20.79s");
    assert_eq!(left("", &untagged.expression), "2.34s");
}

#[test]
fn a_range_of_numbers_is_what_its_filter_keeps() {
    let heap = fs::read(testdata().join("../www/public/demo/heap.pb.gz")).expect("the profile");
    let (mut workspace, ids) = session(&[("heap.pb.gz", &heap)]);
    let asked = query(&workspace, ids[0]);
    let info = workspace.tags(&asked).expect("labels");
    let bytes = key(&info, "bytes");
    let numbers = bytes.numbers.as_ref().expect("numbers");
    let buckets = numbers.heights.len() as u32;
    assert!(numbers.heights.contains(&1.0) && buckets > 8);
    for (first, last) in [(0, 0), (0, 3), (2, buckets - 1), (0, buckets - 1)] {
        let range = workspace
            .tag_range(&asked, bytes.at, first, last)
            .expect("a range");
        let mut some = asked.clone();
        set(&mut some, "tagfocus", range.expression.clone());
        let left = workspace.filters(&some).expect("filters");
        assert_eq!(left.value, range.value, "{}", range.expression);
    }
    assert!(workspace.tag_range(&asked, bytes.at, 0, buckets).is_err());
    assert!(workspace.tag_range(&asked, bytes.at, 3, 2).is_err());
    assert!(workspace.tag_range(&asked, 99, 0, 0).is_err());
}

#[test]
fn values_can_be_ordered_and_looked_for() {
    let (mut workspace, ids) = session(&[("cpu.pb.gz", CPU)]);
    let asked = query(&workspace, ids[0]);
    let mut names = |column: &str, ascending: bool, search: &str| -> Vec<String> {
        let order = TagOrder {
            column: column.to_owned(),
            ascending,
            search: search.to_owned(),
        };
        let found = workspace
            .tag_values(&asked, 0, &order, 0, 10)
            .expect("values");
        assert_eq!(found.rows as usize, found.values.len());
        found.values.into_iter().map(|row| row.name).collect()
    };
    assert_eq!(names("value", false, ""), ["south", "north"]);
    assert_eq!(names("value", true, ""), ["north", "south"]);
    assert_eq!(names("name", true, ""), ["north", "south"]);
    assert_eq!(names("name", false, ""), ["south", "north"]);
    assert_eq!(names("value", false, "ORT"), ["north"]);
}

#[test]
fn frames_of_labels_bear_their_key_in_the_page_and_not_in_pprofs_reports() {
    let (mut workspace, ids) = session(&[("cpu.pb.gz", CPU)]);
    let mut asked = query(&workspace, ids[0]);
    set(&mut asked, "tagroot", "tenant".to_owned());
    let by_cum = TableOrder {
        column: "cum".to_owned(),
        ascending: false,
        search: String::new(),
    };
    let rows = workspace
        .top_rows(&asked, &by_cum, 0, 1000)
        .expect("rows")
        .0;
    let labels: Vec<(String, String)> = rows
        .iter()
        .filter(|row| row.name.full.starts_with("tenant:") || row.name.full == "no tenant")
        .map(|row| (row.name.full.clone(), row.cum.clone()))
        .collect();
    let expected = [
        ("tenant:south", "10.45s"),
        ("tenant:north", "10.34s"),
        ("no tenant", "2.34s"),
    ];
    let expected = expected.map(|(name, cum)| (name.to_owned(), cum.to_owned()));
    assert_eq!(labels, expected);
    let south = rows
        .iter()
        .find(|row| row.name.full == "tenant:south")
        .expect("it");
    assert_eq!(
        (&*south.name.dim, &*south.name.strong),
        ("tenant:", "south")
    );
    assert_eq!((&*south.name.file, &*south.name.package), ("", ""));

    let request = dropprof::wasm::dto::PprofRequest {
        report: "traces".to_owned(),
        trim: true,
        ..Default::default()
    };
    let report = workspace.pprof(&asked, &request).expect("a report");
    let report = String::from_utf8_lossy(&report);
    assert!(report.contains("\n             south\n"), "the value alone");
    assert!(
        !report.contains("tenant:south\n"),
        "pprof's frames have no key"
    );
}

/// A CPU profile of samples of one value each, with numeric labels `end_timestamp_ns`.
fn timed(times: &[i64]) -> Vec<u8> {
    let mut encoder = Encoder::new(&["samples"]);
    let key = encoder.string("end_timestamp_ns");
    let unit = encoder.string("nanoseconds");
    for id in 1..=times.len() as u64 {
        encoder.function(id, &format!("main.f{id}"));
        encoder.location(id, [id].into_iter());
    }
    for (i, &time) in times.iter().enumerate() {
        let label = [(1, key), (2, 0), (3, time as u64), (4, unit)];
        let id = i as u64 + 1;
        encoder.sample_with([id].into_iter(), [1 << i].into_iter(), [label].into_iter());
    }
    encoder.finish()
}

#[test]
fn time_is_chosen_by_slices_and_stands_in_the_filters() {
    // One second in ten slices: 1 at its begin, 2 after 0.35 s, 4 after 0.999 s, 8 at its end.
    let start = 1_700_000_000_000_000_000;
    let at = [0, 350_000_000, 999_000_000, 1_000_000_000].map(|ns| start + ns);
    let (mut workspace, ids) = session(&[("timed.pb", &timed(&at))]);
    assert!(workspace.files()[0].timed);
    let mut asked = query(&workspace, ids[0]);
    let strip = workspace.time_strip(&asked, 10).expect("a strip");
    assert_eq!((&*strip.source, strip.slots.len()), ("labels", 10));
    assert_eq!(
        (&*strip.start, &*strip.end),
        ("22:13:20.000", "22:13:21.000")
    );
    let heights: Vec<f64> = strip.slots.iter().map(|slot| slot.height * 12.0).collect();
    assert_eq!(heights, [1.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 12.0]);
    let range = workspace.time_range(&asked, 10, 0, 3).expect("a range");
    assert_eq!((&*range.value, &*range.pct), ("3", "20.00%"));

    set(&mut asked, "tagfocus", range.expression);
    assert_eq!(workspace.filters(&asked).expect("filters").value, "3");
    let chosen = workspace.time_strip(&asked, 10).expect("a strip");
    assert_eq!(chosen.chosen, [0, 3]);
    assert_eq!(chosen.slots.len(), 10, "what is not chosen is still shown");
    let highest = chosen
        .slots
        .iter()
        .map(|slot| slot.height)
        .fold(0.0, f64::max);
    assert!(chosen.slots[9].height >= highest);
    // Another filter stays a filter, also of the strip.
    set(&mut asked, "focus", "f1$".to_owned());
    let focused = workspace.time_strip(&asked, 10).expect("a strip");
    let filled = focused.slots.iter().filter(|slot| slot.height > 0.0);
    assert_eq!((filled.count(), focused.chosen), (1, vec![0, 3]));
}

#[test]
fn the_ends_of_the_numbers_are_survived() {
    // The first time is plausible, the others are not.
    let far = [1_700_000_000_000_000_000, i64::MIN, i64::MAX, 0, -1];
    let (mut workspace, ids) = session(&[("far.pb", &timed(&far))]);
    let asked = query(&workspace, ids[0]);
    let info = workspace.tags(&asked).expect("labels");
    let buckets = info.keys[0]
        .numbers
        .as_ref()
        .expect("numbers")
        .heights
        .len() as u32;
    let all = workspace
        .tag_range(&asked, 0, 0, buckets - 1)
        .expect("a range");
    // 1 + 2 + 4 + 8 + 16.
    assert_eq!(all.value, "31");
    for slices in [0, 1, 3, u32::MAX] {
        let strip = workspace.time_strip(&asked, slices).expect("a strip");
        let last = strip.slots.len() as u32 - 1;
        let range = workspace
            .time_range(&asked, slices, 0, last)
            .expect("a range");
        assert_eq!(range.value, "31");
        assert!(workspace.time_range(&asked, slices, 0, last + 1).is_err());
        assert!(workspace.time_range(&asked, slices, 1, 0).is_err());
    }
}

#[test]
fn the_numbers_of_goroutines_are_no_label_to_look_at() {
    let dump = fs::read(testdata().join("goroutines/deadlock.txt")).expect("the dump");
    let (mut workspace, ids) = session(&[("deadlock.txt", &dump)]);
    let asked = query(&workspace, ids[0]);
    let keys = workspace.tags(&asked).expect("labels").keys;
    let names: Vec<&str> = keys.iter().map(|key| key.key.as_str()).collect();
    assert!(
        names.contains(&"goroutine::state") && !names.contains(&"goroutine::id"),
        "{names:?}"
    );
}

#[test]
fn a_value_that_is_too_long_for_a_link_is_cut_and_cannot_be_filtered_by() {
    let mut encoder = Encoder::new(&["samples"]);
    let (key, value) = (encoder.string("k"), encoder.string(&"ä".repeat(5000)));
    encoder.function(1, "main.f");
    encoder.location(1, [1].into_iter());
    encoder.sample([1].into_iter(), [1].into_iter(), [(key, value)].into_iter());
    let (mut workspace, ids) = session(&[("long.pb", &encoder.finish())]);
    let asked = query(&workspace, ids[0]);
    let info = workspace.tags(&asked).expect("labels");
    let row = &info.keys[0].values[0];
    assert_eq!(row.name, format!("{}…", "ä".repeat(1000)));
    assert_eq!(row.expression, "");
}

/// A profile of one program that began at a second and took some: a sample for each function.
fn of_program_in(build: &str, start: u64, seconds: u64, samples: &[(&str, u64)]) -> Vec<u8> {
    let mut encoder = Encoder::new(&["samples"]);
    let build = encoder.string(build);
    for (id, (name, value)) in (1..).zip(samples) {
        encoder.function(id, name);
        encoder.location(id, [id].into_iter());
        encoder.sample([id].into_iter(), [*value].into_iter(), std::iter::empty());
    }
    encoder.message(3, &[(1, 1), (6, build)]);
    encoder.number(9, start * 1_000_000_000);
    encoder.number(10, seconds * 1_000_000_000);
    encoder.finish()
}

/// The same with one function.
fn of_program(build: &str, start: u64, seconds: u64, value: u64) -> Vec<u8> {
    of_program_in(build, start, seconds, &[("main.work", value)])
}

/// How high the files of a strip stand, as shares of the highest.
fn file_heights(workspace: &mut Workspace, asked: &Query) -> Vec<f64> {
    let strip = workspace.time_strip(asked, 100).expect("a strip");
    assert_eq!(strip.source, "files");
    strip.slots.iter().map(|slot| slot.height).collect()
}

#[test]
fn profiles_of_one_program_stand_in_time_and_add_up() {
    let at = 1_700_000_000;
    let files = [
        ("c.pb", of_program("a1", at + 60, 10, 4)),
        ("a.pb", of_program("a1", at, 10, 1)),
        ("b.pb", of_program("a1", at + 30, 10, 2)),
        ("other.pb", of_program("b2", at, 10, 100)),
    ];
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (*name, &bytes[..]))
        .collect();
    let (mut workspace, ids) = session(&files);
    let asked = query(&workspace, ids[0]);
    let strip = workspace.time_strip(&asked, 100).expect("a strip");
    assert_eq!(strip.source, "files");
    let order: Vec<u32> = strip.slots.iter().map(|slot| slot.file).collect();
    assert_eq!(order, [ids[1], ids[2], ids[0]]);
    // From 0 to 70 s: they begin after 0, 30 and 60, and take 10.
    let places = strip
        .slots
        .iter()
        .map(|slot| (slot.left, slot.width, slot.height));
    let expected = [(0.0, 1.0, 0.25), (3.0, 1.0, 0.5), (6.0, 1.0, 1.0)];
    let expected = expected.map(|(left, width, height)| (left / 7.0, width / 7.0, height));
    assert_eq!(places.collect::<Vec<_>>(), expected);
    assert_eq!(strip.unmergeable, "");
    let range = workspace.time_range(&asked, 100, 0, 1).expect("a range");
    assert_eq!((&*range.value, &*range.pct), ("3", "42.86%"));

    let merged = workspace.merge_files(&order[..2]).expect("a sum");
    assert_eq!(merged.name, "merged: a.pb … b.pb");
    assert_eq!(merged.sample_types[0].total, "3");
    let shown = query(&workspace, merged.id);
    let strip = workspace.time_strip(&shown, 100).expect("a strip");
    assert_eq!((strip.slots.len(), strip.chosen), (3, vec![0, 1]));
    assert!(workspace.merge_files(&order[..1]).is_err());
    let alone = query(&workspace, ids[3]);
    assert_eq!(
        workspace.time_strip(&alone, 100).expect("none").slots.len(),
        0
    );
}

#[test]
fn files_over_time_have_what_the_steps_leave_of_them() {
    let at = 1_700_000_000;
    let files = [
        (
            "a.pb",
            of_program_in("a1", at, 10, &[("main.work", 1), ("main.idle", 9)]),
        ),
        (
            "b.pb",
            of_program_in("a1", at + 30, 10, &[("main.work", 2), ("main.idle", 6)]),
        ),
        // Its first stack is another one.
        (
            "c.pb",
            of_program_in("a1", at + 60, 10, &[("main.idle", 8), ("main.work", 4)]),
        ),
    ];
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (*name, &bytes[..]))
        .collect();
    let (mut workspace, ids) = session(&files);
    let all = query(&workspace, ids[0]);
    // 10, 8 and 12.
    let whole = [10.0 / 12.0, 8.0 / 12.0, 1.0];
    assert_eq!(file_heights(&mut workspace, &all), whole);
    let mut work = all.clone();
    set(&mut work, "focus", "work");
    // 1, 2 and 4, whichever file is shown; the first two of them are 3 of all 30.
    for file in [ids[0], ids[2]] {
        work.file = file;
        assert_eq!(file_heights(&mut workspace, &work), [0.25, 0.5, 1.0]);
        let range = workspace.time_range(&work, 100, 0, 1).expect("a range");
        assert_eq!((&*range.value, &*range.pct), ("3", "10.00%"));
    }
    // A transform that drops samples does so in every file: 9, 6 and 8 are left.
    let mut idle = all.clone();
    set(&mut idle, "drop_samples", "work");
    let left = [1.0, 6.0 / 9.0, 8.0 / 9.0];
    assert_eq!(file_heights(&mut workspace, &idle), left);
    // Nothing is left of any.
    let mut none = work.clone();
    set(&mut none, "ignore", ".");
    assert_eq!(file_heights(&mut workspace, &none), [0.0; 3]);
    // A place of a.pb is one of b.pb, too, and none of c.pb: it is left aside for all, and that is said.
    let node = workspace.find_node(&all, "main.work").expect("a node") as u32;
    let shape = FlameShape::default();
    let id = workspace.flame_find(&all, &shape, node).expect("a box");
    let place = workspace.flame_place(&all, false, &id).expect("a place");
    let mut placed = all.clone();
    set(&mut placed, "focus_subtree", place);
    assert_eq!(workspace.filters(&placed).expect("filters").value, "1");
    assert_eq!(file_heights(&mut workspace, &placed), whole);
    let about = workspace.time_strip(&placed, 100).expect("a strip").about;
    assert!(
        about.ends_with("; without steps that not all of them can take"),
        "{about}"
    );
    // A file that is closed is gone from the strip.
    workspace.close(ids[2]);
    assert_eq!(file_heights(&mut workspace, &placed), [0.5, 1.0]);
}

#[test]
fn a_range_of_time_takes_nothing_from_files_over_time() {
    // One of two files of a program has times: 1 and 2, the second of them after half a second.
    let start = 1_700_000_000_u64;
    let mut encoder = Encoder::new(&["samples"]);
    let [build, key, unit] = ["a1", "end_timestamp_ns", "nanoseconds"].map(|s| encoder.string(s));
    encoder.function(1, "main.work");
    encoder.location(1, [1].into_iter());
    for (value, nanos) in [(1, 0), (2, 500_000_000)] {
        let time = start * 1_000_000_000 + nanos;
        let label = [(1, key), (2, 0), (3, time), (4, unit)];
        encoder.sample_with([1].into_iter(), [value].into_iter(), [label].into_iter());
    }
    encoder.message(3, &[(1, 1), (6, build)]);
    encoder.number(9, start * 1_000_000_000);
    let (timed, plain) = (encoder.finish(), of_program("a1", start + 60, 10, 4));
    let (mut workspace, ids) = session(&[("timed.pb", &timed), ("plain.pb", &plain)]);
    let of_timed = query(&workspace, ids[0]);
    let range = workspace.time_range(&of_timed, 10, 0, 1).expect("a range");
    assert_eq!(range.value, "1");
    let mut asked = query(&workspace, ids[1]);
    set(&mut asked, "tagfocus", range.expression);
    // 3 and 4, and with another filter beside it nothing.
    assert_eq!(file_heights(&mut workspace, &asked), [0.75, 1.0]);
    set(&mut asked, "focus", "nobody");
    assert_eq!(file_heights(&mut workspace, &asked), [0.0, 0.0]);
}

#[test]
fn snapshots_do_not_add_up() {
    let at = 1_700_000_000;
    let (one, two) = (of_program("a", at, 0, 1), of_program("a", at + 60, 0, 2));
    let (mut workspace, ids) = session(&[("1.pb", &one), ("2.pb", &two)]);
    let asked = query(&workspace, ids[0]);
    let strip = workspace.time_strip(&asked, 100).expect("a strip");
    assert_eq!(strip.slots.len(), 2);
    assert!(
        strip.unmergeable.contains("a moment"),
        "{}",
        strip.unmergeable
    );
}

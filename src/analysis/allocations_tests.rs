use super::super::NodeOptions;
use super::super::testing::{intern, test_profile, test_profile_of};
use super::*;
use crate::model::ValueType;

const HEAP: [(&str, &str); 4] = [
    ("alloc_objects", "count"),
    ("alloc_space", "bytes"),
    ("inuse_objects", "count"),
    ("inuse_space", "bytes"),
];

/// A heap profile with Go's default sampling period of 512 KiB.
fn heap(text: &str) -> Profile {
    let mut profile = test_profile_of(&HEAP, text);
    let kind = intern(&mut profile, b"space");
    let unit = intern(&mut profile, b"bytes");
    profile.period_type = Some(ValueType { kind, unit });
    profile.period = 524_288;
    profile
}

fn table(profile: &Profile, sample_type: usize) -> (Nodes, Result<Allocations, &'static str>) {
    let nodes = Nodes::new(profile, &NodeOptions::default());
    let selections: Vec<Selection> = (0..profile.sample_types.len())
        .map(|t| Selection::all(profile, t))
        .collect();
    let classes = Classes::new(profile);
    let table = allocations(profile, &nodes, &classes, &selections, sample_type);
    (nodes, table)
}

const TWO_SITES: &str = "
    main.main@/s/m.go:3;main.f@/s/m.go:10 100 6400 10 640 [bytes=64]
    main.main@/s/m.go:3;main.f@/s/m.go:10 2 200000 2 200000 [bytes=100000]
    main.main@/s/m.go:4;main.g@/s/m.go:20;runtime.mallocgc@/go/src/runtime/malloc.go:9 8 128 0 0 [bytes=16]";

#[test]
fn sites_sum_samples_of_one_line() {
    let profile = heap(TWO_SITES);
    let (nodes, table) = table(&profile, 1);
    let table = table.unwrap();
    let f = &table.sites[0];
    assert_eq!((f.file.as_str(), f.line), ("/s/m.go", 10));
    assert_eq!(nodes.printable_text(f.node), "main.f");
    // 100 + 2 objects, 6400 + 200000 bytes; 10 + 2 and 640 + 200000 in use.
    assert_eq!(
        f.alloc,
        Amount {
            objects: 102,
            space: 206_400
        }
    );
    assert_eq!(
        f.inuse,
        Amount {
            objects: 12,
            space: 200_640
        }
    );
    // 206400 ÷ 102 = 2023.5, rounded down.
    assert_eq!(f.alloc.mean(), Some(2023));
    // The allocator's frame is not a site.
    assert_eq!(nodes.printable_text(table.sites[1].node), "main.g");
    assert_eq!(
        table.alloc,
        Amount {
            objects: 110,
            space: 206_528
        }
    );
}

#[test]
fn a_file_spelled_in_two_ways_is_one_site() {
    let (_, table) = table(
        &heap("main.f@./m.go:10 1 8 0 0\nmain.f@m.go:10 2 16 0 0"),
        1,
    );
    let table = table.unwrap();
    let sites: Vec<_> = table
        .sites
        .iter()
        .map(|s| (s.file.as_str(), s.line, s.alloc.space))
        .collect();
    assert_eq!(sites, [("m.go", 10, 24)]);
}

#[test]
fn cells_are_texts_of_the_column() {
    let (_, table) = table(&heap(TWO_SITES), 1);
    let table = table.unwrap();
    let keys: Vec<&str> = table.columns.iter().map(|c| c.key()).collect();
    assert_eq!(
        keys,
        [
            "alloc_objects",
            "alloc_space",
            "inuse_objects",
            "inuse_space",
            "mean",
            "survival",
            "sampled"
        ]
    );
    let row: Vec<String> = table.columns.iter().map(|&c| table.cell(0, c)).collect();
    // 206400 B = 201.5625 kB, 200640 B = 195.9375 kB, 2023 B = 1.9756 kB; 200640/206400 = 97.21 %;
    // seen: 100·(1−e^(−64/524288)) + 2·(1−e^(−100000/524288)) = 0.0122 + 0.3471, rounded 0.
    assert_eq!(
        row,
        ["102", "201.56kB", "12", "195.94kB", "1.98kB", "97.21%", "0"]
    );
    // main.g: nothing in use; 128 ÷ 8 = 16 B.
    let row: Vec<String> = table.columns.iter().map(|&c| table.cell(1, c)).collect();
    assert_eq!(row, ["8", "128B", "0", "0", "16B", "0%", "0"]);
    // 206528 B in all = 201.6875 kB; 206528 ÷ 110 = 1877 B = 1.8330 kB; 200640/206528 = 97.15 %.
    let totals: Vec<String> = table.columns.iter().map(|&c| table.total(c)).collect();
    assert_eq!(
        totals,
        ["110", "201.69kB", "12", "195.94kB", "1.83kB", "97.15%", "0"]
    );
}

#[test]
fn sampled_objects_are_estimated_per_size() {
    // One seen object of 64 B stands for 1 ÷ (1 − e^(−64/524288)) = 8192.5 objects; 20 of them:
    let (_, table) = table(&heap("main.f 163850 10486400 0 0 [bytes=64]"), 1);
    let table = table.unwrap();
    assert!(
        (table.sites[0].sampled - 20.0).abs() < 0.01,
        "{}",
        table.sites[0].sampled
    );
    assert_eq!(table.cell(0, AllocationColumn::Sampled), "20");
}

#[test]
fn what_is_in_use_decides_when_it_is_what_is_shown() {
    let profile = heap(TWO_SITES);
    let (_, table) = table(&profile, 3);
    let table = table.unwrap();
    assert!(table.by_inuse);
    // 200640 ÷ 12 = 16720 B = 16.33 kB.
    assert_eq!(table.cell(0, AllocationColumn::Mean), "16.33kB");
    // main.g has no object in use.
    assert_eq!(table.cell(1, AllocationColumn::Mean), "");
    let labels: Vec<&str> = table.sizes.iter().map(|s| s.label.as_str()).collect();
    assert_eq!(labels.first(), Some(&"≤ 64B"));
    assert_eq!(labels.last(), Some(&"> 32kB, large"));
}

#[test]
fn sizes_fall_into_bands_that_double() {
    let (_, table) = table(
        &heap(
            "main.f 1 16 0 0 [bytes=16]\nmain.f 1 17 0 0 [bytes=17]\nmain.f 3 384 0 0 [bytes=128]\nmain.f 1 32768 0 0 [bytes=32768]",
        ),
        1,
    );
    let sizes = table.unwrap().sizes;
    let rows: Vec<(&str, i64, i64)> = sizes
        .iter()
        .map(|s| (s.label.as_str(), s.amount.objects, s.amount.space))
        .collect();
    assert_eq!(rows[0], ("≤ 16B", 1, 16));
    assert_eq!(rows[1], ("≤ 32B", 1, 17));
    assert_eq!(rows[2], ("≤ 64B", 0, 0));
    assert_eq!(rows[3], ("≤ 128B", 3, 384));
    assert_eq!(rows[11], ("≤ 32kB", 1, 32_768));
    assert_eq!(rows.len(), 12);
}

#[test]
fn rows_sort_on_every_column_with_ties_by_name() {
    let profile = heap("main.b 1 10 1 10\nmain.a 1 10 0 0\nmain.c 5 10 1 5");
    let (nodes, table) = table(&profile, 1);
    let table = table.unwrap();
    let names = |key: &str, ascending: bool| -> Vec<String> {
        let order = table.order(&nodes, table.column(key), ascending);
        order
            .iter()
            .map(|&i| nodes.printable_text(table.sites[i as usize].node))
            .collect()
    };
    assert_eq!(names("alloc_space", false), ["main.a", "main.b", "main.c"]);
    assert_eq!(
        names("alloc_objects", false),
        ["main.c", "main.a", "main.b"]
    );
    assert_eq!(names("alloc_objects", true), ["main.a", "main.b", "main.c"]);
    // Means 10, 10, 2; survival 100 %, 0 %, 50 %.
    assert_eq!(names("mean", false), ["main.a", "main.b", "main.c"]);
    assert_eq!(names("survival", false), ["main.b", "main.c", "main.a"]);
    assert_eq!(names("name", false), ["main.c", "main.b", "main.a"]);
    assert_eq!(names("name", true), ["main.a", "main.b", "main.c"]);
    assert!((table.share(2, AllocationColumn::AllocObjects) - 5.0 / 7.0).abs() < 1e-12);
    assert!((table.share(2, AllocationColumn::Survival) - 0.5).abs() < 1e-12);
}

#[test]
fn other_producers_have_one_pair() {
    let types = [("objects", "count"), ("space", "bytes")];
    let profile = test_profile_of(
        &types,
        "app::run@/a/main.rs:3;alloc::vec::push@/rustc/x/vec.rs:1 4 256",
    );
    let (nodes, table) = table(&profile, 1);
    let table = table.unwrap();
    let keys: Vec<&str> = table.columns.iter().map(|c| c.key()).collect();
    assert_eq!(keys, ["objects", "space", "mean"]);
    assert_eq!(nodes.printable_text(table.sites[0].node), "app::run");
    assert_eq!(table.cell(0, AllocationColumn::Mean), "64B");
}

#[test]
fn other_kinds_have_no_table() {
    let (_, table) = table(&test_profile("main.f 3"), 0);
    assert_eq!(table.unwrap_err(), NO_ALLOCATIONS);
}

#[test]
fn runtime_only_and_empty_stacks() {
    let profile = heap("runtime.mstart;runtime.allocm;runtime.mallocgc 1 100 1 100\n- 2 50 0 0");
    let (nodes, table) = table(&profile, 1);
    let table = table.unwrap();
    // The outermost frame says what the runtime was doing; the empty stack is in the total only.
    assert_eq!(nodes.printable_text(table.sites[0].node), "runtime.mstart");
    assert_eq!((table.sites.len(), table.alloc.space), (1, 150));
}

#[test]
fn folded_inlines_give_the_callers_line() {
    let profile = heap("main.main@/s/m.go:3~main.f@/s/f.go:8 1 10 1 10");
    let nodes = Nodes::new(
        &profile,
        &NodeOptions {
            noinlines: true,
            ..NodeOptions::default()
        },
    );
    let selections: Vec<Selection> = (0..4).map(|t| Selection::all(&profile, t)).collect();
    let table = allocations(&profile, &nodes, &Classes::new(&profile), &selections, 1).unwrap();
    assert_eq!(
        (
            nodes.printable_text(table.sites[0].node).as_str(),
            table.sites[0].line
        ),
        ("main.main", 3)
    );
}

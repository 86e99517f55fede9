//! What is written can be read again, and is the same.

use dropprof::formats::{OpenOptions, encode, gzip, open};
use dropprof::model::Profile;
use proptest::prelude::*;

#[path = "support/encode.rs"]
mod encoder;

use encoder::Encoder;

fn read(bytes: &[u8]) -> Profile {
    let mut opened = open("profile", bytes, OpenOptions::default());
    let opened = opened.pop().expect("one file");
    opened.result.expect("a profile").profile
}

/// Everything in a profile, strings spelled out.
fn described(profile: &Profile) -> String {
    let text = |id| String::from_utf8_lossy(profile.strings.bytes(id)).into_owned();
    let mut out = Vec::new();
    for of in profile.sample_types.iter().chain(&profile.period_type) {
        out.push(format!("type {} {}", text(of.kind), text(of.unit)));
    }
    for (i, &stack) in profile.samples.stacks.iter().enumerate() {
        let values: Vec<i64> = (0..profile.sample_types.len())
            .map(|t| profile.value(i, t))
            .collect();
        let labels = profile.samples.labels(i).iter();
        let labels = labels.map(|l| (text(l.key), text(l.str), l.num, text(l.unit)));
        let mut labels: Vec<_> = labels.collect();
        // Texts before numbers, each by key: the order in which pprof writes them.
        labels.sort_by_key(|l| (l.1.is_empty(), l.0.clone()));
        out.push(format!(
            "sample {:?} {values:?} {labels:?}",
            profile.stacks.get(stack)
        ));
    }
    for l in &profile.locations {
        let lines = profile
            .lines_of(l)
            .iter()
            .map(|l| (l.function, l.line, l.column));
        let lines: Vec<_> = lines.collect();
        out.push(format!(
            "{} {:?} {:x} {lines:?} {}",
            l.id, l.mapping, l.address, l.is_folded
        ));
    }
    for f in &profile.functions {
        let names = [f.name, f.system_name, f.filename].map(text);
        out.push(format!("{} {names:?} {}", f.id, f.start_line));
    }
    for m in &profile.mappings {
        let names = [m.filename, m.build_id].map(text);
        out.push(format!(
            "{} {} {} {} {names:?} {:?}",
            m.id, m.start, m.limit, m.offset, m.has
        ));
    }
    let header = [
        profile.drop_frames,
        profile.keep_frames,
        profile.default_sample_type,
        profile.doc_url,
    ];
    let comments: Vec<String> = profile.comments.iter().map(|&c| text(c)).collect();
    out.push(format!(
        "{:?} {comments:?} {} {} {}",
        header.map(text),
        profile.time_nanos,
        profile.duration_nanos,
        profile.period
    ));
    out.join("\n")
}

/// A label's key and what it is worth: a text, or a number with a unit or without.
type Label = (u64, Result<u64, (u64, u64)>);

fn label() -> impl Strategy<Value = Label> {
    let number = (
        prop_oneof![1_u64..9, any::<u64>()].prop_filter("no number", |&n| n != 0),
        0_u64..4,
    );
    (
        1_u64..4,
        prop_oneof![(1_u64..4).prop_map(Ok), number.prop_map(Err)],
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        functions in 1_u64..6,
        locations in prop::collection::vec(prop::collection::vec(0_u64..6, 0..4), 1..6),
        samples in prop::collection::vec(
            (prop::collection::vec(0_usize..6, 0..6), any::<[u64; 3]>(), prop::collection::vec(label(), 0..4)),
            0..20,
        ),
        types in 1_usize..4,
        header in any::<[u64; 3]>(),
        comments in prop::collection::vec(0_u64..4, 0..5),
    ) {
        let names = ["samples", "cpu", "delay"];
        let mut encoder = Encoder::new(&names[..types]);
        for id in 1..=functions {
            // Two functions of one name: strings that occur twice in the file.
            encoder.function(id, &format!("f{}", id / 2));
        }
        for (id, lines) in (1..).zip(&locations) {
            encoder.location(id * 7, lines.iter().map(|f| f % functions + 1));
        }
        for (stack, values, labels) in &samples {
            let stack = stack.iter().map(|l| (*l % locations.len()) as u64 * 7 + 7);
            let labels = labels.iter().map(|(key, value)| match *value {
                Ok(text) => [(1, *key), (2, text), (3, 0), (4, 0)],
                Err((number, unit)) => [(1, *key), (2, 0), (3, number), (4, unit)],
            });
            encoder.sample_with(stack, values[..types].iter().copied(), labels);
        }
        encoder.message(3, &[(1, 3), (2, 0x1000), (3, 0x2000), (4, 5), (5, 1), (6, 2), (8, 1)]);
        for (field, value) in [(9, header[0]), (10, header[1]), (12, header[2]), (14, 2), (15, 3)] {
            encoder.number(field, value);
        }
        for comment in comments {
            encoder.number(13, comment);
        }
        encoder.message(11, &[(1, 2), (2, 1)]);
        let profile = read(&encoder.finish());
        let written = encode(&profile);
        let again = read(&gzip(&written).expect("compressed"));
        prop_assert_eq!(described(&again), described(&profile));
        prop_assert_eq!(encode(&again), written);
        prop_assert!(again.strings.len() <= profile.strings.len());
    }
}

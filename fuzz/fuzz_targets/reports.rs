//! Every report of `dropprof pprof` on a profile.proto, under options that its last bytes choose.
#![no_main]

use dropprof::analysis::{Granularity, Options, Pattern};
use dropprof::formats::{OpenOptions, open};
use dropprof::report::pprof::{
    Command, Format, MAX_OUTPUT, Outside, Report, prepare, print, topproto,
};
use libfuzzer_sys::fuzz_target;

/// Bytes that choose.
const CHOICES: usize = 8;

fn options(choices: &[u8]) -> Options {
    let bit = |i: usize| choices[i / 8] >> (i % 8) & 1 == 1;
    let text = |i: usize, text: &str| if bit(i) { text.to_owned() } else { String::new() };
    let pick = |byte: usize, texts: &[&str]| texts[choices[byte] as usize % texts.len()].to_owned();
    let granularities = [
        None,
        Some(Granularity::Functions),
        Some(Granularity::FileFunctions),
        Some(Granularity::Files),
        Some(Granularity::Lines),
        Some(Granularity::Addresses),
    ];
    Options {
        call_tree: bit(0),
        mean: bit(1),
        cum: bit(2),
        noinlines: bit(3),
        drop_negative: bit(4),
        showcolumns: bit(5),
        compact_labels: bit(6),
        relative_percentages: bit(7),
        focus: text(8, "a"),
        hide: text(9, "b"),
        show_from: text(10, "m"),
        tagfocus: text(11, "1:"),
        tagroot: text(12, "bytes"),
        tagleaf: text(13, "key"),
        trim: !bit(14),
        trim_path: text(15, "/a:/b/"),
        unit: pick(2, &["minimum", "auto", "ms", "kb", "x"]),
        divide_by: [1.0, 3.0, -1.0, 0.5][choices[3] as usize % 4],
        nodecount: [-1, 0, 1, 3, 10][choices[4] as usize % 5],
        nodefraction: [0.005, 0.0, 0.3, 1.0][choices[5] as usize % 4],
        edgefraction: [0.001, 0.0, 0.3, 1.0][choices[6] as usize % 4],
        granularity: granularities[choices[7] as usize % granularities.len()],
        source_path: text(40, "/src:lib"),
        ..Options::default()
    }
}

/// More than the longest input, whose texts a report takes whole.
const PIECE: usize = 32 << 20;

/// True for what is said of a report that passes a bound.
fn is_bound(why: &str) -> bool {
    why.contains("too long") || why.contains("more than")
}

fuzz_target!(|bytes: &[u8]| {
    let Some(choices) = bytes.last_chunk::<CHOICES>() else {
        return;
    };
    let options = options(choices);
    for opened in open("fuzz", bytes, OpenOptions::with_limit(1 << 20)) {
        let Ok(read) = opened.result else { continue };
        let types = read.profile.sample_types.len();
        if types == 0 {
            continue;
        }
        let sample_type = choices[0] as usize % types;
        for (name, report) in Report::NAMES {
            let command = Command {
                report,
                symbol: Pattern::new(".").ok().filter(|_| report.takes_symbol()),
                format: [Format::Text, Format::Csv, Format::Json][choices[1] as usize % 3],
            };
            let outside = Outside {
                clock: &|nanos| nanos.to_string(),
                instant: &|nanos| nanos.to_string(),
                source: &|path| (path.len() % 2 == 0).then(|| path.to_vec()),
                working_folder: "/src/app",
                sink: None,
            };
            let Ok(prepared) = prepare(&read.profile, sample_type, &command, &options) else {
                continue;
            };
            let printed = print(&prepared, &command, outside);
            let is_text = command.format == Format::Text && report != Report::TopProto;
            match &printed {
                // What follows the last piece that was looked at is short.
                Ok(text) => assert!(text.len() <= MAX_OUTPUT + PIECE, "{name}: {}", text.len()),
                Err(why) => assert!(
                    !is_text || report.takes_symbol() || is_bound(why),
                    "{name}: {why}"
                ),
            }
            if report == Report::TopProto {
                let table = topproto(&prepared).expect("a table becomes a profile");
                assert_eq!(dropprof::model::check::check(&table), Ok(()));
            }
        }
    }
});

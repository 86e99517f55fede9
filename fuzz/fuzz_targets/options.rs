//! Options, filters, ranges and expressions as somebody may type them, on a small profile with
//! labels, inlined calls and a base: whatever is accepted gives a report, and a diff.
#![no_main]

#[path = "../shared/small.rs"]
mod small;

use dropprof::analysis::merge::{MergeRules, compact, diff};
use dropprof::analysis::{Granularity, Options, Pattern};
use dropprof::formats::encode;
use dropprof::model::check::check;
use dropprof::report::pprof::{Command, Format, Outside, Report, prepare, print};
use libfuzzer_sys::fuzz_target;
use small::profile;

/// Options from lines of `name=value`, as far as they are understood.
fn options(text: &str) -> Options {
    let mut options = Options::default();
    for line in text.lines() {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        let text = value.to_owned();
        match name {
            "focus" | "f" => options.focus = text,
            "ignore" | "i" => options.ignore = text,
            "hide" | "h" => options.hide = text,
            "show" | "s" => options.show = text,
            "show_from" | "sf" => options.show_from = text,
            "prune_from" | "pf" => options.prune_from = text,
            "tagfocus" | "tf" => options.tagfocus = text,
            "tagignore" | "ti" => options.tagignore = text,
            "tagshow" | "ts" => options.tagshow = text,
            "taghide" | "th" => options.taghide = text,
            "tagroot" | "tr" => options.tagroot = text,
            "tagleaf" | "tl" => options.tagleaf = text,
            "unit" | "u" => options.unit = text,
            "nodecount" | "n" => options.nodecount = value.parse().unwrap_or(-1),
            "nodefraction" | "nf" => options.nodefraction = value.parse().unwrap_or(0.005),
            "edgefraction" | "ef" => options.edgefraction = value.parse().unwrap_or(0.001),
            "divide_by" | "d" => options.divide_by = value.parse().unwrap_or(1.0),
            "cum" => options.cum = true,
            "mean" => options.mean = true,
            "trim" => options.trim = false,
            "noinlines" => options.noinlines = true,
            "showcolumns" => options.showcolumns = true,
            "call_tree" => options.call_tree = true,
            "drop_negative" => options.drop_negative = true,
            "compact_labels" => options.compact_labels = true,
            "relative_percentages" => options.relative_percentages = true,
            "files" => options.granularity = Some(Granularity::Files),
            "lines" => options.granularity = Some(Granularity::Lines),
            "addresses" => options.granularity = Some(Granularity::Addresses),
            "filefunctions" => options.granularity = Some(Granularity::FileFunctions),
            _ => {}
        }
    }
    if options.divide_by == 0.0 {
        options.divide_by = 1.0;
    }
    options
}

fuzz_target!(|text: &str| {
    let options = options(text);
    let symbol = text.lines().next().unwrap_or_default();
    let symbol = Pattern::new(symbol).or_else(|error| {
        assert!(error.at <= symbol.len() && symbol.is_char_boundary(error.at));
        Pattern::new("main")
    });
    let outside = Outside {
        clock: &|nanos| nanos.to_string(),
        source: &|_| None,
        instant: &|nanos| nanos.to_string(),
        working_folder: "",
        sink: None,
    };
    for (_, report) in Report::NAMES {
        let command = Command {
            report,
            symbol: symbol.clone().ok(),
            format: Format::Text,
        };
        if let Ok(prepared) = prepare(profile(), 3, &command, &options) {
            check(&prepared.profile).expect("what the filters leave is a profile");
            let printed = print(&prepared, &command, outside);
            let _ = printed.map(|bytes| std::hint::black_box(bytes.len()));
            for rules in [MergeRules::EXACT, MergeRules::CORRECTED] {
                let left = compact(&prepared.profile, rules).expect("small");
                check(&left).expect("what is compact is a profile");
                let other = prepared.profile.clone();
                let less = diff(other, profile().clone(), true, options.mean, rules);
                let less = less.expect("the types are the same");
                encode(&less.profile);
            }
        }
    }
});

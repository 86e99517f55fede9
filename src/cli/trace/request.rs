//! What the command line asks for.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use dropprof::analysis::trace::Flags;
use dropprof::formats::OpenOptions;
use dropprof::report::gotrace::{GroupOrder, TraceOptions, TraceTable, WaitProfile};

use super::{FLAGS, help, order_names, table_names};
use crate::cli::flags::{self, Given};

/// A command line that makes sense.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) asked: Asked,
    /// Never none.
    pub(super) files: Vec<PathBuf>,
    pub(super) is_json: bool,
    pub(super) output: Option<PathBuf>,
    pub(super) open: OpenOptions,
}

/// What is to be made.
#[derive(Debug)]
pub(super) enum Asked {
    Tables(TraceOptions),
    Waits(Waits),
    Events,
    Footprint,
}

/// A profile of waits.
#[derive(Debug)]
pub(super) struct Waits {
    pub(super) which: WaitProfile,
    pub(super) is_corrected: bool,
    pub(super) group: Option<String>,
}

/// In place of the names of all tables.
const TABLES: &str = "tables";

/// Flags that only some of what can be asked for has, with the names of these.
const ONLY: [(&str, &[&str]); 9] = [
    ("json", &[TABLES, "-d=generations"]),
    ("system", &[TABLES]),
    ("group", &["goroutines", "waits", "latency", "pools"]),
    ("sort", &["summary", "goroutines", "pools"]),
    ("all", &["goroutines"]),
    ("flags", &["summary", "mmu"]),
    ("windows", &["summary", "mmu"]),
    ("goroutine", &["-pprof"]),
    ("corrected", &["-pprof"]),
];

impl Request {
    /// The error is a sentence.
    pub(super) fn new(arguments: &[OsString]) -> Result<Self, String> {
        let mut given = flags::parse(&FLAGS, arguments)?;
        let has_other = ["pprof", "d"]
            .iter()
            .any(|flag| !given.all(flag).is_empty());
        let word = given
            .files
            .first()
            .and_then(|word| TraceTable::named(word.to_str()?));
        if let Some(table) = word.filter(|_| !(has_other && given.files.len() == 1)) {
            let rest: Vec<OsString> = given.files[1..].iter().map(OsString::from).collect();
            given = given.and(flags::parse(&FLAGS, &rest)?);
            let asked = Self::asked(&given, Some(table))?;
            return Self::of(given, asked);
        }
        let asked = Self::asked(&given, None)?;
        if let ([first, _, ..], Asked::Tables(_)) = (&*given.files, &asked)
            && is_word(first)
        {
            let (first, names) = (first.display(), table_names());
            return Err(format!(
                "\"{first}\" is neither a table nor a file: {names}"
            ));
        }
        Self::of(given, asked)
    }

    fn of(given: Given, asked: Asked) -> Result<Self, String> {
        if given.files.is_empty() {
            return Err(format!("which file?\n{}", help()));
        }
        if given.files.iter().any(|file| file == Path::new("-")) {
            return Err("a trace is read from a file, not from standard input".to_owned());
        }
        Ok(Self {
            asked,
            is_json: given.is_set("json"),
            output: given.path("o"),
            open: OpenOptions::with_limit(given.number("limit", OpenOptions::default().limit)?),
            files: given.files,
        })
    }

    fn asked(given: &Given, table: Option<TraceTable>) -> Result<Asked, String> {
        let (pprof, dump) = (given.text("pprof")?, given.text("d")?);
        let is_given = |flag: &str| !given.all(flag).is_empty();
        let mut asked: Vec<String> = Vec::new();
        asked.extend(table.map(|table| table.name().to_owned()));
        asked.extend(is_given("pprof").then(|| "-pprof".to_owned()));
        asked.extend(is_given("d").then(|| format!("-d={dump}")));
        let name = match &*asked {
            [] => TraceTable::Summary.name().to_owned(),
            [one] => one.clone(),
            [one, other, ..] => return Err(format!("{one} and {other}: one at a time")),
        };
        let is_table = !name.starts_with('-');
        for (flag, has) in ONLY {
            let has_it = has.contains(&&*name) || is_table && has.contains(&TABLES);
            if is_given(flag) && !has_it {
                return Err(format!("-{flag} is for {}", has.join(", ")));
            }
        }
        if is_given("pprof") {
            let kinds = "net, sync, syscall or sched";
            let which = WaitProfile::named(&pprof);
            return Ok(Asked::Waits(Waits {
                which: which.ok_or_else(|| format!("-pprof must be {kinds}"))?,
                is_corrected: given.is_set("corrected"),
                group: is_given("goroutine")
                    .then(|| given.text("goroutine"))
                    .transpose()?,
            }));
        }
        let mut table = table.unwrap_or_default();
        match (is_given("d"), &*dump) {
            (false, _) => {}
            (true, "parsed") => return Ok(Asked::Events),
            (true, "footprint") => return Ok(Asked::Footprint),
            (true, "generations") => table = TraceTable::Generations,
            _ => return Err("-d must be parsed, footprint or generations".to_owned()),
        }
        let order = match is_given("sort") {
            true => {
                let wanted = given.text("sort")?;
                let names = || format!("\"{wanted}\" is no order: {}", order_names());
                GroupOrder::named(&wanted).ok_or_else(names)?
            }
            false => GroupOrder::default(),
        };
        let flags = match is_given("flags") {
            true => collector_flags(&given.text("flags")?)?,
            false => Flags::USUAL,
        };
        Ok(Asked::Tables(TraceOptions {
            table,
            shows_system: given.is_set("system"),
            group: is_given("group").then(|| given.text("group")).transpose()?,
            order,
            shows_all: given.is_set("all"),
            flags,
            windows: windows(&given.text("windows")?)?,
        }))
    }
}

/// True for what looks like the name of a table that there is not.
fn is_word(path: &Path) -> bool {
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphabetic());
    path.to_str().is_some_and(is_plain) && !path.exists()
}

/// What counts as the collector's: words between commas; none of them is a choice, too.
fn collector_flags(text: &str) -> Result<Flags, String> {
    let mut flags = Flags {
        stops: false,
        workers: false,
        assists: false,
        sweeps: false,
    };
    for word in text.split([',', '|']).filter(|word| !word.is_empty()) {
        match word {
            "stw" => flags.stops = true,
            "background" => flags.workers = true,
            "assist" => flags.assists = true,
            "sweep" => flags.sweeps = true,
            _ => {
                return Err(format!(
                    "\"{word}\" is no flag: stw, background, assist, sweep"
                ));
            }
        }
    }
    Ok(flags)
}

/// Durations between commas, in nanoseconds; the empty text has none.
fn windows(text: &str) -> Result<Vec<u64>, String> {
    let words = text.split(',').filter(|word| !word.is_empty());
    let read = |word: &str| {
        let wrong = || format!("\"{word}\" is no duration: 500us, 10ms, 1.5s");
        duration(word).filter(|&nanos| nanos > 0).ok_or_else(wrong)
    };
    words.map(read).collect()
}

/// A duration of one number and one unit.
fn duration(text: &str) -> Option<u64> {
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(at);
    let factor = match unit {
        "ns" => 1.0,
        "us" | "µs" | "μs" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        "m" => 60e9,
        _ => return None,
    };
    let nanos = number.parse::<f64>().ok()? * factor;
    (nanos < 1e18).then(|| nanos.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(words: &[&str]) -> Result<Request, String> {
        Request::new(&words.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn flags_may_stand_before_and_behind_the_table() {
        for words in [
            &["-sort=exec", "goroutines", "-json", "-all", "f", "g"][..],
            &["goroutines", "-json", "-all", "-sort", "exec", "f", "g"],
            &["-json", "-all", "-sort=exec", "goroutines", "f", "g"],
        ] {
            let request = asked(words).expect("valid");
            assert!(request.is_json);
            assert_eq!(request.files, [Path::new("f"), Path::new("g")]);
            let Asked::Tables(options) = request.asked else {
                panic!("tables");
            };
            assert_eq!(options.table, TraceTable::Goroutines);
            assert!(options.shows_all && options.order == GroupOrder::Exec);
        }
        // Without a name it is the summary, and a table's name may be a file's.
        for words in [&["f.trace"][..], &["summary", "gc"], &["./gc"]] {
            let Asked::Tables(options) = asked(words).expect("valid").asked else {
                panic!("tables");
            };
            assert_eq!(options.table, TraceTable::Summary);
        }
        assert!(matches!(
            asked(&["-d=parsed", "gc"]).expect("valid").asked,
            Asked::Events
        ));
    }

    #[test]
    fn what_makes_no_sense_is_told() {
        for (words, said) in [
            (&[][..], "which file?"),
            (&["gc"], "which file?"),
            (&["-"], "not from standard input"),
            (
                &["goroutine", "f"],
                "\"goroutine\" is neither a table nor a file",
            ),
            (
                &["-pprof=block", "f"],
                "-pprof must be net, sync, syscall or sched",
            ),
            (&["-d=wire", "f"], "-d must be parsed"),
            (&["-d=parsed", "-pprof=net", "f"], "one at a time"),
            (&["gc", "-pprof=net", "f"], "gc and -pprof: one at a time"),
            (&["gc", "-all", "f"], "-all is for goroutines"),
            (&["-goroutine=x", "f"], "-goroutine is for -pprof"),
            (
                &["-pprof=net", "-json", "f"],
                "-json is for tables, -d=generations",
            ),
            (&["goroutines", "-sort=age", "f"], "\"age\" is no order"),
            (&["mmu", "-flags=gc", "f"], "\"gc\" is no flag"),
            (&["mmu", "-windows=5", "f"], "\"5\" is no duration"),
            (&["mmu", "-windows=0s", "f"], "\"0s\" is no duration"),
            (&["-nope", "f"], "flag provided but not defined: -nope"),
            (
                &["gc", "-nope", "f"],
                "flag provided but not defined: -nope",
            ),
        ] {
            let told = asked(words).expect_err("no sense");
            assert!(told.contains(said), "{words:?}: {told}");
        }
    }

    #[test]
    fn windows_are_go_s_durations() {
        let all = windows("100us,1ms,1.5s,2m,7ns,3µs").expect("durations");
        assert_eq!(
            all,
            [100_000, 1_000_000, 1_500_000_000, 120_000_000_000, 7, 3000]
        );
        assert_eq!(windows(""), Ok(Vec::new()));
    }
}

//! `dropprof pprof`: what go tool pprof prints, under its flags.

mod options;
mod output;
mod sources;
mod table;

use std::ffi::OsString;

use dropprof::analysis::{Filters, Pattern};
use dropprof::model::Profile;
use dropprof::report::pprof::{Command, Outside, prepare, print};

use super::{Failure, Outcome, complain, flags};
use jiff::tz::TimeZone;
use options::Request;
use table::{Entry, Kind};

pub(crate) fn help() -> String {
    let mut help = "\
usage: dropprof pprof -REPORT [flags] [BINARY] FILE…

Prints what go tool pprof -symbolize=none prints of the same files. Several files are summed.
Expressions are Go's; they match anywhere in a name.
"
    .to_owned();
    for (title, flags) in table::groups() {
        help.push_str(&format!("\n{title}:\n{}", flags::help(&flags)));
    }
    help
}

pub(crate) fn run(arguments: &[OsString]) -> Result<Outcome, Failure> {
    let is_binary = |path: &std::path::PathBuf| sources::is_binary(path);
    let request = options::parse(arguments, is_binary).map_err(Failure::Usage)?;
    if request.entry.kind == Kind::Viewer {
        return Err(Failure::Usage(elsewhere(request.entry)));
    }
    written(&request)
        .map(Outcome::Output)
        .map_err(Failure::LikePprof)
}

/// What pprof would open another program for.
fn elsewhere(entry: &Entry) -> String {
    match entry.name {
        "kcachegrind" => {
            "-kcachegrind starts a viewer; write a file for it with -callgrind".to_owned()
        }
        "disasm" | "weblist" => {
            format!(
                "-{} needs the program's code; dropprof's page has the sources",
                entry.name
            )
        }
        name => format!("-{name} starts a viewer; open the file in dropprof's page instead"),
    }
}

fn written(request: &Request) -> Result<Vec<u8>, String> {
    for remark in &request.remarks {
        complain(remark);
    }
    let profile = sources::load(request)?;
    let options = &request.options;
    if options.relative_percentages {
        // Then pprof looks at filters first.
        Filters::new(options, &profile).map_err(|error| error.to_string())?;
    }
    let sample_type = sample_type(&profile, &options.sample_index)?;
    if options.divide_by == 0.0 {
        return Err("zero divisor specified".to_owned());
    }
    let symbol = match request.symbol.as_str() {
        "" => None,
        text => {
            let failed = |error| format!("parsing argument regexp {text}: {error}");
            Some(Pattern::new(text).map_err(failed)?)
        }
    };
    let report = table::report(request.entry).ok_or_else(|| elsewhere(request.entry))?;
    let command = Command {
        report,
        symbol,
        format: request.format,
    };
    let prepared = prepare(&profile, sample_type, &command, options)?;
    for remark in &prepared.remarks {
        complain(remark);
    }
    let pipe = output::Pipe::to(request.entry.kind, request.output.as_deref());
    let sink = |piece: &[u8]| pipe.write(piece);
    let outside = Outside {
        clock: &local_time,
        instant: &local_instant,
        source: &read_source,
        working_folder: &working_folder(),
        sink: pipe.streams().then_some(&sink),
    };
    let text = match print(&prepared, &command, outside) {
        // Whoever read it has seen enough.
        Err(_) if pipe.is_closed() => return Ok(Vec::new()),
        text => text?,
    };
    output::deliver(text, request.entry.kind, &pipe)
}

/// The sample type asked for: by number, by name, or the one that the profile shows first.
fn sample_type(profile: &Profile, wanted: &str) -> Result<usize, String> {
    if wanted.is_empty() {
        return Ok(profile.default_type());
    }
    let types = profile.sample_types.len();
    // Like Go's Atoi: a sign, and digits without prefix.
    let digits = wanted.strip_prefix(['+', '-']).unwrap_or(wanted);
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if let Some(number) = wanted.parse::<i64>().ok().filter(|_| is_number) {
        let index = usize::try_from(number).ok().filter(|&index| index < types);
        return index.ok_or_else(|| {
            format!(
                "sample_index {wanted} is outside the range [0..{}]",
                types - 1
            )
        });
    }
    let bare = wanted.strip_prefix("inuse_").unwrap_or(wanted);
    let name = |t: usize| profile.strings.bytes(profile.sample_types[t].kind);
    let is_wanted = |&t: &usize| [wanted, bare].iter().any(|text| name(t) == text.as_bytes());
    (0..types).find(is_wanted).ok_or_else(|| {
        let names: Vec<String> = (0..types).map(|t| profile.type_name(t)).collect();
        format!(
            "sample_index {wanted:?} must be one of: [{}]",
            names.join(" ")
        )
    })
}

/// pprof prints the time a profile was taken in the zone of who looks at it.
fn local_time(nanos: i64) -> String {
    let time = jiff::Timestamp::from_nanosecond(i128::from(nanos)).unwrap_or_default();
    let zoned = time.to_zoned(local_zone());
    zoned.strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
}

/// The zone as Go finds it: TZ names a zone or a file; rules written out in it count as UTC.
fn local_zone() -> TimeZone {
    let Some(name) = std::env::var_os("TZ") else {
        return TimeZone::system();
    };
    let name = name.to_string_lossy();
    let name = name.strip_prefix(':').unwrap_or(&name);
    if name.starts_with('/') {
        let file = std::fs::read(name).ok();
        let zone = file.and_then(|bytes| TimeZone::tzif(name, &bytes).ok());
        return zone.unwrap_or(TimeZone::UTC);
    }
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The same as Go prints a time: with a fraction if there is one, and both forms of the zone.
fn local_instant(nanos: i64) -> String {
    let time = jiff::Timestamp::from_nanosecond(i128::from(nanos)).unwrap_or_default();
    let zoned = time.to_zoned(local_zone());
    zoned.strftime("%Y-%m-%d %H:%M:%S%.f %z %Z").to_string()
}

/// Largest source file that is read.
const MAX_SOURCE: u64 = 64 << 20;

fn read_source(path: &[u8]) -> Option<Vec<u8>> {
    let path = std::str::from_utf8(path).ok()?;
    let about = std::fs::metadata(path).ok()?;
    if about.is_dir() {
        // pprof opens it, and finds no line in it.
        return Some(Vec::new());
    }
    if !about.is_file() || about.len() > MAX_SOURCE {
        return None;
    }
    std::fs::read(path).ok()
}

fn working_folder() -> String {
    let folder = std::env::current_dir().unwrap_or_default();
    folder.to_string_lossy().into_owned()
}

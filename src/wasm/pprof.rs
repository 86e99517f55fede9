//! pprof's reports for the page to save.

use std::ops::Range;

use super::dto::{PprofRequest, Query};
use super::filtered;
use super::workspace::Workspace;
use crate::analysis::{Options, Pattern, TagNames, apply_steps};
use crate::model::Profile;
use crate::report::pprof::{
    Command, Format, Outside, Prepared, Report, prepare, prepare_with, print,
};
use crate::unit;

impl Workspace {
    /// A report as `go tool pprof` writes it under the query's options; times are in UTC. The
    /// error is a sentence.
    pub fn pprof(&mut self, query: &Query, request: &PprofRequest) -> Result<Vec<u8>, String> {
        let report = Report::NAMES
            .iter()
            .find(|(name, _)| *name == request.report)
            .ok_or_else(|| format!("there is no report {}", request.report))?;
        let symbol = match request.symbol.as_str() {
            "" => None,
            text => Some(Pattern::new(text).map_err(|error| error.to_string())?),
        };
        let command = Command {
            report: report.1,
            symbol,
            format: format(&request.format),
        };
        self.printed(query, &command, options(query, request))
    }

    /// A report under options of its own.
    pub(super) fn printed(
        &self,
        query: &Query,
        command: &Command,
        options: Options,
    ) -> Result<Vec<u8>, String> {
        let prepared = self.prepared(query, command, options)?;
        let outside = Outside {
            clock: &clock,
            instant: &instant,
            source: &|_| None,
            working_folder: "",
            sink: None,
        };
        print(&prepared, command, outside)
    }

    /// The file as the query's steps leave it, under these options.
    fn prepared(
        &self,
        query: &Query,
        command: &Command,
        mut options: Options,
    ) -> Result<Prepared, String> {
        let loaded = self.loaded_with_type(query)?;
        let sample_type = query.sample as usize;
        // Steps that pprof can do itself stand in its headings.
        if filtered::as_pprof(query, &mut options) {
            return prepare(&loaded.profile, sample_type, command, &options);
        }
        let steps = filtered::steps(query).map_err(|at| filtered::unknown_step(query, at))?;
        let classes = loaded.classes_of(&query.main);
        let filter = |profile: &mut Profile, options: &Options| {
            // Steps name frames of labels as the page shows them; the report does as pprof's.
            let names = TagNames::KeyValues;
            let applied = apply_steps(profile, &steps, &options.unit, names, &classes);
            let applied = applied.map_err(|error| error.error.to_string())?;
            name_by_values(profile, applied.label_functions)?;
            Ok(applied.remarks)
        };
        prepare_with(
            &loaded.profile,
            sample_type,
            command,
            &options,
            false,
            filter,
        )
    }
}

/// Names the functions that labels became by their values alone: `key:value` becomes `value`, and
/// what says that there is none becomes nothing.
fn name_by_values(profile: &mut Profile, functions: Range<usize>) -> Result<(), String> {
    for row in functions {
        let function = profile.functions[row];
        let key = profile.strings.bytes(function.filename);
        let name = profile.strings.bytes(function.name);
        let value = name
            .strip_prefix(key)
            .and_then(|rest| rest.strip_prefix(b":"));
        let value = value.unwrap_or_default().to_vec();
        let name = profile.strings.push(&value);
        profile.functions[row].name = name.ok_or("the names of labels are too many")?;
    }
    Ok(())
}

fn format(name: &str) -> Format {
    match name {
        "csv" => Format::Csv,
        "json" => Format::Json,
        _ => Format::Text,
    }
}

fn options(query: &Query, request: &PprofRequest) -> Options {
    let mut options = filtered::options(query);
    options.cum = request.cum;
    options.call_tree = request.call_tree;
    options.trim = request.trim;
    if query.nodefraction > 0.0 || query.nodecount > 0 {
        // What the table leaves out is also left out here, and nothing else.
        options.nodefraction = query.nodefraction;
        options.nodecount = i64::from(query.nodecount);
    }
    options
}

/// `2006-01-02 15:04:05 UTC`.
fn clock(nanos: i64) -> String {
    let time = unit::utc(nanos);
    let (day, hour) = time.split_once('T').unwrap_or((&time, ""));
    format!("{day} {} UTC", hour.trim_end_matches('Z'))
}

/// The same as Go prints a time: `2006-01-02 15:04:05.5 +0000 UTC`, with a fraction if there is one.
fn instant(nanos: i64) -> String {
    let clock = clock(nanos);
    let fraction = format!(".{:09}", nanos.rem_euclid(1_000_000_000));
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    format!("{}{fraction} +0000 UTC", clock.trim_end_matches(" UTC"))
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn an_instant_is_written_as_go_does() {
        // time.Unix(1, 500000000).UTC().String(), and the same of (2, 0) and (-1, 1).
        assert_eq!(instant(1_500_000_000), "1970-01-01 00:00:01.5 +0000 UTC");
        assert_eq!(instant(2_000_000_000), "1970-01-01 00:00:02 +0000 UTC");
        assert_eq!(
            instant(-999_999_999),
            "1969-12-31 23:59:59.000000001 +0000 UTC"
        );
    }
}

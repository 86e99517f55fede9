//! pprof's reports for the page to save.

use super::dto::{PprofRequest, Query};
use super::filtered;
use super::workspace::Workspace;
use crate::analysis::{Options, Pattern};
use crate::report::pprof::{Command, Format, Outside, Report, prepare, print};
use crate::unit;

impl Workspace {
    /// A report as `go tool pprof` writes it under the query's options; times are in UTC. The
    /// error is a sentence.
    pub fn pprof(&mut self, query: &Query, request: &PprofRequest) -> Result<Vec<u8>, String> {
        let loaded = self.loaded(query.file)?;
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
        let options = options(query, request);
        let sample_type = query.sample as usize;
        let prepared = prepare(&loaded.profile, sample_type, &command, &options)?;
        let outside = Outside {
            clock: &clock,
            instant: &|nanos| format!("{} +0000 UTC", clock(nanos).trim_end_matches(" UTC")),
            source: &|_| None,
            working_folder: "",
            sink: None,
        };
        print(&prepared, &command, outside)
    }
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

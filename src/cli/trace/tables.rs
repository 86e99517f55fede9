//! Tables of what traces say.

use dropprof::analysis::trace::{full_report_sink, report_sink};
use dropprof::report::gotrace::{TraceOptions, trace_json, trace_text};
use serde_json::{Value, json};

use super::deliver;
use super::input::{Trace, traces};
use super::request::Request;
use crate::cli::{Failure, Outcome, complain};

pub(super) fn run(request: &Request, options: &TraceOptions) -> Result<Outcome, Failure> {
    let sink = match options.shows_all {
        true => full_report_sink,
        false => report_sink,
    };
    let open = request.open.with_trace(sink);
    let (mut text, mut values) = (String::new(), Vec::new());
    let (mut has_failed, mut has_group) = (false, options.group.is_none());
    for path in &request.files {
        for trace in traces(path, open) {
            let Trace { name, profile, .. } = match trace {
                Ok(trace) => trace,
                Err(message) => {
                    complain(&message);
                    has_failed = true;
                    if request.is_json {
                        values.push(json!({ "name": path.to_string_lossy(), "error": message }));
                    }
                    continue;
                }
            };
            if let Some(group) = &options.group {
                has_group |= super::profile::group(&profile, group).is_some();
            }
            if request.is_json {
                values.push(trace_json(&name, &profile, options));
            } else {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(&trace_text(&name, &profile, options));
            }
        }
    }
    if let Some(group) = options.group.as_ref().filter(|_| !has_group && !has_failed) {
        return Err(Failure::Failed(format!("no goroutine began with {group}")));
    }
    let made = match request.is_json {
        true => format!("{:#}\n", Value::Array(values)),
        false => text,
    };
    deliver(request, made.into_bytes(), has_failed)
}

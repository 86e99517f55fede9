//! Profiles of waits.

use std::io::IsTerminal;

use dropprof::analysis::merge::{MergeRules, merge};
use dropprof::analysis::trace::report_sink;
use dropprof::formats::{encode, gzip};
use dropprof::model::Profile;
use dropprof::report::gotrace::{wait_profile, wait_profile_of};

use super::deliver;
use super::input::traces;
use super::request::{Request, Waits};
use crate::cli::{Failure, Outcome, complain};

pub(super) fn run(request: &Request, waits: &Waits) -> Result<Outcome, Failure> {
    if request.output.is_none() && std::io::stdout().is_terminal() {
        let why = "the profile is not for a terminal: name a file with -o, or redirect it";
        return Err(Failure::Usage(why.to_owned()));
    }
    let open = request.open.with_trace(report_sink);
    let mut made = Vec::new();
    let mut has_failed = false;
    for path in &request.files {
        for trace in traces(path, open) {
            let trace = match trace {
                Ok(trace) => trace,
                Err(message) => {
                    complain(&message);
                    has_failed = true;
                    continue;
                }
            };
            trace.complain();
            let failed = |error| Failure::Failed(format!("{}: {error}", trace.name));
            made.extend(waits_of(&trace.profile, waits).map_err(failed)?);
        }
    }
    let only = match made.len() {
        0 if has_failed => return Ok(Outcome::Partial(Vec::new())),
        0 => {
            let group = waits.group.as_deref().unwrap_or_default();
            return Err(Failure::Failed(format!("no goroutine began with {group}")));
        }
        1 => made.pop().unwrap_or_default(),
        // As go tool pprof would merge them.
        _ => {
            merge(made, MergeRules::CORRECTED)
                .map_err(Failure::Failed)?
                .profile
        }
    };
    let packed = gzip(&encode(&only)).map_err(|error| Failure::Failed(error.to_string()))?;
    deliver(request, packed, has_failed)
}

/// The waits that are asked for; `None` where no goroutine is of the group.
fn waits_of(profile: &Profile, waits: &Waits) -> dropprof::error::Result<Option<Profile>> {
    let Some(report) = profile.trace.as_deref() else {
        return Ok(None);
    };
    let (which, is_corrected) = (waits.which, waits.is_corrected);
    match &waits.group {
        None => wait_profile(profile, report, which, is_corrected).map(Some),
        Some(name) => group(profile, name)
            .map(|group| wait_profile_of(profile, report, which, is_corrected, group))
            .transpose(),
    }
}

/// The row of the group with this name.
pub(super) fn group(profile: &Profile, name: &str) -> Option<u32> {
    let groups = &profile.trace.as_deref()?.groups;
    let at = groups
        .iter()
        .position(|group| profile.strings.text(group.name) == name)?;
    u32::try_from(at).ok()
}

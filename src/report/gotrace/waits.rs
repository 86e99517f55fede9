//! Profiles of waits, as `go tool trace -pprof` writes them.

use std::collections::BTreeMap;

use crate::analysis::trace::is_sync;
use crate::error::Result;
use crate::model::trace::{TraceReport, WaitKind, WaitSite};
use crate::model::{Function, Line, LocationId, Profile, ProfileBuilder, StackId};

/// Which waits a profile is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitProfile {
    /// For the network.
    Net,
    /// For channels, locks and select.
    Sync,
    /// In calls of the system.
    Syscall,
    /// To be run.
    Sched,
}

impl WaitProfile {
    /// By the name that `go tool trace` gives it.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "net" => Self::Net,
            "sync" => Self::Sync,
            "syscall" => Self::Syscall,
            "sched" => Self::Sched,
            _ => return None,
        })
    }

    fn has(self, site: &WaitSite, reason: &str) -> bool {
        match (self, site.kind) {
            (Self::Net, WaitKind::Blocked) => reason == "network",
            (Self::Sync, WaitKind::Blocked) => is_sync(reason),
            (Self::Syscall, WaitKind::Syscall) | (Self::Sched, WaitKind::Sched(_)) => true,
            _ => false,
        }
    }
}

/// The waits as a profile of its own, with a sample for each stack.
///
/// `go tool trace` counts a wait from when the trace tells it and only if it has ended, and none
/// from before a goroutine first ran: among those that wait to be run, that leaves out all that
/// were just created. With `is_corrected` all of these count.
pub fn wait_profile(
    profile: &Profile,
    report: &TraceReport,
    which: WaitProfile,
    is_corrected: bool,
) -> Result<Profile> {
    of_sites(profile, report, which, is_corrected, |_| true)
}

/// The same of the waits of one group of goroutines only, a row of [`TraceReport::groups`].
pub fn wait_profile_of(
    profile: &Profile,
    report: &TraceReport,
    which: WaitProfile,
    is_corrected: bool,
    group: u32,
) -> Result<Profile> {
    of_sites(profile, report, which, is_corrected, |site| {
        site.group == group
    })
}

fn of_sites(
    profile: &Profile,
    report: &TraceReport,
    which: WaitProfile,
    is_corrected: bool,
    is_wanted: impl Fn(&WaitSite) -> bool,
) -> Result<Profile> {
    let mut sums: BTreeMap<&[LocationId], (u64, u64)> = BTreeMap::new();
    for site in report.sites.iter().filter(|&site| is_wanted(site)) {
        if !which.has(site, &profile.strings.text(site.reason)) {
            continue;
        }
        let (count, time) = match is_corrected {
            true => site.all(),
            false => (site.count - site.early.0, site.total - site.early.1),
        };
        let sum = sums.entry(called(profile, site.stack)).or_default();
        sum.0 += count;
        sum.1 += time;
    }
    let mut builder = ProfileBuilder::new();
    builder.sample_type(b"contentions", b"count")?;
    builder.sample_type(b"delay", b"nanoseconds")?;
    let period = builder.value_type(b"trace", b"count")?;
    builder.profile().period_type = Some(period);
    builder.profile().period = 1;
    for (frames, (count, time)) in sums {
        if count == 0 {
            continue;
        }
        let mut locations = Vec::new();
        for &location in frames {
            let location = &profile.locations[location.index()];
            let mut lines = Vec::new();
            for line in profile.lines_of(location) {
                let function = &profile.functions[line.function.index()];
                let mut text = |id| builder.string(profile.strings.bytes(id));
                let name = text(function.name)?;
                let function = Function {
                    id: 0,
                    name,
                    system_name: name,
                    filename: text(function.filename)?,
                    start_line: 0,
                };
                let function = builder.function(function)?;
                lines.push(Line { function, ..*line });
            }
            locations.push(builder.location(None, location.address, false, &lines)?);
        }
        let stack = builder.stack(&locations)?;
        let values = [count, time].map(|value| i64::try_from(value).unwrap_or(i64::MAX));
        builder.sample(stack, &values, &[])?;
    }
    Ok(builder.finish())
}

/// The frames of a stack without those at its end that have no address: Go tells stacks apart by
/// their addresses, and these are as good as none. Threads of C begin with one.
fn called(profile: &Profile, stack: StackId) -> &[LocationId] {
    let frames = profile.stacks.get(stack);
    let has_address = |id: &LocationId| profile.locations[id.index()].address != 0;
    let end = frames.iter().rposition(has_address).map_or(0, |at| at + 1);
    &frames[..end]
}

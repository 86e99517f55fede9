//! T: what an execution trace tells. Nothing is sampled, so a severity rests on the value itself;
//! confidence is how often a thing was seen, as a trace is of one moment.
//!
//! The runtime's own goroutines and those that trace and profile are never blamed.

mod collector;
mod lifetimes;
mod pools;
mod scheduler;
mod stops;
#[cfg(test)]
mod tests;
mod waits;

use super::super::answers::Check;
use super::super::case::{Case, Where};
use super::super::finding::{Evidence, Finding, Metric, Site, counted};
use super::super::pattern::{Patterns, exactly};
use super::super::rule::{Confidence, Rule, Severity};
use crate::analysis::trace::{PoolFacts, Totals, is_programs, pools as find_pools, totals};
use crate::analysis::{Class, unescape};
use crate::model::trace::{Group, TraceReport, WaitKind, WaitSite};
use crate::model::{FunctionId, StackId, StringId};
use crate::unit::{self, traced as time};

/// Nanoseconds below which nothing is said at all: what is in there is the beginning of tracing.
const LEAST: u64 = 20_000_000;
/// Nanoseconds below which rates are those of a moment.
const SHORT: u64 = 1_000_000_000;
/// Findings of one rule in one trace.
const EACH: usize = 3;
/// Places of a finding, and frames of its stack.
const PLACES: usize = 3;
const FRAMES: usize = 24;

/// Waits for the outside by design: for the next connection, for whatever a peer may send, for
/// signals.
const SERVING: &str = "net/http.(*Server).{Serve,ListenAndServe} \
    net/http.(*connReader).* net/http.(*persistConn).{readLoop,writeLoop} \
    net/http.(*http2clientConnReadLoop).* golang.org/x/net/http2.(*clientConnReadLoop).* \
    google.golang.org/grpc/internal/transport.(*http2Client).* \
    google.golang.org/grpc.(*Server).Serve \
    net.(*TCPListener).Accept* net.(*UnixListener).Accept* internal/poll.(*FD).Accept \
    os/signal.loop os/signal.signal_recv os/signal.Notify* database/sql.(*DB).connectionOpener \
    context.(*cancelCtx).propagateCancel*";
/// Where a server or a test stands between two calls of the program's own code.
const HOSTING: &str = "net/http.(*conn).serve* net/http.(*http2serverConn).* \
    golang.org/x/net/http2.(*serverConn).* google.golang.org/grpc/internal/transport.(*http2Server).* \
    testing.*";

/// A trace under examination.
struct Traced<'c, 'a> {
    case: &'c Case<'a>,
    report: &'c TraceReport,
    totals: Totals,
    pools: Vec<PoolFacts>,
    serving: Vec<bool>,
    hosting: Vec<bool>,
}

pub(super) fn look(case: &Case<'_>, out: &mut Vec<Finding>) {
    let Some(traced) = Traced::new(case) else {
        return;
    };
    let mut found = Vec::new();
    collector::look(&traced, &mut found);
    pools::look(&traced, &mut found);
    waits::look(&traced, &mut found);
    lifetimes::look(&traced, &mut found);
    scheduler::look(&traced, &mut found);
    for finding in &mut found {
        finding.limits.extend(traced.limits());
    }
    out.extend(found);
}

/// Questions that the trace answers with no, as far as none of `fired` answers them with yes.
pub(in super::super) fn checked(case: &Case<'_>, fired: &[&str], out: &mut Vec<Check>) {
    let Some(traced) = Traced::new(case) else {
        return;
    };
    let answers = collector::answers(&traced)
        .into_iter()
        .chain(waits::answers(&traced))
        .chain(lifetimes::answers(&traced))
        .chain(scheduler::answers(&traced));
    for answer in answers.filter(|answer| !answer.rules.iter().any(|rule| fired.contains(rule))) {
        out.push(Check {
            rule: answer.rules[0],
            question: answer.question,
            file: case.file.name.to_owned(),
            value: answer.value,
            threshold: answer.threshold.to_owned(),
        });
    }
}

/// What a trace says to a question where nothing was found.
struct Answer {
    /// The rules that ask, the first of them in the name of all.
    rules: &'static [&'static str],
    question: &'static str,
    value: String,
    threshold: &'static str,
}

/// A line to blame, with its part.
#[derive(Clone)]
struct Spot {
    place: Where,
    nanos: u64,
    count: u64,
    /// Of the finding's whole, 0 to 1.
    share: f64,
}

/// What a finding of a trace stands on.
struct Seen {
    metric: Metric,
    /// Observations, of how many, and what one is called.
    samples: u64,
    of_samples: u64,
    noun: &'static str,
    spots: Vec<Spot>,
    /// Rows of groups that it is about.
    groups: Vec<u32>,
    /// The heaviest stack; row 0 for none.
    stack: StackId,
    notes: Vec<String>,
}

impl<'c, 'a> Traced<'c, 'a> {
    fn new(case: &'c Case<'a>) -> Option<Self> {
        let report = case.profile.trace.as_deref()?;
        let totals = totals(case.profile, report);
        if totals.duration < LEAST {
            return None;
        }
        let mut traced = Self {
            case,
            report,
            totals,
            pools: find_pools(case.profile, report, &totals, case.file.classes),
            serving: Vec::new(),
            hosting: Vec::new(),
        };
        traced.serving = traced.marks(SERVING);
        traced.hosting = traced.marks(HOSTING);
        Some(traced)
    }

    fn bytes(&self, id: StringId) -> &'a [u8] {
        self.case.profile.strings.bytes(id)
    }

    /// The program's groups, with their rows.
    fn groups(&self) -> impl Iterator<Item = (u32, &'c Group)> + use<'c, 'a, '_> {
        let profile = self.case.profile;
        let groups = (0_u32..).zip(&self.report.groups);
        groups.filter(move |(_, group)| is_programs(profile, group))
    }

    fn group(&self, row: u32) -> Option<&'c Group> {
        self.report.groups.get(row as usize)
    }

    fn is_own(&self, row: u32) -> bool {
        let group = self.group(row);
        group.is_some_and(|group| is_programs(self.case.profile, group))
    }

    /// A group's name as it is shown; what woke somebody and is none is the outside.
    fn name(&self, row: u32) -> String {
        match self.group(row) {
            Some(group) => {
                let name = unescape(self.bytes(group.name)).into_owned();
                crate::analysis::short_symbol(&name).to_owned()
            }
            None => "timers and the network".to_owned(),
        }
    }

    /// Waits of the program's groups.
    fn sites(&self) -> impl Iterator<Item = &'c WaitSite> + use<'c, 'a, '_> {
        let sites = self.report.sites.iter();
        sites.filter(|site| self.is_own(site.group))
    }

    /// Waits of one group.
    fn sites_of(&self, group: u32) -> impl Iterator<Item = &'c WaitSite> + use<'c, 'a> {
        self.report
            .sites
            .iter()
            .filter(move |site| site.group == group)
    }

    fn reason(&self, site: &WaitSite) -> &'a [u8] {
        self.bytes(site.reason)
    }

    /// Some frame of a stack has a mark.
    fn has(&self, stack: StackId, marks: &[bool]) -> bool {
        self.case
            .frames(stack.index())
            .any(|line| marks[line.function.index()])
    }

    /// Code of the program or of a library it chose is on a stack.
    fn is_own_code(&self, stack: StackId) -> bool {
        let is_own = |class| matches!(class, Class::Main | Class::ThirdParty);
        let mut lines = self.case.frames(stack.index());
        lines.any(|line| is_own(self.case.file.classes.of(line.function)))
    }

    /// Such code is on some stack of a group: a server runs the program's handlers.
    fn has_own(&self, group: u32) -> bool {
        self.sites_of(group)
            .any(|site| !matches!(site.kind, WaitKind::Sched(_)) && self.is_own_code(site.stack))
    }

    /// Somebody serves there, or hosts and waits for its turn: that is what it is for.
    fn is_served(&self, stack: StackId) -> bool {
        let hosts = self.has(stack, &self.hosting) && !self.is_own_code(stack);
        hosts || self.has(stack, &self.serving)
    }

    /// A group that the standard library started for itself: nobody can change what it does.
    fn is_library(&self, group: u32) -> bool {
        let root = self
            .root(group)
            .map(|(function, _)| self.case.file.classes.of(function));
        root == Some(Class::Std)
    }

    /// Which functions a list of patterns matches.
    fn marks(&self, list: &str) -> Vec<bool> {
        let patterns = Patterns::new(list);
        let functions = 0..self.case.profile.functions.len() as u32;
        functions
            .map(|row| patterns.matches(self.case.name_of(FunctionId(row))))
            .collect()
    }

    /// The line to blame for a stack: the nearest own one.
    fn blamed(&self, stack: StackId) -> Option<Where> {
        self.case.blamed(stack.index())
    }

    /// Where a group begins: the function, and the line in it on its heaviest wait.
    fn root(&self, group: u32) -> Option<Where> {
        let name = self.group(group)?.name;
        let functions = &self.case.profile.functions;
        let is_named = |function: FunctionId| functions[function.index()].name == name;
        let mut roots = self.sites_of(group).filter_map(|site| {
            let line = self.case.frames(site.stack.index()).next_back()?;
            is_named(line.function).then_some((line.function, line.line))
        });
        let anywhere = || {
            let row = functions
                .iter()
                .position(|function| function.name == name)?;
            Some((FunctionId(row as u32), 0))
        };
        roots.next().or_else(anywhere)
    }

    /// Where the group's goroutines were started, the most of them first.
    fn created_at(&self, group: u32) -> Option<(Where, StackId)> {
        use crate::model::trace::Cause;
        let created = self
            .sites_of(group)
            .filter(|s| s.kind == WaitKind::Sched(Cause::Created));
        let most = created.max_by_key(|site| (site.count, std::cmp::Reverse(site.stack)))?;
        Some((self.blamed(most.stack)?, most.stack))
    }

    /// A group's place as a spot without a part of its own.
    fn root_spot(&self, group: u32, nanos: u64, count: u64, share: f64) -> Option<Spot> {
        let place = self.root(group)?;
        Some(Spot {
            place,
            nanos,
            count,
            share,
        })
    }

    fn evidence(&self, seen: Seen) -> Evidence {
        let case = self.case;
        let mut spots: Vec<Spot> = Vec::new();
        for spot in seen.spots {
            if !spots.iter().any(|known| known.place == spot.place) && spots.len() < PLACES {
                spots.push(spot);
            }
        }
        let mut functions: Vec<Vec<u8>> = Vec::new();
        let of_groups = seen
            .groups
            .iter()
            .filter_map(|&row| Some(self.bytes(self.group(row)?.name)));
        let of_spots = spots.iter().map(|spot| case.name_of(spot.place.0));
        for name in of_spots.chain(of_groups) {
            if !name.is_empty() && !functions.iter().any(|known| known == name) {
                functions.push(name.to_vec());
            }
        }
        let focus = spots
            .first()
            .map_or_else(String::new, |s| exactly(case.name_of(s.place.0)));
        let frames = match seen.stack {
            StackId(0) => Vec::new(),
            stack => self.stack(stack),
        };
        Evidence {
            sample_type: String::new(),
            of_samples: seen.of_samples,
            noun: seen.noun,
            places: spots.iter().map(|spot| self.site(spot)).collect(),
            stack: frames,
            focus,
            notes: seen.notes,
            go: format!(
                "Go 1.{} or later, by the format of the trace",
                self.report.facts.version
            ),
            functions,
            ..counted(case, seen.metric, seen.samples)
        }
    }

    fn site(&self, spot: &Spot) -> Site {
        let (function, line) = spot.place;
        let mut value = Vec::new();
        if spot.nanos > 0 {
            value.push(time(spot.nanos));
        }
        if spot.count > 0 {
            value.push(format!("{}×", unit::count(spot.count)));
        }
        Site {
            function: super::super::finding::name(self.case, function),
            file: String::from_utf8_lossy(&self.case.file_of(function)).into_owned(),
            line,
            value: value.join(", "),
            share: spot.share.clamp(0.0, 1.0),
            samples: spot.count,
        }
    }

    /// A stack by name, outermost first, plumbing left out.
    fn stack(&self, stack: StackId) -> Vec<String> {
        let frames = self
            .case
            .frames(stack.index())
            .map(|line| self.case.name_of(line.function));
        let shown = frames
            .filter(|name| !crate::analysis::is_folded(name))
            .take(FRAMES);
        let mut names: Vec<String> = shown.map(|name| unescape(name).into_owned()).collect();
        names.reverse();
        names
    }

    fn finding(&self, rule: &'static Rule, severity: Severity, seen: Seen) -> Finding {
        let confidence = confidence(seen.samples);
        Finding::new(rule, severity, confidence, self.evidence(seen))
    }

    /// What speaks against anything that this trace says.
    fn limits(&self) -> Vec<String> {
        let mut limits = Vec::new();
        let facts = &self.report.facts;
        if self.totals.duration < SHORT {
            limits.push(format!(
                "The trace is {} long: rates are those of that moment.",
                time(self.totals.duration)
            ));
        }
        if !facts.losses.is_empty() {
            limits.push(format!(
                "Parts of the trace are lost ({} of its time).",
                time(facts.lost_time())
            ));
        }
        limits
    }
}

/// How sure many observations make it: each is certain, but few may be chance.
fn confidence(samples: u64) -> Confidence {
    Confidence::of(samples).unwrap_or(Confidence::Low)
}

/// A metric that was measured.
fn measured(rule: &Rule, value: f64, text: String) -> Metric {
    Metric {
        value,
        interval: None,
        threshold: rule.threshold(),
        text,
    }
}

fn nanos(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Part of a whole, 0 to 1.
fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

//! The verbs of the Goroutines view: groups as rows, a group in full.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::dto::{
    FrameName, GoroutineFact, GoroutineInfo, GoroutineOrder, GoroutineRow, GoroutineShare,
    GoroutineStack, GoroutineStacks, Query,
};
use super::goroutine_stacks::opened;
use super::query::Analysis;
use super::search::compile;
use super::workspace::{Loaded, Own, Workspace};
use crate::analysis::goroutines::{
    Candidate, CandidateKind, GoroutineGroup, Goroutines, Role, Site, WaitKind, candidates,
    goroutines, wait_graph,
};
use crate::analysis::{NodeId, Pattern};
use crate::model::Profile;
use crate::model::dump::Dump;
use crate::unit;

/// Rows of the table, and facts above it.
const ROWS: usize = 500;
const FACTS: usize = 12;
/// Groups that an opened row shows.
const OPENED: usize = 10;
/// Files with a column of counts.
const FILES: usize = 8;
/// Parts of the list by what they wait for.
const WAITS: usize = 8;

/// What rows are made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Stack,
    State,
    Wait,
    Creator,
    Site,
}

impl By {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "state" => Self::State,
            "wait" => Self::Wait,
            "creator" => Self::Creator,
            "site" => Self::Site,
            _ => Self::Stack,
        }
    }

    /// What groups of a row have in common; the same in every file.
    fn key(self, group: &GoroutineGroup) -> String {
        match self {
            Self::Stack => format!("{:032x}", group.stack_key),
            Self::State => state(group.wait).to_owned(),
            Self::Wait => group.wait_text.clone(),
            Self::Creator => {
                let first = group.created_by.first();
                first.map_or_else(|| "not known".to_owned(), |(site, _)| place(site))
            }
            Self::Site => {
                let user = group.user.as_ref();
                user.map_or_else(|| "not known".to_owned(), place)
            }
        }
    }
}

/// The scheduler's word for what a goroutine does.
fn state(wait: WaitKind) -> &'static str {
    match wait {
        WaitKind::Running | WaitKind::Runnable | WaitKind::Syscall | WaitKind::Unknown => {
            wait.name()
        }
        _ => "waiting",
    }
}

/// `main.f main.go:12`.
pub(super) fn place(site: &Site) -> String {
    match line(site) {
        line if line.is_empty() => site.function.clone(),
        line => format!("{} {line}", site.function),
    }
}

/// `main.go:12`.
fn line(site: &Site) -> String {
    let base = crate::analysis::file_name(&site.file);
    match (base.is_empty(), site.line) {
        (true, _) => String::new(),
        (false, 0) => base.to_owned(),
        (false, line) => format!("{base}:{line}"),
    }
}

pub(super) fn source(site: &Site) -> String {
    match (site.file.is_empty(), site.line) {
        (true, _) => String::new(),
        (false, 0) => site.file.clone(),
        (false, line) => format!("{}:{line}", site.file),
    }
}

fn minutes(min: u64, max: u64) -> String {
    if min == max {
        format!("{min} min")
    } else {
        format!("{min}–{max} min")
    }
}

impl Loaded {
    /// Groups of the whole file.
    fn all_goroutines<'a>(&self, own: &'a Own) -> Option<&'a Goroutines> {
        let made = || goroutines(&self.profile, &own.classes);
        own.goroutines.get_or_init(made).as_ref()
    }
}

impl Analysis {
    pub(super) fn goroutines(&self) -> Option<&Goroutines> {
        let made = || goroutines(self.profile(), &self.classes);
        self.goroutines.get_or_init(made).as_ref()
    }

    pub(super) fn dump(&self) -> Option<&Dump> {
        self.profile().dump.as_deref()
    }
}

impl Workspace {
    /// The goroutines of a query's file, in rows.
    pub fn goroutines(
        &mut self,
        query: &Query,
        order: &GoroutineOrder,
    ) -> Result<GoroutineInfo, String> {
        let shown = self.analysis(query)?;
        let analysis = self.analysis(&with_all_frames(query))?;
        let Some(all) = analysis.goroutines() else {
            return Ok(GoroutineInfo::default());
        };
        let (pattern, refused) = searched(&order.search);
        let by = By::of(&order.by);
        let files = self.goroutine_files(&query.main);
        let columns: Vec<BTreeMap<String, i64>> = files
            .iter()
            .map(|(_, file, own)| counts(file.all_goroutines(own), by))
            .collect();
        let table = Table {
            analysis: &analysis,
            all,
            by,
            columns,
        };
        let (mut rows, more) = table.rows(pattern.as_ref());
        if !Rc::ptr_eq(&shown, &analysis) {
            let users = rows.iter_mut().filter_map(|row| row.user.as_mut());
            users.for_each(|name| name.node = shown.node_called(&name.full));
        }
        let place = files.iter().position(|(id, ..)| *id == query.file);
        Ok(GoroutineInfo {
            available: true,
            refused,
            title: title(all),
            waits: waits(all),
            notes: if query.mine {
                let mut notes = notes(all);
                notes.push("Stacks stand here with all their frames, not only yours.".to_owned());
                notes
            } else {
                notes(all)
            },
            crash: analysis
                .dump()
                .and_then(|dump| dump.crash.as_ref())
                .map(|crash| crash.lines.clone())
                .unwrap_or_default(),
            facts: facts(&analysis, all),
            file: place.map_or(-1, |at| at as i32),
            files: files.iter().map(|(_, file, _)| file.name.clone()).collect(),
            is_dump: all.is_dump,
            rows,
            more,
        })
    }

    /// Some groups with their stacks and goroutines.
    pub fn goroutine_stacks(
        &mut self,
        query: &Query,
        groups: &[u32],
    ) -> Result<GoroutineStacks, String> {
        let analysis = self.analysis(&with_all_frames(query))?;
        let Some(all) = analysis.goroutines() else {
            return Err("this file is not about goroutines".to_owned());
        };
        let known = groups.iter().filter_map(|&at| all.groups.get(at as usize));
        let stacks: Vec<GoroutineStack> = known
            .take(OPENED)
            .map(|group| opened(&analysis, group))
            .collect();
        Ok(GoroutineStacks {
            more: groups.len().saturating_sub(stacks.len()) as u32,
            groups: stacks,
        })
    }

    /// Files about goroutines, in the order of the session; none when there is only one.
    fn goroutine_files(&self, main: &str) -> Vec<(u32, Rc<Loaded>, Rc<Own>)> {
        let files = self.all_files().iter();
        let loaded = files.filter_map(|f| {
            let loaded = f.loaded.as_ref()?;
            Some((f.info.id, Rc::clone(loaded), loaded.own(main)))
        });
        let about = loaded.filter(|(_, file, own)| file.all_goroutines(own).is_some());
        let found: Vec<_> = about.take(FILES).collect();
        if found.len() > 1 { found } else { Vec::new() }
    }
}

/// What a search looks for; nothing, and why, where it cannot be used.
pub(super) fn searched(search: &str) -> (Option<Pattern>, String) {
    match compile(search) {
        _ if search.is_empty() => (None, String::new()),
        Ok(pattern) => (Some(pattern), String::new()),
        Err(refused) => (None, refused.error.clone()),
    }
}

/// The query with the frames of others, too: by them it is told what a goroutine waits for.
pub(super) fn with_all_frames(query: &Query) -> Query {
    Query {
        mine: false,
        ..query.clone()
    }
}

/// How many goroutines of a file belong to each row.
fn counts(all: Option<&Goroutines>, by: By) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for group in all.into_iter().flat_map(|all| &all.groups) {
        let count: &mut i64 = counts.entry(by.key(group)).or_default();
        *count = count.wrapping_add(group.count);
    }
    counts
}

fn title(all: &Goroutines) -> String {
    format!(
        "{} in {}",
        unit::signed_plural(all.total, "goroutine"),
        unit::signed_plural(all.groups.len() as i64, "group")
    )
}

fn waits(all: &Goroutines) -> Vec<GoroutineShare> {
    let part = |label: String, count: i64| GoroutineShare {
        label,
        count: unit::signed_count(count),
        pct: unit::percent(count, all.total),
        share: unit::share(count, all.total).abs().min(1.0),
    };
    let first = all.by_wait.iter().take(WAITS);
    let mut parts: Vec<_> = first.map(|t| part(t.name.clone(), t.count)).collect();
    let rest = all.by_wait.iter().skip(WAITS).map(|t| t.count);
    let rest = rest.fold(0, i64::wrapping_add);
    if rest != 0 {
        parts.push(part("other".to_owned(), rest));
    }
    parts
}

fn notes(all: &Goroutines) -> Vec<String> {
    let mut notes = Vec::new();
    if all.expected > 0 {
        let are = if all.expected == 1 { "is" } else { "are" };
        notes.push(format!(
            "{} {are} there to wait: servers, connections, handlers of signals, the runtime's own.",
            unit::signed_count(all.expected)
        ));
    }
    if all.locked_to_thread > 0 {
        notes.push(format!(
            "{} locked to a thread.",
            unit::signed_plural(all.locked_to_thread, "goroutine")
        ));
    }
    if all.is_dump && !all.is_census {
        notes.push("The text does not hold all goroutines of one moment.".to_owned());
    }
    if !all.is_dump {
        notes.push(
            "What they wait for is told from the innermost frames. A dump (debug=2) also has states, \
             waiting times, arguments and creators."
                .to_owned(),
        );
    }
    notes
}

/// What is odd, in words.
fn facts(analysis: &Analysis, all: &Goroutines) -> Vec<GoroutineFact> {
    let graph = analysis.dump().map(|dump| wait_graph(all, dump));
    let found = candidates(analysis.profile(), all, graph.as_ref());
    let found = found.iter().take(FACTS);
    found.map(|candidate| fact(all, candidate)).collect()
}

fn fact(all: &Goroutines, candidate: &Candidate) -> GoroutineFact {
    let count = candidate.count;
    let these = unit::signed_plural(count, "goroutine");
    let first = candidate.groups.first().map(|&at| &all.groups[at]);
    let wait = first.map_or("", |group| group.wait_text.as_str());
    let (title, text) = match candidate.kind {
        CandidateKind::GlobalDeadlock => (
            "All goroutines are asleep".to_owned(),
            format!("The runtime ended the program: none of {these} could ever run again.{}", cycle(candidate)),
        ),
        CandidateKind::LockCycle => (
            "Goroutines wait for each other's locks".to_owned(),
            format!("Probably none of them will go on.{}", cycle(candidate)),
        ),
        CandidateKind::LeakConfirmed => (
            format!("{these} leaked"),
            format!("The garbage collector has proved that nothing can wake them from {wait}."),
        ),
        CandidateKind::NeverWakes => (
            format!("{these} will never wake"),
            format!("{wait} waits for ever."),
        ),
        CandidateKind::JanitorPerInstance => (
            format!("A goroutine for each of {} objects", candidate.distinct),
            format!(
                "{these} run {} of different objects: each that is made starts one, and none of these was stopped.",
                first.map_or("the same method", |group| group.receivers.method.as_str())
            ),
        ),
        CandidateKind::HttpBodyLeak => (
            format!("{} of HTTP not read to the end", unit::signed_plural(count, "response")),
            "Their connections have a reader and a writer that wait: a body was neither read to its end nor closed, or is being read now.".to_owned(),
        ),
        CandidateKind::LockConvoy => (
            format!("{these} wait for one lock"),
            convoy(all, candidate),
        ),
        CandidateKind::DatabasePoolWait => (
            format!("{these} wait for a connection of a database"),
            "The pool has none to give: rows or transactions that stay open, or too small a limit.".to_owned(),
        ),
        CandidateKind::PileUp => (
            format!("{these} wait at one place"),
            format!("All with the same stack, in {wait}. If there are more of them in a later dump, they pile up."),
        ),
        CandidateKind::LongWait => (
            format!("{these} waited {}", first.and_then(|g| g.ages).map_or_else(String::new, |a| minutes(a.min, a.max))),
            format!("In {wait}."),
        ),
        CandidateKind::RunnableBacklog => (
            format!("{these} could run"),
            "They have work and no processor, or are running.".to_owned(),
        ),
        CandidateKind::SubprocessWait => (
            format!("{these} wait for other processes"),
            "What those do is in no profile of this one.".to_owned(),
        ),
    };
    GoroutineFact {
        title,
        text,
        site: candidate.site.as_ref().map_or_else(String::new, place),
        group: candidate.groups.first().map_or(-1, |&at| at as i32),
    }
}

/// Who waits for whom.
fn cycle(candidate: &Candidate) -> String {
    let Some(cycle) = candidate.cycles.first() else {
        return String::new();
    };
    let steps = cycle.steps.iter();
    let steps: Vec<String> = steps
        .map(|step| format!("goroutine {} for {:#x}", step.id, step.waits_for))
        .collect();
    format!(" It seems they wait in a circle: {}.", steps.join(", "))
}

fn convoy(all: &Goroutines, candidate: &Candidate) -> String {
    let address = match candidate.address {
        Some(address) => format!("The lock is at {address:#x}."),
        None => "They have the same stack; which lock it is, only a dump tells.".to_owned(),
    };
    let Some(holder) = candidate.holders.first() else {
        return address;
    };
    let user = all.groups[holder.group].user.as_ref();
    let within = user.map_or_else(String::new, |site| format!(", in {}", place(site)));
    format!("{address} Goroutine {}{within}, may hold it.", holder.id)
}

/// A row before it is put into words.
pub(super) struct Gathered {
    /// What its groups have in common.
    pub(super) key: String,
    /// How many goroutines.
    pub(super) count: i64,
    /// Its groups, by their places.
    pub(super) groups: Vec<u32>,
}

/// Rows of the groups that match, largest first.
pub(super) fn gathered(
    profile: &Profile,
    all: &Goroutines,
    by: By,
    pattern: Option<&Pattern>,
) -> Vec<Gathered> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut rows: Vec<Gathered> = Vec::new();
    for (at, group) in all.groups.iter().enumerate() {
        if pattern.is_some_and(|pattern| !is_match(profile, pattern, group)) {
            continue;
        }
        // Groups of one stack that wait for different things are rows of their own.
        let key = match by {
            By::Stack => format!("{} {}", by.key(group), group.wait_text),
            by => by.key(group),
        };
        let next = rows.len();
        let row = *places.entry(key.clone()).or_insert(next);
        if row == next {
            rows.push(Gathered {
                key,
                count: 0,
                groups: Vec::new(),
            });
        }
        rows[row].count = rows[row].count.wrapping_add(group.count);
        rows[row].groups.push(at as u32);
    }
    crate::sort::sort_by(&mut rows, &|a, b| b.count.cmp(&a.count));
    rows
}

fn is_match(profile: &Profile, pattern: &Pattern, group: &GoroutineGroup) -> bool {
    let is = |text: &str| pattern.is_match(text.as_bytes());
    let mut names = group.stack.iter().map(|frame| {
        profile
            .strings
            .bytes(profile.functions[frame.function.index()].name)
    });
    let mut labels = group.labels.iter();
    is(&group.wait_text)
        || is(group.role_text)
        || group.user.as_ref().is_some_and(|site| is(&source(site)))
        || group.created_by.iter().any(|(site, _)| is(&place(site)))
        || labels.any(|label| is(&format!("{}={}", label.key, label.value)))
        || names.any(|name| pattern.is_match(name))
}

struct Table<'a> {
    analysis: &'a Analysis,
    all: &'a Goroutines,
    by: By,
    columns: Vec<BTreeMap<String, i64>>,
}

impl Table<'_> {
    /// Rows largest first, and how many there are beyond the limit.
    fn rows(&self, pattern: Option<&Pattern>) -> (Vec<GoroutineRow>, u32) {
        let mut rows = gathered(self.analysis.profile(), self.all, self.by, pattern);
        let more = rows.len().saturating_sub(ROWS) as u32;
        rows.truncate(ROWS);
        let rows = rows.into_iter().map(|row| self.row(row));
        (rows.collect(), more)
    }

    fn row(&self, row: Gathered) -> GoroutineRow {
        let Gathered { key, count, groups } = row;
        let first = &self.all.groups[groups[0] as usize];
        let members = || groups.iter().map(|&at| &self.all.groups[at as usize]);
        let own = self.by.key(first);
        let counts: Vec<i64> = self
            .columns
            .iter()
            .map(|column| column.get(&own).copied().unwrap_or(0))
            .collect();
        let user = first.user.as_ref();
        let waits: Vec<&str> = distinct(members().map(|g| g.wait_text.as_str()));
        let creators: Vec<String> =
            distinct(members().flat_map(|g| g.created_by.iter().map(|(site, _)| place(site))));
        let ages = members().filter_map(|group| group.ages);
        let ages = ages.fold(None, |all: Option<(u64, u64)>, ages| {
            let (min, max) = all.unwrap_or((ages.min, ages.max));
            Some((min.min(ages.min), max.max(ages.max)))
        });
        let sites = distinct(members().filter_map(|g| g.user.as_ref()).map(place)).len();
        let is_one_site = sites <= 1 || self.by == By::Stack;
        GoroutineRow {
            key,
            count: unit::signed_count(count),
            pct: unit::percent(count, self.all.total),
            share: unit::share(count, self.all.total).abs().min(1.0),
            grows: counts.len() > 1 && counts.is_sorted() && counts.first() < counts.last(),
            counts: counts.into_iter().map(unit::signed_count).collect(),
            wait: and_others(&waits),
            role: if first.role == Role::Work {
                ""
            } else {
                first.role_text
            }
            .to_owned(),
            user: user
                .filter(|_| is_one_site)
                .and_then(|site| self.name(site)),
            function: match (is_one_site, user) {
                (true, Some(site)) => site.function.clone(),
                (true, None) => "(no stack)".to_owned(),
                (false, _) => format!("{sites} places"),
            },
            place: user.filter(|_| is_one_site).map_or_else(String::new, line),
            source: user
                .filter(|_| is_one_site)
                .map_or_else(String::new, source),
            operation: first
                .operation
                .clone()
                .filter(|_| is_one_site)
                .unwrap_or_default(),
            creator: and_others(&creators),
            age: ages.map_or_else(String::new, |(min, max)| minutes(min, max)),
            groups,
        }
    }

    /// The row of the query that a function is.
    fn name(&self, site: &Site) -> Option<FrameName> {
        let node = self.analysis.node_called(&site.function);
        (node != u32::MAX).then(|| self.analysis.name(NodeId(node)))
    }
}

/// Each once, in the order of coming.
fn distinct<T: PartialEq + Ord + Clone>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = std::collections::BTreeSet::new();
    all.filter(|one| seen.insert(one.clone())).collect()
}

/// `chan send and 2 others`.
fn and_others<T: AsRef<str>>(all: &[T]) -> String {
    match all {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first, rest @ ..] => {
            let others = if rest.len() == 1 { "other" } else { "others" };
            format!("{} and {} {others}", first.as_ref(), rest.len())
        }
    }
}

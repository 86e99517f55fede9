//! One file looked at: what several parts of the report ask of it, computed once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::super::document::{self, Block};
use super::ReportFile;
use super::flame::flame_figure;
use crate::analysis::compare::Reader;
use crate::analysis::{
    Attributor, Class, Classes, Family, HotPath, HotPathOptions, NodeId, NodeOptions, Nodes, Order,
    Part, Selection, SummaryInput, TopRow, Tree, compare_names, flat_cum, hot_paths, mechanism_bar,
    nonzero_rows, sampling_period, short_place, shown_type, sort_rows, source_path, trust_notes,
    verdict,
};
use crate::error::Diagnostic;
use crate::findings::Input;
use crate::model::{Kind, Profile, StackId};
use crate::sort::sort_by;
use crate::unit;

/// A file with its functions resolved.
#[derive(Debug)]
pub(super) struct Study<'a> {
    pub(super) file: ReportFile<'a>,
    pub(super) nodes: Nodes,
    pub(super) classes: Classes,
    /// The sample type that stands for the file.
    pub(super) shown: usize,
}

/// A study's samples of one type.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) study: &'a Study<'a>,
    pub(super) profile: &'a Profile,
    pub(super) nodes: &'a Nodes,
    pub(super) selection: Selection,
    pub(super) type_name: String,
    pub(super) unit: String,
    /// Every function with a value, by own cost.
    pub(super) by_flat: Vec<TopRow>,
    /// The same by cost with callees.
    pub(super) by_cum: Vec<TopRow>,
    /// Where it goes.
    pub(super) parts: Vec<Part>,
    /// Samples per stack, see [`Study::counts`].
    counts: Vec<u64>,
    /// Their sum.
    pub(super) sample_count: u64,
    /// Who causes the cost, heaviest first, ties by printable name.
    pub(super) causes: Vec<Cause>,
    /// Heaviest call paths, heaviest first.
    pub(super) paths: Vec<HotPath>,
    /// Two to five sentences on what stands out.
    pub(super) verdict: Vec<String>,
    /// How far the numbers can be trusted.
    pub(super) trust: Vec<Diagnostic>,
    /// The flame graph; `None` when there is nothing to draw.
    pub(super) flame: Option<Block>,
}

/// A function of one's own code (or the nearest thing to it) with the cost it causes: its own
/// and that of everything it calls in libraries and the runtime, up to the next own function.
#[derive(Clone, Debug)]
pub(super) struct Cause {
    pub(super) node: NodeId,
    pub(super) value: i64,
    /// Stacks' samples behind the value, where the file counts them.
    pub(super) samples: u64,
    /// `file:line` of the line that causes most, empty when the file has no lines.
    pub(super) place: String,
    /// What that line causes.
    pub(super) line_value: i64,
}

impl<'a> Study<'a> {
    /// `main` is the import path of the program's own module; empty to guess it.
    pub(super) fn new(file: ReportFile<'a>, main: &str) -> Self {
        Self {
            file,
            nodes: Nodes::new(file.profile, &NodeOptions::default()),
            classes: Classes::with_module(file.profile, main),
            shown: shown_type(file.profile),
        }
    }

    /// For the rules.
    pub(super) fn input(&self) -> Input<'_> {
        Input {
            name: self.file.name,
            kind: self.file.kind,
            profile: self.file.profile,
            classes: &self.classes,
        }
    }

    /// The samples of one type; `None` when the file has no such type.
    pub(super) fn view(&'a self, sample_type: usize) -> Option<View<'a>> {
        let profile = self.file.profile;
        profile.sample_types.get(sample_type)?;
        let selection = Selection::all(profile, sample_type);
        let mut by_flat = nonzero_rows(&flat_cum(profile, &self.nodes, &selection, None));
        let mut by_cum = by_flat.clone();
        sort_rows(&mut by_flat, &self.nodes, Order::Flat);
        sort_rows(&mut by_cum, &self.nodes, Order::Cum);
        let parts = mechanism_bar(
            profile,
            &self.nodes,
            &self.classes,
            self.file.kind,
            &selection,
        );
        let counts = self.counts(sample_type);
        let mut view = View {
            study: self,
            profile,
            nodes: &self.nodes,
            selection,
            type_name: profile.type_name(sample_type),
            unit: profile.unit_name(sample_type),
            by_flat,
            by_cum,
            parts,
            sample_count: counts.iter().fold(0, |sum: u64, &n| sum.saturating_add(n)),
            counts,
            causes: Vec::new(),
            paths: Vec::new(),
            verdict: Vec::new(),
            trust: Vec::new(),
            flame: None,
        };
        view.causes = view.find_causes();
        view.walk_tree();
        view.judge();
        Some(view)
    }

    /// Samples per stack: the file's own count, else for CPU time its value in periods, for memory
    /// the objects that were really sampled, else its records.
    fn counts(&self, sample_type: usize) -> Vec<u64> {
        let profile = self.file.profile;
        let mut counts = vec![0_f64; profile.stacks.len()];
        let counter = self.file.profile.type_named("samples");
        let by_period = self.file.kind == Kind::Cpu && profile.period > 0;
        let objects = Some(Reader::of(self.file.kind, profile, sample_type))
            .filter(|_| self.file.kind.is_memory() && sampling_period(profile).is_some());
        for (i, stack) in profile.samples.stacks.iter().enumerate() {
            counts[stack.index()] += match counter {
                Some(t) => profile.value(i, t).unsigned_abs() as f64,
                None if by_period => {
                    let value = profile.value(i, sample_type).unsigned_abs();
                    (value / profile.period.unsigned_abs()) as f64
                }
                None => objects.map_or(1.0, |objects| objects.seen(profile, i)),
            };
        }
        counts
            .into_iter()
            .map(|count| count.round() as u64)
            .collect()
    }
}

impl View<'_> {
    pub(super) fn total(&self) -> i64 {
        self.selection.total
    }

    /// A value with its unit, as in a table: `1.50s`.
    pub(super) fn text(&self, value: i64) -> String {
        unit::label(value, &self.unit)
    }

    /// A value with its unit, as in a sentence: `1.50s`, `965 goroutines`.
    pub(super) fn words(&self, value: i64) -> String {
        match (self.study.file.kind, self.unit.as_str()) {
            (Kind::Goroutine | Kind::GoroutineLeak, _) => self.counted(value, "goroutines"),
            (Kind::ThreadCreate, _) => self.counted(value, "threads"),
            (_, "count") => self.counted(value, &self.type_name),
            _ => unit::label_with_unit(value, &self.unit),
        }
    }

    fn counted(&self, value: i64, noun: &str) -> String {
        format!("{} {noun}", self.text(value))
    }

    /// Share of the total as pprof prints it.
    pub(super) fn percent(&self, value: i64) -> String {
        unit::percent(value, self.total())
    }

    pub(super) fn share(&self, value: i64) -> f64 {
        unit::share(value, self.total()).abs()
    }

    pub(super) fn name(&self, node: NodeId) -> String {
        self.nodes.printable_text(node)
    }

    pub(super) fn class(&self, node: NodeId) -> Class {
        self.study.classes.of_node(self.profile, self.nodes, node)
    }

    /// Where the numbers come from: `source: cpu.pb.gz, cpu/nanoseconds`.
    pub(super) fn source(&self) -> String {
        let name = document::name(self.study.file.name);
        format!("source: {name}, {}/{}", self.type_name, self.unit)
    }

    /// File and type without the word: for columns.
    pub(super) fn source_cell(&self) -> String {
        format!("{}: {}", self.study.file.name, self.type_name)
    }

    /// What needs the call tree, which may be large and is dropped at once.
    fn walk_tree(&mut self) {
        let tree = Tree::new(self.profile, self.nodes, &self.selection, false);
        let classes = &self.study.classes;
        let options = HotPathOptions::default();
        self.paths = hot_paths(
            self.profile,
            self.nodes,
            classes,
            tree.view(self.profile, self.nodes),
            &options,
        );
        self.flame = flame_figure(self, &tree);
    }

    fn judge(&mut self) {
        let (kind, classes) = (self.study.file.kind, &self.study.classes);
        self.verdict = verdict(&SummaryInput {
            profile: self.profile,
            nodes: self.nodes,
            classes,
            kind,
            selection: &self.selection,
            bar: &self.parts,
            paths: &self.paths,
            top: &self.by_flat,
        });
        self.trust = trust_notes(self.profile, classes, kind, &self.selection);
    }

    fn find_causes(&self) -> Vec<Cause> {
        let attributor = Attributor::new(self.profile, &self.study.classes, &[]);
        let mut totals: HashMap<NodeId, (i64, u64)> = HashMap::new();
        let mut lines: HashMap<(NodeId, u32), i64> = HashMap::new();
        for (stack, weight) in self.selection.stacks() {
            let Some(place) = attributor.attribute(StackId(stack as u32)).user else {
                continue;
            };
            let Some(node) = place.node(self.profile, self.nodes) else {
                continue;
            };
            let total = totals.entry(node).or_default();
            total.0 = total.0.wrapping_add(weight);
            total.1 = total.1.saturating_add(self.counts[stack]);
            let line = lines.entry((node, place.row)).or_default();
            *line = line.wrapping_add(weight);
        }
        self.rank(totals, lines)
    }

    /// Causes in order, from the weights of functions and those of rows of `Profile::lines`.
    fn rank(
        &self,
        totals: HashMap<NodeId, (i64, u64)>,
        rows: HashMap<(NodeId, u32), i64>,
    ) -> Vec<Cause> {
        // A line is a file and a number: a function of one name may stand in several files.
        let mut lines: BTreeMap<(NodeId, Vec<u8>, i64), i64> = BTreeMap::new();
        for ((node, row), value) in rows.into_iter().collect::<BTreeMap<_, _>>() {
            let (file, number) = self.line(row);
            let line = lines.entry((node, file, number)).or_default();
            *line = line.wrapping_add(value);
        }
        let mut heaviest: HashMap<NodeId, (String, i64)> = HashMap::new();
        for ((node, file, number), value) in lines {
            let known = heaviest.get(&node);
            // Of equal ones the first: by file and number.
            if known.is_none_or(|(_, most)| value.unsigned_abs() > most.unsigned_abs()) {
                heaviest.insert(node, (place(&file, number), value));
            }
        }
        let mut causes: Vec<Cause> = totals
            .into_iter()
            .collect::<BTreeMap<_, _>>()
            .into_iter()
            .map(|(node, (value, samples))| {
                let (place, line_value) = heaviest.remove(&node).unwrap_or_default();
                Cause {
                    node,
                    value,
                    samples,
                    place,
                    line_value,
                }
            })
            .collect();
        sort_by(&mut causes, &|a, b| {
            let weight = |c: &Cause| Reverse(c.value.unsigned_abs());
            weight(a)
                .cmp(&weight(b))
                .then_with(|| compare_names(self.nodes, a.node, b.node))
        });
        causes
    }

    /// File as it is shown and number of a row of `Profile::lines`.
    fn line(&self, row: u32) -> (Vec<u8>, i64) {
        let line = self.profile.lines[row as usize];
        let file = self.profile.functions[line.function.index()].filename;
        (source_path(self.profile.strings.bytes(file)), line.line)
    }

    /// The mechanism that most of what a function causes belongs to, with its part of that:
    /// only when it is at least half.
    pub(super) fn mostly(&self, cause: &Cause) -> Option<(&Part, f64)> {
        let inside = |part: &Part| {
            part.top
                .iter()
                .find(|(node, _)| *node == cause.node)
                .map_or(0, |&(_, value)| value)
        };
        let part = self
            .parts
            .iter()
            .max_by_key(|part| inside(part).unsigned_abs())?;
        let share = unit::share(inside(part), cause.value);
        (share >= 0.5).then_some((part, share))
    }
}

/// A line in a table; empty without a file or a number.
fn place(file: &[u8], line: i64) -> String {
    match file {
        [_, ..] if line > 0 => short_place(&String::from_utf8_lossy(file), line),
        _ => String::new(),
    }
}

/// A part's name beside a function: the program's own package would only repeat the function's.
pub(super) fn part_name(part: &Part) -> &str {
    if part.family == Family::User {
        "own code"
    } else {
        &part.label
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::cpu_profile;

    fn study(profile: &Profile) -> Study<'_> {
        let file = ReportFile {
            name: "cpu.pb.gz",
            kind: Kind::Cpu,
            profile,
            diagnostics: &[],
        };
        Study::new(file, "")
    }

    #[test]
    fn a_cause_carries_what_it_calls_outside_its_own_code() {
        let profile = cpu_profile(
            "main.main@/a/main.go:3;main.work@/a/main.go:10;runtime.mallocgc 6
             main.main@/a/main.go:3;main.work@/a/main.go:12;fmt.Sprint@/go/src/fmt/print.go:1 1
             main.main@/a/main.go:4 3",
        );
        let study = study(&profile);
        let view = study.view(study.shown).unwrap();
        let causes = &view.causes;
        // main.work: 6 + 1 of 10 samples, 6 of them on line 10; main.main keeps its own 3.
        let rows: Vec<_> = causes
            .iter()
            .map(|c| {
                (
                    view.name(c.node),
                    c.value,
                    c.samples,
                    c.place.as_str(),
                    c.line_value,
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                (
                    "main.work".to_owned(),
                    70_000_000,
                    7,
                    "a/main.go:10",
                    60_000_000
                ),
                (
                    "main.main".to_owned(),
                    30_000_000,
                    3,
                    "a/main.go:4",
                    30_000_000
                ),
            ]
        );
        let (part, share) = view.mostly(&causes[0]).unwrap();
        assert_eq!((part.key.as_str(), (share * 7.0).round()), ("alloc", 6.0));
    }

    #[test]
    fn a_line_is_of_one_file() {
        let profile = cpu_profile(
            "main.init@/p/a.go:4 3
             main.init@/p/b.go:4 4
             main.init@/p/c.go:9 3
             main.init@/p/./c.go:9 2",
        );
        let study = study(&profile);
        let view = study.view(study.shown).unwrap();
        let [cause] = &view.causes[..] else {
            panic!("one function")
        };
        // Of 12 samples c.go:9, spelled in two ways, has 3 + 2, which b.go:4 with 4 has not.
        assert_eq!(
            (cause.value, cause.place.as_str(), cause.line_value),
            (120_000_000, "p/c.go:9", 50_000_000)
        );
    }
}

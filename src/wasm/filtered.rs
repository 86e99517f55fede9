//! What a query's filters leave of a file, and what is to be said about them.

use std::ops::Range;
use std::rc::Rc;
use std::sync::OnceLock;

use super::dto::{FilterInfo, FilterProblem, OwnCode, Query, Step as StepDto};
use super::workspace::{Loaded, Workspace};
use crate::analysis::{
    Applied, Class, Classes, NodeOptions, Nodes, Options, PatternError, Selection, Step, StepError,
    StepKind, TagNames, add_missing_mapping, apply_steps, frame_keys, keep_functions, modules_of,
    step_errors, unmatched_modules,
};
use crate::model::{FunctionId, Profile};
use crate::unit;

/// Results kept: switching a filter off and on again costs little.
const KEPT: usize = 3;
/// A few bytes each.
const KEPT_UNITS: usize = 64;
/// As many.
const KEPT_NUMBERS: usize = 64;
/// Modules offered: archives may bring thousands of files.
const MAX_MODULES: usize = 200;

/// A profile as filters leave it.
#[derive(Debug)]
pub(super) struct Filtered {
    pub(super) profile: Rc<Profile>,
    /// Locations may have lost lines, and there may be others: nodes are not those of the file.
    other_locations: bool,
    remarks: Vec<String>,
    /// Per step what it is about, where its text does not tell.
    labels: Vec<String>,
    /// Functions that labels became.
    pub(super) label_functions: Range<usize>,
    /// Functions that stand for others: new and old.
    pub(super) twins: Vec<(FunctionId, FunctionId)>,
    /// Per stack whether it has a frame of the program's own; only where all others were taken away.
    has_own: Option<Vec<bool>>,
}

/// Nodes with a number of their own: where it is equal, node ids mean the same.
#[derive(Clone, Debug)]
pub(super) struct NumberedNodes {
    pub(super) nodes: Rc<Nodes>,
    pub(super) number: u32,
}

/// What was filtered before, and the nodes of it.
#[derive(Debug, Default)]
pub(super) struct FilterCache {
    filtered: Vec<(Key, Rc<Filtered>)>,
    nodes: Vec<(Key, NodeOptions, NumberedNodes)>,
    /// The last number that nodes were given.
    number: u32,
    /// By the number of nodes and the modules named, the number of their names.
    numbers: Vec<((u32, String), u32)>,
    /// Units of whole profiles.
    units: Vec<(Query, String)>,
}

/// The query without what leaves something out, and without means.
pub(super) fn whole(query: &Query) -> Query {
    Query {
        mean: false,
        relative: false,
        dropneg: false,
        nodefraction: 0.0,
        nodecount: 0,
        steps: Vec::new(),
        main: String::new(),
        mine: false,
        ..query.clone()
    }
}

/// A file and its steps; the unit matters where numbers become names of frames, the modules named
/// where it matters whose code a frame is, and whether only the program's own frames are left.
type Key = (u32, Vec<StepDto>, String, Option<String>, bool);

impl FilterCache {
    /// Forgets a file.
    pub(super) fn close(&mut self, file: u32) {
        self.filtered.retain(|(key, _)| key.0 != file);
        self.nodes.retain(|(key, ..)| key.0 != file);
        self.units.retain(|(query, _)| query.file != file);
    }

    /// A number for nodes that nobody else has.
    pub(super) fn next_number(&mut self) -> u32 {
        self.number += 1;
        self.number
    }

    /// A number for nodes with their names: those say whose code a function is, which depends on
    /// the modules that are named.
    pub(super) fn number_of_names(&mut self, nodes: u32, main: &str) -> u32 {
        if main.is_empty() {
            return nodes;
        }
        let known = |entry: &&((u32, String), u32)| entry.0.0 == nodes && entry.0.1 == main;
        if let Some((_, number)) = self.numbers.iter().find(known) {
            return *number;
        }
        let number = self.next_number();
        let excess = (self.numbers.len() + 1).saturating_sub(KEPT_NUMBERS);
        self.numbers.drain(..excess);
        self.numbers.push(((nodes, main.to_owned()), number));
        number
    }

    /// What the query's filters leave; the error is a sentence about the first that is wrong.
    pub(super) fn filtered(
        &mut self,
        loaded: &Loaded,
        query: &Query,
    ) -> Result<Rc<Filtered>, String> {
        let key = key(query);
        if let Some(at) = self.filtered.iter().position(|(known, _)| *known == key) {
            let entry = self.filtered.remove(at);
            let filtered = Rc::clone(&entry.1);
            self.filtered.push(entry);
            return Ok(filtered);
        }
        // Filters are in the half of the core that the first picture does without.
        let filtered = Rc::new(if !query.mine && query.steps.is_empty() {
            Filtered::whole(loaded)
        } else {
            filter(loaded, query)?
        });
        let excess = (self.filtered.len() + 1).saturating_sub(KEPT);
        self.filtered.drain(..excess);
        self.filtered.push((key, Rc::clone(&filtered)));
        Ok(filtered)
    }

    /// The unit of a whole profile's values, if it is known.
    pub(super) fn unit(&self, query: &Query) -> Option<String> {
        let known = self.units.iter().find(|(known, _)| known == query);
        known.map(|(_, unit)| unit.clone())
    }

    /// Remembers the unit of a whole profile's values.
    pub(super) fn know_unit(&mut self, query: &Query, unit: &str) {
        if *query == whole(query) && self.unit(query).is_none() {
            let excess = (self.units.len() + 1).saturating_sub(KEPT_UNITS);
            self.units.drain(..excess);
            self.units.push((query.clone(), unit.to_owned()));
        }
    }

    /// The nodes of what is left.
    pub(super) fn nodes(
        &mut self,
        loaded: &Loaded,
        filtered: &Filtered,
        query: &Query,
    ) -> NumberedNodes {
        let key = match filtered.other_locations {
            false => (query.file, Vec::new(), String::new(), None, false),
            true => key(query),
        };
        let options = options(query).node_options();
        let is_known = |entry: &(Key, NodeOptions, _)| entry.0 == key && entry.1 == options;
        if let Some(at) = self.nodes.iter().position(is_known) {
            let entry = self.nodes.remove(at);
            let nodes = entry.2.clone();
            self.nodes.push(entry);
            return nodes;
        }
        let nodes = self.new_nodes(loaded, filtered, query, options);
        if self.nodes.len() >= KEPT {
            // Those of whole files go last: most filters leave their nodes as they are.
            let of_filters = |(key, ..): &(Key, _, _)| !key.1.is_empty() || key.4;
            let oldest = self.nodes.iter().position(of_filters);
            self.nodes.remove(oldest.unwrap_or(0));
        }
        self.nodes.push((key, options, nodes.clone()));
        nodes
    }

    fn new_nodes(
        &mut self,
        loaded: &Loaded,
        filtered: &Filtered,
        query: &Query,
        options: NodeOptions,
    ) -> NumberedNodes {
        // What stands for labels or packages is in no file.
        let functions = |profile: &Profile| profile.functions.len();
        let has_same = functions(&filtered.profile) == functions(&loaded.profile);
        if filtered.other_locations && has_same {
            let whole = Filtered::whole(loaded);
            let of_whole = self.nodes(loaded, &whole, query);
            let narrowed = of_whole.nodes.narrowed(&whole.profile, &filtered.profile);
            if let Some(nodes) = narrowed {
                return NumberedNodes {
                    nodes: Rc::new(nodes),
                    ..of_whole
                };
            }
        }
        let nodes = Rc::new(Nodes::new(&filtered.profile, &options));
        // Tables are sorted again and again, mostly by ties.
        nodes.name_ranks();
        NumberedNodes {
            nodes,
            number: self.next_number(),
        }
    }
}

impl Filtered {
    /// What is left of the samples, with the stacks that they have in the file.
    pub(super) fn samples_only(&self, loaded: &Loaded) -> Self {
        let whole = Self::whole(loaded);
        let mut profile = Profile::clone(&loaded.profile);
        profile.samples = self.profile.samples.clone();
        // Rows of the samples are others.
        profile.base_samples = OnceLock::new();
        Self {
            profile: Rc::new(profile),
            ..whole
        }
    }

    /// The file without filters.
    pub(super) fn whole(loaded: &Loaded) -> Self {
        Self {
            profile: Rc::clone(&loaded.profile),
            other_locations: false,
            remarks: Vec::new(),
            labels: Vec::new(),
            label_functions: 0..0,
            twins: Vec::new(),
            has_own: None,
        }
    }
}

/// A part of a profile.
#[derive(Clone, Copy)]
struct Amount {
    samples: u64,
    value: i64,
}

impl Filtered {
    /// What is left, and what of that is in samples of which a frame is left.
    fn left(&self, sample: usize) -> (Amount, Amount) {
        let profile = &self.profile;
        let left = Amount {
            samples: profile.samples.len() as u64,
            value: Selection::total_of(profile, sample).0,
        };
        let Some(has_own) = &self.has_own else {
            return (left, left);
        };
        let is_own = |i: usize| has_own[profile.samples.stacks[i].index()];
        let own = Amount {
            samples: (0..profile.samples.len()).filter(|&i| is_own(i)).count() as u64,
            value: Selection::total_where(profile, sample, is_own),
        };
        (left, own)
    }
}

fn key(query: &Query) -> Key {
    let by_class = query
        .steps
        .iter()
        .any(|step| StepKind::named(&step.kind) == Some(StepKind::FocusCategory));
    let modules = (query.mine || by_class).then(|| query.main.clone());
    let (steps, unit) = (query.steps.clone(), query.unit.clone());
    (query.file, steps, unit, modules, query.mine)
}

/// Steps of a query: more than anybody makes, and few enough that each can be looked at.
const MAX_STEPS: usize = 200;

/// The steps of a query; the error is the number of the first that nobody knows, or that is too much.
pub(super) fn steps(query: &Query) -> Result<Vec<Step>, usize> {
    let steps = query.steps.iter().enumerate().map(|(at, step)| {
        let known = StepKind::named(&step.kind).filter(|_| at < MAX_STEPS);
        let kind = known.ok_or(at)?;
        let text = step.text.clone();
        Ok(Step { kind, text })
    });
    steps.collect()
}

/// Whether a step makes frames of labels.
pub(super) fn is_frame_of_label(step: &StepDto) -> bool {
    StepKind::named(&step.kind).is_some_and(StepKind::is_frame_of_label)
}

pub(super) fn unknown_step(query: &Query, at: usize) -> String {
    if at >= MAX_STEPS {
        return format!("more than {MAX_STEPS} filters");
    }
    format!("there is no filter called {}", query.steps[at].kind)
}

/// Puts the steps into pprof's options, where those can say them: filters in pprof's order, each
/// once. Says false, and changes nothing, where they cannot.
pub(super) fn as_pprof(query: &Query, options: &mut Options) -> bool {
    let Ok(steps) = steps(query) else {
        return false;
    };
    // Labels become frames first, wherever that stands.
    let is_frame = |step: &&Step| step.kind.is_frame_of_label();
    let (frames, filters): (Vec<&Step>, Vec<&Step>) = steps.iter().partition(is_frame);
    let is_one_stage = filters.is_sorted_by(|a, b| a.kind < b.kind)
        && filters.iter().all(|step| step.kind.is_filter());
    // In the page frames of labels have other names than pprof's, which a filter may be about.
    if !is_one_stage || !(frames.is_empty() || filters.is_empty()) {
        return false;
    }
    for step in filters {
        if let Some(text) = options.filter_mut(step.kind.name()) {
            text.clone_from(&step.text);
        }
    }
    options.tagroot = frame_keys(&steps, StepKind::TagRoot);
    options.tagleaf = frame_keys(&steps, StepKind::TagLeaf);
    true
}

/// What the steps leave, and of that, where the query says so, only frames of the program's own
/// code.
pub(super) fn filter(loaded: &Loaded, query: &Query) -> Result<Filtered, String> {
    let steps = steps(query).map_err(|at| unknown_step(query, at))?;
    let classes = loaded.classes_of(&query.main);
    let mut left = Profile::clone(&loaded.profile);
    add_missing_mapping(&mut left);
    let unit = options(query).unit;
    let applied =
        apply_steps(&mut left, &steps, &unit, TagNames::KeyValues, &classes).map_err(|error| {
            let name = error.step.map(|at| steps[at].kind.name());
            match name {
                Some(name) => format!("{name}: {}", error.error),
                None => error.error.reason,
            }
        })?;
    let has_own = query.mine.then(|| keep_own(&mut left, &classes, &applied));
    let mut labels = vec![String::new(); steps.len()];
    for (at, label) in applied.labels {
        labels[at] = label;
    }
    Ok(Filtered {
        profile: Rc::new(left),
        other_locations: applied.other_locations || query.mine,
        remarks: applied.remarks,
        labels,
        label_functions: applied.label_functions,
        twins: applied.twins,
        has_own,
    })
}

/// The query without the steps that cannot be done in a file; `None` where no single one is to blame.
pub(super) fn able(loaded: &Loaded, query: &Query) -> Option<Query> {
    let wrong = problems(loaded, query);
    let is_wrong = |at: i32| wrong.iter().any(|problem| problem.step == at);
    let able = (0..).zip(&query.steps).filter(|&(at, _)| !is_wrong(at));
    let steps: Vec<StepDto> = able.map(|(_, step)| step.clone()).collect();
    (steps.len() < query.steps.len()).then(|| Query {
        steps,
        ..query.clone()
    })
}

/// Leaves the program's own frames; says per stack whether it has one.
fn keep_own(left: &mut Profile, classes: &Classes, applied: &Applied) -> Vec<bool> {
    let classes = classes.with_twins(left.functions.len(), &applied.twins);
    let is_own = |function| classes.of(function) == Class::Main;
    // Frames of labels are there because somebody asked for them.
    let is_label = |function: FunctionId| applied.label_functions.contains(&function.index());
    keep_functions(left, |f| is_own(f) || is_label(f), is_own)
}

/// pprof's options for a query, but for its filters.
pub(super) fn options(query: &Query) -> Options {
    let defaults = Options::default();
    Options {
        mean: query.mean,
        relative_percentages: query.relative,
        unit: if query.unit.is_empty() {
            defaults.unit.clone()
        } else {
            query.unit.clone()
        },
        drop_negative: query.dropneg,
        noinlines: query.noinlines,
        showcolumns: query.showcolumns,
        granularity: Some(query.granularity.into()),
        ..defaults
    }
}

/// Weights of a query's sample type; percentages are of `whole` unless they are relative. Sums,
/// also where the table shows means: a share of means says nothing.
pub(super) fn selection(query: &Query, profile: &Profile, whole: &Profile) -> Selection {
    let mut selection = Selection::all(profile, query.sample as usize);
    if !query.relative && !std::ptr::eq(profile, whole) {
        (selection.total, selection.of_base) = Selection::total_of(whole, query.sample as usize);
    }
    selection
}

impl Workspace {
    /// What is wrong with a query's filters, or what they leave.
    pub fn filters(&mut self, query: &Query) -> Result<FilterInfo, String> {
        let loaded = Rc::clone(self.loaded_with_type(query)?);
        let filtered = match self.cache.filtered(&loaded, query) {
            Ok(filtered) => filtered,
            // Only then it is worth the time to look at each step by itself.
            Err(reason) => {
                let problems = problems(&loaded, query);
                return if problems.is_empty() {
                    Err(reason)
                } else {
                    Ok(FilterInfo {
                        problems,
                        ..FilterInfo::default()
                    })
                };
            }
        };
        let sample = query.sample as usize;
        let all = Selection::total_of(&loaded.profile, sample).0;
        let (left, own) = filtered.left(sample);
        let unit_name = loaded.profile.unit_name(sample);
        let mut remarks = filtered.remarks.clone();
        let named = unmatched_modules(&loaded.profile, &query.main);
        remarks.extend(named.iter().map(|name| {
            format!("No function of this file is below {name}: check the import path of your code")
        }));
        let foreign = left.value.wrapping_sub(own.value);
        if foreign != 0 {
            remarks.push(format!(
                "{} ({}) is in samples without a frame of yours: it stays in the total, and no row has it",
                unit::label(foreign, &unit_name),
                unit::percent(foreign, all),
            ));
        }
        Ok(FilterInfo {
            problems: Vec::new(),
            remarks,
            labels: filtered.labels.clone(),
            samples: unit::count(own.samples),
            all_samples: unit::count(loaded.profile.samples.len() as u64),
            value: unit::label(own.value, &unit_name),
            pct: unit::percent(own.value, all),
        })
    }

    /// Whose code a file's functions are, and what else could be the program's own.
    pub fn own_code(&self, file: u32) -> Result<OwnCode, String> {
        let guess = self.loaded(file)?.classes.main_module().to_owned();
        let mut modules: Vec<String> = Vec::new();
        for loaded in self.all_files().iter().filter_map(|f| f.loaded.as_ref()) {
            for module in modules_of(&loaded.profile, &loaded.classes) {
                if modules.len() < MAX_MODULES && !modules.contains(&module) {
                    modules.push(module);
                }
            }
        }
        Ok(OwnCode { guess, modules })
    }
}

/// Every step that cannot be used.
fn problems(loaded: &Loaded, query: &Query) -> Vec<FilterProblem> {
    let steps = match steps(query) {
        Ok(steps) => steps,
        Err(first) => {
            // Beyond a number of steps all are too much.
            let last = if first >= MAX_STEPS {
                query.steps.len()
            } else {
                first + 1
            };
            let problem = |at| FilterProblem {
                step: at as i32,
                reason: unknown_step(query, at),
                at: -1,
            };
            return (first..last).map(problem).collect();
        }
    };
    if steps.is_empty() {
        return Vec::new();
    }
    let classes = loaded.classes_of(&query.main);
    let mut profile = Profile::clone(&loaded.profile);
    add_missing_mapping(&mut profile);
    let errors = step_errors(&profile, &steps, &options(query).unit, &classes);
    errors
        .into_iter()
        .map(|error| problem(error, &steps))
        .collect()
}

fn problem(error: StepError, steps: &[Step]) -> FilterProblem {
    let step = error.step.and_then(|at| steps.get(at));
    FilterProblem {
        step: error.step.map_or(-1, |at| at as i32),
        at: step.map_or(-1, |step| place_of(&error.error, &step.text)),
        reason: error.error.reason,
    }
}

/// Where an expression is wrong, in UTF-16 units as JavaScript counts; -1 for no place in it.
pub(super) fn place_of(error: &PatternError, text: &str) -> i32 {
    let head = text.get(..error.at);
    head.map_or(-1, |head| head.encode_utf16().count() as i32)
}

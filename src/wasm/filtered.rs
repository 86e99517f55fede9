//! What a query's filters leave of a file, and what is to be said about them.

use std::rc::Rc;

use super::dto::{FilterInfo, FilterProblem, Filters as FiltersDto, OwnCode, Query};
use super::workspace::{Loaded, Workspace};
use crate::analysis::{
    Class, Classes, FilterError, Filters, NodeOptions, Nodes, Options, PatternError, Selection,
    TagNames, add_missing_mapping, add_tag_frames, keep_functions, modules_of, unmatched_modules,
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
    locations: Locations,
    remarks: Vec<String>,
    /// Per stack whether it has a frame of the program's own; only where all others were taken away.
    has_own: Option<Vec<bool>>,
}

/// What filters did to the locations of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Locations {
    /// Nothing: nodes are the same.
    Same,
    /// They may have lost lines: nodes are the same, frames are fewer.
    Narrowed,
    /// There are others.
    Other,
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
        filters: FiltersDto::default(),
        main: String::new(),
        mine: false,
        ..query.clone()
    }
}

/// A file and its filters; the unit matters where numbers become names of frames, the modules named
/// where only the program's own frames are left.
type Key = (u32, FiltersDto, String, Option<String>);

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
        let own = query.mine.then(|| loaded.classes_of(&query.main));
        let filtered = Rc::new(if own.is_none() && query.filters == FiltersDto::default() {
            Filtered::whole(loaded)
        } else {
            filter(&loaded.profile, &options(query), own.as_deref())?
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
        let key = match filtered.locations {
            Locations::Same => (query.file, FiltersDto::default(), String::new(), None),
            _ => key(query),
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
            let of_filters =
                |(key, ..): &(Key, _, _)| key.1 != FiltersDto::default() || key.3.is_some();
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
        if filtered.locations == Locations::Narrowed {
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
    /// The file without filters.
    pub(super) fn whole(loaded: &Loaded) -> Self {
        Self {
            profile: Rc::clone(&loaded.profile),
            locations: Locations::Same,
            remarks: Vec::new(),
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
    let own = query.mine.then(|| query.main.clone());
    (query.file, query.filters.clone(), query.unit.clone(), own)
}

/// What the filters leave, and of that, with `own`, only frames of the program's own code.
fn filter(
    profile: &Rc<Profile>,
    options: &Options,
    own: Option<&Classes>,
) -> Result<Filtered, String> {
    let has_frames = !options.tagroot.is_empty() || !options.tagleaf.is_empty();
    let filters = Filters::new(options, profile).map_err(|error| error.to_string())?;
    let mut left = Profile::clone(profile);
    add_missing_mapping(&mut left);
    let mut remarks = add_tag_frames(&mut left, options, TagNames::KeyValues)?;
    remarks.extend(filters.apply(&mut left));
    let has_own = own.map(|classes| {
        let is_own = |function| classes.of(function) == Class::Main;
        // Frames of labels are there because somebody asked for them.
        let is_label = |function: FunctionId| function.index() >= classes.len();
        keep_functions(&mut left, |f| is_own(f) || is_label(f), is_own)
    });
    let changes = filters.change_locations() || has_own.is_some();
    let locations = match (has_frames, changes) {
        (true, _) => Locations::Other,
        (false, true) => Locations::Narrowed,
        (false, false) => Locations::Same,
    };
    Ok(Filtered {
        profile: Rc::new(left),
        locations,
        remarks,
        has_own,
    })
}

/// pprof's options for a query.
pub(super) fn options(query: &Query) -> Options {
    let filters = query.filters.clone();
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
        focus: filters.focus,
        ignore: filters.ignore,
        hide: filters.hide,
        show: filters.show,
        show_from: filters.show_from,
        prune_from: filters.prune_from,
        tagfocus: filters.tagfocus,
        tagignore: filters.tagignore,
        tagshow: filters.tagshow,
        taghide: filters.taghide,
        tagroot: filters.tagroot,
        tagleaf: filters.tagleaf,
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
        let loaded = Rc::clone(self.loaded(query.file)?);
        let problems = problems(&options(query), &loaded.profile);
        if !problems.is_empty() {
            return Ok(FilterInfo {
                problems,
                ..FilterInfo::default()
            });
        }
        let filtered = self.cache.filtered(&loaded, query)?;
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
            problems,
            remarks,
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

/// Every filter that cannot be used, each looked at by itself.
fn problems(options: &Options, profile: &Profile) -> Vec<FilterProblem> {
    let mut left = options.clone();
    let mut problems = Vec::new();
    while let Err(error) = Filters::new(&left, profile) {
        problems.push(problem(&error, &left));
        match left.filter_mut(error.option) {
            Some(text) => text.clear(),
            None => break,
        }
    }
    problems
}

fn problem(error: &FilterError, options: &Options) -> FilterProblem {
    let mut options = options.clone();
    let text = options.filter_mut(error.option).map(std::mem::take);
    FilterProblem {
        option: error.option.to_owned(),
        reason: error.error.reason.clone(),
        at: text.map_or(-1, |text| place_of(&error.error, &text)),
    }
}

/// Where an expression is wrong, in UTF-16 units as JavaScript counts; -1 for no place in it.
pub(super) fn place_of(error: &PatternError, text: &str) -> i32 {
    let head = text.get(..error.at);
    head.map_or(-1, |head| head.encode_utf16().count() as i32)
}

//! One query's analyses, each made when it is first asked for.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use super::compare;
use super::dto::{FrameName, GranularityDto, Query, TableOrder};
use super::dto_flame::ColourBy;
use super::dto_tags::TagOrder;
use super::filtered::{self, Filtered, NumberedNodes};
use super::graph::Pictured;
use super::workspace::Loaded;
use crate::analysis::compare::Comparison;
use crate::analysis::goroutines::Goroutines;
use crate::analysis::tags::Tags;
use crate::analysis::{
    Allocations, Classes, FlatCum, Granularity, Groups, NodeId, Nodes, Order, Selection,
    TopOptions, TopRow, Tree, TreeView, all_rows, divide_rows, flat_cum, hue, output_unit,
    rows_above, sort_rows, split_name,
};
use crate::model::Profile;
use crate::unit;

/// Characters of a value in a table.
const MOST_DIGITS: usize = "99999.99ms".len();

/// Boxes of a tree that are kept from verb to verb: at 48 bytes each, 192 MiB.
const MANY_BOXES: usize = 4 << 20;

/// Sample types shown side by side at most.
const MAX_OTHERS: usize = 5;

/// Everything about a query.
#[derive(Debug)]
pub(super) struct Analysis {
    pub(super) loaded: Rc<Loaded>,
    /// Whose code functions are.
    pub(super) classes: Rc<Classes>,
    /// What the filters leave.
    profile: Rc<Profile>,
    query: Query,
    pub(super) sample_type: usize,
    pub(super) nodes: Rc<Nodes>,
    /// Where it is equal, node ids of two analyses mean the same.
    pub(super) node_set: u32,
    pub(super) selection: Selection,
    pub(super) unit_name: String,
    /// Unit of tables: pprof's choice for its default `-top`, or `minimum` for each value's own.
    pub(super) unit: String,
    /// Of a query with a baseline: then all values are differences.
    pub(super) compared: Option<Comparison>,
    /// Functions that labels became.
    label_functions: Range<usize>,
    table: OnceCell<Table>,
    top_down: OnceCell<Rc<Tree>>,
    bottom_up: OnceCell<Rc<Tree>>,
    /// The trees of the function that was last asked for one: its callees, and its callers.
    pivots: RefCell<Option<(NodeId, [Option<Rc<Tree>>; 2])>>,
    pub(super) groups: RefCell<Option<(ColourBy, Rc<Groups>)>>,
    others: OnceCell<Vec<Other>>,
    /// The last order asked for.
    pub(super) ordered: RefCell<Option<(TableOrder, Rc<Vec<u32>>)>>,
    /// The last expression searched for.
    pub(super) searched: RefCell<Option<(String, Rc<Vec<bool>>)>>,
    pub(super) allocations: OnceCell<Result<Allocations, &'static str>>,
    pub(super) allocation_order: RefCell<Option<(TableOrder, Rc<Vec<u32>>)>>,
    pub(super) goroutines: OnceCell<Option<Goroutines>>,
    /// The last call graph asked for.
    pub(super) graphed: RefCell<Option<Rc<Pictured>>>,
    pub(super) tags: OnceCell<Tags>,
    /// The key and the order of its values that were last asked for, with the rows of the values.
    pub(super) tag_rows: RefCell<Option<((u32, TagOrder), Rc<Vec<u32>>)>>,
}

/// Every node's values. Made when a table or a function is asked for: a flame graph needs none.
#[derive(Debug)]
struct Table {
    /// Every node with a value, by node id.
    rows: Vec<TopRow>,
    /// Row of `rows` by node id; `u32::MAX` for nodes without a value.
    row_of: Vec<u32>,
    /// Nodes that the table shows, by node id; empty for all.
    shown: Vec<bool>,
    /// The rows with means instead of sums, where the table shows those; else empty.
    means: Vec<TopRow>,
}

impl Table {
    fn new(profile: &Profile, nodes: &Nodes, selection: &Selection, query: &Query) -> Self {
        let rows = all_rows(profile, nodes, selection);
        let shown = rows_in_table(&rows, nodes, query);
        let mut means = Vec::new();
        if query.mean {
            means.clone_from(&rows);
            let events = Selection::mean(profile, query.sample as usize, 0);
            divide_rows(&mut means, profile, nodes, &events);
        }
        let mut row_of = vec![u32::MAX; nodes.len()];
        for (i, row) in rows.iter().enumerate() {
            row_of[row.node.index()] = i as u32;
        }
        Self {
            rows,
            row_of,
            shown,
            means,
        }
    }
}

/// Another sample type of the same file, at the same nodes.
#[derive(Debug)]
pub(super) struct Other {
    pub(super) sample_type: usize,
    pub(super) name: String,
    pub(super) unit_name: String,
    pub(super) total: i64,
    pub(super) sums: FlatCum,
}

impl Analysis {
    /// Without a `unit`, values get the one that suits the table.
    pub(super) fn new(
        loaded: Rc<Loaded>,
        filtered: &Filtered,
        nodes: NumberedNodes,
        query: &Query,
        unit: Option<String>,
    ) -> Self {
        let profile = &filtered.profile;
        let sample_type = query.sample as usize;
        let selection = filtered::selection(query, profile, &loaded.profile);
        let mut analysis = Self {
            profile: Rc::clone(profile),
            query: query.clone(),
            sample_type,
            nodes: nodes.nodes,
            node_set: nodes.number,
            selection,
            unit_name: profile.unit_name(sample_type),
            unit: String::new(),
            compared: None,
            classes: classes_of(&loaded, filtered, query),
            label_functions: filtered.label_functions.clone(),
            table: OnceCell::new(),
            loaded,
            top_down: OnceCell::new(),
            bottom_up: OnceCell::new(),
            pivots: RefCell::new(None),
            groups: RefCell::new(None),
            others: OnceCell::new(),
            ordered: RefCell::new(None),
            searched: RefCell::new(None),
            allocations: OnceCell::new(),
            allocation_order: RefCell::new(None),
            goroutines: OnceCell::new(),
            graphed: RefCell::new(None),
            tags: OnceCell::new(),
            tag_rows: RefCell::new(None),
        };
        analysis.unit = unit.unwrap_or_else(|| analysis.suitable_unit());
        analysis
    }

    /// Makes it the analysis of a comparison, whose joint profile it is about.
    pub(super) fn with_comparison(mut self, comparison: Comparison) -> Self {
        self.compared = Some(comparison);
        self
    }

    fn table(&self) -> &Table {
        self.table
            .get_or_init(|| Table::new(&self.profile, &self.nodes, &self.selection, &self.query))
    }

    /// Every node with a value, by node id.
    pub(super) fn rows(&self) -> &[TopRow] {
        &self.table().rows
    }

    /// The row of a node among [`Self::rows`]; `u32::MAX` for one without a value.
    pub(super) fn row_of(&self, node: NodeId) -> u32 {
        self.table().row_of[node.index()]
    }

    /// A row's values as the table shows them: sums, or means.
    pub(super) fn shown_row(&self, row: &TopRow) -> TopRow {
        let means = &self.table().means;
        let mean = means.get(self.row_of(row.node) as usize);
        mean.copied().unwrap_or(*row)
    }

    /// True when the table shows means.
    pub(super) fn has_means(&self) -> bool {
        self.query.mean
    }

    /// A value of the table, in the table's unit; a mean in its own.
    pub(super) fn shown_value(&self, value: i64) -> String {
        match self.query.unit.as_str() {
            "" if self.query.mean => unit::label(value, &self.unit_name),
            _ => self.value(value),
        }
    }

    /// All that is left, as the table's rows show it.
    pub(super) fn shown_total(&self) -> String {
        let total = if self.query.mean {
            Selection::mean(self.profile(), self.sample_type, 0).total
        } else {
            self.selection.total
        };
        self.shown_value(total)
    }

    /// Rows of the table without a search.
    pub(super) fn table_rows(&self) -> usize {
        let table = self.table();
        if table.shown.is_empty() {
            table.rows.len()
        } else {
            table.shown.iter().filter(|&&shown| shown).count()
        }
    }

    /// False for a row that the table leaves out.
    pub(super) fn is_shown(&self, row: &TopRow) -> bool {
        self.table().shown.get(row.node.index()) != Some(&false)
    }

    /// pprof's one unit for the table's larger rows.
    fn suitable_unit(&self) -> String {
        let total = self.selection.total;
        let shown = rows_above(self.rows(), TopOptions::default().node_fraction);
        let unit = output_unit(&shown, total, &self.unit_name, "minimum", 1.0);
        // Where values differ by so much that one unit means more digits than a person reads,
        // each gets its own.
        if unit::label_in(total, &self.unit_name, &unit).len() > MOST_DIGITS {
            "minimum".to_owned()
        } else {
            unit
        }
    }

    pub(super) fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The call tree. To be asked for once in a verb: boxes of a tree that was asked for before
    /// may be void.
    pub(super) fn tree(&self, inverted: bool) -> TreeView<'_> {
        self.grown(inverted).view(self.profile(), &self.nodes)
    }

    /// [`Self::tree`] to be viewed in another order.
    pub(super) fn whole_tree(&self, inverted: bool) -> Rc<Tree> {
        Rc::clone(self.grown(inverted))
    }

    fn grown(&self, inverted: bool) -> &Rc<Tree> {
        let cell = if inverted {
            &self.bottom_up
        } else {
            &self.top_down
        };
        let tree = cell.get_or_init(|| {
            let (profile, selection) = (self.profile(), &self.selection);
            Rc::new(Tree::new(profile, &self.nodes, selection, inverted))
        });
        tree.prune(self.profile(), &self.nodes, &self.selection, MANY_BOXES);
        tree
    }

    /// What a function calls, or who calls it. As [`Self::tree`].
    pub(super) fn pivot_tree(&self, pivot: NodeId, inverted: bool) -> Rc<Tree> {
        let mut pivots = self.pivots.borrow_mut();
        let known = pivots.take().filter(|(node, _)| *node == pivot);
        let (_, trees) = pivots.insert(known.unwrap_or((pivot, [None, None])));
        let tree = trees[usize::from(inverted)].get_or_insert_with(|| {
            let (profile, selection) = (self.profile(), &self.selection);
            let tree = Tree::from_pivot(profile, &self.nodes, selection, inverted, pivot);
            Rc::new(tree)
        });
        tree.prune(self.profile(), &self.nodes, &self.selection, MANY_BOXES);
        Rc::clone(tree)
    }

    /// The file's other sample types: all of a memory profile, which are read side by side, and
    /// those of any file with few.
    pub(super) fn others(&self) -> &[Other] {
        self.others.get_or_init(|| {
            let types = self.profile().sample_types.len();
            let shown = if types <= MAX_OTHERS { types } else { 0 };
            (0..shown)
                .filter(|&t| t != self.sample_type)
                .map(|t| self.other(t))
                .collect()
        })
    }

    fn other(&self, sample_type: usize) -> Other {
        let profile = self.profile();
        let query = Query {
            sample: sample_type as u32,
            ..self.query.clone()
        };
        let selection = filtered::selection(&query, profile, &self.loaded.profile);
        Other {
            sample_type,
            name: profile.type_name(sample_type),
            unit_name: profile.unit_name(sample_type),
            total: selection.total,
            sums: flat_cum(profile, &self.nodes, &selection, None),
        }
    }

    /// A value of the query's sample type in the tables' unit. What would print as 0 there
    /// without being 0 gets the unit that suits it.
    pub(super) fn value(&self, value: i64) -> String {
        if let Some(comparison) = &self.compared {
            return compare::difference_text(comparison, value);
        }
        let text = unit::label_in(value, &self.unit_name, &self.unit);
        if text == "0" && value != 0 {
            unit::label(value, &self.unit_name)
        } else {
            text
        }
    }

    /// A value in percent of the total.
    pub(super) fn percent(&self, value: i64) -> String {
        unit::percent(value, self.selection.total)
    }

    /// |value| as a share of the total, for drawing.
    pub(super) fn share(&self, value: i64) -> f64 {
        unit::share(value, self.selection.total).abs().min(1.0)
    }

    /// flat and cum of a node; zero for one without a value.
    pub(super) fn row(&self, node: NodeId) -> TopRow {
        let row = self.rows().get(self.row_of(node) as usize);
        row.copied().unwrap_or(TopRow {
            node,
            flat: 0,
            cum: 0,
            inline: crate::analysis::InlineMark::None,
        })
    }

    /// The node of a printable name; `u32::MAX` for none, or when filters left no line of it.
    pub(super) fn node_called(&self, name: &str) -> u32 {
        let nodes = (0..self.nodes.len() as u32).map(NodeId);
        let called = nodes.filter(|&node| self.nodes.printable_text(node) == name);
        let called: Vec<NodeId> = called.collect();
        if called.is_empty() {
            return u32::MAX;
        }
        let are_frames = self.nodes.are_frames();
        let mut left = called.iter().filter(|node| are_frames[node.index()]);
        left.next().map_or(u32::MAX, |node| node.0)
    }

    pub(super) fn node(&self, node: u32) -> Result<NodeId, String> {
        if (node as usize) < self.nodes.len() {
            Ok(NodeId(node))
        } else {
            Err(format!("no row {node}"))
        }
    }

    /// A node's name as the page shows it.
    pub(super) fn name(&self, node: NodeId) -> FrameName {
        let profile = self.profile();
        let (dim, strong) = split_name(&self.nodes, node);
        let info = &self.nodes.info[node.index()];
        let line_row = self.nodes.first_line[node.index()];
        let line = profile.lines.get(line_row as usize);
        let function = line.map(|l| profile.functions[l.function.index()]);
        let file = function.map_or_else(String::new, |f| {
            profile.strings.text(f.filename).into_owned()
        });
        let start = if info.line != 0 {
            info.line
        } else {
            function.map_or(0, |f| f.start_line)
        };
        let symbol = function
            .map(|f| profile.strings.bytes(f.name))
            .unwrap_or_default();
        let full = self.nodes.printable_text(node);
        // Frames of labels are no functions of the file. In place of a file they have their key.
        if line.is_some_and(|line| self.label_functions.contains(&line.function.index())) {
            let key = format!("{file}:");
            let value = full.strip_prefix(&key);
            return FrameName {
                node: node.0,
                dim: value.map_or_else(String::new, |_| key.clone()),
                strong: value.unwrap_or(&full).to_owned(),
                full,
                file: String::new(),
                line: 0.0,
                class: "unknown".to_owned(),
                package: String::new(),
                hue: hue(symbol),
            };
        }
        let package = crate::analysis::package_of(symbol);
        FrameName {
            node: node.0,
            full,
            dim,
            strong,
            file,
            line: start as f64,
            class: self
                .classes
                .of_node(profile, &self.nodes, node)
                .name()
                .to_owned(),
            package: crate::analysis::unescape(package).into_owned(),
            hue: hue(package),
        }
    }
}

/// Whose code functions are, also those that steps added.
fn classes_of(loaded: &Loaded, filtered: &Filtered, query: &Query) -> Rc<Classes> {
    let classes = loaded.classes_of(&query.main);
    if filtered.twins.is_empty() {
        return classes;
    }
    let functions = filtered.profile.functions.len();
    Rc::new(classes.with_twins(functions, &filtered.twins))
}

/// Which rows the query's table is to have, by node id; empty for all.
fn rows_in_table(rows: &[TopRow], nodes: &Nodes, query: &Query) -> Vec<bool> {
    if !query.dropneg && query.nodefraction <= 0.0 && query.nodecount == 0 {
        return Vec::new();
    }
    let mut kept = rows.to_vec();
    if query.dropneg {
        kept.retain(|row| row.flat > 0 || row.flat == 0 && row.cum >= 0);
    }
    if query.nodefraction > 0.0 {
        kept = rows_above(&kept, query.nodefraction);
    }
    if query.nodecount > 0 {
        sort_rows(&mut kept, nodes, Order::Flat);
        kept.truncate(query.nodecount as usize);
    }
    let mut in_table = vec![false; nodes.len()];
    for row in kept {
        in_table[row.node.index()] = true;
    }
    in_table
}

impl From<GranularityDto> for Granularity {
    fn from(dto: GranularityDto) -> Self {
        match dto {
            GranularityDto::Functions => Self::Functions,
            GranularityDto::Filefunctions => Self::FileFunctions,
            GranularityDto::Files => Self::Files,
            GranularityDto::Packages => Self::Packages,
            GranularityDto::Lines => Self::Lines,
            GranularityDto::Addresses => Self::Addresses,
        }
    }
}

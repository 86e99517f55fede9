//! The verbs about lines: what each line of a function or a file costs, and which files there are.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::dto::{FrameName, GranularityDto, Query, TableOrder};
use super::dto_source::{
    SourceFileRow, SourceFiles, SourceFunction, SourceInfo, SourceInlined, SourceLineRow,
    SourcePlace,
};
use super::query::Analysis;
use super::search::compile;
use super::workspace::Workspace;
use crate::analysis::{
    Class, FileCost, InlinedCost, NodeId, SourceCosts, SourceLine, TopRow, compare_names,
    file_costs, source_costs, split_symbol,
};
use crate::sort::sort_by;

/// Lines of an answer at most.
const MAX_LINES: usize = 20_000;
/// Functions of a file that are named at most.
const MAX_FUNCTIONS: usize = 5_000;
/// What was inlined into one line, listed at most.
const MAX_INLINED: usize = 20;
/// Files listed at most.
const MAX_FILES: usize = 5_000;
/// Other files of a name, listed at most.
const MAX_OTHERS: usize = 20;

impl Workspace {
    /// What each line of a function, or of all functions of a file, costs.
    pub fn source(&mut self, query: &Query, place: &SourcePlace) -> Result<SourceInfo, String> {
        let shown = self.analysis(query)?;
        let functions = self.analysis(&by_function(query))?;
        Ok(Source::new(&shown, &functions).info(place))
    }

    /// The source files that have a value and match the order's expression. Columns are `flat`,
    /// `cum` and `name`; any other is `flat`.
    pub fn source_files(
        &mut self,
        query: &Query,
        order: &TableOrder,
    ) -> Result<SourceFiles, String> {
        let analysis = self.analysis(&by_function(query))?;
        let nodes = &analysis.nodes;
        let mut costs = file_costs(analysis.profile(), nodes, &analysis.selection);
        let mut refused = String::new();
        if !order.search.is_empty() {
            match compile(&order.search) {
                Ok(pattern) => costs.retain(|cost| pattern.is_match(nodes.text(cost.file))),
                Err(error) => refused.clone_from(&error.error),
            }
        }
        sort_by(&mut costs, &|a, b| {
            let path = nodes.text(a.file).cmp(nodes.text(b.file));
            let by_value = match order.column.as_str() {
                "name" => path,
                "cum" => a.cum.wrapping_abs().cmp(&b.cum.wrapping_abs()),
                _ => a.flat.wrapping_abs().cmp(&b.flat.wrapping_abs()),
            };
            let directed = if order.ascending {
                by_value
            } else {
                by_value.reverse()
            };
            directed.then(path)
        });
        let row = |cost: &FileCost| SourceFileRow {
            path: String::from_utf8_lossy(nodes.text(cost.file)).into_owned(),
            flat: analysis.value(cost.flat),
            flat_share: analysis.share(cost.flat),
            cum: analysis.value(cost.cum),
            cum_share: analysis.share(cost.cum),
        };
        Ok(SourceFiles {
            rows: costs.iter().take(MAX_FILES).map(row).collect(),
            matching: costs.len() as u32,
            refused,
        })
    }
}

/// A function of one file is what a line belongs to, whatever rows are grouped by.
fn by_function(query: &Query) -> Query {
    Query {
        granularity: GranularityDto::Filefunctions,
        mean: false,
        ..query.clone()
    }
}

/// By |flat|, then |cum|, both descending, then by name.
fn heavier(analysis: &Analysis, a: &TopRow, b: &TopRow) -> std::cmp::Ordering {
    let weight = |row: &TopRow| Reverse((row.flat.wrapping_abs(), row.cum.wrapping_abs()));
    let by_weight = weight(a).cmp(&weight(b));
    by_weight.then_with(|| compare_names(&analysis.nodes, a.node, b.node))
}

impl Analysis {
    /// The source file of a node, as text.
    fn file_of(&self, node: NodeId) -> String {
        let file = self.nodes.text(self.nodes.info[node.index()].file);
        String::from_utf8_lossy(file).into_owned()
    }

    /// The heaviest of its nodes that `wanted` is true for.
    fn heaviest_where(&self, wanted: impl Fn(NodeId) -> bool) -> Option<NodeId> {
        let rows = self.rows().iter().filter(|row| wanted(row.node));
        rows.min_by(|a, b| heavier(self, a, b)).map(|row| row.node)
    }
}

/// A value, nothing for none.
fn unless_zero(value: i64, text: impl FnOnce(i64) -> String) -> String {
    if value == 0 {
        String::new()
    } else {
        text(value)
    }
}

/// A query's rows beside the functions that lines belong to.
struct Source<'a> {
    shown: &'a Analysis,
    functions: &'a Analysis,
    /// The query's row of each function, where it is first a frame; `u32::MAX` for none.
    row_of: Vec<u32>,
    has_lines: bool,
    names: Vec<FrameName>,
    name_of: HashMap<NodeId, u32>,
}

impl<'a> Source<'a> {
    fn new(shown: &'a Analysis, functions: &'a Analysis) -> Self {
        let profile = functions.profile();
        let mut row_of = vec![u32::MAX; functions.nodes.len()];
        for location in 0..profile.locations.len() {
            let rows = shown.nodes.frames(location).iter();
            for (function, row) in functions.nodes.frames(location).iter().zip(rows) {
                if let Some(entry) = row_of.get_mut(function.index())
                    && *entry == u32::MAX
                {
                    *entry = row.0;
                }
            }
        }
        Self {
            shown,
            functions,
            row_of,
            has_lines: profile.lines.iter().any(|line| line.line > 0),
            names: Vec::new(),
            name_of: HashMap::new(),
        }
    }

    fn info(mut self, place: &SourcePlace) -> SourceInfo {
        let analysis = self.functions;
        let nodes = &analysis.nodes;
        let has_file = |node: NodeId, file: &str| {
            let own = nodes.text(nodes.info[node.index()].file);
            String::from_utf8_lossy(own) == file
        };
        let mut scope: Vec<bool> = Vec::new();
        if !place.file.is_empty() {
            let all = (0..nodes.len() as u32).map(NodeId);
            scope = all.map(|node| has_file(node, &place.file)).collect();
        }
        let is_whole = scope.contains(&true);
        let named = self.named(&place.name);
        let missing = (!place.file.is_empty() && !is_whole)
            || (!place.name.is_empty() && named.is_none() && !is_whole);
        let mut info = SourceInfo {
            has_lines: self.has_lines,
            missing,
            ..SourceInfo::default()
        };
        if is_whole {
            info.file.clone_from(&place.file);
        } else {
            let Some(node) = named.or_else(|| self.heaviest_own()) else {
                return info;
            };
            scope = vec![false; nodes.len()];
            scope[node.index()] = true;
            info.function = Some(self.name(node));
            info.file = analysis.file_of(node);
            info.start_line = self.start_line(node) as f64;
            info.other_files = self.other_files(node);
        }
        let costs = source_costs(analysis.profile(), nodes, &analysis.selection, &scope);
        self.fill(&mut info, &costs);
        info.functions = self.functions_of(&scope);
        info.names = self.names;
        info
    }

    /// The function of a name: of a row of the query the heaviest.
    fn named(&self, name: &str) -> Option<NodeId> {
        if name.is_empty() {
            return None;
        }
        let nodes = &self.functions.nodes;
        let is_called = |node: NodeId| {
            let own = nodes.text(nodes.info[node.index()].name);
            String::from_utf8_lossy(own) == name
        };
        let called = self.functions.heaviest_where(is_called);
        called.or_else(|| {
            let row = self.shown.node_called(name);
            let is_in = |node: NodeId| row != u32::MAX && self.row_of[node.index()] == row;
            self.functions.heaviest_where(is_in)
        })
    }

    /// What there is to see first: the heaviest function of the program itself that has a file, else
    /// the heaviest of all.
    fn heaviest_own(&self) -> Option<NodeId> {
        let analysis = self.functions;
        let has_file = |node: NodeId| !analysis.file_of(node).is_empty();
        let is_own = |node: NodeId| {
            let class = analysis
                .classes
                .of_node(analysis.profile(), &analysis.nodes, node);
            class == Class::Main && has_file(node)
        };
        let own = analysis.heaviest_where(is_own);
        let any = own.or_else(|| analysis.heaviest_where(has_file));
        any.or_else(|| analysis.heaviest_where(|_| true))
    }

    fn start_line(&self, node: NodeId) -> i64 {
        let profile = self.functions.profile();
        let row = self.functions.nodes.first_line[node.index()];
        let line = profile.lines.get(row as usize);
        line.map_or(0, |line| {
            profile.functions[line.function.index()].start_line
        })
    }

    /// Files of other functions with this one's name, heaviest first.
    fn other_files(&self, node: NodeId) -> Vec<String> {
        let analysis = self.functions;
        let name = |node: NodeId| analysis.nodes.info[node.index()].name;
        let rows = analysis.rows().iter();
        let mut others: Vec<TopRow> = rows
            .filter(|row| row.node != node && name(row.node) == name(node))
            .copied()
            .collect();
        sort_by(&mut others, &|a, b| heavier(analysis, a, b));
        let files = others.iter().map(|row| analysis.file_of(row.node));
        files
            .filter(|file| !file.is_empty())
            .take(MAX_OTHERS)
            .collect()
    }

    /// Row of the table of names.
    fn row(&mut self, node: NodeId) -> u32 {
        if let Some(&row) = self.name_of.get(&node) {
            return row;
        }
        let row = self.names.len() as u32;
        let name = self.name(node);
        self.names.push(name);
        self.name_of.insert(node, row);
        row
    }

    /// A function's name without its file, as a row of the query.
    fn name(&self, node: NodeId) -> FrameName {
        let mut name = self.functions.name(node);
        let file = self.functions.file_of(node);
        let symbol = name.strong.strip_suffix(&file);
        if let Some(symbol) = symbol.and_then(|rest| rest.strip_suffix(' ')) {
            name.strong = symbol.to_owned();
        }
        name.file = file;
        let row = self.row_of[node.index()];
        name.node = row;
        name.full = match self.shown.node(row) {
            Ok(row) => self.shown.nodes.printable_text(row),
            Err(_) => format!("{}{}", name.dim, name.strong),
        };
        name
    }

    fn functions_of(&mut self, scope: &[bool]) -> Vec<SourceFunction> {
        let analysis = self.functions;
        let rows = analysis.rows().iter().map(|row| row.node);
        let mut inside: Vec<(i64, NodeId)> = rows
            .filter(|node| scope[node.index()])
            .map(|node| (self.start_line(node), node))
            .collect();
        sort_by(&mut inside, &|a, b| {
            let by_line = a.0.cmp(&b.0);
            by_line.then_with(|| compare_names(&analysis.nodes, a.1, b.1))
        });
        inside.truncate(MAX_FUNCTIONS);
        let functions = inside.into_iter().map(|(start_line, node)| {
            let symbol = analysis.nodes.text(analysis.nodes.info[node.index()].name);
            let parts = split_symbol(symbol);
            let base = String::from_utf8_lossy(parts.base).into_owned();
            // A method's name ends with its base; what a closure's ends with is the compiler's.
            let plain = symbol.strip_suffix(b"-fm").unwrap_or(symbol);
            SourceFunction {
                name: self.row(node),
                closure: !plain.ends_with(parts.base) && !plain.ends_with(b"]"),
                base,
                start_line: start_line as f64,
            }
        });
        functions.collect()
    }

    fn fill(&mut self, info: &mut SourceInfo, costs: &SourceCosts) {
        let shown = self.shown;
        info.flat = shown.value(costs.flat);
        info.flat_pct = shown.percent(costs.flat);
        info.own = shown.value(costs.own);
        let inlined = costs.flat.wrapping_sub(costs.own);
        info.inlined = unless_zero(inlined, |value| shown.value(value));
        info.cum = shown.value(costs.cum);
        info.cum_pct = shown.percent(costs.cum);
        info.overlap = costs.lines_overlap();
        let mut lines: Vec<&SourceLine> = costs.lines.iter().collect();
        if lines.len() > MAX_LINES {
            info.more = (lines.len() - MAX_LINES) as u32;
            sort_by(&mut lines, &|a, b| {
                Reverse(a.cum.wrapping_abs()).cmp(&Reverse(b.cum.wrapping_abs()))
            });
            lines.truncate(MAX_LINES);
            sort_by(&mut lines, &|a, b| a.line.cmp(&b.line));
        }
        let order = |weight: &dyn Fn(&SourceLine) -> i64| {
            let mut rows: Vec<u32> = (0..lines.len() as u32).collect();
            let key = |row: u32| Reverse(weight(lines[row as usize]).wrapping_abs());
            crate::sort::sort_ids(&mut rows, &|a, b| key(a).cmp(&key(b)));
            rows
        };
        info.by_flat = order(&|line| line.flat);
        info.by_cum = order(&|line| line.cum);
        info.lines = lines.into_iter().map(|line| self.line(line)).collect();
    }

    fn line(&mut self, line: &SourceLine) -> SourceLineRow {
        let shown = self.shown;
        let value = |value| unless_zero(value, |value| shown.value(value));
        let percent = |value| unless_zero(value, |value| shown.percent(value));
        SourceLineRow {
            line: line.line as f64,
            name: self.row(line.node),
            flat: value(line.flat),
            flat_pct: percent(line.flat),
            flat_share: shown.share(line.flat),
            own: value(line.own),
            cum: value(line.cum),
            cum_pct: percent(line.cum),
            cum_share: shown.share(line.cum),
            inlined: line
                .inlined
                .iter()
                .take(MAX_INLINED)
                .map(|cost| self.inlined(cost))
                .collect(),
        }
    }

    fn inlined(&mut self, cost: &InlinedCost) -> SourceInlined {
        let shown = self.shown;
        SourceInlined {
            name: self.row(cost.node),
            flat: unless_zero(cost.flat, |value| shown.value(value)),
            flat_share: shown.share(cost.flat),
            cum: shown.value(cost.cum),
            cum_share: shown.share(cost.cum),
        }
    }
}

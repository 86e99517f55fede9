//! Searching names, and what the matches weigh.

use std::rc::Rc;

use super::dto::{Query, SearchInfo};
use super::filtered::place_of;
use super::query::Analysis;
use super::workspace::Workspace;
use crate::analysis::{NodeId, Pattern};
use crate::model::LocationId;

/// Compiles an expression, by the rules that filters have. Letters match in either case unless the
/// expression has a capital, so that typing `json` finds `JSON` and typing `JSON` means it.
pub(super) fn compile(expression: &str) -> Result<Pattern, Box<SearchInfo>> {
    let has_capital = expression.bytes().any(|b| b.is_ascii_uppercase());
    let compiled = if has_capital {
        Pattern::new(expression)
    } else {
        Pattern::folded(expression)
    };
    compiled.map_err(|error| {
        Box::new(SearchInfo {
            error_at: place_of(&error, expression),
            error: error.reason,
            ..SearchInfo::default()
        })
    })
}

impl Analysis {
    /// Which nodes match; the last answer is kept. A bad expression matches nothing.
    pub(super) fn matches(&self, expression: &str) -> Rc<Vec<bool>> {
        if let Some((known, matches)) = &*self.searched.borrow()
            && known == expression
        {
            return Rc::clone(matches);
        }
        let pattern = if expression.is_empty() {
            None
        } else {
            compile(expression).ok()
        };
        let matches: Vec<bool> = match pattern {
            None => Vec::new(),
            Some(pattern) => (0..self.nodes.len() as u32)
                .map(|node| pattern.is_match(&self.nodes.printable(NodeId(node))))
                .collect(),
        };
        let matches = Rc::new(matches);
        *self.searched.borrow_mut() = Some((expression.to_owned(), Rc::clone(&matches)));
        matches
    }

    /// Value of all samples with a matching frame; nothing is counted twice.
    fn matched_value(&self, matches: &[bool]) -> i64 {
        let profile = self.profile();
        let locations: Vec<bool> = (0..profile.locations.len())
            .map(|l| self.nodes.frames(l).iter().any(|n| matches[n.index()]))
            .collect();
        let frames: &[LocationId] = &profile.stacks.frames;
        let hit = |stack: usize| {
            let (start, end) = profile.stacks.ranges[stack];
            frames[start as usize..end as usize]
                .iter()
                .any(|l| locations[l.index()])
        };
        let weights = self
            .selection
            .stacks()
            .filter(|&(stack, _)| hit(stack))
            .map(|(_, w)| w);
        weights.fold(0, i64::wrapping_add)
    }
}

impl Workspace {
    /// What an expression finds among the query's rows.
    pub fn search(&mut self, query: &Query, expression: &str) -> Result<SearchInfo, String> {
        let analysis = self.analysis(query)?;
        if expression.is_empty() {
            return Ok(SearchInfo::default());
        }
        if let Err(refused) = compile(expression) {
            return Ok(*refused);
        }
        let matches = analysis.matches(expression);
        let found = analysis
            .rows()
            .iter()
            .filter(|row| matches[row.node.index()]);
        let (count, flat) = found.fold((0, 0_i64), |(n, sum), row| {
            (n + 1, sum.wrapping_add(row.flat))
        });
        let cum = analysis.matched_value(&matches);
        Ok(SearchInfo {
            error: String::new(),
            error_at: -1,
            matches: count,
            flat: analysis.value(flat),
            flat_pct: analysis.percent(flat),
            cum: analysis.value(cum),
            cum_pct: analysis.percent(cum),
        })
    }
}

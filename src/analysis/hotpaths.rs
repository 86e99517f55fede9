//! The heaviest call paths, each cut down to the steps that matter.
//!
//! The merged call tree is explored heaviest box first. A path follows own code through its
//! branches, and libraries and the runtime while one child dominates; it ends where the cost
//! becomes a box's own or scatters. What is left at a branch becomes another path, so paths do
//! not overlap: their values add up to the total at most.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::attribution::is_folded;
use super::{Class, Classes, NodeId, NodeRef, Nodes, TreeView};
use crate::model::Profile;

/// A path goes on below a box when a child carries this share of it that is the program's own
/// code or soon leads there: own code is followed through branches, down to what does the work.
const FOLLOW_OWN: f64 = 0.1;
/// The same for a library or runtime function that own code calls.
const FOLLOW_CALL: f64 = 0.2;
/// Inside a library, a path goes on while a child carries this share of what own code spent in
/// the call: how a library divides its work is of less interest than that it was called.
const FOLLOW_INSIDE: f64 = 0.5;
/// Library frames that may lie between a box and the own code it leads to, as in a server whose
/// handlers are called through several layers.
const LAYERS: usize = 32;
/// What the children leave of a box is a path of its own from this share of the box on.
const OWN_COST: f64 = 0.2;
/// Steps of a path at most; the middle of a longer one is folded.
const MAX_STEPS: usize = 64;
/// Names kept of the frames folded into one step; the rest is only counted.
const MAX_FOLDED: usize = 40;

/// How many paths, and from which weight on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HotPathOptions {
    /// Paths at most.
    pub count: usize,
    /// Least share of the total, 0..=1, that a path carries.
    pub min_share: f64,
}

impl Default for HotPathOptions {
    /// Ten paths of 1 % at least.
    fn default() -> Self {
        Self {
            count: 10,
            min_share: 0.01,
        }
    }
}

/// One path, outermost step first.
#[derive(Clone, Debug, PartialEq)]
pub struct HotPath {
    /// Σ value that ends on this path and on no other: the last step's cum, or, where heavy
    /// children lead on to paths of their own, what they leave of it.
    pub value: i64,
    /// The same in |value| ÷ Σ |value| of the tree, 0..=1.
    pub share: f64,
    /// The steps, never none.
    pub steps: Vec<PathStep>,
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct PathStep {
    /// Who.
    pub node: NodeId,
    /// The box of the call tree.
    pub at: NodeRef,
    /// Own value in this box.
    pub flat: i64,
    /// Value in this box with everything below.
    pub cum: i64,
    /// Frames without interest between the step before and this one, outermost first, the first
    /// 40 of them.
    pub folded: Vec<NodeId>,
    /// Number of such frames.
    pub folded_count: usize,
}

/// Finds the heaviest paths of a top-down tree, heaviest first, ties in order of discovery.
/// Empty when nothing is selected.
pub fn hot_paths(
    profile: &Profile,
    nodes: &Nodes,
    classes: &Classes,
    tree: TreeView<'_>,
    options: &HotPathOptions,
) -> Vec<HotPath> {
    let total = tree.total_width();
    let least = ((options.min_share * total as f64).ceil() as u64).max(1);
    let shortener = Shortener {
        profile,
        nodes,
        classes,
        tree,
    };
    let mut search = Search {
        shortener: &shortener,
        tree,
        least,
        queue: BinaryHeap::new(),
        pushed: 0,
    };
    search.push(tree.root(), total, total, false);
    let mut paths = Vec::new();
    while let Some(end) = search.next_end() {
        if paths.len() == options.count {
            break;
        }
        let share = end.width as f64 / total as f64;
        paths.push(HotPath {
            value: end.value,
            share,
            steps: shortener.steps(end.at),
        });
    }
    paths
}

/// Where a path ends.
struct End {
    at: NodeRef,
    width: u64,
    value: i64,
}

/// A box to look at; the heaviest first, then in order of discovery.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    width: u64,
    discovery: Reverse<u32>,
    at: NodeRef,
    /// Width of the box in which own code called into the library that `at` belongs to; its own
    /// width where it is own code.
    entry: u64,
    /// Only what the children leave of it is meant.
    is_rest: bool,
}

struct Search<'a> {
    shortener: &'a Shortener<'a>,
    tree: TreeView<'a>,
    least: u64,
    queue: BinaryHeap<Candidate>,
    pushed: u32,
}

impl Search<'_> {
    fn push(&mut self, at: NodeRef, width: u64, entry: u64, is_rest: bool) {
        if width >= self.least {
            let discovery = Reverse(self.pushed);
            self.queue.push(Candidate {
                width,
                discovery,
                at,
                entry,
                is_rest,
            });
            self.pushed = self.pushed.wrapping_add(1);
        }
    }

    /// Opens the heaviest boxes until one is the end of a path.
    fn next_end(&mut self) -> Option<End> {
        while let Some(candidate) = self.queue.pop() {
            let Candidate {
                width, at, is_rest, ..
            } = candidate;
            if is_rest {
                return Some(End {
                    at,
                    width,
                    value: self.rest(at),
                });
            }
            if self.tree.is_tail(at) {
                let steps = self.tree.tail_frames(at.node).count() as u32;
                let end = NodeRef {
                    node: at.node,
                    tail: steps.saturating_sub(1),
                };
                return Some(End {
                    at: end,
                    width,
                    value: self.tree.cum(at),
                });
            }
            if !self.branch(&candidate) && at != NodeRef::ROOT {
                return Some(End {
                    at,
                    width,
                    value: self.tree.cum(at),
                });
            }
        }
        None
    }

    /// Queues what leads on from a box; false when nothing does.
    fn branch(&mut self, from: &Candidate) -> bool {
        let Candidate {
            width, at, entry, ..
        } = *from;
        let is_root = at == NodeRef::ROOT;
        let is_own = is_root || self.shortener.owns(at);
        let share = |part: u64, whole: u64| part as f64 / whole as f64;
        let dominates = |part: u64| !is_own && share(part, entry) >= FOLLOW_INSIDE;
        let leads = |&(child, part): &(NodeRef, u64)| {
            dominates(part)
                || is_own && share(part, width) >= FOLLOW_CALL
                || share(part, width) >= FOLLOW_OWN && self.leads_to_own(child, part)
        };
        let children = self.tree.children(at).map(|c| (c, self.tree.extent(c).1));
        let heavy: Vec<(NodeRef, u64)> = children
            .take_while(|&(_, part)| part >= self.least)
            .collect();
        // Everything begins at the root: nothing is scattered there.
        if !is_root && !heavy.iter().any(leads) {
            return false;
        }
        let left = heavy
            .iter()
            .fold(width, |left, (_, part)| left.saturating_sub(*part));
        for (child, part) in heavy {
            let entry = if dominates(part) && !self.shortener.owns(child) {
                entry
            } else {
                part
            };
            self.push(child, part, entry, false);
        }
        if share(left, width) >= OWN_COST && !is_root {
            self.push(at, left, left, true);
        }
        true
    }

    /// True when at least half of a box is, or flows on to, own code.
    fn leads_to_own(&self, at: NodeRef, width: u64) -> bool {
        let mut here = at;
        for _ in 0..LAYERS {
            if self.tree.is_tail(here) {
                let mut layers = self.tree.tail_frames(here.node).take(LAYERS);
                return layers.any(|(node, _)| self.shortener.is_own(node));
            }
            if self.shortener.owns(here) {
                return true;
            }
            let heaviest = self.tree.children(here).next();
            let Some(next) = heaviest.filter(|&c| self.tree.extent(c).1 >= width.div_ceil(2))
            else {
                return false;
            };
            here = next;
        }
        false
    }

    /// Value of a box without the children that are followed.
    fn rest(&self, at: NodeRef) -> i64 {
        let followed = self
            .tree
            .children(at)
            .take_while(|&c| self.tree.extent(c).1 >= self.least);
        followed.fold(self.tree.cum(at), |left, child| {
            left.wrapping_sub(self.tree.cum(child))
        })
    }
}

/// Turns the boxes from the root to a path's end into steps.
struct Shortener<'a> {
    profile: &'a Profile,
    nodes: &'a Nodes,
    classes: &'a Classes,
    tree: TreeView<'a>,
}

/// A box on the way.
#[derive(Clone, Copy)]
struct Passed {
    at: NodeRef,
    node: NodeId,
    class: Class,
    cum: i64,
    is_plumbing: bool,
}

impl Shortener<'_> {
    fn is_own(&self, node: NodeId) -> bool {
        is_own(self.classes.of_node(self.profile, self.nodes, node))
    }

    fn owns(&self, at: NodeRef) -> bool {
        self.tree.frame(at).is_some_and(|node| self.is_own(node))
    }

    fn steps(&self, end: NodeRef) -> Vec<PathStep> {
        let passed = self.passed(end);
        let mut kept = kept(&passed);
        if kept.len() > MAX_STEPS {
            let tail = kept.split_off(kept.len() - MAX_STEPS / 2);
            kept.truncate(MAX_STEPS / 2);
            kept.extend(tail);
        }
        let mut steps = Vec::with_capacity(kept.len());
        let mut next = 0;
        for index in kept {
            let skipped = &passed[next..index];
            let Passed { at, node, cum, .. } = passed[index];
            // Inside an unbranched tail only the last frame has a cost of its own.
            let is_inner = self.tree.is_tail(at) && index + 1 < passed.len();
            steps.push(PathStep {
                node,
                at,
                flat: if is_inner { 0 } else { self.tree.flat(at) },
                cum,
                folded: skipped.iter().take(MAX_FOLDED).map(|p| p.node).collect(),
                folded_count: skipped.len(),
            });
            next = index + 1;
        }
        steps
    }

    /// All boxes from below the root down to `end`.
    fn passed(&self, end: NodeRef) -> Vec<Passed> {
        let head = NodeRef {
            node: end.node,
            tail: 0,
        };
        let mut branches = Vec::new();
        let mut at = head;
        while at != NodeRef::ROOT {
            branches.push(at);
            at = self.tree.parent(at);
        }
        branches.reverse();
        if !self.tree.is_tail(head) {
            return branches
                .into_iter()
                .filter_map(|at| Some(self.pass(at, self.tree.frame(at)?)))
                .collect();
        }
        branches.pop();
        let mut passed: Vec<Passed> = branches
            .into_iter()
            .filter_map(|at| Some(self.pass(at, self.tree.frame(at)?)))
            .collect();
        // A tail is walked once: asking for its frames one by one would be quadratic.
        let tail = self
            .tree
            .tail_frames(end.node)
            .take(end.tail as usize + 1)
            .enumerate();
        passed.extend(tail.map(|(i, (node, _))| {
            self.pass(
                NodeRef {
                    node: end.node,
                    tail: i as u32,
                },
                node,
            )
        }));
        passed
    }

    fn pass(&self, at: NodeRef, node: NodeId) -> Passed {
        let name = self.nodes.text(self.nodes.info[node.index()].name);
        let class = self.classes.of_node(self.profile, self.nodes, node);
        let is_plumbing = self.classes.is_go() && (is_folded(name) || is_test_plumbing(name));
        Passed {
            at,
            node,
            class,
            cum: self.tree.cum(at),
            is_plumbing,
        }
    }
}

/// Indices of the boxes to show. Own code is shown, the end of the path, and of libraries
/// and runtime the function that own code calls and those at which the cost changes.
fn kept(passed: &[Passed]) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    for (i, here) in passed.iter().enumerate() {
        let Some(next) = passed.get(i + 1) else {
            kept.push(i);
            break;
        };
        let before = kept.last().map(|&k| &passed[k]);
        let recurs = before.is_some_and(|b| b.node == here.node) && next.node == here.node;
        if !here.is_plumbing && !recurs && shows(before, here, next) {
            kept.push(i);
        }
    }
    kept
}

/// Own code, and what could be: without a class everything is followed and shown.
fn is_own(class: Class) -> bool {
    matches!(class, Class::Main | Class::Unknown)
}

fn shows(before: Option<&Passed>, here: &Passed, next: &Passed) -> bool {
    let is_entry = before.is_none_or(|b| is_own(b.class));
    is_own(here.class) || is_entry || here.cum != next.cum
}

/// The frames of package testing that every benchmark and test runs under.
fn is_test_plumbing(name: &[u8]) -> bool {
    const PREFIXES: [&[u8]; 6] = [
        b"testing.(*B).",
        b"testing.(*T).",
        b"testing.(*F).",
        b"testing.(*M).",
        b"testing.tRunner",
        b"testing.run",
    ];
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || [
            &b"runtime.mstart"[..],
            b"runtime.mstart0",
            b"runtime.mstart1",
        ]
        .contains(&name)
}

#[cfg(test)]
#[path = "hotpaths_tests.rs"]
mod tests;

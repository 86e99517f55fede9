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

/// A path goes on below a box when a child of the program's own code carries this share of it:
/// own code is followed through branches, down to what does the work.
const FOLLOW_OWN: f64 = 0.1;
/// The same for a child in a library or the runtime, which is followed only while it dominates:
/// how a library divides its work is of less interest than that it was called.
const FOLLOW_OTHER: f64 = 0.5;
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
        Self { count: 10, min_share: 0.01 }
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
    let shortener = Shortener { profile, nodes, classes, tree };
    let mut search = Search { shortener: &shortener, tree, least, queue: BinaryHeap::new(), pushed: 0 };
    search.push(tree.root(), total, false);
    let mut paths = Vec::new();
    while let Some(end) = search.next_end() {
        if paths.len() == options.count {
            break;
        }
        let share = end.width as f64 / total as f64;
        paths.push(HotPath { value: end.value, share, steps: shortener.steps(end.at) });
    }
    paths
}

/// Where a path ends.
struct End {
    at: NodeRef,
    width: u64,
    value: i64,
}

struct Search<'a> {
    shortener: &'a Shortener<'a>,
    tree: TreeView<'a>,
    least: u64,
    /// Width, order of discovery, box, and whether only what its children leave is meant.
    queue: BinaryHeap<(u64, Reverse<u32>, NodeRef, bool)>,
    pushed: u32,
}

impl Search<'_> {
    fn push(&mut self, at: NodeRef, width: u64, is_rest: bool) {
        if width >= self.least {
            self.queue.push((width, Reverse(self.pushed), at, is_rest));
            self.pushed = self.pushed.wrapping_add(1);
        }
    }

    /// Opens the heaviest boxes until one is the end of a path.
    fn next_end(&mut self) -> Option<End> {
        while let Some((width, _, at, is_rest)) = self.queue.pop() {
            if is_rest {
                return Some(End { at, width, value: self.rest(at) });
            }
            if self.tree.is_tail(at) {
                let steps = self.tree.tail_frames(at.node).count() as u32;
                let end = NodeRef { node: at.node, tail: steps.saturating_sub(1) };
                return Some(End { at: end, width, value: self.tree.cum(at) });
            }
            if !self.branch(at, width) && at != NodeRef::ROOT {
                return Some(End { at, width, value: self.tree.cum(at) });
            }
        }
        None
    }

    /// Queues what leads on from a box; false when nothing does.
    fn branch(&mut self, at: NodeRef, width: u64) -> bool {
        let heavy = || self.tree.children(at).map(|c| (c, self.tree.extent(c).1));
        let heavy = || heavy().take_while(|&(_, width)| width >= self.least);
        let leads = |(child, part): (NodeRef, u64)| {
            let is_own = self.shortener.is_own(child);
            part as f64 >= width as f64 * if is_own { FOLLOW_OWN } else { FOLLOW_OTHER }
        };
        // Everything begins at the root: nothing is scattered there.
        if at != NodeRef::ROOT && !heavy().any(leads) {
            return false;
        }
        let children: Vec<(NodeRef, u64)> = heavy().collect();
        let left = children.iter().fold(width, |left, (_, part)| left.saturating_sub(*part));
        for (child, part) in children {
            self.push(child, part, false);
        }
        if left as f64 >= OWN_COST * width as f64 && at != NodeRef::ROOT {
            self.push(at, left, true);
        }
        true
    }

    /// Value of a box without the children that are followed.
    fn rest(&self, at: NodeRef) -> i64 {
        let followed = self.tree.children(at).take_while(|&c| self.tree.extent(c).1 >= self.least);
        followed.fold(self.tree.cum(at), |left, child| left.wrapping_sub(self.tree.cum(child)))
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
    fn is_own(&self, at: NodeRef) -> bool {
        self.tree.frame(at).is_some_and(|node| {
            is_own(self.classes.of_node(self.profile, self.nodes, node))
        })
    }

    fn steps(&self, end: NodeRef) -> Vec<PathStep> {
        let passed = self.passed(end);
        let mut kept = self.kept(&passed);
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
        let head = NodeRef { node: end.node, tail: 0 };
        let mut branches = Vec::new();
        let mut at = head;
        while at != NodeRef::ROOT {
            branches.push(at);
            at = self.tree.parent(at);
        }
        branches.reverse();
        if !self.tree.is_tail(head) {
            return branches.into_iter().filter_map(|at| Some(self.pass(at, self.tree.frame(at)?))).collect();
        }
        branches.pop();
        let mut passed: Vec<Passed> =
            branches.into_iter().filter_map(|at| Some(self.pass(at, self.tree.frame(at)?))).collect();
        // A tail is walked once: asking for its frames one by one would be quadratic.
        let tail = self.tree.tail_frames(end.node).take(end.tail as usize + 1).enumerate();
        passed.extend(tail.map(|(i, (node, _))| {
            self.pass(NodeRef { node: end.node, tail: i as u32 }, node)
        }));
        passed
    }

    fn pass(&self, at: NodeRef, node: NodeId) -> Passed {
        let name = self.nodes.text(self.nodes.info[node.index()].name);
        let class = self.classes.of_node(self.profile, self.nodes, node);
        let is_plumbing = self.classes.is_go() && (is_folded(name) || is_test_plumbing(name));
        Passed { at, node, class, cum: self.tree.cum(at), is_plumbing }
    }

    /// Indices of the boxes to show. Own code is shown, the end of the path, and of libraries
    /// and runtime the function that own code calls and those at which the cost changes.
    fn kept(&self, passed: &[Passed]) -> Vec<usize> {
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
        || [&b"runtime.mstart"[..], b"runtime.mstart0", b"runtime.mstart1"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::super::testing::test_profile;
    use super::super::{NodeOptions, Selection, Tree};
    use super::*;

    /// Value of each path and its steps as `name flat/cum`, folded names in brackets before.
    fn paths(text: &str, options: &HotPathOptions) -> Vec<(i64, Vec<String>)> {
        let profile = test_profile(text);
        let nodes = Nodes::new(&profile, &NodeOptions::default());
        let selection = Selection::all(&profile, 0);
        let tree = Tree::build(&profile, &nodes, &selection, false);
        let classes = Classes::new(&profile);
        let found = hot_paths(&profile, &nodes, &classes, tree.view(&profile, &nodes), options);
        let name = |node: NodeId| nodes.printable_text(node);
        let step = |step: &PathStep| {
            let folded: Vec<String> = step.folded.iter().map(|&n| name(n)).collect();
            let before = if folded.is_empty() { String::new() } else { format!("[{}] ", folded.join(" ")) };
            format!("{before}{} {}/{}", name(step.node), step.flat, step.cum)
        };
        found.iter().map(|path| (path.value, path.steps.iter().map(step).collect())).collect()
    }

    fn defaults(text: &str) -> Vec<(i64, Vec<String>)> {
        paths(text, &HotPathOptions::default())
    }

    #[test]
    fn a_path_ends_where_the_cost_is_its_own() {
        let found = defaults(
            "runtime.main;main.main;main.load;main.parse 70
             runtime.main;main.main;main.load 10
             runtime.main;main.main;main.save 20",
        );
        // 10 of its own are less than a fifth of main.load's 80: no path for them.
        assert_eq!(
            found,
            [
                (70, vec!["[runtime.main] main.main 0/100".into(), "main.load 10/80".into(), "main.parse 70/70".into()]),
                (20, vec!["[runtime.main] main.main 0/100".into(), "main.save 20/20".into()]),
            ]
        );
    }

    #[test]
    fn a_path_ends_where_the_cost_scatters() {
        // Twenty children of 5 each: none carries a tenth of main.f.
        let text: String = (0..20).map(|i| format!("main.f;main.c{i} 5\n")).collect();
        assert_eq!(defaults(&text), [(100, vec!["main.f 0/100".to_owned()])]);
        // A library is left where no callee has half of it: 40, 40 and 20.
        let text = "main.f;sort.Sort;sort.heap 40\nmain.f;sort.Sort;sort.pivot 40\nmain.f;sort.Sort 20";
        let steps = vec!["main.f 0/100".to_owned(), "sort.Sort 20/100".to_owned()];
        assert_eq!(defaults(text), [(100, steps)]);
    }

    #[test]
    fn own_code_is_followed_through_branches() {
        let text = "main.main;main.a 35\nmain.main;main.b 33\nmain.main;main.c 32";
        let values: Vec<i64> = defaults(text).iter().map(|(value, _)| *value).collect();
        assert_eq!(values, [35, 33, 32]);
    }

    #[test]
    fn large_own_cost_beside_a_heavy_child_is_a_path() {
        let found = defaults("main.f 40\nmain.f;main.g 60");
        assert_eq!(
            found,
            [
                (60, vec!["main.f 40/100".into(), "main.g 60/60".into()]),
                (40, vec!["main.f 40/100".into()]),
            ]
        );
    }

    #[test]
    fn paths_do_not_overlap() {
        let text = "main.f;main.g;main.h 30\nmain.f;main.g 30\nmain.f;main.i 25\nmain.f 5\nmain.z 10";
        let sum: i64 = defaults(text).iter().map(|(value, _)| value).sum();
        // 30 + 30 + 25 + 10; the 5 of main.f alone are less than a fifth of its 90.
        assert_eq!(sum, 95);
    }

    #[test]
    fn library_frames_fold_while_the_cost_is_the_same() {
        let found = defaults(
            "main.main;encoding/json.Marshal;encoding/json.enc;reflect.F;reflect.G;runtime.mallocgc 8
             main.main;encoding/json.Marshal;encoding/json.enc;reflect.F 2",
        );
        assert_eq!(
            found[0].1,
            [
                "main.main 0/10",
                "encoding/json.Marshal 0/10",
                "[encoding/json.enc] reflect.F 2/10",
                "[reflect.G] runtime.mallocgc 8/8"
            ]
        );
    }

    #[test]
    fn benchmark_plumbing_is_folded() {
        let found = defaults("testing.(*B).launch;testing.(*B).runN;main.BenchmarkX;main.f 3");
        assert_eq!(
            found[0].1,
            ["[testing.(*B).launch testing.(*B).runN] main.BenchmarkX 0/3", "main.f 3/3"]
        );
    }

    #[test]
    fn direct_recursion_keeps_its_first_and_last_frame() {
        let found = defaults("main.main;main.fib;main.fib;main.fib;main.fib 4");
        assert_eq!(
            found[0].1,
            ["main.main 0/4", "main.fib 0/4", "[main.fib main.fib] main.fib 4/4"]
        );
    }

    #[test]
    fn count_and_least_share_are_kept() {
        let text = "main.a 50\nmain.b 30\nmain.c 19\nmain.d 1";
        let options = HotPathOptions { count: 2, min_share: 0.01 };
        assert_eq!(paths(text, &options).len(), 2);
        let options = HotPathOptions { count: 10, min_share: 0.1 };
        assert_eq!(paths(text, &options).len(), 3);
        assert_eq!(defaults(text).len(), 4);
        assert!(defaults("").is_empty());
    }

    #[test]
    fn very_deep_stacks_are_cut_in_the_middle() {
        let deep: Vec<String> = (0..5000).map(|i| format!("main.f{i}")).collect();
        let found = defaults(&format!("{} 1", deep.join(";")));
        let steps = &found[0].1;
        assert_eq!(steps.len(), MAX_STEPS);
        assert!(steps[0].starts_with("main.f0 ") && steps[63].starts_with("main.f4999 1/1"));
    }

    #[test]
    fn a_diff_is_followed_by_magnitude() {
        let found = defaults("main.a;main.b -70\nmain.a;main.c 30");
        assert_eq!(
            found,
            [
                (-70, vec!["main.a 0/-40".into(), "main.b -70/-70".into()]),
                (30, vec!["main.a 0/-40".into(), "main.c 30/30".into()]),
            ]
        );
    }
}

//! Which boxes of a call path become steps, in memory that does not grow with the path.

use std::collections::VecDeque;

use super::hotpaths::PathStep;
use super::{NodeId, NodeRef};

/// Steps of a path at most, an even number; the middle of a longer one is folded.
pub(super) const MAX_STEPS: usize = 64;
/// Names kept of the frames folded into one step; the rest is only counted.
const MAX_FOLDED: usize = 40;

/// The node has been looked at.
pub(super) const KNOWN: u8 = 1;
/// It is own code.
pub(super) const OWN: u8 = 2;
/// It is what every program runs under.
pub(super) const PLUMBING: u8 = 4;

/// A box on the way.
#[derive(Clone, Copy)]
pub(super) struct Passed {
    pub(super) at: NodeRef,
    pub(super) node: NodeId,
    pub(super) cum: i64,
    /// [`OWN`] and [`PLUMBING`].
    pub(super) marks: u8,
}

impl Passed {
    fn is_own(&self) -> bool {
        self.marks & OWN != 0
    }
}

/// Picks the steps to show from boxes that come one by one, outermost first. Own code is shown,
/// the end of the path, and of libraries and the runtime the function that own code calls and
/// those at which the cost changes.
///
/// A few kilobytes can hold a stack of a hundred million inlined frames, so what is kept does not
/// grow with the number of boxes.
#[derive(Default)]
pub(super) struct Picker {
    /// The box that waits for the one below it to decide.
    here: Option<Passed>,
    /// The last box that became a step.
    before: Option<Passed>,
    /// Frames left out since then.
    folded: Folded,
    /// The outermost steps.
    head: Vec<PathStep>,
    /// The innermost steps so far.
    tail: VecDeque<PathStep>,
    /// What was left out between the two.
    middle: Folded,
}

/// Frames left out: the first of them, and how many.
#[derive(Default)]
struct Folded {
    first: Vec<NodeId>,
    count: usize,
}

impl Folded {
    fn push(&mut self, node: NodeId) {
        if self.first.len() < MAX_FOLDED {
            self.first.push(node);
        }
        self.count += 1;
    }

    /// Appends a step with what was left out before it.
    fn push_step(&mut self, step: &PathStep) {
        let room = MAX_FOLDED - self.first.len();
        self.first.extend(step.folded.iter().take(room));
        self.count += step.folded_count;
        self.push(step.node);
    }
}

impl Picker {
    /// Takes the next box.
    pub(super) fn push(&mut self, next: Passed) {
        let Some(here) = self.here.replace(next) else {
            return;
        };
        let before = self.before.as_ref();
        let recurs = before.is_some_and(|b| b.node == here.node) && next.node == here.node;
        if here.marks & PLUMBING == 0 && !recurs && shows(before, &here, &next) {
            self.keep(here);
        } else {
            self.folded.push(here.node);
        }
    }

    fn keep(&mut self, here: Passed) {
        let folded = std::mem::take(&mut self.folded);
        let step = PathStep {
            node: here.node,
            at: here.at,
            flat: 0,
            cum: here.cum,
            folded: folded.first,
            folded_count: folded.count,
        };
        self.before = Some(here);
        if self.head.len() < MAX_STEPS / 2 {
            self.head.push(step);
            return;
        }
        self.tail.push_back(step);
        if self.tail.len() > MAX_STEPS / 2
            && let Some(dropped) = self.tail.pop_front()
        {
            self.middle.push_step(&dropped);
        }
    }

    /// The steps; their own values are not filled in.
    pub(super) fn finish(mut self) -> Vec<PathStep> {
        if let Some(end) = self.here.take() {
            self.keep(end);
        }
        if let Some(first) = self.tail.front_mut().filter(|_| self.middle.count > 0) {
            let room = MAX_FOLDED - self.middle.first.len();
            let own = first.folded.iter().take(room);
            self.middle.first.extend(own);
            first.folded = self.middle.first;
            first.folded_count += self.middle.count;
        }
        self.head.extend(self.tail);
        self.head
    }
}

fn shows(before: Option<&Passed>, here: &Passed, next: &Passed) -> bool {
    let is_entry = before.is_none_or(Passed::is_own);
    here.is_own() || is_entry || here.cum != next.cum
}

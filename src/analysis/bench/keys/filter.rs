//! Which results and which of their measurements are looked at.

use super::KeyError;
use super::extract::Key;
use super::parse_filter;
use crate::analysis::Pattern;

/// What a value is to be.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    /// This.
    Text(Vec<u8>),
    /// Something that an expression matches in some part.
    Match(Pattern),
}

impl Wanted {
    fn is_met(&self, value: &[u8]) -> bool {
        match self {
            Self::Text(text) => text == value,
            Self::Match(pattern) => pattern.is_match(value),
        }
    }
}

/// A key with what its value is to be.
#[derive(Clone, Debug)]
pub(super) struct Test {
    pub(super) key: Key,
    pub(super) wanted: Wanted,
}

/// A part of a filter.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// Everything that all of these leave; everything if there are none.
    All(Vec<Node>),
    /// Everything that one of these leaves.
    Any(Vec<Node>),
    /// What this does not leave.
    Not(Box<Node>),
    /// Results whose value is so.
    Test(Test),
    /// Measurements whose unit is so, in its base form or as written.
    Unit(Wanted),
}

/// A filter that was read.
#[derive(Clone, Debug)]
pub(in super::super) struct Filter {
    root: Node,
}

/// A result as a filter sees it.
pub(in super::super) trait Line {
    /// The value of a key; empty where there is none.
    fn value(&self, key: &Key) -> &[u8];
    /// Base unit and unit as written of each measurement.
    fn units(&self) -> &[(&[u8], &[u8])];
}

/// What a filter leaves of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Chosen {
    /// All of it, or nothing.
    Whole(bool),
    /// These of its measurements.
    Some(Vec<bool>),
}

impl Chosen {
    /// Whether a measurement is left.
    pub(in super::super) fn has(&self, measurement: usize) -> bool {
        match self {
            Self::Whole(whole) => *whole,
            Self::Some(each) => each.get(measurement).copied().unwrap_or(false),
        }
    }
}

impl Filter {
    /// Reads a filter; `*` is one that leaves everything.
    pub(in super::super) fn new(text: &str) -> Result<Self, KeyError> {
        let root = parse_filter::filter(text)?;
        Ok(Self { root })
    }

    /// The filter that leaves everything.
    pub(in super::super) fn everything() -> Self {
        let root = Node::All(Vec::new());
        Self { root }
    }

    /// What it leaves of a result.
    pub(in super::super) fn chosen(&self, line: &impl Line) -> Chosen {
        chosen(&self.root, line)
    }

    /// True when it leaves everything whatever there is.
    pub(in super::super) fn is_everything(&self) -> bool {
        matches!(&self.root, Node::All(terms) if terms.is_empty())
    }
}

fn chosen(node: &Node, line: &impl Line) -> Chosen {
    match node {
        Node::Test(test) => Chosen::Whole(test.wanted.is_met(line.value(&test.key))),
        Node::Unit(wanted) => {
            let is_met =
                |(base, written): &(&[u8], &[u8])| wanted.is_met(base) || wanted.is_met(written);
            Chosen::Some(line.units().iter().map(is_met).collect())
        }
        Node::Not(inner) => match chosen(inner, line) {
            Chosen::Whole(whole) => Chosen::Whole(!whole),
            Chosen::Some(each) => Chosen::Some(each.iter().map(|kept| !kept).collect()),
        },
        // What decides about the whole result leaves the choice among measurements to the others.
        Node::All(terms) => joined(terms, line, false, |kept, other| *kept &= other),
        Node::Any(terms) => joined(terms, line, true, |kept, other| *kept |= other),
    }
}

/// Terms of which one that is `decisive` for the whole result ends it.
fn joined(terms: &[Node], line: &impl Line, decisive: bool, join: fn(&mut bool, bool)) -> Chosen {
    let mut own: Option<Vec<bool>> = None;
    for term in terms {
        match (chosen(term, line), &mut own) {
            (Chosen::Whole(whole), _) if whole == decisive => return Chosen::Whole(decisive),
            (Chosen::Whole(_), _) => {}
            (Chosen::Some(each), None) => own = Some(each),
            (Chosen::Some(each), Some(own)) => {
                own.iter_mut().zip(each).for_each(|(a, b)| join(a, b));
            }
        }
    }
    own.map_or(Chosen::Whole(!decisive), Chosen::Some)
}

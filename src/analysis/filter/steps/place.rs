//! Steps about one box of the call tree: all stacks that begin with the same frames.
//!
//! A box is named as in [`crate::analysis::TreeView::id`], by a stack and a depth, with what frames
//! were told apart by when it was looked at, and a check sum of their names: the same words about
//! another file, or after other steps, mean another place, and are refused then.

use super::rewrite::{Fate, Frame, rewrite, unfold};
use super::{Kind, Trouble};
use crate::analysis::filter::PatternError;
use crate::analysis::filter::names::keep_samples;
use crate::analysis::{Granularity, NodeId, NodeOptions, NodeRef, Nodes, TreeView, short_symbol};
use crate::model::{Profile, StackId};

/// Granularities by the names that they have in a place.
const GRANULARITIES: [(&str, Granularity); 6] = [
    ("functions", Granularity::Functions),
    ("filefunctions", Granularity::FileFunctions),
    ("files", Granularity::Files),
    ("packages", Granularity::Packages),
    ("lines", Granularity::Lines),
    ("addresses", Granularity::Addresses),
];

/// A box of a call tree, as `12+3,functions,1f00d5ee`: the stack, the depth in it, the granularity;
/// then, where that is so, `noinlines`, `columns` and `inverted`; and the check sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// A stack that goes through the box.
    pub stack: u32,
    /// Frames from the root (`inverted`: from the leaf) down to the box; at least 1.
    pub depth: u32,
    /// What tells frames apart.
    pub options: NodeOptions,
    /// The tree begins at the leaves.
    pub inverted: bool,
    /// Of the names of the frames from the beginning of the tree to the box.
    pub check: u32,
}

/// FNV-1a of names, each ended by a zero.
fn checksum<'a>(names: impl Iterator<Item = &'a [u8]>) -> u32 {
    names.fold(0x811c_9dc5, |hash, name| {
        let bytes = name.iter().chain(&[0]);
        bytes.fold(hash, |hash, &byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        })
    })
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let granularity = self.options.granularity;
        let name = GRANULARITIES.iter().find(|(_, one)| *one == granularity);
        let name = name.map_or("functions", |(name, _)| name);
        write!(f, "{}+{},{name}", self.stack, self.depth)?;
        for (word, is_so) in [
            ("noinlines", self.options.noinlines),
            ("columns", self.options.showcolumns),
            ("inverted", self.inverted),
        ] {
            if is_so {
                write!(f, ",{word}")?;
            }
        }
        write!(f, ",{:08x}", self.check)
    }
}

impl Place {
    /// The place of a box; `None` for the root. `options` are those of the view's nodes.
    pub fn of(view: &TreeView<'_>, at: NodeRef, options: NodeOptions) -> Option<Self> {
        let (stack, depth) = view.place(at);
        let path = view.path(at).into_iter();
        let names: Vec<Vec<u8>> = path.map(|node| view.nodes.printable(node)).collect();
        (depth > 0).then(|| Self {
            stack,
            depth,
            options,
            inverted: view.tree.inverted,
            check: checksum(names.iter().map(Vec::as_slice)),
        })
    }

    /// Reads what [`Self::to_string`] writes.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let wrong = || PatternError {
            reason: "this is no place of a call tree: it has to be chosen in the flame graph"
                .to_owned(),
            at: 0,
        };
        let mut parts = text.split(',');
        let (stack, depth) = parts
            .next()
            .and_then(|p| p.split_once('+'))
            .ok_or_else(wrong)?;
        let granularity = parts.next().ok_or_else(wrong)?;
        let granularity = GRANULARITIES.iter().find(|(name, _)| *name == granularity);
        let mut place = Self {
            stack: stack.parse().map_err(|_| wrong())?,
            depth: depth.parse().map_err(|_| wrong())?,
            options: NodeOptions {
                granularity: granularity.ok_or_else(wrong)?.1,
                ..NodeOptions::default()
            },
            inverted: false,
            check: 0,
        };
        let mut check = None;
        for part in parts {
            match part {
                "noinlines" => place.options.noinlines = true,
                "columns" => place.options.showcolumns = true,
                "inverted" => place.inverted = true,
                _ => check = u32::from_str_radix(part, 16).ok(),
            }
        }
        place.check = check.ok_or_else(wrong)?;
        if place.depth == 0 {
            Err(wrong())
        } else {
            Ok(place)
        }
    }
}

/// A frame as a tree counts them, and how many frames of the stack it stands for: more than one
/// where inlined calls are folded into it.
type Unit = (NodeId, usize);

/// Sets `units` to those of a stack, outermost first.
fn units_of(profile: &Profile, nodes: &Nodes, stack: StackId, units: &mut Vec<Unit>) {
    units.clear();
    for location in profile.stacks.get(stack).iter().rev() {
        let (from, to) = profile.locations[location.index()].lines;
        let frames = nodes.frames(location.index());
        let each = if frames.len() == 1 {
            (to - from).max(1) as usize
        } else {
            1
        };
        units.extend(frames.iter().map(|&node| (node, each)));
    }
}

/// The frames of the place: its nodes from the beginning of the tree on; and what it is called.
fn resolve(profile: &Profile, nodes: &Nodes, place: &Place) -> Option<(Vec<NodeId>, String)> {
    let stack = StackId(place.stack);
    if stack.index() >= profile.stacks.len() {
        return None;
    }
    let mut units = Vec::new();
    units_of(profile, nodes, stack, &mut units);
    if place.inverted {
        units.reverse();
    }
    let path = units.get(..place.depth as usize)?;
    let path: Vec<NodeId> = path.iter().map(|&(node, _)| node).collect();
    let names: Vec<Vec<u8>> = path.iter().map(|&node| nodes.printable(node)).collect();
    if checksum(names.iter().map(Vec::as_slice)) != place.check {
        return None;
    }
    let short = |name: &[u8]| short_symbol(&String::from_utf8_lossy(name)).to_owned();
    let label = match names.as_slice() {
        [] => return None,
        [only] => short(only),
        [.., above, last] => format!("{} › {}", short(above), short(last)),
    };
    Some((path, label))
}

/// Keeps what is under a box ([`Kind::FocusSubtree`]), or takes its frame away
/// ([`Kind::MergeNode`]). Returns what the box is called, and
/// says whether any sample was concerned.
pub(super) fn at_place(
    profile: &mut Profile,
    kind: Kind,
    text: &str,
) -> Result<(String, bool), Trouble> {
    let place = Place::parse(text).map_err(Trouble::of_text)?;
    let nodes = Nodes::new(profile, &place.options);
    let resolved = resolve(profile, &nodes, &place);
    let (path, label) = resolved.ok_or_else(|| {
        Trouble::of_text(PatternError {
            reason: "the place of the call tree that is meant is not in this profile as the steps \
                     before it leave it"
                .to_owned(),
            at: 0,
        })
    })?;
    let depth = path.len();
    let mut units = Vec::new();
    let mut any = false;
    let keep = rewrite(profile, |profile, stack, frames| {
        units_of(profile, &nodes, stack, &mut units);
        let is_other = |&(node, _): &Unit, wanted: &NodeId| node != *wanted;
        let differs = if place.inverted {
            units
                .iter()
                .rev()
                .zip(&path)
                .any(|(unit, wanted)| is_other(unit, wanted))
        } else {
            units
                .iter()
                .zip(&path)
                .any(|(unit, wanted)| is_other(unit, wanted))
        };
        if differs || units.len() < depth {
            return match kind {
                Kind::FocusSubtree => Fate::Dropped,
                _ => Fate::Same,
            };
        }
        any = true;
        unfold(profile, stack, frames);
        change(frames, &units, &place, kind);
        if frames.is_empty() {
            Fate::Dropped
        } else {
            Fate::Changed
        }
    })?;
    keep_samples(profile, |_, stack| keep[stack]);
    Ok((label, any))
}

/// Changes the frames of a stack that goes through the place.
fn change(frames: &mut Vec<Frame>, units: &[Unit], place: &Place, kind: Kind) {
    let depth = place.depth as usize;
    // Units before the place and the place itself, as they stand: outermost first.
    let at = if place.inverted {
        units.len() - depth
    } else {
        depth - 1
    };
    let before: usize = units[..at].iter().map(|&(_, each)| each).sum();
    let own = units[at].1;
    match (kind, place.inverted) {
        (Kind::FocusSubtree, false) => drop(frames.drain(..before)),
        (Kind::FocusSubtree, true) => frames.truncate(before + own),
        _ => drop(frames.drain(before..before + own)),
    }
}

//! Steps about one box of the call tree: all stacks that begin with the same frames.
//!
//! A box is named as in [`crate::analysis::TreeView::id`], by a stack and a depth, with what frames
//! were told apart by when it was looked at, and a check sum of their names: the same words about
//! another file, or after other steps, mean another place, and are refused then.

use super::cut::Cuts;
use super::rewrite::{Fate, rewrite, unfold};
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

/// The frames of the place: its nodes from the beginning of the tree on; and what it is called.
fn resolve(profile: &Profile, nodes: &Nodes, place: &Place) -> Option<(Vec<NodeId>, String)> {
    let stack = StackId(place.stack);
    if stack.index() >= profile.stacks.len() {
        return None;
    }
    // Outermost first, as the frames of a location stand.
    let locations = profile.stacks.get(stack).iter().rev();
    let frames = locations.flat_map(|location| nodes.frames(location.index()));
    let mut path: Vec<NodeId> = frames.copied().collect();
    if place.inverted {
        path.reverse();
    }
    if path.len() < place.depth as usize {
        return None;
    }
    path.truncate(place.depth as usize);
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
    let any = match kind {
        Kind::FocusSubtree => focus_subtree(profile, &nodes, &place, &path),
        _ => merge_node(profile, &nodes, &place, &path)?,
    };
    Ok((label, any))
}

/// Where a stack goes through a place: which of its locations, leaf first, and the lines of that
/// one that are the place's frame. `None` where it does not.
#[inline(never)]
fn through(
    profile: &Profile,
    nodes: &Nodes,
    place: &Place,
    path: &[NodeId],
    stack: StackId,
) -> Option<(u32, (u32, u32))> {
    let locations = profile.stacks.get(stack);
    let mut wanted = path.iter();
    for step in 0..locations.len() {
        let at = match place.inverted {
            true => step,
            false => locations.len() - 1 - step,
        };
        let row = locations[at].index();
        // Frames stand outermost first, lines innermost first.
        let frames = nodes.frames(row);
        for nth in 0..frames.len() {
            let nth = match place.inverted {
                true => frames.len() - 1 - nth,
                false => nth,
            };
            if *wanted.next()? != frames[nth] {
                return None;
            }
            if wanted.len() == 0 {
                let (from, to) = profile.locations[row].lines;
                let line = to.saturating_sub(1 + nth as u32);
                let lines = match frames.len() {
                    1 => (from, to),
                    _ => (line, line + 1),
                };
                return Some((at as u32, lines));
            }
        }
    }
    None
}

/// Keeps the samples that go through a place, and of their stacks what is below it, itself
/// included. Says whether any sample does.
fn focus_subtree(profile: &mut Profile, nodes: &Nodes, place: &Place, path: &[NodeId]) -> bool {
    let mut cuts = Cuts::new(profile);
    let mut found = Vec::with_capacity(profile.stacks.len());
    for row in 0..profile.stacks.len() as u32 {
        let stack = StackId(row);
        let place_of_stack = through(profile, nodes, place, path, stack);
        found.push(place_of_stack.is_some());
        let Some((at, lines)) = place_of_stack else {
            continue;
        };
        let locations = profile.stacks.get(stack);
        let (from, to) = profile.locations[locations[at as usize].index()].lines;
        let (keep, lines) = match place.inverted {
            true => (at..locations.len() as u32, (lines.0, to)),
            false => (0..at + 1, (from, lines.1)),
        };
        cuts.cut(profile, stack, keep, at, lines);
    }
    cuts.finish(profile);
    keep_samples(profile, |_, stack| found[stack]);
    !profile.samples.stacks.is_empty()
}

/// Takes the frame of a place out of the stacks that go through it. Says whether any sample's does.
fn merge_node(
    profile: &mut Profile,
    nodes: &Nodes,
    place: &Place,
    path: &[NodeId],
) -> Result<bool, Trouble> {
    let mut any = false;
    let keep = rewrite(profile, |profile, stack, frames| {
        let Some((at, (from, to))) = through(profile, nodes, place, path, stack) else {
            return Fate::Same;
        };
        any = true;
        unfold(profile, stack, frames);
        let outermost = profile.stacks.get(stack).len() as u32 - 1;
        frames.retain(|frame| {
            let is_it = frame.at == outermost - at;
            // A location without lines has one frame.
            !is_it || from != to && !(from..to).contains(&frame.row)
        });
        match frames.is_empty() {
            true => Fate::Dropped,
            false => Fate::Changed,
        }
    })?;
    keep_samples(profile, |_, stack| keep[stack]);
    Ok(any)
}

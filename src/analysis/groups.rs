//! Functions put together for the colours of a flame graph: by package, file, class, or by what
//! the time goes into.
//!
//! The first three are what a function is. A mechanism is of a stack, not of a function; a
//! function has the one in which most of the stacks through it are, by weight: `json.Marshal` is
//! encoding although some of it is allocation, and `main` what the program does most.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::mechanism::mechanism_of_stacks;
use super::{Class, Classes, NodeId, Nodes, Selection, package_of, unescape};
use crate::model::{Kind, LocationId, Profile};
use crate::sort::sort_by;

/// What functions are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// The import path before the name.
    Package,
    /// The source file.
    File,
    /// Whose code it is.
    Class,
    /// The mechanism of most of what goes through.
    Mechanism,
}

/// Groups with a place of their own, at most; the rest is joined.
const MOST_GROUPS: usize = 12;

/// One group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Import path, file, class or mechanism; empty for the others.
    pub key: String,
    /// In words; for a package or file the end of the key.
    pub label: String,
    /// Σ value of the stacks with a frame of it, each once; of a mechanism Σ value of its stacks.
    pub cum: i64,
    /// Σ value of the stacks whose innermost frame is of it.
    pub flat: i64,
    /// Its first function, by node id; `None` for a mechanism that is no function's.
    pub node: Option<NodeId>,
}

/// All groups of a selection's functions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// Those with a place of their own: by |cum|, heaviest first, ties by key; classes in their
    /// fixed order. Groups without a sample are left out, but no class is.
    pub shown: Vec<Group>,
    /// All others together.
    pub others: Option<Group>,
    /// By node id, the place of its group in `shown`; [`Groups::OTHERS`] for the rest.
    pub of_node: Vec<u8>,
}

impl Groups {
    /// Not among the shown ones.
    pub const OTHERS: u8 = u8::MAX;
}

/// Puts the nodes together.
pub fn groups(
    profile: &Profile,
    nodes: &Nodes,
    classes: &Classes,
    kind: Kind,
    selection: &Selection,
    by: GroupBy,
) -> Groups {
    if by == GroupBy::Mechanism {
        return by_mechanism(profile, nodes, classes, kind, selection);
    }
    let mut sorter = Sorter::default();
    let all: Vec<u32> = (0..nodes.len() as u32)
        .map(|node| {
            let (key, label) = key_of(profile, nodes, classes, by, NodeId(node));
            sorter.number(key, label, NodeId(node))
        })
        .collect();
    add_up(profile, nodes, selection, &all, &mut sorter.groups);
    let shown = if by == GroupBy::Class {
        in_class_order(&sorter.groups)
    } else {
        heaviest(&sorter.groups)
    };
    let mut places = vec![Groups::OTHERS; sorter.groups.len()];
    for (place, &number) in shown.iter().enumerate() {
        places[number as usize] = place as u8;
    }
    let of_node: Vec<u8> = all.iter().map(|&group| places[group as usize]).collect();
    let others = (shown.len() < sorter.groups.len())
        .then(|| joined(profile, nodes, selection, &of_node))
        .filter(|others| others.cum != 0 || others.flat != 0);
    Groups {
        shown: shown
            .iter()
            .map(|&number| sorter.groups[number as usize].clone())
            .collect(),
        others,
        of_node,
    }
}

/// Numbers keys in the order in which they come.
#[derive(Default)]
struct Sorter {
    numbers: HashMap<String, u32>,
    groups: Vec<Group>,
}

impl Sorter {
    fn number(&mut self, key: String, label: String, node: NodeId) -> u32 {
        if let Some(&number) = self.numbers.get(&key) {
            return number;
        }
        let number = self.groups.len() as u32;
        self.numbers.insert(key.clone(), number);
        self.groups.push(Group {
            key,
            label,
            node: Some(node),
            ..Group::default()
        });
        number
    }
}

/// The last two parts of a path, which mostly tell it from others.
fn ending(path: &str) -> String {
    let parts: Vec<&str> = path.rsplit('/').take(2).collect();
    match parts[..] {
        [last, before] if !before.is_empty() => format!("{before}/{last}"),
        [last, ..] => last.to_owned(),
        [] => String::new(),
    }
}

fn key_of(
    profile: &Profile,
    nodes: &Nodes,
    classes: &Classes,
    by: GroupBy,
    node: NodeId,
) -> (String, String) {
    let line = profile.lines.get(nodes.first_line[node.index()] as usize);
    let function = line.map(|line| profile.functions[line.function.index()]);
    match by {
        GroupBy::Class => {
            let class = classes.of_node(profile, nodes, node);
            (class.name().to_owned(), class.label().to_owned())
        }
        GroupBy::File => {
            let file = function.map_or_else(String::new, |function| {
                profile.strings.text(function.filename).into_owned()
            });
            let label = if file.is_empty() {
                "no file".to_owned()
            } else {
                ending(&file)
            };
            (file, label)
        }
        GroupBy::Package | GroupBy::Mechanism => {
            let name = function.map_or(&b""[..], |function| profile.strings.bytes(function.name));
            let package = unescape(package_of(name)).into_owned();
            let label = if package.is_empty() {
                "no package".to_owned()
            } else {
                ending(&package)
            };
            (package, label)
        }
    }
}

/// Sums of every group; `of_node` has the group of each node.
fn add_up(
    profile: &Profile,
    nodes: &Nodes,
    selection: &Selection,
    of_node: &[u32],
    groups: &mut [Group],
) {
    let frames: &[LocationId] = &profile.stacks.frames;
    let mut seen = vec![u32::MAX; groups.len()];
    for (stack, weight) in selection.stacks() {
        let (start, end) = profile.stacks.ranges[stack];
        let mut innermost = true;
        for location in &frames[start as usize..end as usize] {
            // A location's frames stand outermost first.
            for node in nodes.frames(location.index()).iter().rev() {
                let number = of_node[node.index()] as usize;
                if std::mem::take(&mut innermost) {
                    groups[number].flat = groups[number].flat.wrapping_add(weight);
                }
                if seen[number] != stack as u32 {
                    seen[number] = stack as u32;
                    groups[number].cum = groups[number].cum.wrapping_add(weight);
                }
            }
        }
    }
}

/// Numbers of the groups with a place of their own.
fn heaviest(groups: &[Group]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..groups.len() as u32)
        .filter(|&number| {
            let group = &groups[number as usize];
            group.cum != 0 || group.flat != 0
        })
        .collect();
    sort_by(&mut order, &|&a, &b| {
        let key = |number: u32| {
            let group = &groups[number as usize];
            (Reverse(group.cum.unsigned_abs()), &group.key)
        };
        key(a).cmp(&key(b))
    });
    order.truncate(MOST_GROUPS);
    order
}

/// Classes from the program's own to what nothing is known of, whatever they weigh.
fn in_class_order(groups: &[Group]) -> Vec<u32> {
    let number = |class: &Class| groups.iter().position(|group| group.key == class.name());
    Class::ALL
        .iter()
        .filter_map(number)
        .map(|number| number as u32)
        .collect()
}

/// What is not shown, as one group.
fn joined(profile: &Profile, nodes: &Nodes, selection: &Selection, of_node: &[u8]) -> Group {
    let other: Vec<u32> = of_node
        .iter()
        .map(|&place| u32::from(place == Groups::OTHERS))
        .collect();
    let mut sums = [Group::default(), Group::default()];
    add_up(profile, nodes, selection, &other, &mut sums);
    let [_, others] = sums;
    Group {
        label: "others".to_owned(),
        ..others
    }
}

/// Of each node the mechanism of most of what goes through it; in order of the bar's parts, so
/// that of two that are equal the first wins.
fn by_mechanism(
    profile: &Profile,
    nodes: &Nodes,
    classes: &Classes,
    kind: Kind,
    selection: &Selection,
) -> Groups {
    let (parts, of_stack) = mechanism_of_stacks(profile, classes, kind, selection);
    let mut by_part: Vec<Vec<(u32, i64)>> = vec![Vec::new(); parts.len()];
    for ((stack, weight), &part) in selection.stacks().zip(&of_stack) {
        if let Some(stacks) = by_part.get_mut(part as usize) {
            stacks.push((stack as u32, weight));
        }
    }
    let frames: &[LocationId] = &profile.stacks.frames;
    let mut of_node = vec![Groups::OTHERS; nodes.len()];
    let mut best = vec![0_u64; nodes.len()];
    let mut sums = vec![0_u64; nodes.len()];
    let mut seen = vec![u32::MAX; nodes.len()];
    for (part, stacks) in by_part.iter().enumerate() {
        let mut touched = Vec::new();
        for &(stack, weight) in stacks {
            let (start, end) = profile.stacks.ranges[stack as usize];
            for location in &frames[start as usize..end as usize] {
                for node in nodes.frames(location.index()) {
                    let node = node.index();
                    if seen[node] == stack {
                        continue;
                    }
                    seen[node] = stack;
                    if sums[node] == 0 {
                        touched.push(node);
                    }
                    sums[node] = sums[node].saturating_add(weight.unsigned_abs());
                }
            }
        }
        for node in touched {
            let sum = std::mem::take(&mut sums[node]);
            if sum > best[node] {
                best[node] = sum;
                of_node[node] = if part < MOST_GROUPS {
                    part as u8
                } else {
                    Groups::OTHERS
                };
            }
        }
    }
    let mut groups: Vec<Group> = parts
        .iter()
        .map(|part| Group {
            key: part.key.clone(),
            label: part.label.clone(),
            cum: part.value,
            flat: part.value,
            node: None,
        })
        .collect();
    let rest = groups.split_off(groups.len().min(MOST_GROUPS));
    let others = (!rest.is_empty()).then(|| {
        let sum = rest
            .iter()
            .fold(0_i64, |sum, group| sum.wrapping_add(group.cum));
        Group {
            label: "others".to_owned(),
            cum: sum,
            flat: sum,
            ..Group::default()
        }
    });
    Groups {
        shown: groups,
        others,
        of_node,
    }
}

#[cfg(test)]
#[path = "groups_tests.rs"]
mod tests;

//! Stacks for other tools: folded lines, and speedscope's JSON.

use std::collections::HashMap;

use super::names::Names;
use super::table::push_json;
use super::{Outside, Prepared, TOO_LONG};
use crate::analysis::{NodeId, NodeText, Selection, base_name};
use crate::model::{LocationId, StackId};
use crate::unit::{is_memory, is_time, scaled};

/// Frames that are written out to bring equal stacks together.
const MAX_FRAMES: usize = if cfg!(target_pointer_width = "32") {
    1 << 26
} else {
    1 << 28
};

/// Nodes of a stack, root first.
fn frames<'a>(
    prepared: &'a Prepared,
    locations: &'a [LocationId],
) -> impl Iterator<Item = NodeId> + 'a {
    let outer = locations.iter().rev();
    outer.flat_map(|location| prepared.nodes.frames(location.index()).iter().copied())
}

/// `root;caller;leaf value`, a line per distinct stack, sorted by the names from the root on.
/// Semicolons in names become colons, line breaks blanks; values are sums in the sample type's own
/// unit, never means. Stacks without a frame or a value have no line.
pub(super) fn folded(prepared: &Prepared, outside: Outside<'_>) -> Result<Vec<u8>, String> {
    let (profile, nodes) = (&prepared.profile, &prepared.nodes);
    let ranks = plain_ranks(prepared);
    let mut paths = Vec::new();
    let mut rows: Vec<(usize, usize, i64)> = Vec::new();
    for (stack, weight) in prepared.selection.stacks() {
        let start = paths.len();
        let locations = profile.stacks.get(StackId(stack as u32));
        paths.extend(frames(prepared, locations).map(|node| ranks.of[node.index()]));
        if paths.len() > MAX_FRAMES {
            return Err(TOO_LONG.to_owned());
        }
        rows.push((start, paths.len(), weight));
    }
    let path = |&(start, end, _): &(usize, usize, i64)| &paths[start..end];
    rows.sort_by(|a, b| path(a).cmp(path(b)));
    let mut names = Names::new(nodes, plain);
    let mut out = Vec::new();
    for same in rows.chunk_by(|a, b| path(a) == path(b)) {
        let sum = same.iter().fold(0_i64, |sum, row| sum.wrapping_add(row.2));
        let path = path(&same[0]);
        if sum == 0 || path.is_empty() {
            continue;
        }
        for (depth, &rank) in path.iter().enumerate() {
            if depth > 0 {
                out.push(b';');
            }
            names.push(ranks.node[rank as usize], &mut out);
            outside.drain(&mut out)?;
        }
        out.extend_from_slice(format!(" {sum}\n").as_bytes());
    }
    Ok(out)
}

/// Nodes by the names that are written of them.
struct PlainRanks {
    /// Of each node the rank of its name.
    of: Vec<u32>,
    /// A node with the name of a rank.
    node: Vec<NodeId>,
}

/// Names that differ in what is replaced are one name, and stand in the order of printable names.
fn plain_ranks(prepared: &Prepared) -> PlainRanks {
    let nodes = &prepared.nodes;
    let by_name = nodes.name_ranks();
    let mut order: Vec<NodeId> = (0..nodes.len() as u32).map(NodeId).collect();
    order.sort_by_key(|node| by_name[node.index()]);
    let mut ranks = PlainRanks {
        of: vec![0; nodes.len()],
        node: Vec::new(),
    };
    let mut replaced: HashMap<Vec<u8>, u32> = HashMap::new();
    let mut last = None;
    for node in order {
        let name = by_name[node.index()];
        let rank = match last {
            Some((known, rank)) if known == name => rank,
            _ => {
                let next = ranks.node.len() as u32;
                let plain = plain(nodes.printable(node));
                let rank = *replaced.entry(plain).or_insert(next);
                if rank == next {
                    ranks.node.push(node);
                }
                rank
            }
        };
        last = Some((name, rank));
        ranks.of[node.index()] = rank;
    }
    ranks
}

fn plain(mut name: Vec<u8>) -> Vec<u8> {
    for byte in &mut name {
        *byte = match *byte {
            b';' => b':',
            b'\n' | b'\r' => b' ',
            byte => byte,
        };
    }
    name
}

/// speedscope's file format: a sampled profile per sample type, the one asked for shown first.
/// Its boxes have no negative size, so that stacks with a negative sum, as in a difference, are
/// left out. See <https://www.speedscope.app/file-format-schema.json>.
pub(super) fn speedscope(prepared: &Prepared, outside: Outside<'_>) -> Result<Vec<u8>, String> {
    let profile = &prepared.profile;
    let mut out = Vec::new();
    out.extend_from_slice(
        b"{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\"name\":",
    );
    let main = profile.mappings.first();
    let main = main.map_or(&b""[..], |m| profile.strings.bytes(m.filename));
    push_json(
        &mut out,
        if main.is_empty() {
            b""
        } else {
            base_name(main)
        },
    );
    out.extend_from_slice(b",\"exporter\":\"dropprof\",\"activeProfileIndex\":");
    let active = prepared.selection.sample_type;
    out.extend_from_slice(active.to_string().as_bytes());
    out.extend_from_slice(b",\"shared\":{\"frames\":[");
    push_frames(prepared, outside, &mut out)?;
    out.extend_from_slice(b"]},\"profiles\":[");
    let numbers = NumberTexts::new(prepared.nodes.len());
    for sample_type in 0..profile.sample_types.len() {
        out.extend_from_slice(if sample_type == 0 { b"\n" } else { b",\n" });
        push_profile(prepared, sample_type, &numbers, outside, &mut out)?;
    }
    out.extend_from_slice(b"]}\n");
    Ok(out)
}

fn push_frames(prepared: &Prepared, outside: Outside<'_>, out: &mut Vec<u8>) -> Result<(), String> {
    let nodes = &prepared.nodes;
    for (i, info) in nodes.info.iter().enumerate() {
        out.extend_from_slice(if i == 0 { b"\n" } else { b",\n" });
        out.extend_from_slice(b"{\"name\":");
        match info.name {
            NodeText(0) => push_json(out, &nodes.printable(NodeId(i as u32))),
            name => push_json(out, nodes.text(name)),
        }
        if info.file != NodeText(0) {
            out.extend_from_slice(b",\"file\":");
            push_json(out, nodes.text(info.file));
        }
        for (key, value) in [("line", info.line), ("col", info.column)] {
            if value > 0 {
                out.extend_from_slice(format!(",\"{key}\":{value}").as_bytes());
            }
        }
        out.push(b'}');
        outside.drain(out)?;
    }
    Ok(())
}

fn push_profile(
    prepared: &Prepared,
    sample_type: usize,
    numbers: &NumberTexts,
    outside: Outside<'_>,
    out: &mut Vec<u8>,
) -> Result<(), String> {
    let profile = &prepared.profile;
    let selection = Selection::all(profile, sample_type);
    let (unit, factor) = unit_of(&profile.unit_name(sample_type));
    out.extend_from_slice(b"{\"type\":\"sampled\",\"name\":");
    let kind = profile.sample_types[sample_type].kind;
    push_json(out, profile.strings.bytes(kind));
    let stacks: Vec<(usize, i64)> = selection.stacks().filter(|&(_, sum)| sum > 0).collect();
    let weight = |&sum: &i64| match factor {
        1 => sum.to_string(),
        factor => format!("{}", sum as f64 * factor as f64),
    };
    let total = stacks
        .iter()
        .fold(0_i64, |all, (_, sum)| all.saturating_add(*sum));
    let start = format!(
        ",\"unit\":\"{unit}\",\"startValue\":0,\"endValue\":{},\"samples\":[",
        weight(&total)
    );
    out.extend_from_slice(start.as_bytes());
    for (i, &(stack, _)) in stacks.iter().enumerate() {
        out.extend_from_slice(if i == 0 { b"[" } else { b",[" });
        let locations = profile.stacks.get(StackId(stack as u32));
        for (depth, node) in frames(prepared, locations).enumerate() {
            if depth > 0 {
                out.push(b',');
            }
            out.extend_from_slice(numbers.get(node));
        }
        out.push(b']');
        outside.drain(out)?;
    }
    let weights: Vec<String> = stacks.iter().map(|(_, sum)| weight(sum)).collect();
    out.extend_from_slice(format!("],\"weights\":[{}]}}", weights.join(",")).as_bytes());
    Ok(())
}

/// The numbers of all nodes as text.
struct NumberTexts {
    digits: Vec<u8>,
    starts: Vec<usize>,
}

impl NumberTexts {
    fn new(count: usize) -> Self {
        let mut new = Self {
            digits: Vec::new(),
            starts: vec![0],
        };
        for i in 0..count {
            new.digits.extend_from_slice(i.to_string().as_bytes());
            new.starts.push(new.digits.len());
        }
        new
    }

    fn get(&self, node: NodeId) -> &[u8] {
        &self.digits[self.starts[node.index()]..self.starts[node.index() + 1]]
    }
}

/// speedscope's name of a unit, and by what values are multiplied for it.
fn unit_of(unit: &str) -> (&'static str, i64) {
    let times = |to: &str| scaled(1, unit, to).0 as i64;
    if is_memory(unit) {
        return ("bytes", times("bytes"));
    }
    if !is_time(unit) {
        return ("none", 1);
    }
    for (name, to) in [
        ("nanoseconds", "ns"),
        ("microseconds", "us"),
        ("milliseconds", "ms"),
    ] {
        if times(to) == 1 {
            return (name, 1);
        }
    }
    ("seconds", times("s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_speedscopes() {
        for (unit, name) in [
            ("nanoseconds", ("nanoseconds", 1)),
            ("ms", ("milliseconds", 1)),
            ("hours", ("seconds", 3600)),
            ("kilobytes", ("bytes", 1024)),
            ("count", ("none", 1)),
        ] {
            assert_eq!(unit_of(unit), name);
        }
    }
}

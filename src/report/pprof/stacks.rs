//! Stacks for other tools: folded lines, and speedscope's JSON.

use std::collections::{BTreeMap, HashMap};

use super::table::push_json;
use super::{MAX_OUTPUT, Prepared, TOO_LONG};
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

/// `root;caller;leaf value`, a line per distinct stack, sorted. Semicolons in names become
/// colons, line breaks blanks; values are sums in the sample type's own unit, never means. Stacks
/// without a frame or a value have no line.
pub(super) fn folded(prepared: &Prepared) -> Result<Vec<u8>, String> {
    let mut sums: BTreeMap<Vec<u8>, i64> = BTreeMap::new();
    let mut names: HashMap<NodeId, Vec<u8>> = HashMap::new();
    let mut written = 0;
    for (stack, weight) in prepared.selection.stacks() {
        let locations = prepared.profile.stacks.get(StackId(stack as u32));
        let mut line = Vec::new();
        for node in frames(prepared, locations) {
            if !line.is_empty() {
                line.push(b';');
            }
            let name = names
                .entry(node)
                .or_insert_with(|| plain(prepared.nodes.printable(node)));
            line.extend_from_slice(name);
            if line.len() > MAX_OUTPUT {
                return Err(TOO_LONG.to_owned());
            }
        }
        if line.is_empty() {
            continue;
        }
        written += line.len();
        if written > MAX_OUTPUT {
            return Err(TOO_LONG.to_owned());
        }
        let sum = sums.entry(line).or_default();
        *sum = sum.wrapping_add(weight);
    }
    let mut out = Vec::with_capacity(written + sums.len() * 8);
    for (line, sum) in sums.iter().filter(|&(_, &sum)| sum != 0) {
        out.extend_from_slice(line);
        out.extend_from_slice(format!(" {sum}\n").as_bytes());
    }
    Ok(out)
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
pub(super) fn speedscope(prepared: &Prepared) -> Result<Vec<u8>, String> {
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
    push_frames(prepared, &mut out)?;
    out.extend_from_slice(b"]},\"profiles\":[");
    for sample_type in 0..profile.sample_types.len() {
        out.extend_from_slice(if sample_type == 0 { b"\n" } else { b",\n" });
        push_profile(prepared, sample_type, &mut out)?;
    }
    out.extend_from_slice(b"]}\n");
    Ok(out)
}

fn push_frames(prepared: &Prepared, out: &mut Vec<u8>) -> Result<(), String> {
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
        if out.len() > MAX_OUTPUT {
            return Err(TOO_LONG.to_owned());
        }
    }
    Ok(())
}

fn push_profile(prepared: &Prepared, sample_type: usize, out: &mut Vec<u8>) -> Result<(), String> {
    let profile = &prepared.profile;
    let selection = Selection::all(profile, sample_type);
    let (unit, factor) = unit_of(&profile.unit_name(sample_type));
    out.extend_from_slice(b"{\"type\":\"sampled\",\"name\":");
    let kind = profile.sample_types[sample_type].kind;
    push_json(out, profile.strings.bytes(kind));
    let sums = merged(prepared, &selection)?;
    let weight = |&sum: &i64| match factor {
        1 => sum.to_string(),
        factor => format!("{}", sum as f64 * factor as f64),
    };
    let total = sums
        .iter()
        .fold(0_i64, |all, (_, sum)| all.saturating_add(*sum));
    let start = format!(
        ",\"unit\":\"{unit}\",\"startValue\":0,\"endValue\":{},\"samples\":[",
        weight(&total)
    );
    out.extend_from_slice(start.as_bytes());
    for (i, (stack, _)) in sums.iter().enumerate() {
        out.extend_from_slice(if i == 0 { b"[" } else { b",[" });
        for (depth, node) in stack.iter().enumerate() {
            if depth > 0 {
                out.push(b',');
            }
            out.extend_from_slice(node.0.to_string().as_bytes());
        }
        out.push(b']');
        if out.len() > MAX_OUTPUT {
            return Err(TOO_LONG.to_owned());
        }
    }
    let weights: Vec<String> = sums.iter().map(|(_, sum)| weight(sum)).collect();
    out.extend_from_slice(format!("],\"weights\":[{}]}}", weights.join(",")).as_bytes());
    Ok(())
}

/// Stacks of nodes with a positive sum, in order of the stacks: siblings stand together.
fn merged(prepared: &Prepared, selection: &Selection) -> Result<Vec<(Vec<NodeId>, i64)>, String> {
    let mut sums: BTreeMap<Vec<NodeId>, i64> = BTreeMap::new();
    let mut count = 0;
    for (stack, weight) in selection.stacks() {
        let locations = prepared.profile.stacks.get(StackId(stack as u32));
        let nodes: Vec<NodeId> = frames(prepared, locations).collect();
        count += nodes.len();
        if count > MAX_FRAMES {
            return Err(TOO_LONG.to_owned());
        }
        let sum = sums.entry(nodes).or_default();
        *sum = sum.wrapping_add(weight);
    }
    Ok(sums.into_iter().filter(|&(_, sum)| sum > 0).collect())
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

//! Boxes of labels below the nodes of a picture.

use std::sync::Arc;

use super::Outside;
use super::values::Values;
use crate::analysis::{Graph, MAX_NODELETS, NodeTags, Tag, sort_tags};
use crate::unit::{label, scaled, to_integer};

/// A box of labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nodelet {
    /// The box of texts that it stands below, as its place among those; `None` right below the node.
    pub below: Option<usize>,
    /// Its place among those that stand below the same box; what has no value leaves a gap.
    pub place: usize,
    /// A size, or several from the smallest to the largest; else a set of texts.
    pub is_size: bool,
    /// `key:value`, several joined by `\n` as the language of pictures writes it; or a size.
    pub name: Arc<[u8]>,
    /// What it stands for; not 0.
    pub value: i64,
    /// Some of its samples end in other nodes.
    pub dotted: bool,
}

/// The boxes of a node, sizes right after the texts that they belong to. Inner nodes show the samples
/// that end there, leaves all: some of them may end in nodes that were dropped.
pub fn nodelets(graph: &Graph, node: u32) -> Vec<Nodelet> {
    let Some(tags) = graph.tags(node) else {
        return Vec::new();
    };
    let flat = !graph.outs(node).is_empty();
    let mut texts = tags.texts.clone();
    sort_tags(&mut texts, flat);
    let mut found = Vec::new();
    for (place, tag) in texts.iter().take(MAX_NODELETS).enumerate() {
        let value = if flat {
            tag.flat_value()
        } else {
            tag.cum_value()
        };
        if value == 0 {
            continue;
        }
        found.push(Nodelet {
            below: None,
            place,
            is_size: false,
            name: Arc::clone(&tag.name),
            value,
            dotted: false,
        });
        push_sizes(&mut found, tags, &tag.name, flat, Some(place));
    }
    push_sizes(&mut found, tags, b"", flat, None);
    found
}

fn push_sizes(
    found: &mut Vec<Nodelet>,
    tags: &NodeTags,
    texts: &[u8],
    flat: bool,
    below: Option<usize>,
) {
    let buckets = buckets(tags.sizes_of(texts), &tags.unit, flat);
    for (place, bucket) in buckets.iter().enumerate() {
        let dotted = !flat && bucket.flat_value() != bucket.cum_value();
        let value = if dotted {
            bucket.cum_value()
        } else {
            bucket.flat_value()
        };
        if value != 0 {
            found.push(Nodelet {
                below,
                place,
                is_size: true,
                name: Arc::clone(&bucket.name),
                value,
                dotted,
            });
        }
    }
}

/// Writes the boxes of nodes.
pub(super) struct Nodelets<'a> {
    pub(super) values: &'a Values<'a>,
    pub(super) outside: Outside<'a>,
    pub(super) out: &'a mut Vec<u8>,
}

impl Nodelets<'_> {
    /// Appends the boxes of a node and says how many there were. The doubled N in the names of boxes
    /// of sizes is pprof's.
    pub(super) fn push(
        &mut self,
        graph: &Graph,
        node: u32,
        number: usize,
    ) -> Result<usize, String> {
        let boxes = nodelets(graph, node);
        for nodelet in &boxes {
            let source = match nodelet.below {
                Some(text) => format!("N{number}_{text}"),
                None => format!("N{number}"),
            };
            let doubled = if nodelet.is_size { "N" } else { "" };
            let own = format!("{doubled}{source}_{}", nodelet.place);
            self.push_box(&source, &own, nodelet)?;
        }
        Ok(boxes.len())
    }

    fn push_box(&mut self, source: &str, own: &str, nodelet: &Nodelet) -> Result<(), String> {
        let weight = self.values.text(nodelet.value);
        let style: &[u8] = if nodelet.dotted {
            b" style=\"dotted\""
        } else {
            b""
        };
        let parts: [&[u8]; 20] = [
            own.as_bytes(),
            b" [label = \"",
            &nodelet.name,
            b"\" id=\"",
            own.as_bytes(),
            b"\" fontsize=8 shape=box3d tooltip=\"",
            &weight,
            b"\"]\n",
            source.as_bytes(),
            b" -> ",
            own.as_bytes(),
            b" [label=\" ",
            &weight,
            b"\" weight=100 tooltip=\"",
            &weight,
            b"\" labeltooltip=\"",
            &weight,
            b"\"",
            style,
            b"]\n",
        ];
        for part in parts {
            self.out.extend_from_slice(part);
        }
        self.outside.drain(self.out)
    }
}

/// Sizes as at most [`MAX_NODELETS`] boxes: the heaviest ones, and the others with the nearest of
/// them.
fn buckets(sizes: &[Tag], unit: &str, flat: bool) -> Vec<Tag> {
    let mut sizes = sizes.to_vec();
    sort_tags(&mut sizes, flat);
    if sizes.len() <= MAX_NODELETS {
        return sizes;
    }
    let others = sizes.split_off(MAX_NODELETS);
    let mut groups: Vec<Vec<Tag>> = sizes.into_iter().map(|tag| vec![tag]).collect();
    for tag in others {
        let distance = |group: &[Tag]| distance(&tag, &group[0], unit);
        let mut nearest = (0, distance(&groups[0]));
        for (i, group) in groups.iter().enumerate().skip(1) {
            let found = distance(group);
            if found < nearest.1 {
                nearest = (i, found);
            }
        }
        groups[nearest.0].push(tag);
    }
    let mut buckets: Vec<Tag> = groups.iter().map(|group| bucket(group, unit)).collect();
    sort_tags(&mut buckets, flat);
    buckets
}

fn distance(tag: &Tag, other: &Tag, unit: &str) -> f64 {
    (scaled(other.value, unit, unit).0 - tag.value as f64).abs()
}

/// `smallest..largest` with all they have. Sizes are not in the report's unit, in which most
/// would be 0.
fn bucket(group: &[Tag], unit: &str) -> Tag {
    let [first, rest @ ..] = group else {
        return Tag::default();
    };
    let text = |value: i64| label(value, unit);
    if rest.is_empty() {
        return Tag {
            name: text(first.value).into_bytes().into(),
            flat: first.flat_value(),
            cum: first.cum_value(),
            ..Tag::default()
        };
    }
    let mut sum = first.clone();
    let (mut min, mut max) = (first.value, first.value);
    for tag in rest {
        let value = to_integer(scaled(tag.value, unit, unit).0);
        if value < min {
            min = tag.value;
        }
        if value > max {
            max = tag.value;
        }
        sum.flat = sum.flat.wrapping_add(tag.flat);
        sum.cum = sum.cum.wrapping_add(tag.cum);
        sum.flat_div = sum.flat_div.wrapping_add(tag.flat_div);
        sum.cum_div = sum.cum_div.wrapping_add(tag.cum_div);
    }
    Tag {
        name: format!("{}..{}", text(min), text(max)).into_bytes().into(),
        flat: sum.flat_value(),
        cum: sum.cum_value(),
        ..Tag::default()
    }
}

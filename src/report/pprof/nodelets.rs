//! Boxes of labels below the nodes of a picture.

use super::Outside;
use super::values::Values;
use crate::analysis::{Graph, MAX_NODELETS, NodeTags, Tag, sort_tags};
use crate::unit::{label, scaled, to_integer};

/// Writes the boxes of nodes.
pub(super) struct Nodelets<'a> {
    pub(super) values: &'a Values<'a>,
    pub(super) outside: Outside<'a>,
    pub(super) out: &'a mut Vec<u8>,
    /// How many have been written.
    pub(super) count: usize,
}

impl Nodelets<'_> {
    /// Appends the boxes of a node. Inner nodes show the samples that end there, leaves all: some
    /// of them may end in nodes that were dropped.
    pub(super) fn push(&mut self, graph: &Graph, node: u32, number: usize) -> Result<(), String> {
        let Some(tags) = graph.tags(node) else {
            return Ok(());
        };
        let flat = !graph.outs(node).is_empty();
        let mut texts = tags.texts.clone();
        sort_tags(&mut texts, flat);
        let source = format!("N{number}");
        for (i, tag) in texts.iter().take(MAX_NODELETS).enumerate() {
            let value = if flat {
                tag.flat_value()
            } else {
                tag.cum_value()
            };
            if value == 0 {
                continue;
            }
            let own = format!("{source}_{i}");
            self.push_box(&source, &own, &tag.name, value, "")?;
            self.push_sizes(tags, &tag.name, flat, &own)?;
        }
        self.push_sizes(tags, b"", flat, &source)
    }

    /// Boxes of sizes below `source`. The doubled N in the names of boxes below boxes is pprof's.
    fn push_sizes(
        &mut self,
        tags: &NodeTags,
        texts: &[u8],
        flat: bool,
        source: &str,
    ) -> Result<(), String> {
        let sizes = tags.sizes_of(texts);
        for (i, bucket) in buckets(sizes, &tags.unit, flat).iter().enumerate() {
            let (value, style) = if flat || bucket.flat_value() == bucket.cum_value() {
                (bucket.flat_value(), "")
            } else {
                (bucket.cum_value(), " style=\"dotted\"")
            };
            if value != 0 {
                self.push_box(
                    source,
                    &format!("N{source}_{i}"),
                    &bucket.name,
                    value,
                    style,
                )?;
            }
        }
        Ok(())
    }

    fn push_box(
        &mut self,
        source: &str,
        own: &str,
        name: &[u8],
        value: i64,
        style: &str,
    ) -> Result<(), String> {
        let weight = self.values.text(value);
        let parts: [&[u8]; 20] = [
            own.as_bytes(),
            b" [label = \"",
            name,
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
            style.as_bytes(),
            b"]\n",
        ];
        self.count += 1;
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

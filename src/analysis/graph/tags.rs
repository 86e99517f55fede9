//! Labels of a picture's nodes, which pprof calls tags: sets of texts, and below each the sizes
//! (one numeric label, in pprof `bytes`) of its samples.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use super::{FxMap, Graph, tree};
use crate::analysis::labels::is_numeric;
use crate::analysis::top::mean;
use crate::analysis::{LabelUnits, Nodes, Selection};
use crate::model::{Profile, StackId, StringId};
use crate::unit::label_in;

/// Pairs of a node and a set of labels.
const MAX_ENTRIES: usize = 1 << 24;

/// Bytes of the texts of sets of labels, which share what the file has once.
const MAX_TEXTS: usize = if cfg!(any(test, fuzzing)) {
    1 << 20
} else if cfg!(target_pointer_width = "32") {
    64 << 20
} else {
    256 << 20
};

/// A set of labels, or a size, with its share of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tag {
    /// `key:value`, several joined by `\n`; of a size its text.
    pub name: Arc<[u8]>,
    /// A size.
    pub value: i64,
    /// Σ of the samples that end in the node.
    pub flat: i64,
    /// Σ of the samples that pass through it.
    pub cum: i64,
    /// Events of `flat`.
    pub flat_div: i64,
    /// Events of `cum`.
    pub cum_div: i64,
}

impl Tag {
    /// `flat` as it is shown.
    pub fn flat_value(&self) -> i64 {
        mean(self.flat, self.flat_div)
    }

    /// `cum` as it is shown.
    pub fn cum_value(&self) -> i64 {
        mean(self.cum, self.cum_div)
    }

    fn is_heavy(&self, cutoff: i64) -> bool {
        self.flat.wrapping_abs() >= cutoff || self.cum.wrapping_abs() >= cutoff
    }
}

/// Sorts tags, heaviest first: by |cum| unless only flat counts, then |flat|, then name. Where
/// values differ in their sign only pprof's order is up to chance; here the next rule decides.
pub fn sort_tags(tags: &mut [Tag], flat: bool) {
    tags.sort_by(|a, b| {
        let key = |tag: &Tag| {
            let cum = if flat { 0 } else { tag.cum.wrapping_abs() };
            (Reverse(cum), Reverse(tag.flat.wrapping_abs()))
        };
        key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
    });
}

/// The tags of a node.
#[derive(Clone, Debug, Default)]
pub struct NodeTags {
    /// Sets of texts.
    pub texts: Vec<Tag>,
    /// Sizes by the texts they come with; those without stand under the empty name.
    pub sizes: Vec<(Arc<[u8]>, Vec<Tag>)>,
    /// Unit of the sizes.
    pub unit: String,
}

impl NodeTags {
    /// The sizes of a set of texts.
    pub fn sizes_of(&self, texts: &[u8]) -> &[Tag] {
        let found = self.sizes.iter().find(|(name, _)| **name == *texts);
        found.map_or(&[], |(_, sizes)| sizes)
    }

    /// How many will be drawn, as pprof guesses it.
    pub(super) fn flat_count(&self, cutoff: i64) -> usize {
        let sizes = self.sizes.iter().flat_map(|(_, sizes)| sizes);
        let all = self.texts.iter().chain(sizes);
        all.filter(|tag| tag.flat != 0 && tag.is_heavy(cutoff))
            .count()
    }

    pub(super) fn trim(&mut self, cutoff: i64) {
        self.texts.retain(|tag| tag.is_heavy(cutoff));
        for (_, sizes) in &mut self.sizes {
            sizes.retain(|tag| tag.is_heavy(cutoff));
        }
    }
}

/// A set of labels as they are drawn.
struct LabelSet {
    /// A row of `TagCollector::texts`; 0 for no text.
    texts: u32,
    sizes: Vec<(i64, Arc<[u8]>)>,
}

/// What a set of labels has in a node.
#[derive(Clone, Copy, Default)]
struct Share {
    set: u32,
    /// The first sample with it.
    first: u32,
    flat: i64,
    cum: i64,
    flat_div: i64,
    cum_div: i64,
}

/// A node's share of the set at hand.
#[derive(Clone, Copy)]
struct Running {
    share: Share,
    set: u32,
    sample: u32,
}

/// Collects the labels of nodes.
pub(super) struct TagCollector<'a> {
    profile: &'a Profile,
    selection: &'a Selection,
    sets: Vec<LabelSet>,
    texts: Vec<Arc<[u8]>>,
    /// Samples with labels, by set.
    by_set: Vec<Vec<u32>>,
    unit: String,
}

/// The numeric label that pprof shows.
pub(super) const PPROF_SIZE: &[u8] = b"bytes";

impl<'a> TagCollector<'a> {
    pub(super) fn new(
        profile: &'a Profile,
        selection: &'a Selection,
        units: &LabelUnits,
        tag_unit: &str,
        size_key: &[u8],
    ) -> Result<Self, String> {
        let mut new = Self {
            profile,
            selection,
            sets: Vec::new(),
            texts: vec![Arc::default()],
            by_set: Vec::new(),
            unit: String::from_utf8_lossy(units.of(size_key)).into_owned(),
        };
        new.add_sets(tag_unit, size_key)?;
        Ok(new)
    }

    fn add_sets(&mut self, tag_unit: &str, size_key: &[u8]) -> Result<(), String> {
        let profile = self.profile;
        let mut known: HashMap<Vec<(StringId, StringId, i64)>, u32> = HashMap::new();
        let mut by_text: HashMap<Arc<[u8]>, u32> = HashMap::from([(Arc::default(), 0)]);
        let mut keys: HashMap<StringId, (bool, bool)> = HashMap::new();
        if profile.samples.labels.is_empty() {
            return Ok(());
        }
        let mut room = MAX_TEXTS;
        for sample in 0..profile.samples.len() {
            let (value, events) = self.values(sample);
            if value == 0 && events == 0 {
                continue;
            }
            let labels = profile.samples.labels(sample).iter().filter(|label| {
                let (is_base, is_size) = *keys.entry(label.key).or_insert_with(|| {
                    let key = profile.strings.bytes(label.key);
                    (key == b"pprof::base", key == size_key)
                });
                if is_numeric(label) { is_size } else { !is_base }
            });
            let key: Vec<_> = labels.map(|l| (l.key, l.str, l.num)).collect();
            if key.is_empty() {
                continue;
            }
            let next = self.sets.len() as u32;
            let set = *known.entry(key.clone()).or_insert(next);
            if set == next {
                let set = self.label_set(&key, &mut by_text, &mut room, tag_unit)?;
                self.sets.push(set);
                self.by_set.push(Vec::new());
            }
            self.by_set[set as usize].push(sample as u32);
        }
        Ok(())
    }

    fn label_set(
        &mut self,
        labels: &[(StringId, StringId, i64)],
        by_text: &mut HashMap<Arc<[u8]>, u32>,
        room: &mut usize,
        tag_unit: &str,
    ) -> Result<LabelSet, String> {
        let strings = &self.profile.strings;
        let (numbers, texts): (Vec<_>, Vec<_>) = labels
            .iter()
            .partition(|&&(_, text, _)| text == StringId(0));
        let mut pairs: Vec<Vec<u8>> = Vec::new();
        let mut length = 0;
        for &(key, text, _) in &texts {
            let parts = [strings.bytes(key), b":", strings.bytes(text)];
            length += parts.iter().map(|part| part.len()).sum::<usize>() + 2;
            if length > MAX_TEXTS {
                return Err(too_long());
            }
            pairs.push(parts.concat());
        }
        pairs.sort();
        let joined = pairs.join(&b"\\n"[..]);
        let known = by_text.get(joined.as_slice()).copied();
        let texts = match known {
            Some(row) => row,
            None => {
                *room = room.checked_sub(joined.len()).ok_or_else(too_long)?;
                let row = self.texts.len() as u32;
                let joined: Arc<[u8]> = joined.into();
                self.texts.push(Arc::clone(&joined));
                by_text.insert(joined, row);
                row
            }
        };
        let mut sizes = Vec::with_capacity(numbers.len());
        for &(_, _, value) in &numbers {
            let text = label_in(value, &self.unit, tag_unit);
            *room = room.checked_sub(text.len()).ok_or_else(too_long)?;
            sizes.push((value, text.into_bytes().into()));
        }
        Ok(LabelSet { texts, sizes })
    }

    fn values(&self, sample: usize) -> (i64, i64) {
        let value = self.profile.value(sample, self.selection.sample_type);
        let events = if self.selection.mean {
            self.profile.value(sample, 0)
        } else {
            0
        };
        (value, events)
    }

    /// Labels of the first `most` nodes of a graph.
    pub(super) fn collect_graph(
        &mut self,
        graph: &mut Graph,
        nodes: &Nodes,
        most: usize,
    ) -> Result<(), String> {
        let profile = self.profile;
        self.collect(graph, most, &|sample, visit| {
            let stack = profile.samples.stacks[sample];
            let mut is_leaf = true;
            for location in profile.stacks.get(StackId(stack.0)) {
                for node in nodes.frames(location.index()).iter().rev() {
                    visit(node.0, is_leaf);
                    is_leaf = false;
                }
            }
        })
    }

    /// Labels of the first `most` nodes of a call tree.
    pub(super) fn collect_tree(
        &mut self,
        graph: &mut Graph,
        leaves: &[u32],
        most: usize,
    ) -> Result<(), String> {
        let profile = self.profile;
        let parents = std::mem::take(&mut graph.parents);
        let result = self.collect(graph, most, &|sample, visit| {
            let mut at = leaves[profile.samples.stacks[sample].index()];
            let mut is_leaf = true;
            while at != tree::ROOT {
                visit(at, is_leaf);
                is_leaf = false;
                at = parents[at as usize];
            }
        });
        graph.parents = parents;
        result
    }

    /// `walk` visits the nodes of a sample's stack, leaf first.
    fn collect(
        &mut self,
        graph: &mut Graph,
        most: usize,
        walk: &dyn Fn(usize, &mut dyn FnMut(u32, bool)),
    ) -> Result<(), String> {
        if self.sets.is_empty() {
            return Ok(());
        }
        // Positions of the wanted nodes, so that what is summed up lies close together.
        let wanted = &graph.order[..graph.order.len().min(most)];
        let mut position = vec![u32::MAX; graph.nodes.len()];
        for (i, &node) in wanted.iter().enumerate() {
            position[node as usize] = i as u32;
        }
        let none = Running {
            share: Share::default(),
            set: u32::MAX,
            sample: u32::MAX,
        };
        let mut running = vec![none; wanted.len()];
        let mut touched: Vec<u32> = Vec::new();
        let mut shares: Vec<Vec<Share>> = vec![Vec::new(); wanted.len()];
        let mut entries = 0;
        for (set, samples) in self.by_set.iter().enumerate() {
            let set = set as u32;
            for &sample in samples {
                let (value, events) = self.values(sample as usize);
                walk(sample as usize, &mut |node, is_leaf| {
                    let at = position[node as usize];
                    let Some(row) = running.get_mut(at as usize) else {
                        return;
                    };
                    if row.set != set {
                        row.set = set;
                        row.sample = u32::MAX;
                        row.share = Share {
                            set,
                            first: sample,
                            ..Share::default()
                        };
                        touched.push(at);
                    }
                    if row.sample != sample {
                        row.sample = sample;
                        row.share.cum = row.share.cum.wrapping_add(value);
                        row.share.cum_div = row.share.cum_div.wrapping_add(events);
                    }
                    if is_leaf {
                        row.share.flat = row.share.flat.wrapping_add(value);
                        row.share.flat_div = row.share.flat_div.wrapping_add(events);
                    }
                });
            }
            entries += touched.len();
            if entries > MAX_ENTRIES {
                return Err(format!(
                    "more than {MAX_ENTRIES} sets of labels in nodes; -nodecount bounds them, \
                     -taghide leaves some out"
                ));
            }
            for at in touched.drain(..) {
                shares[at as usize].push(running[at as usize].share);
            }
        }
        let mut tags = FxMap::default();
        for (&node, shares) in wanted.iter().zip(&mut shares) {
            if !shares.is_empty() {
                shares.sort_by_key(|share| share.first);
                tags.insert(node, self.node_tags(shares));
            }
        }
        graph.tags = tags;
        Ok(())
    }

    /// Sets that differ in sizes only are one tag; sizes of the same text are one, too.
    fn node_tags(&self, shares: &[Share]) -> NodeTags {
        let mut tags = NodeTags {
            unit: self.unit.clone(),
            ..NodeTags::default()
        };
        let mut text_rows: FxMap<u32, usize> = FxMap::default();
        let mut size_lists: FxMap<u32, usize> = FxMap::default();
        let mut size_rows: HashMap<(u32, Arc<[u8]>), usize> = HashMap::new();
        for share in shares {
            let set = &self.sets[share.set as usize];
            let name = &self.texts[set.texts as usize];
            if set.texts != 0 {
                let row = *text_rows.entry(set.texts).or_insert_with(|| {
                    tags.texts.push(Tag {
                        name: Arc::clone(name),
                        ..Tag::default()
                    });
                    tags.texts.len() - 1
                });
                add(&mut tags.texts[row], share);
            }
            if set.sizes.is_empty() {
                continue;
            }
            let list = *size_lists.entry(set.texts).or_insert_with(|| {
                tags.sizes.push((Arc::clone(name), Vec::new()));
                tags.sizes.len() - 1
            });
            let list = &mut tags.sizes[list].1;
            for (value, text) in &set.sizes {
                let row = *size_rows
                    .entry((set.texts, Arc::clone(text)))
                    .or_insert_with(|| {
                        list.push(Tag {
                            name: Arc::clone(text),
                            value: *value,
                            ..Tag::default()
                        });
                        list.len() - 1
                    });
                add(&mut list[row], share);
            }
        }
        tags
    }
}

fn add(tag: &mut Tag, share: &Share) {
    tag.flat = tag.flat.wrapping_add(share.flat);
    tag.cum = tag.cum.wrapping_add(share.cum);
    tag.flat_div = tag.flat_div.wrapping_add(share.flat_div);
    tag.cum_div = tag.cum_div.wrapping_add(share.cum_div);
}

fn too_long() -> String {
    format!(
        "labels in the picture would have more than {MAX_TEXTS} bytes; -taghide leaves some out"
    )
}

//! Values of labels as frames: `tagroot` and `tagleaf`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use crate::analysis::Options;
use crate::analysis::labels::is_numeric;
use crate::analysis::stand_in::{NewIds, stand_in};
use crate::model::{Function, Label, LocationId, Profile, StackId, StringId};
use crate::unit::label_in;

/// Frames that stacks may have with those of labels: a label that differs from sample to sample
/// makes a stack of its own of every sample.
pub(super) const MAX_FRAMES: usize = if cfg!(target_pointer_width = "32") {
    1 << 26
} else {
    1 << 28
};

/// Bytes of their names: the values of a label joined, of which every sample may have others.
const MAX_NAMES: usize = if cfg!(any(test, fuzzing)) {
    1 << 20
} else if cfg!(target_pointer_width = "32") {
    64 << 20
} else {
    256 << 20
};

/// How frames of labels are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagNames {
    /// By the values alone, and by nothing where a sample has none: pprof's.
    Values,
    /// `key:values`, and `no key` where a sample has none: numbers and yes or no say little by
    /// themselves.
    KeyValues,
}

/// Gives every sample a frame for each key, so that stacks stay comparable: named after the
/// values of the label, in the file that bears the key. A sample without the label has a frame
/// there, too. The first key of `tagroot` is outermost, the last of `tagleaf` innermost.
/// Returns pprof's remarks, `TagRoot expression matched no samples`. The error is a sentence: too
/// many frames, or too many names.
pub fn add_tag_frames(
    profile: &mut Profile,
    options: &Options,
    names: TagNames,
) -> Result<Vec<String>, String> {
    let keys = |text: &str| -> Vec<String> {
        let parts = text.split(',').filter(|key| !key.is_empty());
        parts.map(str::to_owned).collect()
    };
    let (root, leaf) = (keys(&options.tagroot), keys(&options.tagleaf));
    let mut builder = Builder::new(profile, &options.unit, names);
    if !root.is_empty() || !leaf.is_empty() {
        builder.add_all(&root, &leaf)?;
    }
    let (root_matched, leaf_matched) = (builder.root_matched, builder.leaf_matched);
    let mut remarks = Vec::new();
    if !options.tagroot.is_empty() && !root_matched {
        remarks.push("TagRoot expression matched no samples".to_owned());
    }
    if !options.tagleaf.is_empty() && !leaf_matched {
        remarks.push("TagLeaf expression matched no samples".to_owned());
    }
    Ok(remarks)
}

/// Rows of our own numbering, so a plain multiplicative hash will do.
type StackMap = HashMap<u64, StackId, BuildHasherDefault<rustc_hash::FxHasher>>;

struct Builder<'a> {
    profile: &'a mut Profile,
    unit: &'a str,
    names: TagNames,
    locations: HashMap<(Vec<u8>, String), LocationId>,
    /// Bytes that more names may have.
    room: usize,
    /// Distinct frames around stacks, those at the leaf first, and how many those are.
    arounds: Vec<(Vec<LocationId>, usize)>,
    around_rows: HashMap<Vec<LocationId>, u32>,
    ids: NewIds,
    root_matched: bool,
    leaf_matched: bool,
}

impl<'a> Builder<'a> {
    fn new(profile: &'a mut Profile, unit: &'a str, names: TagNames) -> Self {
        Self {
            ids: NewIds::of(profile),
            profile,
            unit,
            names,
            locations: HashMap::new(),
            room: MAX_NAMES,
            arounds: Vec::new(),
            around_rows: HashMap::new(),
            root_matched: false,
            leaf_matched: false,
        }
    }

    fn add_all(&mut self, root: &[String], leaf: &[String]) -> Result<(), String> {
        let old = std::mem::take(&mut self.profile.stacks);
        let mut frames: Vec<LocationId> = Vec::with_capacity(old.frames.len());
        let mut ranges = Vec::with_capacity(old.len());
        let mut known: StackMap = StackMap::default();
        let mut last: Option<(Vec<Label>, u32)> = None;
        for i in 0..self.profile.samples.len() {
            let stack = self.profile.samples.stacks[i];
            // Most samples have the labels of the one before them, very often none.
            let labels = self.profile.samples.labels(i);
            let around = match &last {
                Some((same, around)) if same == labels => *around,
                _ => {
                    let labels = labels.to_vec();
                    let around = self.around(&labels, root, leaf)?;
                    last = Some((labels, around));
                    around
                }
            };
            let next = StackId(ranges.len() as u32);
            let key = u64::from(stack.0) << 32 | u64::from(around);
            let id = *known.entry(key).or_insert(next);
            if id == next {
                let (around, leaves) = &self.arounds[around as usize];
                let start = frames.len() as u32;
                frames.extend_from_slice(&around[..*leaves]);
                frames.extend_from_slice(old.get(stack));
                frames.extend_from_slice(&around[*leaves..]);
                if frames.len() > MAX_FRAMES {
                    return Err(format!(
                        "more than {MAX_FRAMES} frames with those of the labels"
                    ));
                }
                ranges.push((start, frames.len() as u32));
            }
            self.profile.samples.stacks[i] = id;
        }
        self.profile.stacks.frames = Arc::new(frames);
        self.profile.stacks.ranges = ranges;
        Ok(())
    }

    /// The frames that labels put around a stack: a row of `arounds`.
    fn around(
        &mut self,
        labels: &[Label],
        root: &[String],
        leaf: &[String],
    ) -> Result<u32, String> {
        // The root's are made first, as pprof numbers them.
        let (roots, matched) = self.frames_of(labels, root)?;
        self.root_matched |= matched;
        let (mut around, matched) = self.frames_of(labels, leaf)?;
        self.leaf_matched |= matched;
        let leaves = around.len();
        around.extend(roots);
        let next = self.arounds.len() as u32;
        let row = *self.around_rows.entry(around.clone()).or_insert(next);
        if row == next {
            self.arounds.push((around, leaves));
        }
        Ok(row)
    }

    /// The frames of some labels for some keys, innermost first, and whether there are any.
    fn frames_of(
        &mut self,
        labels: &[Label],
        keys: &[String],
    ) -> Result<(Vec<LocationId>, bool), String> {
        let mut frames = Vec::with_capacity(keys.len());
        let mut matched = false;
        for key in keys.iter().rev() {
            let values = self.name(labels, key)?;
            matched |= values.is_some();
            let name = match (self.names, values) {
                (TagNames::Values, values) => values.unwrap_or_default(),
                (TagNames::KeyValues, Some(values)) => {
                    [key.as_bytes(), b":", values.as_slice()].concat()
                }
                (TagNames::KeyValues, None) => [b"no ", key.as_bytes()].concat(),
            };
            frames.push(self.location(name, key)?);
        }
        Ok((frames, matched))
    }

    /// The texts, then the numbers, that labels have for a key, with commas; `None` without any.
    fn name(&self, labels: &[Label], key: &str) -> Result<Option<Vec<u8>>, String> {
        let strings = &self.profile.strings;
        let of_key = labels
            .iter()
            .filter(|label| strings.bytes(label.key) == key.as_bytes());
        let (numbers, texts): (Vec<&Label>, Vec<&Label>) = of_key.partition(|l| is_numeric(l));
        let has_units = numbers.iter().any(|label| label.unit != StringId(0));
        let number = |label: &&Label| {
            let unit = strings.text(label.unit);
            let to = if has_units { self.unit } else { "" };
            Cow::Owned(label_in(label.num, &unit, to).into_bytes())
        };
        let text = |label: &&Label| Cow::Borrowed(strings.bytes(label.str));
        let mut name: Option<Vec<u8>> = None;
        for value in texts.iter().map(text).chain(numbers.iter().map(number)) {
            if let Some(name) = &mut name {
                name.push(b',');
            }
            let name = name.get_or_insert_default();
            if name.len() + value.len() > MAX_NAMES {
                return Err(too_long());
            }
            name.extend_from_slice(&value);
        }
        Ok(name)
    }

    fn location(&mut self, name: Vec<u8>, key: &str) -> Result<LocationId, String> {
        if let Some(&id) = self.locations.get(&(name.clone(), key.to_owned())) {
            return Ok(id);
        }
        self.room = self.room.checked_sub(name.len()).ok_or_else(too_long)?;
        let profile = &mut *self.profile;
        let mut string = |text: &[u8]| match text {
            b"" => Ok(StringId(0)),
            text => profile.strings.push(text).ok_or("too many names of labels"),
        };
        let (name_id, filename) = (string(&name)?, string(key.as_bytes())?);
        let function = Function {
            id: 0,
            name: name_id,
            system_name: StringId(0),
            filename,
            start_line: 0,
        };
        let (id, _) = stand_in(profile, &mut self.ids, function);
        self.locations.insert((name, key.to_owned()), id);
        Ok(id)
    }
}

fn too_long() -> String {
    format!("frames of labels would have names of more than {MAX_NAMES} bytes")
}

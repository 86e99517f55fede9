//! Keys of tables, rows and columns: the values that results have for the fields of a projection.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use rustc_hash::FxHashMap;

use super::keys::{Field, FieldOrder, Key, compare_numbers};

/// A value of some key, told once for all results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ValueId(u32);

impl ValueId {
    /// What a key without a value has.
    pub(super) const EMPTY: Self = Self(0);
}

/// All values.
#[derive(Debug)]
pub(super) struct Values {
    texts: Vec<Vec<u8>>,
    ids: HashMap<Vec<u8>, ValueId>,
}

impl Values {
    pub(super) fn new() -> Self {
        let mut new = Self {
            texts: Vec::new(),
            ids: HashMap::new(),
        };
        new.id(b"");
        new
    }

    pub(super) fn id(&mut self, text: &[u8]) -> ValueId {
        if let Some(&id) = self.ids.get(text) {
            return id;
        }
        let id = ValueId(self.texts.len() as u32);
        self.texts.push(text.to_vec());
        self.ids.insert(text.to_vec(), id);
        id
    }

    pub(super) fn text(&self, id: ValueId) -> &[u8] {
        &self.texts[id.0 as usize]
    }
}

/// One value of every key.
struct Slot {
    name: Vec<u8>,
    order: FieldOrder,
    /// In which order values were seen; of `.config` nobody remembers it, so its values stand by
    /// their bytes.
    seen: Option<FxHashMap<ValueId, u32>>,
}

/// A field of the projection.
enum Source {
    /// A key with its slot.
    One(Key, usize),
    /// `.config`: a slot for each key that occurs, in the order in which they do.
    Config(Vec<usize>, FieldOrder),
}

/// What tells the values of fields for one result.
pub(super) trait Projected {
    fn value(&self, key: &Key, values: &mut Values) -> ValueId;
    /// The configuration in force: keys with their values, in order.
    fn config(&self) -> &[(ValueId, ValueId)];
}

/// A key: for each slot its value, without the empty ones at the end.
type Tuple = Vec<ValueId>;

/// The keys along one axis.
pub(super) struct Axis {
    sources: Vec<Source>,
    slots: Vec<Slot>,
    /// The slots of `.config` by the name of the key.
    by_name: FxHashMap<(usize, ValueId), Option<usize>>,
    tuples: Vec<Tuple>,
    ids: HashMap<Tuple, u32>,
    /// The tuple under construction.
    row: Tuple,
}

impl Axis {
    /// The axis of a projection.
    pub(super) fn new(fields: &[Field]) -> Self {
        let mut new = Self {
            sources: Vec::new(),
            slots: Vec::new(),
            by_name: FxHashMap::default(),
            tuples: Vec::new(),
            ids: HashMap::new(),
            row: Vec::new(),
        };
        for field in fields {
            let source = match &field.key {
                Some(key) => {
                    let slot = new.add(field.name.clone(), &field.order, true);
                    Source::One(key.clone(), slot)
                }
                None => Source::Config(Vec::new(), field.order.clone()),
            };
            new.sources.push(source);
        }
        new
    }

    fn add(&mut self, name: Vec<u8>, order: &FieldOrder, remembers: bool) -> usize {
        let remembers = remembers && *order == FieldOrder::First;
        self.slots.push(Slot {
            name,
            order: order.clone(),
            seen: remembers.then(FxHashMap::default),
        });
        self.slots.len() - 1
    }

    /// Number of values of a key at most.
    pub(super) fn width(&self) -> usize {
        self.slots.len()
    }

    /// The key of a result. `named` are configuration keys that other fields are about.
    pub(super) fn key(
        &mut self,
        result: &impl Projected,
        named: &[Vec<u8>],
        values: &mut Values,
    ) -> u32 {
        let mut row = std::mem::take(&mut self.row);
        row.clear();
        row.resize(self.slots.len(), ValueId::EMPTY);
        for at in 0..self.sources.len() {
            if let Source::One(key, slot) = &self.sources[at] {
                row[*slot] = result.value(key, values);
                continue;
            }
            for &(key, value) in result.config() {
                if let Some(slot) = self.config_slot(at, key, named, values) {
                    row.resize(self.slots.len(), ValueId::EMPTY);
                    row[slot] = value;
                }
            }
        }
        let kept = row.iter().rposition(|&value| value != ValueId::EMPTY);
        row.truncate(kept.map_or(0, |last| last + 1));
        let id = self.intern(&row);
        self.row = row;
        id
    }

    /// The slot of a configuration key, made if need be; `None` for one that is named elsewhere.
    fn config_slot(
        &mut self,
        source: usize,
        key: ValueId,
        named: &[Vec<u8>],
        values: &Values,
    ) -> Option<usize> {
        if let Some(&known) = self.by_name.get(&(source, key)) {
            return known;
        }
        let name = values.text(key);
        let slot = match &self.sources[source] {
            Source::Config(_, order) if !named.iter().any(|other| other == name) => {
                let order = order.clone();
                Some(self.add(name.to_vec(), &order, false))
            }
            _ => None,
        };
        self.by_name.insert((source, key), slot);
        if let (Source::Config(slots, _), Some(slot)) = (&mut self.sources[source], slot) {
            slots.push(slot);
        }
        slot
    }

    fn intern(&mut self, row: &[ValueId]) -> u32 {
        if let Some(&id) = self.ids.get(row) {
            return id;
        }
        let id = self.tuples.len() as u32;
        for source in &self.sources {
            if let Source::One(_, slot) = source
                && let Some(seen) = &mut self.slots[*slot].seen
            {
                let next = seen.len() as u32;
                let value = row.get(*slot).copied().unwrap_or(ValueId::EMPTY);
                seen.entry(value).or_insert(next);
            }
        }
        self.tuples.push(row.to_vec());
        self.ids.insert(row.to_vec(), id);
        id
    }

    /// The slots in the order of the projection: `.config` stands for all of its keys.
    fn flat(&self) -> Vec<usize> {
        let mut flat = Vec::with_capacity(self.slots.len());
        for source in &self.sources {
            match source {
                Source::One(_, slot) => flat.push(*slot),
                Source::Config(slots, _) => flat.extend(slots),
            }
        }
        flat
    }

    /// The names of the fields.
    pub(super) fn names(&self) -> Vec<Vec<u8>> {
        let name = |slot: usize| self.slots[slot].name.clone();
        self.flat().into_iter().map(name).collect()
    }

    /// The values of a key, one for each field.
    pub(super) fn texts(&self, key: u32, values: &Values) -> Vec<Vec<u8>> {
        let tuple = &self.tuples[key as usize];
        let text = |slot: usize| {
            tuple
                .get(slot)
                .map_or(&[][..], |&id| values.text(id))
                .to_vec()
        };
        self.flat().into_iter().map(text).collect()
    }

    /// The place of every key in the order of the projection.
    pub(super) fn ranks(&self, values: &Values) -> Vec<u32> {
        let flat = self.flat();
        let mut order: Vec<u32> = (0..self.tuples.len() as u32).collect();
        crate::sort::sort_ids(&mut order, &|a, b| self.compare(&flat, a, b, values));
        let mut ranks = vec![0; order.len()];
        for (rank, &key) in (0..).zip(&order) {
            ranks[key as usize] = rank;
        }
        ranks
    }

    fn compare(&self, flat: &[usize], a: u32, b: u32, values: &Values) -> Ordering {
        let (a, b) = (&self.tuples[a as usize], &self.tuples[b as usize]);
        for &slot in flat {
            let of = |tuple: &Tuple| tuple.get(slot).copied().unwrap_or(ValueId::EMPTY);
            let (a, b) = (of(a), of(b));
            if a == b {
                continue;
            }
            let (text_a, text_b) = (values.text(a), values.text(b));
            let Slot { order, seen, .. } = &self.slots[slot];
            let found = match order {
                FieldOrder::First => match seen {
                    Some(seen) => seen.get(&a).cmp(&seen.get(&b)),
                    None => Ordering::Equal,
                },
                FieldOrder::Text => text_a.cmp(text_b),
                FieldOrder::Number => compare_numbers(text_a, text_b),
                FieldOrder::Fixed(list) => {
                    let place = |text: &[u8]| list.iter().rposition(|other| other == text);
                    place(text_a).unwrap_or(0).cmp(&place(text_b).unwrap_or(0))
                }
            };
            return found.then_with(|| text_a.cmp(text_b));
        }
        Ordering::Equal
    }

    /// The slots in which two keys differ.
    pub(super) fn differing(&self, a: u32, b: u32) -> Vec<u32> {
        let (a, b) = (&self.tuples[a as usize], &self.tuples[b as usize]);
        let of = |tuple: &Tuple, slot: usize| tuple.get(slot).copied().unwrap_or(ValueId::EMPTY);
        let most = a.len().max(b.len());
        let differ = (0..most).filter(|&slot| of(a, slot) != of(b, slot));
        differ.map(|slot| slot as u32).collect()
    }

    /// The names of slots, in the order of the projection.
    pub(super) fn names_of(&self, slots: &BTreeSet<u32>) -> Vec<Vec<u8>> {
        if slots.is_empty() {
            return Vec::new();
        }
        let flat = self.flat();
        let wanted = flat.iter().filter(|&&slot| slots.contains(&(slot as u32)));
        wanted.map(|&slot| self.slots[slot].name.clone()).collect()
    }
}

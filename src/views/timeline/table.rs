//! Goroutines by an index of their own, which unlike a slot is never given to another, and their
//! groups.

use rustc_hash::{FxHashMap, FxHashSet};

use super::blocks::Blocks;
use crate::model::trace::{GoState, NONE, World, is_none};

/// The group of goroutines of which no stack was seen.
pub(super) const UNNAMED: u32 = 0;

/// What workers of the collector begin with.
const WORKER: &str = "runtime.gcBgMarkWorker";

/// A goroutine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Goroutine {
    /// Its own number.
    pub(super) id: u64,
    /// Nanoseconds that it has run.
    pub(super) ran: u64,
    /// The record from which on it is there. Of one that was there before, the first of the trace,
    /// or after the loss.
    pub(super) first: u32,
    /// The record that ended it, or the loss after which it was not told of any more; the largest
    /// number there is of one that is there at the end.
    pub(super) last: u32,
    pub(super) slot: u32,
    /// With [`LATE`] and [`REGIONS`].
    named: u32,
}

/// Set with the group of a goroutine that got its name later than in the chunk in which it was
/// first seen.
const LATE: u32 = 1 << 31;
/// Set with the group of a goroutine that has regions.
const REGIONS: u32 = 1 << 30;
/// What is left is the group.
const GROUP: u32 = REGIONS - 1;

impl Goroutine {
    #[inline]
    pub(super) fn group(&self) -> u32 {
        self.named & GROUP
    }

    /// It has regions of its own.
    pub(super) fn has_regions(&self) -> bool {
        self.named & REGIONS != 0
    }
}

/// All of them.
#[derive(Clone, Debug)]
pub(super) struct Table {
    rows: Blocks<Goroutine>,
    /// Names of groups: rows of the strings.
    names: Vec<u32>,
    /// Goroutines of each group.
    counts: Vec<u32>,
    by_name: FxHashMap<u32, u32>,
    /// The record at which a goroutine got its name, of those that got it later than in the chunk
    /// in which they were first seen. Until then they are in the group without a name.
    late: FxHashMap<u32, u32>,
    /// Workers of the collector, by index.
    workers: FxHashSet<u32>,
    /// What came to be known of these, in that order: who is one, and who is not after all.
    worker_news: Vec<(u32, bool)>,
    /// The group of workers.
    worker_group: u32,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            rows: Blocks::default(),
            names: vec![0],
            counts: vec![0],
            by_name: FxHashMap::from_iter([(0, UNNAMED)]),
            late: FxHashMap::default(),
            workers: FxHashSet::default(),
            worker_news: Vec::new(),
            worker_group: NONE,
        }
    }
}

impl Table {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn get(&self, index: u32) -> Option<&Goroutine> {
        self.rows.get(index as usize)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Goroutine> {
        self.rows.iter()
    }

    pub(super) fn groups(&self) -> usize {
        self.names.len()
    }

    /// Name of a group: a row of the strings.
    pub(super) fn name(&self, group: u32) -> u32 {
        self.names.get(group as usize).copied().unwrap_or_default()
    }

    /// Goroutines of a group.
    pub(super) fn count(&self, group: u32) -> u32 {
        self.counts.get(group as usize).copied().unwrap_or_default()
    }

    /// Group of a goroutine; [`UNNAMED`] for none.
    #[inline]
    pub(super) fn group(&self, index: u32) -> u32 {
        self.get(index).map_or(UNNAMED, Goroutine::group)
    }

    /// The group in which a goroutine is counted before and after a record.
    #[inline]
    pub(super) fn groups_at(&self, index: u32, record: u32) -> (u32, u32) {
        let named = self.get(index).map_or(UNNAMED, |one| one.named);
        let group = named & GROUP;
        if named & LATE == 0 {
            return (group, group);
        }
        match self.late.get(&index) {
            Some(&named) if record < named => (UNNAMED, UNNAMED),
            Some(&named) if record == named => (UNNAMED, group),
            _ => (group, group),
        }
    }

    /// A goroutine has a region.
    pub(super) fn note_region(&mut self, index: u32) {
        if let Some(row) = self.rows.get_mut(index as usize) {
            row.named |= REGIONS;
        }
    }

    fn add(&mut self, id: u64, slot: u32, first: u32) -> u32 {
        let index = self.rows.len() as u32;
        self.counts[UNNAMED as usize] += 1;
        self.rows.push(Goroutine {
            id,
            ran: 0,
            first,
            last: first,
            slot,
            named: UNNAMED,
        });
        index
    }

    /// The group of a name, new if need be.
    fn group_named(&mut self, name: u32, world: &World) -> u32 {
        let next = self.names.len() as u32;
        let group = *self.by_name.entry(name).or_insert(next);
        if group == next {
            if world.text(name) == WORKER {
                self.worker_group = group;
            }
            self.names.push(name);
            self.counts.push(0);
        }
        group
    }

    /// A goroutine is a worker of the collector, or is not.
    fn set_worker(&mut self, index: u32, is_worker: bool) {
        let is_news = match is_worker {
            true => self.workers.insert(index),
            false => self.workers.remove(&index),
        };
        if is_news {
            self.worker_news.push((index, is_worker));
        }
    }

    pub(super) fn is_worker(&self, index: u32) -> bool {
        self.workers.contains(&index)
    }

    /// All workers, in order.
    pub(super) fn workers(&self) -> Vec<u32> {
        let mut all: Vec<u32> = self.workers.iter().copied().collect();
        all.sort_unstable();
        all
    }

    /// What came to be known of workers, but for the first of it.
    pub(super) fn worker_news(&self, skip: usize) -> &[(u32, bool)] {
        self.worker_news.get(skip..).unwrap_or_default()
    }

    pub(super) fn bytes(&self) -> usize {
        self.rows.bytes()
            + (self.names.len() + self.counts.len()) * 4
            + self.workers.capacity() * 5
            + (self.by_name.capacity() + self.late.capacity()) * 9
    }
}

/// What is known of a slot while the trace is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) id: u64,
    /// Since when it is in its state.
    pub(super) since: u64,
    /// Row of the table.
    pub(super) index: u32,
    /// The last record that changed its state.
    pub(super) last: u32,
    pub(super) state: GoState,
    /// It has ended: the slot may be given to another.
    pub(super) has_ended: bool,
    /// The first record of it.
    seen: u32,
    /// It has a group.
    is_named: bool,
}

impl Slot {
    /// It is known to be there.
    fn is_there(&self) -> bool {
        !self.has_ended && self.state != GoState::Undetermined
    }
}

const FREE: Slot = Slot {
    id: 0,
    since: 0,
    index: NONE,
    last: 0,
    state: GoState::Undetermined,
    has_ended: true,
    seen: 0,
    is_named: false,
};

/// The goroutines that there are, by slot.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    slots: Vec<Slot>,
    /// Whether a string is the name of a worker's mode; `None` if it was not looked at yet.
    labels: Vec<Option<bool>>,
}

impl Slots {
    pub(super) fn get(&self, slot: u32) -> Option<&Slot> {
        self.slots.get(slot as usize)
    }

    /// Those that are known to be there, in order of slots.
    pub(super) fn there(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| slot.is_there())
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// The index of who has a slot, with a record of it; `begins` says that it is the first of a
    /// goroutine, so that who had the slot is another if it has ended.
    #[inline]
    pub(super) fn index(
        &mut self,
        slot: u32,
        begins: bool,
        record: u32,
        world: &World,
        table: &mut Table,
    ) -> u32 {
        if is_none(slot) {
            return NONE;
        }
        let id = world.goroutine(slot).unwrap_or_default();
        if let Some(known) = self.slots.get(slot as usize)
            && known.id == id
            && !is_none(known.index)
            && !(begins && known.has_ended)
        {
            return known.index;
        }
        self.add(slot, id, record, table)
    }

    #[cold]
    fn add(&mut self, slot: u32, id: u64, record: u32, table: &mut Table) -> u32 {
        let at = slot as usize;
        if at >= self.slots.len() {
            self.slots.resize(at + 1, FREE);
        }
        let index = table.add(id, slot, record);
        self.slots[at] = Slot {
            id,
            index,
            last: record,
            seen: record,
            has_ended: false,
            ..FREE
        };
        index
    }

    /// A goroutine is in another state.
    #[inline]
    pub(super) fn change(
        &mut self,
        slot: u32,
        to: GoState,
        time: u64,
        record: u32,
        table: &mut Table,
    ) {
        let Some(known) = self.slots.get_mut(slot as usize) else {
            return;
        };
        let repeats = known.state == to;
        if repeats {
            return;
        }
        if known.state == GoState::Running
            && let Some(row) = table.rows.get_mut(known.index as usize)
        {
            row.ran += time.saturating_sub(known.since);
        }
        known.state = to;
        known.since = time;
        known.last = record;
        known.has_ended = to == GoState::NotExist;
        if known.has_ended {
            Self::note(known, table);
        }
    }

    fn note(slot: &Slot, table: &mut Table) {
        if let Some(row) = table.rows.get_mut(slot.index as usize) {
            row.last = slot.last;
        }
    }

    /// A record is now another: three have become one.
    pub(super) fn moved(&mut self, slot: u32, record: u32, table: &mut Table) {
        if let Some(known) = self.slots.get_mut(slot as usize) {
            known.last = record;
            Self::note(known, table);
        }
    }

    /// The first stack of a goroutine names its group, by its last frame. `chunk` is the first
    /// record of the chunk that is being filled.
    #[inline]
    pub(super) fn name(
        &mut self,
        slot: u32,
        stack: u32,
        record: u32,
        chunk: u32,
        world: &World,
        table: &mut Table,
    ) {
        let Some(known) = self.slots.get_mut(slot as usize) else {
            return;
        };
        if known.is_named || stack == 0 {
            return;
        }
        known.is_named = true;
        let root = world.stack(stack).next_back();
        let group = table.group_named(root.map_or(0, |frame| frame.function), world);
        table.counts[UNNAMED as usize] -= 1;
        table.counts[group as usize] += 1;
        let Some(row) = table.rows.get_mut(known.index as usize) else {
            return;
        };
        row.named = group | row.named & REGIONS;
        if known.seen < chunk && group != UNNAMED {
            row.named |= LATE;
            table.late.insert(known.index, record);
        }
        if group != UNNAMED {
            table.set_worker(known.index, group == table.worker_group);
        }
    }

    /// A goroutine has been there since a record before its own first.
    pub(super) fn arrives(&self, slot: u32, since: u32, table: &mut Table) {
        let known = self.slots.get(slot as usize);
        if let Some(row) = known.and_then(|known| table.rows.get_mut(known.index as usize)) {
            row.first = row.first.min(since);
        }
    }

    /// A label is told of a goroutine. It makes a worker of one without a name only: a proc keeps
    /// for a moment what its worker was, and then says it of whoever runs next.
    pub(super) fn label(&mut self, slot: u32, label: u32, world: &World, table: &mut Table) {
        let at = label as usize;
        if at >= self.labels.len() {
            // As many as there are strings, not as a number says.
            self.labels.resize(world.strings.len(), None);
        }
        let Some(known) = self.labels.get_mut(at) else {
            return;
        };
        let is_worker = *known.get_or_insert_with(|| world.text(label).starts_with("GC ("));
        if let Some(slot) = self.slots.get(slot as usize)
            && is_worker
            && table.group(slot.index) == UNNAMED
        {
            table.set_worker(slot.index, true);
        }
    }

    /// Nothing is known of anybody any more: who was there has ended, as far as that is known.
    pub(super) fn forget(&mut self, time: u64, record: u32, table: &mut Table) {
        for slot in &mut self.slots {
            if slot.state == GoState::Running
                && let Some(row) = table.rows.get_mut(slot.index as usize)
            {
                row.ran += time.saturating_sub(slot.since);
            }
            if !slot.has_ended {
                slot.last = record;
                Self::note(slot, table);
            }
            slot.state = GoState::Undetermined;
        }
    }

    /// The end of the trace.
    pub(super) fn finish(&mut self, time: u64, table: &mut Table) {
        for slot in &mut self.slots {
            if slot.state == GoState::Running
                && let Some(row) = table.rows.get_mut(slot.index as usize)
            {
                row.ran += time.saturating_sub(slot.since);
            }
            if slot.is_there()
                && let Some(row) = table.rows.get_mut(slot.index as usize)
            {
                row.last = u32::MAX;
            }
        }
    }
}

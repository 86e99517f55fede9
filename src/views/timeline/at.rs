//! What is at a place of a lane, and where it changes next.

use super::Timeline;
use super::chunk::Record;
use super::count_lane::{Counts, SERIES};
use super::kind::Kind;
use super::lanes::LaneId;
use super::state::{Show, State};
use super::state_lane::StateLane;
use super::track::{Change, Held, Tracker, Watch};
use crate::model::trace::{GoState, NONE, is_none};

/// What is at a place of a lane. Slots, indexes and rows are [`NONE`] or 0 where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// When what is there began, to the nanosecond of its event.
    pub begin: u64,
    /// When it ends: with the next change, or the trace.
    pub end: u64,
    /// What it is; of counts and quantities [`State::Blank`].
    pub state: State,
    /// Index of the goroutine.
    pub goroutine: u32,
    /// Its group.
    pub group: u32,
    /// Slot of the thread that it is on.
    pub thread: u32,
    /// Slot of the proc that the thread holds.
    pub proc: u32,
    /// Why the goroutine is in this state, or the world is stopped: a row of the strings.
    pub reason: u32,
    /// Where the goroutine is: a row of the stacks.
    pub stack: u32,
    /// Who made it able to run, if that was another.
    pub waker: Option<Wake>,
    /// Of counts, goroutines that run, can run, are in a call of the system, and wait.
    pub counts: Counts,
    /// Of quantities: the heap and the goal, or GOMAXPROCS and nothing.
    pub values: (u64, u64),
    /// Type of the region or task: a row of the strings.
    pub name: u32,
}

/// Somebody makes a goroutine able to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wake {
    /// When.
    pub time: u64,
    /// Index of who does it; [`NONE`] of a timer or the poller.
    pub from: u32,
    /// The group of that.
    pub group: u32,
    /// Where it was: a row of the stacks.
    pub stack: u32,
    /// Slots of the thread and the proc that it was on.
    pub thread: u32,
    /// See `thread`.
    pub proc: u32,
    /// Index of who is woken.
    pub to: u32,
    /// When the wait began that this ends; `time` for one that is created.
    pub since: u64,
    /// What it waited for: a row of the strings.
    pub reason: u32,
}

impl Moment {
    pub(super) fn nothing((begin, end): (u64, u64)) -> Self {
        Self {
            begin,
            end,
            state: State::Blank,
            goroutine: NONE,
            group: NONE,
            thread: NONE,
            proc: NONE,
            reason: 0,
            stack: 0,
            waker: None,
            counts: [0; SERIES],
            values: (0, 0),
            name: 0,
        }
    }
}

/// Changes of a lane in a chunk.
struct Listener {
    lane: LaneId,
    arriving: bool,
    now: Show,
    changes: Vec<(u64, Show)>,
}

impl Listener {
    fn take(&mut self, change: Change) {
        if change.arrives && self.arriving {
            return;
        }
        self.arriving = false;
        if change.show != self.now {
            self.now = change.show;
            self.changes.push((change.time, change.show));
        }
    }
}

impl Watch for Listener {
    fn thread(&mut self, slot: u32, change: Change) {
        if self.lane == LaneId::Thread(slot) {
            self.take(change);
        }
    }

    fn proc(&mut self, slot: u32, change: Change) {
        if self.lane == LaneId::Proc(slot) {
            self.take(change);
        }
    }
}

/// What stands between two times.
#[derive(Clone, Copy)]
pub(super) struct Stand<T> {
    pub(super) begin: u64,
    pub(super) end: u64,
    pub(super) what: T,
}

impl Timeline {
    /// What is at a time of a lane; `None` of a lane that is not there, and outside of the trace.
    /// Spans of counts that last for more than about two million records are cut.
    pub fn at(&self, lane: LaneId, time: u64) -> Option<Moment> {
        if time < self.begin() || time > self.end() || self.records() == 0 {
            return None;
        }
        match lane {
            LaneId::Proc(slot) => {
                let states = self.lanes.procs.get(slot as usize)?;
                Some(self.moment(lane, states, time))
            }
            LaneId::Thread(slot) => {
                let states = self.lanes.threads.get(slot as usize)?;
                Some(self.moment(lane, states, time))
            }
            LaneId::Goroutine(index) => {
                self.want(index);
                let cache = self.goroutine_lanes.borrow();
                Some(self.moment(lane, &cache.get(index)?.lane, time))
            }
            LaneId::Group(_) | LaneId::Counts => {
                let stand = self.counts_at(lane, time)?;
                let mut moment = Moment::nothing((stand.begin, stand.end));
                moment.counts = stand.what;
                Some(moment)
            }
            _ => self.listed_at(lane, time),
        }
    }

    /// The next change of a lane after a time, or the last before it; `None` where there is none.
    pub fn step(&self, lane: LaneId, time: u64, forward: bool) -> Option<u64> {
        let (begin, end) = (self.begin(), self.end());
        if forward {
            let time = time.max(begin);
            let next = self.at(lane, time)?.end;
            return (next > time && next < end).then_some(next);
        }
        let before = time.min(end.saturating_add(1)).checked_sub(1)?;
        let last = self.at(lane, before)?.begin;
        (last > begin).then_some(last)
    }

    /// Makes the lane of a goroutine.
    pub(super) fn want(&self, goroutine: u32) {
        let mut cache = self.goroutine_lanes.borrow_mut();
        cache.want(&[goroutine], &self.store, &self.table);
    }

    /// All changes of a lane of states in a chunk.
    fn changes(&self, lane: LaneId, states: &StateLane, at: usize) -> Vec<(u64, Show)> {
        let Some(chunk) = self.store.chunks.get(at) else {
            return Vec::new();
        };
        let number = at as u32;
        let mut listener = Listener {
            lane,
            arriving: states.arrives_in(number),
            now: states.start(number),
            changes: Vec::new(),
        };
        if let LaneId::Goroutine(goroutine) = lane {
            let cache = self.goroutine_lanes.borrow();
            let course = cache.get(goroutine).and_then(|one| one.course(number));
            let Some(mut course) = course else {
                return Vec::new();
            };
            // A loss concerns everybody who is there, and ends its chunk.
            let last = chunk.len().saturating_sub(1);
            let lost = chunk.record(last).filter(|one| one.kind() == Kind::Lost);
            let own = chunk.of_goroutine_from(goroutine, 0);
            for record in own.filter_map(|row| chunk.record(row)).chain(lost) {
                if record.kind() == Kind::Lost && course.show() == Show::BLANK {
                    break;
                }
                course.step(&record, &self.store.sites, |after, show| {
                    listener.take(Change {
                        time: record.time + u64::from(after),
                        after,
                        show,
                        arrives: false,
                    });
                });
            }
        } else {
            let mut tracker = self.tracker_at(at);
            for (_, record) in chunk.records(0..chunk.len()) {
                tracker.step(&record, &mut listener);
            }
        }
        listener.changes
    }

    /// What a lane of states shows at a time, and from when until when.
    fn stand(&self, lane: LaneId, states: &StateLane, time: u64) -> Stand<Show> {
        let at = self.store.chunk_at(time);
        let changes = self.changes(lane, states, at);
        let after = changes.partition_point(|change| change.0 <= time);
        let (begin, what) = match after.checked_sub(1).map(|last| changes[last]) {
            Some((begin, show)) => (begin, show),
            None => (self.began(lane, states, at), states.start(at as u32)),
        };
        let end = match changes.get(after) {
            Some(next) => next.0,
            None => self.ends(lane, states, at, what),
        };
        Stand { begin, end, what }
    }

    /// When what a lane shows at the beginning of a chunk began.
    fn began(&self, lane: LaneId, states: &StateLane, at: usize) -> u64 {
        let begin = |chunk: u32| self.store.begin_of(chunk as usize);
        // What is found to have been so since an epoch began is told by a part without changes.
        let own = states.heads_from(at as u32).first();
        let before = states.heads_before(at as u32).last();
        if let Some(own) = own.filter(|head| head.chunk == at as u32)
            && before.map_or(Show::BLANK, |before| before.end) != own.start
        {
            return begin(own.chunk).unwrap_or_default();
        }
        let Some(before) = before else {
            return self.begin();
        };
        let changes = self.changes(lane, states, before.chunk as usize);
        match changes.last() {
            Some(last) => last.0,
            None => begin(before.chunk).unwrap_or_default(),
        }
    }

    /// When what a lane shows at the end of a chunk ends.
    fn ends(&self, lane: LaneId, states: &StateLane, at: usize, show: Show) -> u64 {
        for head in states.heads_from(at as u32 + 1) {
            let chunk = head.chunk as usize;
            if head.start != show {
                return self.store.begin_of(chunk).unwrap_or(self.end());
            }
            if let Some(first) = self.changes(lane, states, chunk).first() {
                return first.0;
            }
        }
        self.end()
    }

    fn moment(&self, lane: LaneId, states: &StateLane, time: u64) -> Moment {
        let stand = self.stand(lane, states, time);
        let mut moment = Moment::nothing((stand.begin, stand.end));
        moment.state = stand.what.state;
        moment.goroutine = stand.what.goroutine;
        let tracker = self.tracker_after(time);
        match lane {
            LaneId::Proc(slot) => {
                moment.proc = slot;
                moment.thread = tracker.holder(slot);
            }
            LaneId::Thread(slot) => {
                moment.thread = slot;
                moment.proc = tracker.held(slot).proc;
            }
            _ => {
                let mut threads = (0..).zip(&tracker.threads);
                let on = threads.find(|(_, held)| held.goroutine == moment.goroutine);
                if let Some((thread, held)) = on.filter(|_| !is_none(moment.goroutine)) {
                    (moment.thread, moment.proc) = (thread, held.proc);
                }
            }
        }
        if !is_none(moment.goroutine) {
            moment.group = self.table.group(moment.goroutine);
            self.describe(&mut moment, time);
        }
        moment
    }

    /// Adds why and where a goroutine is in its state, and who made it able to run.
    fn describe(&self, moment: &mut Moment, time: u64) {
        let goroutine = moment.goroutine;
        let before = self.store.at_or_after(time.saturating_add(1));
        let last = self.history(goroutine, before).find(|(_, record)| {
            // A switch is not over with its record.
            record.time + after_switch(record, goroutine) <= time
        });
        let Some((number, record)) = last else {
            return;
        };
        let (_, site) =
            super::replay::state_after(&record, goroutine, |row| self.store.sites.get(row));
        moment.reason = site.reason;
        moment.stack = site.own;
        moment.waker = self.waker(goroutine, number.saturating_add(1));
    }

    /// Who holds what after the events of a time.
    pub(super) fn tracker_after(&self, time: u64) -> Tracker {
        let at = self.store.chunk_at(time);
        let mut tracker = self.tracker_at(at);
        if let Some(chunk) = self.store.chunks.get(at) {
            let end = chunk.at_or_after(time.saturating_add(1));
            for (_, record) in chunk.records(0..end) {
                tracker.step(&record, &mut super::track::Blind);
            }
        }
        tracker
    }

    /// What the thread of a record holds before it.
    pub(super) fn context(&self, number: u32) -> Held {
        let at = self.store.chunk_of(number);
        let (Some(chunk), Some(record)) = (self.store.chunks.get(at), self.store.record(number))
        else {
            return Held::NOTHING;
        };
        if is_none(record.thread) {
            return Held::NOTHING;
        }
        let mut tracker = self.tracker_at(at);
        let end = number.saturating_sub(chunk.first) as usize;
        for (_, record) in chunk.records(0..end) {
            tracker.step(&record, &mut super::track::Blind);
        }
        tracker.held(record.thread)
    }
}

/// Nanoseconds from a record until a goroutine is in the state that it leads to.
fn after_switch(record: &Record, goroutine: u32) -> u64 {
    match record.kind() {
        Kind::Switch { .. } if record.subject == goroutine => 2,
        Kind::Switch { .. } => 1,
        _ => 0,
    }
}

/// True for a record that makes a goroutine able to run.
pub(super) fn wakes(record: &Record, goroutine: u32) -> bool {
    match record.kind() {
        Kind::Go { from, to, .. } => {
            to == GoState::Runnable && matches!(from, GoState::Waiting | GoState::NotExist)
        }
        Kind::Switch { .. } => record.subject == goroutine,
        _ => false,
    }
}

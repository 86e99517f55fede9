//! Who waits for which lock, and who may hold it.
//!
//! A dump does not say who holds a lock. A goroutine that is inside a method of the object whose
//! lock it is, and does not wait for it, is a candidate; that is evidence, not proof, and each
//! candidate says which evidence it is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{GoroutineGroup, Goroutines, Site, WaitKind, addresses};
use crate::model::dump::{Dump, Goroutine};
use crate::sort::sort_by;

/// Candidates for the holder of a lock, waiters of one that are listed, and cycles that are told.
const MOST_HOLDERS: usize = 8;
const MOST_LISTED: usize = 50;
const MOST_CYCLES: usize = 8;

/// An object is taken to have its lock within so many bytes.
const OBJECT: u64 = 4096;

/// Why a goroutine may hold a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// It has a frame whose receiver is the object that contains the lock.
    SameReceiver,
    /// It has an argument that is the lock's address or that of the object that contains it.
    SameAddress,
    /// In a deadlock only goroutines that wait are left; this one waits for another lock in the
    /// same method or one of the same type.
    SameType,
}

/// A goroutine that may hold a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its number.
    pub id: u64,
    /// Its group, a place in [`Goroutines::groups`].
    pub group: usize,
    /// Why.
    pub evidence: Evidence,
    /// The lock that it waits for itself.
    pub waits_for: Option<u64>,
}

/// A lock for which goroutines wait.
#[derive(Clone, Debug)]
pub struct LockWait {
    /// Its address.
    pub address: u64,
    /// How it is waited for; [`WaitKind::Mutex`] when in several ways.
    pub wait: WaitKind,
    /// Goroutines that wait for it.
    pub count: i64,
    /// Numbers of the first ones.
    pub waiters: Vec<u64>,
    /// Their groups, places in [`Goroutines::groups`].
    pub groups: Vec<usize>,
    /// The object that contains it, if frames say so.
    pub object: Option<u64>,
    /// Where most wait: the nearest user frame.
    pub site: Option<Site>,
    /// Who may hold it, best evidence first.
    pub holders: Vec<Holder>,
}

/// A step of a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CycleStep {
    /// A goroutine's number.
    pub id: u64,
    /// Its group.
    pub group: usize,
    /// The lock that it waits for, which the next step's goroutine may hold.
    pub waits_for: u64,
}

/// Goroutines that wait for each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// Each waits for the next, the last for the first.
    pub steps: Vec<CycleStep>,
    /// The weakest evidence in it.
    pub evidence: Evidence,
}

/// Locks, waiters and holders of a dump.
#[derive(Clone, Debug, Default)]
pub struct WaitGraph {
    /// Locks with known addresses, most waiters first.
    pub locks: Vec<LockWait>,
    /// Cycles, shortest first.
    pub cycles: Vec<Cycle>,
    /// Goroutines that wait for locks whose addresses the dump does not tell reliably.
    pub without_address: i64,
}

/// Locks of one object beyond which its address says nothing about one of them.
const MOST_LOCKS: usize = 64;

/// A goroutine that waits for a lock, or may hold one.
struct Actor<'a> {
    goroutine: &'a Goroutine,
    group: usize,
    waits_for: Option<u64>,
    /// Of the nearest user frame with a receiver.
    object: Option<u64>,
}

struct Graph<'a> {
    goroutines: &'a Goroutines,
    dump: &'a Dump,
    actors: Vec<Actor<'a>>,
}

/// The graph of a dump's locks.
pub fn wait_graph(goroutines: &Goroutines, dump: &Dump) -> WaitGraph {
    let mut actors = Vec::new();
    let mut without_address = 0;
    for (at, group) in goroutines.groups.iter().enumerate() {
        for &row in &group.rows {
            let goroutine = &dump.goroutines[row as usize];
            let is_lock = group.wait.is_lock();
            let waits_for = addresses::lock(dump, goroutine).filter(|_| is_lock);
            without_address += i64::from(is_lock && waits_for.is_none());
            actors.push(Actor {
                goroutine,
                group: at,
                waits_for,
                object: None,
            });
        }
    }
    let mut graph = Graph {
        goroutines,
        dump,
        actors,
    };
    graph.find_objects();
    let locks = graph.locks();
    let cycles = cycles(&locks);
    WaitGraph {
        locks,
        cycles,
        without_address,
    }
}

impl Graph<'_> {
    /// The object that contains the lock for which an actor waits: the nearest receiver at or
    /// before it.
    fn find_objects(&mut self) {
        let dump = self.dump;
        for actor in &mut self.actors {
            let Some(lock) = actor.waits_for else {
                continue;
            };
            let frames = dump.frames_of(actor.goroutine).iter();
            let outside = frames.filter(|f| !is_sync(dump.strings.bytes(f.function)));
            let receivers = outside.filter_map(|frame| addresses::receiver(dump, frame));
            let mut holding = receivers.filter(|&r| r <= lock && lock - r < OBJECT);
            actor.object = holding.next();
        }
    }

    fn locks(&self) -> Vec<LockWait> {
        let mut waiting: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (at, actor) in self.actors.iter().enumerate() {
            if let Some(lock) = actor.waits_for {
                waiting.entry(lock).or_default().push(at);
            }
        }
        let mut wanted: HashMap<u64, Vec<u64>> = HashMap::new();
        for (&lock, waiters) in &waiting {
            let objects = waiters.iter().filter_map(|&at| self.actors[at].object);
            let objects: BTreeSet<u64> = objects.chain([lock]).collect();
            for object in objects {
                wanted.entry(object).or_default().push(lock);
            }
        }
        let mut holders = self.holders(&wanted);
        let mut locks: Vec<LockWait> = waiting
            .iter()
            .map(|(&lock, waiters)| {
                let found = holders.remove(&lock).unwrap_or_default();
                self.lock(lock, waiters, found)
            })
            .collect();
        if self.goroutines.is_deadlock {
            self.guess(&mut locks, &waiting);
        }
        sort_by(&mut locks, &|a, b| {
            b.count
                .cmp(&a.count)
                .then_with(|| a.address.cmp(&b.address))
        });
        locks
    }

    /// Goroutines with an address among their frames that is a lock or its object.
    fn holders(&self, wanted: &HashMap<u64, Vec<u64>>) -> BTreeMap<u64, Vec<Holder>> {
        let mut found: BTreeMap<u64, Vec<Holder>> = BTreeMap::new();
        for actor in &self.actors {
            let mut best: BTreeMap<u64, Evidence> = BTreeMap::new();
            let mut seen: BTreeSet<(u64, Evidence)> = BTreeSet::new();
            for frame in self.dump.frames_of(actor.goroutine) {
                if is_sync(self.dump.strings.bytes(frame.function)) {
                    continue;
                }
                let receiver = addresses::receiver(self.dump, frame);
                for address in addresses::all(self.dump.arguments_of(frame)) {
                    let evidence = if receiver == Some(address) {
                        Evidence::SameReceiver
                    } else {
                        Evidence::SameAddress
                    };
                    // An object with very many locks is no evidence for one of them.
                    let locks = wanted
                        .get(&address)
                        .filter(|locks| locks.len() <= MOST_LOCKS);
                    if !seen.insert((address, evidence)) {
                        continue;
                    }
                    for &lock in locks.into_iter().flatten() {
                        let known = best.entry(lock).or_insert(evidence);
                        *known = evidence.min(*known);
                    }
                }
            }
            for (lock, evidence) in best {
                if actor.waits_for != Some(lock) {
                    let all = found.entry(lock).or_default();
                    // Many goroutines with the same evidence are no evidence.
                    if all.len() < MOST_HOLDERS * 8 {
                        all.push(actor.holder(evidence));
                    }
                }
            }
        }
        found
    }

    fn lock(&self, address: u64, waiters: &[usize], mut holders: Vec<Holder>) -> LockWait {
        holders.sort_by_key(|holder| holder.evidence);
        holders.truncate(MOST_HOLDERS);
        let group = |at: usize| &self.goroutines.groups[self.actors[at].group];
        let groups: BTreeSet<usize> = waiters.iter().map(|&at| self.actors[at].group).collect();
        let wait = group(waiters[0]).wait;
        let is_same = waiters.iter().all(|&at| group(at).wait == wait);
        let listed = waiters.iter().take(MOST_LISTED);
        LockWait {
            address,
            wait: if is_same { wait } else { WaitKind::Mutex },
            count: waiters.len() as i64,
            waiters: listed.map(|&at| self.actors[at].goroutine.id).collect(),
            object: waiters.iter().find_map(|&at| self.actors[at].object),
            // Groups stand largest first.
            site: groups
                .first()
                .and_then(|&at| self.goroutines.groups[at].user.clone()),
            groups: groups.into_iter().collect(),
            holders,
        }
    }

    /// In a deadlock the holder of a lock is among those that wait, unless it has ended without
    /// giving it back.
    fn guess(&self, locks: &mut [LockWait], waiting: &BTreeMap<u64, Vec<usize>>) {
        let of_type = |at: usize| {
            let group: &GoroutineGroup = &self.goroutines.groups[self.actors[at].group];
            group
                .user
                .as_ref()
                .map(|site| receiver_type(&site.function))
        };
        // By type, the first that waits for each lock, as many as are ever listed.
        let mut by_type: HashMap<String, Vec<(u64, usize)>> = HashMap::new();
        for (&address, waiters) in waiting {
            let mut told: BTreeSet<String> = BTreeSet::new();
            for &at in waiters {
                let Some(of) = of_type(at).filter(|of| told.insert(of.clone())) else {
                    continue;
                };
                let known = by_type.entry(of).or_default();
                if known.len() <= MOST_HOLDERS {
                    known.push((address, at));
                }
            }
        }
        for lock in locks.iter_mut().filter(|lock| !lock.has_waiting_holder()) {
            let own = waiting.get(&lock.address).and_then(|all| of_type(all[0]));
            let others = own.and_then(|own| by_type.get(&own)).into_iter().flatten();
            for &(_, at) in others.filter(|(address, _)| *address != lock.address) {
                if lock.holders.len() >= MOST_HOLDERS {
                    break;
                }
                let holder = self.actors[at].holder(Evidence::SameType);
                lock.holders.push(holder);
            }
        }
    }
}

impl Actor<'_> {
    fn holder(&self, evidence: Evidence) -> Holder {
        Holder {
            id: self.goroutine.id,
            group: self.group,
            evidence,
            waits_for: self.waits_for,
        }
    }
}

impl LockWait {
    fn has_waiting_holder(&self) -> bool {
        self.holders.iter().any(|holder| holder.waits_for.is_some())
    }
}

fn is_sync(name: &[u8]) -> bool {
    [&b"sync."[..], b"internal/sync.", b"runtime."]
        .iter()
        .any(|start| name.starts_with(start))
}

/// `main.(*account)` of `main.(*account).transfer`; the whole name of a function.
fn receiver_type(function: &str) -> String {
    let end = function.find(").").map_or(function.len(), |at| at + 1);
    function[..end].to_owned()
}

/// Cycles of locks: each is waited for by one that may hold the one before.
fn cycles(locks: &[LockWait]) -> Vec<Cycle> {
    let place: HashMap<u64, usize> = locks
        .iter()
        .zip(0..)
        .map(|(l, at)| (l.address, at))
        .collect();
    let next = |at: usize| {
        let holders = locks[at].holders.iter();
        holders.filter_map(|holder| Some((*place.get(&holder.waits_for?)?, holder)))
    };
    let mut found: Vec<Cycle> = Vec::new();
    let mut seen: BTreeSet<Vec<usize>> = BTreeSet::new();
    // The shortest way back to each lock, by breadth first; locks by the thousand are not looked at.
    for start in 0..locks.len().min(MOST_STARTS) {
        let mut from: BTreeMap<usize, (usize, &Holder)> = BTreeMap::new();
        let mut queue = vec![start];
        let mut looked_at = 0;
        while let Some(&at) = queue.get(looked_at).filter(|_| looked_at < MOST_STARTS) {
            looked_at += 1;
            for (other, holder) in next(at) {
                if let std::collections::btree_map::Entry::Vacant(slot) = from.entry(other) {
                    slot.insert((at, holder));
                    queue.push(other);
                }
            }
        }
        if let Some(path) = way_back(start, &from) {
            let mut members: Vec<usize> = path.iter().map(|&(at, _)| at).collect();
            members.sort_unstable();
            if seen.insert(members) {
                found.push(cycle(locks, &path));
            }
        }
    }
    found.sort_by_key(|cycle| (cycle.steps.len(), cycle.evidence));
    found.truncate(MOST_CYCLES);
    found
}

/// Locks from which cycles are looked for, and locks looked at for one.
const MOST_STARTS: usize = 200;

/// The locks of a cycle, each with who may hold it, in order.
fn way_back<'a>(
    start: usize,
    from: &BTreeMap<usize, (usize, &'a Holder)>,
) -> Option<Vec<(usize, &'a Holder)>> {
    let mut path = Vec::new();
    let mut at = start;
    loop {
        let &(before, holder) = from.get(&at)?;
        path.push((before, holder));
        at = before;
        if at == start {
            break;
        }
        if path.len() > MOST_STARTS {
            return None;
        }
    }
    path.reverse();
    Some(path)
}

/// The goroutines of a cycle: who may hold a lock waits for the next one.
fn cycle(locks: &[LockWait], path: &[(usize, &Holder)]) -> Cycle {
    let steps = path.iter().map(|&(_, holder)| CycleStep {
        id: holder.id,
        group: holder.group,
        waits_for: holder.waits_for.unwrap_or_default(),
    });
    debug_assert!(path.iter().all(|&(at, _)| at < locks.len()));
    Cycle {
        steps: steps.collect(),
        evidence: path
            .iter()
            .map(|&(_, holder)| holder.evidence)
            .max()
            .unwrap_or(Evidence::SameType),
    }
}

//! Facts about goroutines that may be findings. How bad they are is for others to say: nothing here
//! has a severity, and the least numbers are only so high that a fact is worth a line.

use super::{Cycle, GoroutineGroup, Goroutines, Holder, Role, Site, WaitGraph, WaitKind};
use crate::model::Profile;
use crate::sort::sort_by;

/// What a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CandidateKind {
    /// The runtime stopped the program because nothing could run any more.
    GlobalDeadlock,
    /// Goroutines wait for each other's locks.
    LockCycle,
    /// The collector has proved that nothing can wake them.
    LeakConfirmed,
    /// Waiting for a nil channel or in a select without cases.
    NeverWakes,
    /// A loop per object whose objects pile up: each has a receiver of its own.
    JanitorPerInstance,
    /// Responses of HTTP whose bodies are neither read to their ends nor closed.
    HttpBodyLeak,
    /// Several wait for the same lock.
    LockConvoy,
    /// Waiting for a connection of a database's pool.
    DatabasePoolWait,
    /// Many with the same stack.
    PileUp,
    /// Waiting for minutes.
    LongWait,
    /// Many that could run and do not.
    RunnableBacklog,
    /// Waiting for other processes.
    SubprocessWait,
}

/// A fact, with what it was read off.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What it is.
    pub kind: CandidateKind,
    /// How many goroutines it is about; of HTTP bodies, how many pairs of them.
    pub count: i64,
    /// Their groups, places in [`Goroutines::groups`], largest first.
    pub groups: Vec<usize>,
    /// Where: the nearest user frame of the largest group; of janitors, where they were started,
    /// if that is known.
    pub site: Option<Site>,
    /// Distinct receivers (janitors), else 0.
    pub distinct: usize,
    /// Most minutes of waiting; 0 when not known.
    pub minutes: u64,
    /// The lock's address (convoys).
    pub address: Option<u64>,
    /// Who may hold it, best evidence first (convoys).
    pub holders: Vec<Holder>,
    /// Who waits for whom (cycles, deadlocks).
    pub cycles: Vec<Cycle>,
}

/// Least numbers of facts worth a line.
const JANITORS: usize = 3;
const BODIES: i64 = 2;
const CONVOY: i64 = 3;
const PILE: i64 = 10;
const BACKLOG: i64 = 5;

struct Finder<'a> {
    profile: &'a Profile,
    goroutines: &'a Goroutines,
    found: Vec<Candidate>,
}

/// All facts, by kind, then most goroutines first. `graph` is that of a dump.
pub fn candidates(
    profile: &Profile,
    goroutines: &Goroutines,
    graph: Option<&WaitGraph>,
) -> Vec<Candidate> {
    let mut finder = Finder {
        profile,
        goroutines,
        found: Vec::new(),
    };
    finder.deadlock(graph);
    finder.bodies();
    finder.convoys(graph);
    finder.backlog();
    for at in 0..goroutines.groups.len() {
        finder.group(at);
    }
    finder.together(CandidateKind::DatabasePoolWait, is_pool_wait);
    finder.together(CandidateKind::SubprocessWait, is_subprocess_wait);
    let mut found = finder.found;
    sort_by(&mut found, &|a, b| {
        let by_kind = a.kind.cmp(&b.kind);
        by_kind
            .then_with(|| b.count.cmp(&a.count))
            .then_with(|| a.groups.cmp(&b.groups))
    });
    found
}

impl Finder<'_> {
    fn push(&mut self, kind: CandidateKind, count: i64, groups: Vec<usize>) -> &mut Candidate {
        let first = groups.first().map(|&at| &self.goroutines.groups[at]);
        let ages = groups
            .iter()
            .filter_map(|&at| self.goroutines.groups[at].ages);
        let candidate = Candidate {
            kind,
            count,
            site: first.and_then(|group| group.user.clone()),
            distinct: 0,
            minutes: ages.map(|ages| ages.max).max().unwrap_or(0),
            address: None,
            holders: Vec::new(),
            cycles: Vec::new(),
            groups,
        };
        let at = self.found.len();
        self.found.push(candidate);
        &mut self.found[at]
    }

    /// Goroutines of some groups.
    fn sum(&self, groups: &[usize]) -> i64 {
        let counts = groups.iter().map(|&at| self.goroutines.groups[at].count);
        counts.fold(0, i64::wrapping_add)
    }

    fn deadlock(&mut self, graph: Option<&WaitGraph>) {
        let cycles: &[Cycle] = graph.map_or(&[], |graph| &graph.cycles);
        if self.goroutines.is_deadlock {
            let groups = &self.goroutines.groups;
            let of_program = |at: &usize| groups[*at].role != Role::Runtime;
            let groups: Vec<usize> = (0..groups.len()).filter(of_program).collect();
            let (count, cycles) = (self.sum(&groups), cycles.to_vec());
            self.push(CandidateKind::GlobalDeadlock, count, groups)
                .cycles = cycles;
            return;
        }
        for cycle in cycles {
            let mut groups: Vec<usize> = cycle.steps.iter().map(|step| step.group).collect();
            groups.sort_unstable();
            groups.dedup();
            let count = cycle.steps.len() as i64;
            let cycles = vec![cycle.clone()];
            self.push(CandidateKind::LockCycle, count, groups).cycles = cycles;
        }
    }

    /// A reader that waits for somebody to read the rest of a body, and its writer.
    fn bodies(&mut self) {
        let of = |finder: &Self, name: &[u8], wait: &[WaitKind]| -> (i64, Vec<usize>) {
            let groups = finder.goroutines.groups.iter().enumerate();
            let found = groups.filter(|(at, group)| {
                wait.contains(&group.wait) && finder.names(*at).any(|n| n == name)
            });
            found.fold((0, Vec::new()), |(sum, mut places), (at, group)| {
                places.push(at);
                (sum.wrapping_add(group.count), places)
            })
        };
        let waits = [WaitKind::Select];
        let (readers, mut groups) = of(self, b"net/http.(*persistConn).readLoop", &waits);
        let (writers, others) = of(self, b"net/http.(*persistConn).writeLoop", &waits);
        let pairs = readers.min(writers);
        if pairs >= BODIES {
            groups.extend(others);
            self.push(CandidateKind::HttpBodyLeak, pairs, groups);
        }
    }

    /// By address where a dump tells it, else by group.
    fn convoys(&mut self, graph: Option<&WaitGraph>) {
        let locks = graph.map_or(&[][..], |graph| &graph.locks);
        for lock in locks.iter().filter(|lock| lock.count >= CONVOY) {
            let candidate = self.push(CandidateKind::LockConvoy, lock.count, lock.groups.clone());
            candidate.address = Some(lock.address);
            candidate.holders.clone_from(&lock.holders);
        }
        for at in 0..self.goroutines.groups.len() {
            let group = &self.goroutines.groups[at];
            if group.wait.is_lock() && group.locks.is_empty() && group.count >= CONVOY {
                self.push(CandidateKind::LockConvoy, group.count, vec![at]);
            }
        }
    }

    fn backlog(&mut self) {
        let runnable = self.goroutines.runnable;
        if runnable >= BACKLOG {
            let groups = self.goroutines.groups.iter().enumerate();
            let waiting = groups.filter(|(_, group)| group.wait == WaitKind::Runnable);
            let groups = waiting.map(|(at, _)| at).collect();
            self.push(CandidateKind::RunnableBacklog, runnable, groups);
        }
    }

    /// What one group is.
    fn group(&mut self, at: usize) {
        let group = &self.goroutines.groups[at];
        if group.leaked > 0 {
            self.push(CandidateKind::LeakConfirmed, group.leaked, vec![at]);
        }
        let is_main = group
            .user
            .as_ref()
            .is_some_and(|site| site.function == "main.main");
        if group.wait.is_for_ever() && !is_main && group.count > 0 {
            self.push(CandidateKind::NeverWakes, group.count, vec![at]);
        }
        if group.role != Role::Work {
            return;
        }
        if is_janitor(group) {
            let distinct = group.receivers.distinct;
            let creator = group.created_by.first().map(|(site, _)| site.clone());
            let candidate = self.push(CandidateKind::JanitorPerInstance, group.count, vec![at]);
            candidate.distinct = distinct;
            candidate.site = creator.or(candidate.site.take());
        }
        if group.count >= PILE && group.wait.is_waiting() {
            self.push(CandidateKind::PileUp, group.count, vec![at]);
        }
        if let Some(ages) = group.ages {
            self.push(CandidateKind::LongWait, ages.known, vec![at]);
        }
    }

    /// One fact for all groups whose stacks have one of some functions.
    fn together(&mut self, kind: CandidateKind, is_mine: fn(&[u8]) -> bool) {
        let groups: Vec<usize> = (0..self.goroutines.groups.len())
            .filter(|&at| {
                let group = &self.goroutines.groups[at];
                let waits = group.wait.is_waiting() || group.wait == WaitKind::Syscall;
                waits && group.role == Role::Work && self.names(at).any(is_mine)
            })
            .collect();
        if !groups.is_empty() {
            let count = self.sum(&groups);
            self.push(kind, count, groups);
        }
    }

    fn names(&self, at: usize) -> impl Iterator<Item = &[u8]> {
        let stack = self.goroutines.groups[at].stack.iter();
        stack.map(|frame| {
            let function = &self.profile.functions[frame.function.index()];
            self.profile.strings.bytes(function.name)
        })
    }
}

/// Loops that wait for ticks or work, nearly each with a receiver of its own.
fn is_janitor(group: &GoroutineGroup) -> bool {
    let loops = matches!(
        group.wait,
        WaitKind::Select | WaitKind::Sleep | WaitKind::ChannelReceive
    );
    let receivers = &group.receivers;
    let is_each_own = receivers.distinct as i64 * 10 >= receivers.known * 9;
    loops && is_each_own && receivers.distinct >= JANITORS && receivers.known * 2 >= group.count
}

fn is_pool_wait(name: &[u8]) -> bool {
    const NAMES: [&[u8]; 4] = [
        b"database/sql.(*DB).conn",
        b"database/sql.(*DB).grabConn",
        b"gopkg.in/mgo%2ev2.(*mongoCluster).AcquireSocket",
        b"go.mongodb.org/mongo-driver/x/mongo/driver/topology.(*pool).checkOut",
    ];
    // Modules of several versions and forks.
    const PARTS: [(&[u8], &[u8]); 4] = [
        (b"github.com/jackc/pgx", b"pgxpool.(*Pool).Acquire"),
        (b"github.com/jackc/puddle", b".Acquire"),
        (b"/redis/", b"pool.(*ConnPool).waitTurn"),
        (
            b"github.com/gomodule/redigo",
            b"redis.(*Pool).waitVacantConn",
        ),
    ];
    let has = |part: &[u8]| name.windows(part.len()).any(|window| window == part);
    NAMES.contains(&name)
        || PARTS
            .iter()
            .any(|(path, end)| has(path) && name.ends_with(end))
}

fn is_subprocess_wait(name: &[u8]) -> bool {
    const NAMES: [&[u8]; 5] = [
        b"os/exec.(*Cmd).Wait",
        b"os.(*Process).Wait",
        b"os.(*Process).wait",
        b"os.(*Process).pidfdWait",
        b"os.(*Process).blockUntilWaitable",
    ];
    NAMES.contains(&name)
}

//! Makes groups of a file's goroutines.

use std::collections::{BTreeMap, HashMap};

use super::stack::{Frames, park_address};
use super::wait::{WaitKind, of_frames, of_words};
use super::{
    Ages, GoroutineGroup, Goroutines, LabelCount, LockCount, Receivers, Role, Site, Tally,
    addresses, role,
};
use crate::analysis::{Attributor, Class, Classes};
use crate::model::dump::{Dump, DumpRows, Goroutine};
use crate::model::{FunctionId, Profile, StackId, StringId};
use crate::sort::sort_by;

/// Numbers, creators, receivers, locks and labels that a group lists.
const LISTED: usize = 50;

/// Frames from the leaf in which a receiver is looked for.
const RECEIVER_FRAMES: usize = 24;

/// What a stack says by itself.
struct Known {
    stack: StackId,
    key: u128,
    wait: WaitKind,
    user: Option<(FunctionId, i64)>,
    user_class: Class,
    operation: Option<FunctionId>,
}

/// A group while goroutines are added to it.
struct Gathering {
    group: GoroutineGroup,
    creators: BTreeMap<(StringId, i64), (Site, i64)>,
    minutes: Vec<u64>,
    receivers: BTreeMap<u64, i64>,
    locks: BTreeMap<u64, i64>,
    labels: BTreeMap<(Vec<u8>, Vec<u8>), i64>,
}

struct Collector<'a> {
    profile: &'a Profile,
    dump: Option<(&'a Dump, DumpRows<'a>)>,
    /// By name, for the frames of a dump.
    class_of: HashMap<&'a [u8], Class>,
    places: HashMap<(u128, WaitKind, Vec<u8>), usize>,
    gathered: Vec<Gathering>,
}

/// The groups of a goroutine or goroutineleak profile, from whatever encoding; `None` for other
/// kinds. One pass over stacks, one over samples.
pub fn goroutines(profile: &Profile, classes: &Classes) -> Option<Goroutines> {
    let kind = profile.sample_types.first()?.kind;
    let is_leak_profile = match profile.strings.bytes(kind) {
        b"goroutine" => false,
        b"goroutineleak" => true,
        _ => return None,
    };
    let known = stacks(profile, classes);
    let dump = profile.dump.as_deref();
    let class = |f: &crate::model::Function| profile.strings.bytes(f.name);
    let functions = (0..).map(FunctionId).zip(&profile.functions);
    let mut collector = Collector {
        profile,
        dump: dump.map(|dump| (dump, dump.rows())),
        class_of: functions
            .map(|(id, f)| (class(f), classes.of(id)))
            .collect(),
        places: HashMap::new(),
        gathered: Vec::new(),
    };
    for i in 0..profile.samples.len() {
        let stack = profile.samples.stacks[i];
        collector.add(i, profile.value(i, 0), &known[stack.index()]);
    }
    Some(collector.finish(is_leak_profile))
}

/// What every stack says.
fn stacks(profile: &Profile, classes: &Classes) -> Vec<Known> {
    let attributor = Attributor::new(profile, classes, &[]);
    let park = park_address(profile);
    let all = (0..profile.stacks.len() as u32).map(StackId);
    all.map(|stack| {
        let frames = Frames::of(profile, stack);
        let found = attributor.attribute(stack);
        let line = found
            .user
            .and_then(|place| profile.lines.get(place.row as usize));
        let user_class = line.map_or(Class::Unknown, |line| classes.of(line.function));
        let is_users = matches!(user_class, Class::Main | Class::ThirdParty);
        Known {
            stack,
            key: frames.key(),
            wait: of_frames(&frames.offsets, &frames.names, frames.hidden(park)),
            user: line
                .filter(|_| is_users)
                .map(|line| (line.function, line.line))
                .or_else(|| frames.outermost()),
            user_class,
            operation: found.library.filter(|_| is_users),
        }
    })
    .collect()
}

impl Collector<'_> {
    fn add(&mut self, i: usize, count: i64, known: &Known) {
        let row = self
            .dump
            .as_ref()
            .and_then(|(_, rows)| rows.of(self.profile, i));
        let at = match (&self.dump, row) {
            (Some((dump, _)), Some(row)) => {
                let goroutine = &dump.goroutines[row];
                let words = dump.strings.text(goroutine.state).into_owned();
                let wait = of_words(&words, || Frames::of(self.profile, known.stack).names);
                let text = match wait.name() {
                    "" | "runtime" => words,
                    name => name.to_owned(),
                };
                self.place(known, wait, text, false)
            }
            _ => self.place(known, known.wait, known.wait.name().to_owned(), true),
        };
        let gathering = &mut self.gathered[at];
        gathering.group.count = gathering.group.count.wrapping_add(count);
        self.label(at, i, count);
        if let (Some((dump, _)), Some(row)) = (&self.dump, row) {
            let dump = *dump;
            self.detail(at, dump, row);
        }
    }

    /// The group of a stack and a wait.
    fn place(&mut self, known: &Known, wait: WaitKind, text: String, is_inferred: bool) -> usize {
        let key = (known.key, wait, text.as_bytes().to_vec());
        if let Some(&at) = self.places.get(&key) {
            return at;
        }
        let frames = Frames::of(self.profile, known.stack);
        let user = known.user.map(|(function, _)| function);
        let user_at = frames.all.iter().position(|f| Some(f.function) == user);
        let role = role::role(&frames.names, wait, user_at, known.user_class);
        let at = self.gathered.len();
        self.places.insert(key, at);
        self.gathered.push(Gathering {
            group: GoroutineGroup {
                stack_key: known.key,
                count: 0,
                wait,
                wait_text: text,
                is_inferred,
                role: role.role,
                role_text: role.what,
                operation: known.operation.map(|f| self.name(f)),
                user: known.user.map(|(function, line)| self.site(function, line)),
                created_by: Vec::new(),
                ages: None,
                receivers: Receivers::default(),
                locks: Vec::new(),
                locked_to_thread: 0,
                leaked: 0,
                labels: Vec::new(),
                ids: Vec::new(),
                rows: Vec::new(),
                stack: frames.all,
            },
            creators: BTreeMap::new(),
            minutes: Vec::new(),
            receivers: BTreeMap::new(),
            locks: BTreeMap::new(),
            labels: BTreeMap::new(),
        });
        at
    }

    fn name(&self, function: FunctionId) -> String {
        let name = self.profile.functions[function.index()].name;
        self.profile.strings.text(name).into_owned()
    }

    fn site(&self, function: FunctionId, line: i64) -> Site {
        let file = self.profile.functions[function.index()].filename;
        Site {
            function: self.name(function),
            file: self.profile.strings.text(file).into_owned(),
            line,
        }
    }

    /// Labels of the program; ours begin with `goroutine::`.
    fn label(&mut self, at: usize, i: usize, count: i64) {
        let strings = &self.profile.strings;
        for label in self.profile.samples.labels(i) {
            let key = strings.bytes(label.key);
            if label.str == StringId(0) || key.starts_with(b"goroutine::") {
                continue;
            }
            let pair = (key.to_vec(), strings.bytes(label.str).to_vec());
            let labels = &mut self.gathered[at].labels;
            // Request ids as labels would make as many entries as there are goroutines.
            if labels.len() < LISTED * 20 || labels.contains_key(&pair) {
                let sum = labels.entry(pair).or_default();
                *sum = sum.wrapping_add(count);
            }
        }
    }

    /// What a dump knows of a goroutine.
    fn detail(&mut self, at: usize, dump: &Dump, row: usize) {
        let goroutine = &dump.goroutines[row];
        let gathering = &mut self.gathered[at];
        let group = &mut gathering.group;
        group.rows.push(row as u32);
        if group.ids.len() < LISTED {
            group.ids.push(goroutine.id);
        }
        group.locked_to_thread += i64::from(goroutine.is_locked);
        group.leaked += i64::from(goroutine.is_leaked);
        if goroutine.minutes > 0 {
            gathering.minutes.push(goroutine.minutes);
        }
        if let Some(creator) = goroutine.created_by {
            let text = |id| dump.strings.text(id).into_owned();
            let site = || Site {
                function: text(creator.function),
                file: text(creator.file),
                line: creator.line,
            };
            let key = (creator.function, creator.line);
            gathering
                .creators
                .entry(key)
                .or_insert_with(|| (site(), 0))
                .1 += 1;
        }
        let has_address =
            group.wait.is_lock() || matches!(group.wait, WaitKind::WaitGroup | WaitKind::Cond);
        if let (true, Some(address)) = (has_address, addresses::lock(dump, goroutine)) {
            *gathering.locks.entry(address).or_default() += 1;
        }
        if let Some((name, address)) = self.receiver(dump, goroutine) {
            let gathering = &mut self.gathered[at];
            let receivers = &mut gathering.group.receivers;
            if receivers.method.is_empty() {
                receivers.method = String::from_utf8_lossy(name).into_owned();
            }
            // Two methods of different objects may be on one stack: the first one counts.
            if receivers.method == String::from_utf8_lossy(name) {
                receivers.known += 1;
                let seen = gathering.receivers.entry(address).or_default();
                *seen += 1;
                if *seen == 1 && receivers.first.len() < LISTED {
                    receivers.first.push(address);
                }
            }
        }
    }

    /// The method of the program's own or a third party's whose receiver can be trusted, nearest to
    /// the leaf.
    fn receiver<'d>(&self, dump: &'d Dump, goroutine: &Goroutine) -> Option<(&'d [u8], u64)> {
        let frames = dump.frames_of(goroutine).iter().take(RECEIVER_FRAMES);
        let mut found = frames.filter_map(|frame| {
            let name = dump.strings.bytes(frame.function);
            let class = self.class_of.get(name).copied().unwrap_or_default();
            let is_users = matches!(class, Class::Main | Class::ThirdParty);
            let address = addresses::receiver(dump, frame).filter(|_| is_users)?;
            Some((name, address))
        });
        found.next()
    }

    fn finish(self, is_leak_profile: bool) -> Goroutines {
        let dump = self.dump.as_ref().map(|(dump, _)| *dump);
        let mut all = Goroutines {
            is_dump: dump.is_some(),
            is_census: dump.is_none_or(|dump| dump.is_census),
            is_leak_profile,
            is_deadlock: dump
                .and_then(|dump| dump.crash.as_ref())
                .is_some_and(crate::model::dump::Crash::is_deadlock),
            ..Goroutines::default()
        };
        let mut waits: BTreeMap<String, i64> = BTreeMap::new();
        let mut creators: BTreeMap<String, i64> = BTreeMap::new();
        for gathering in self.gathered {
            for (site, count) in gathering.creators.values() {
                *creators.entry(place_text(site)).or_default() += count;
            }
            let group = close(gathering, is_leak_profile);
            let sum = waits.entry(group.wait_text.clone()).or_default();
            *sum = sum.wrapping_add(group.count);
            all.add(&group);
            all.groups.push(group);
        }
        all.is_census &= all.groups.iter().all(|group| group.count >= 0);
        sort_by(&mut all.groups, &|a, b| {
            let order = b.count.cmp(&a.count);
            order
                .then_with(|| a.user.cmp(&b.user))
                .then_with(|| a.wait_text.cmp(&b.wait_text))
                .then_with(|| a.stack_key.cmp(&b.stack_key))
        });
        all.by_wait = tallies(waits);
        all.by_creator = tallies(creators);
        all
    }
}

impl Goroutines {
    fn add(&mut self, group: &GoroutineGroup) {
        let count = group.count;
        self.total = self.total.wrapping_add(count);
        let slot = match group.wait {
            WaitKind::Running => Some(&mut self.running),
            WaitKind::Runnable => Some(&mut self.runnable),
            WaitKind::Syscall => Some(&mut self.in_syscall),
            _ => None,
        };
        if let Some(slot) = slot {
            *slot = slot.wrapping_add(count);
        }
        self.locked_to_thread += group.locked_to_thread;
        self.leaked = self.leaked.wrapping_add(group.leaked);
        if group.role != Role::Work {
            self.expected = self.expected.wrapping_add(count);
        }
    }
}

/// `main.f main.go:12`.
fn place_text(site: &Site) -> String {
    let base = crate::analysis::file_name(&site.file);
    format!("{} {base}:{}", site.function, site.line)
}

/// Most first, then by name.
fn tallies(counts: BTreeMap<String, i64>) -> Vec<Tally> {
    let all = counts.into_iter();
    let mut all: Vec<Tally> = all.map(|(name, count)| Tally { name, count }).collect();
    sort_by(&mut all, &|a, b| b.count.cmp(&a.count));
    all
}

fn close(gathering: Gathering, is_leak_profile: bool) -> GoroutineGroup {
    let Gathering {
        mut group,
        creators,
        mut minutes,
        receivers,
        locks,
        labels,
    } = gathering;
    if is_leak_profile {
        group.leaked = group.count;
    }
    group.created_by = creators.into_values().collect();
    sort_by(&mut group.created_by, &|a, b| {
        b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0))
    });
    group.created_by.truncate(LISTED);
    minutes.sort_unstable();
    if let (Some(&min), Some(&max)) = (minutes.first(), minutes.last()) {
        group.ages = Some(Ages {
            known: minutes.len() as i64,
            min,
            median: minutes[minutes.len() / 2],
            max,
        });
    }
    group.receivers.distinct = receivers.len();
    let locks = locks.into_iter();
    group.locks = locks
        .map(|(address, waiters)| LockCount { address, waiters })
        .collect();
    sort_by(&mut group.locks, &|a, b| b.waiters.cmp(&a.waiters));
    group.locks.truncate(LISTED);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let labels = labels.into_iter().map(|((key, value), count)| LabelCount {
        key: text(key),
        value: text(value),
        count,
    });
    group.labels = labels.collect();
    sort_by(&mut group.labels, &|a, b| b.count.cmp(&a.count));
    group.labels.truncate(LISTED);
    group
}

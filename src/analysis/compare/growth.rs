//! How amounts grow over three and more profiles of one process: what is in use per site, or how many
//! goroutines stand where.
//!
//! A site is the nearest user frame, as in the allocation table: what grows is told by who asked for
//! it. Which of the sites that grow are leaks is for a person, or a rule, to say; here are the facts.

use std::collections::HashMap;

use super::notes::seconds_text;
use super::{Evidence, Side};
use crate::analysis::statistics::sampling_error;
use crate::analysis::{Attributor, Classes, NodeId, Nodes};
use crate::error::Diagnostic;
use crate::model::StackId;
use crate::sort::{sort_by, sort_ids};

/// Sampled objects without which nothing is said to grow.
const SEEN: f64 = 10.0;
/// Standard errors that growth has to exceed.
const ERRORS: f64 = 2.0;
/// Bytes, and for what is counted the number, that growth has to reach.
const LARGE: [i64; 2] = [1 << 20, 50];
/// Share of all growth that a site has to have.
const SHARE: f64 = 0.1;
/// Growth per minute, as a share of what there was at first, that is fast.
const FAST: f64 = 0.01;
/// Snapshots that have to follow one another for growth to be steady.
const STEADY: usize = 3;

/// One of the profiles.
#[derive(Clone, Copy, Debug)]
pub struct Snapshot<'a> {
    /// The profile, and the sample type whose amounts are followed.
    pub side: Side<'a>,
    /// The sample type that counts objects, where there is one beside it.
    pub objects: Option<usize>,
    /// Its nodes.
    pub nodes: &'a Nodes,
    /// Whose code its functions are.
    pub classes: &'a Classes,
}

/// What is known about the growth of a site, for rules to judge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GrowthFacts {
    /// At least ten objects were really sampled at the end, or everything was counted.
    pub is_sampled: bool,
    /// It grew by more than two standard errors.
    pub exceeds_error: bool,
    /// It grew by a mebibyte, or fifty goroutines, or more.
    pub is_large: bool,
    /// It is a tenth of all growth or more.
    pub is_share: bool,
    /// It grew by a hundredth of all there was at first per minute, or more.
    pub is_fast: bool,
    /// It grew from each profile to the next, of which there are three or more.
    pub is_steady: bool,
}

/// A site over time.
#[derive(Clone, Debug, PartialEq)]
pub struct GrowthSite {
    /// Printable name.
    pub name: Vec<u8>,
    /// Amount in each profile, in order.
    pub amounts: Vec<i64>,
    /// Objects in each; empty where they are not counted.
    pub objects: Vec<i64>,
    /// Objects really sampled, in each.
    pub seen: Vec<f64>,
    /// The last amount less the first.
    pub delta: i64,
    /// Standard error of that; 0 where everything was counted.
    pub error: f64,
    /// Growth per minute, by least squares; `None` where times are not known.
    pub slope: Option<f64>,
    /// What is known.
    pub facts: GrowthFacts,
}

/// The result.
#[derive(Clone, Debug, Default)]
pub struct Growth {
    /// The profiles in order of time, as places in the list that was given.
    pub order: Vec<usize>,
    /// Minutes since the first, in that order; empty where they are not known.
    pub minutes: Vec<f64>,
    /// All together, in each.
    pub totals: Vec<i64>,
    /// Of all together.
    pub slope: Option<f64>,
    /// What grew most first, ties by name.
    pub sites: Vec<GrowthSite>,
    /// Remarks.
    pub notes: Vec<Diagnostic>,
}

/// Follows amounts through profiles of one kind with equal sample types.
pub fn growth(snapshots: &[Snapshot<'_>]) -> Growth {
    let (order, minutes, mut notes) = in_time(snapshots);
    let evidence = snapshots.first().map_or(Evidence::Unknown, |first| {
        Evidence::of_kind(first.side.kind, first.side.profile)
    });
    let mut table = Table::new(order.len());
    for (place, &at) in order.iter().enumerate() {
        table.add(place, &snapshots[at], evidence);
    }
    let totals = table.totals;
    let mut sites = table.sites;
    let grown = last_less_first(&totals);
    let is_counted = snapshots.iter().all(|s| s.objects.is_none());
    for site in &mut sites {
        site.delta = last_less_first(&site.amounts);
        site.error = error_of(site);
        site.slope = slope(&minutes, &site.amounts);
        let first = totals.first().copied().unwrap_or(0) as f64;
        let seen = site.seen.last().copied().unwrap_or(0.0);
        let is_census = evidence == Evidence::Census;
        site.facts = GrowthFacts {
            is_sampled: is_census || seen >= SEEN,
            exceeds_error: site.delta as f64 > ERRORS * site.error,
            is_large: site.delta >= LARGE[usize::from(is_counted)],
            is_share: grown > 0 && site.delta as f64 >= SHARE * grown as f64,
            is_fast: first > 0.0 && site.slope.is_some_and(|slope| slope >= FAST * first),
            is_steady: site.amounts.len() >= STEADY
                && site.amounts.windows(2).all(|pair| pair[0] < pair[1]),
        };
    }
    sort_by(&mut sites, &|a, b| {
        b.delta.cmp(&a.delta).then_with(|| a.name.cmp(&b.name))
    });
    if evidence == Evidence::Unknown {
        notes.push(Diagnostic::note(
            "What these profiles sampled is not known, so nobody can say how sure growth is.",
        ));
    }
    Growth {
        slope: slope(&minutes, &totals),
        order,
        minutes,
        totals,
        sites,
        notes,
    }
}

/// The profiles by when they were taken, else as they were given, which is said.
fn in_time(snapshots: &[Snapshot<'_>]) -> (Vec<usize>, Vec<f64>, Vec<Diagnostic>) {
    let time = |at: usize| snapshots[at].side.profile.time_nanos;
    let mut order: Vec<u32> = (0..snapshots.len() as u32).collect();
    if (0..snapshots.len()).any(|at| time(at) == 0) {
        let note = Diagnostic::warning(
            "Not all of these profiles say when they were taken: they stand in the order in which they were opened, and growth has no speed.",
        );
        return (
            order.iter().map(|&at| at as usize).collect(),
            Vec::new(),
            vec![note],
        );
    }
    sort_ids(&mut order, &|a, b| time(a as usize).cmp(&time(b as usize)));
    let order: Vec<usize> = order.iter().map(|&at| at as usize).collect();
    let first = order.first().map_or(0, |&at| time(at));
    let since = |at: usize| (i128::from(time(at)) - i128::from(first)) as f64 / 60e9;
    let minutes: Vec<f64> = order.iter().map(|&at| since(at)).collect();
    let covered = minutes.last().copied().unwrap_or(0.0) * 60.0;
    let note = Diagnostic::note(format!(
        "{} profiles over {}, in the order of their times.",
        order.len(),
        seconds_text(covered)
    ));
    (order, minutes, vec![note])
}

fn last_less_first(amounts: &[i64]) -> i64 {
    let ends = amounts.first().zip(amounts.last());
    ends.map_or(0, |(first, last)| last.wrapping_sub(*first))
}

fn error_of(site: &GrowthSite) -> f64 {
    let at = |place: usize| sampling_error(site.amounts[place] as f64, site.seen[place]);
    match site.amounts.len() {
        0 => 0.0,
        n => at(0).hypot(at(n - 1)),
    }
}

/// The slope of the line that fits best; `None` for times that are not known or all the same.
fn slope(minutes: &[f64], amounts: &[i64]) -> Option<f64> {
    let n = minutes.len() as f64;
    let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / n;
    let of_x = mean(&mut minutes.iter().copied());
    let of_y = mean(&mut amounts.iter().map(|&y| y as f64));
    let (mut products, mut squares) = (0.0, 0.0);
    for (&x, &y) in minutes.iter().zip(amounts) {
        products += (x - of_x) * (y as f64 - of_y);
        squares += (x - of_x) * (x - of_x);
    }
    (squares > 0.0).then(|| products / squares)
}

/// Sites of all profiles, by name: names come from files, so the map is one with a keyed hash.
struct Table {
    profiles: usize,
    by_name: HashMap<Vec<u8>, usize>,
    sites: Vec<GrowthSite>,
    totals: Vec<i64>,
}

impl Table {
    fn new(profiles: usize) -> Self {
        Self {
            profiles,
            by_name: HashMap::new(),
            sites: Vec::new(),
            totals: vec![0; profiles],
        }
    }

    fn add(&mut self, place: usize, snapshot: &Snapshot<'_>, evidence: Evidence) {
        let Snapshot {
            side,
            objects,
            nodes,
            classes,
        } = *snapshot;
        let profile = side.profile;
        let attributor = Attributor::new(profile, classes, &[]);
        let reader = evidence.reader(&side);
        let mut site_of_node = vec![usize::MAX; nodes.len()];
        let mut site_of_stack = vec![None; profile.stacks.len()];
        for (i, &stack) in profile.samples.stacks.iter().enumerate() {
            let amount = profile.value(i, side.sample_type);
            let counted = objects.map_or(0, |t| profile.value(i, t));
            self.totals[place] = self.totals[place].wrapping_add(amount);
            if amount == 0 && counted == 0 {
                continue;
            }
            let known = &mut site_of_stack[stack.index()];
            let node = *known.get_or_insert_with(|| node_of(&attributor, snapshot, stack));
            let Some(node) = node else { continue };
            if site_of_node[node] == usize::MAX {
                site_of_node[node] = self.site(snapshot, node);
            }
            let site = &mut self.sites[site_of_node[node]];
            site.amounts[place] = site.amounts[place].wrapping_add(amount);
            if let Some(objects) = site.objects.get_mut(place) {
                *objects = objects.wrapping_add(counted);
            }
            site.seen[place] += reader.seen(profile, i);
        }
    }

    /// The site of a node, made where no profile had it so far.
    fn site(&mut self, snapshot: &Snapshot<'_>, node: usize) -> usize {
        let name = snapshot.nodes.printable(NodeId(node as u32));
        let next = self.sites.len();
        let site = *self.by_name.entry(name.clone()).or_insert(next);
        if site == next {
            let objects = if snapshot.objects.is_some() {
                self.profiles
            } else {
                0
            };
            self.sites.push(GrowthSite {
                name,
                amounts: vec![0; self.profiles],
                objects: vec![0; objects],
                seen: vec![0.0; self.profiles],
                delta: 0,
                error: 0.0,
                slope: None,
                facts: GrowthFacts::default(),
            });
        }
        site
    }
}

/// The node of the nearest user frame of a stack; of the leaf where there is none.
fn node_of(attributor: &Attributor<'_>, snapshot: &Snapshot<'_>, stack: StackId) -> Option<usize> {
    let found = attributor.attribute(stack);
    let place = found.user.or(found.leaf);
    let node = place.and_then(|place| place.node(snapshot.side.profile, snapshot.nodes));
    let leaf = || {
        let leaf = snapshot.side.profile.stacks.get(stack).first()?;
        snapshot.nodes.frames(leaf.index()).last().copied()
    };
    node.or_else(leaf).map(NodeId::index)
}

//! Who allocates: objects and bytes per site, how large, how many survive, and by size.
//!
//! A site is the line of the nearest function outside the runtime; in other languages than Go
//! the standard library is passed over too, since there it stands between every site and the
//! allocator. Go's values are already scaled up from what the profiler sampled;
//! [`AllocationSite::sampled`] estimates back how many objects it really saw.

use std::cmp::Reverse;
use std::collections::HashMap;

pub use super::allocation_columns::AllocationColumn;
use super::paths::source_path;
use super::statistics::sampled_objects;
use super::{Class, Classes, NodeId, Nodes, Selection, compare_names};
use crate::model::{Profile, StackId};
use crate::sort::sort_ids;
use crate::unit;

/// No site.
const NONE: u32 = u32::MAX;
/// Bounds of the size classes: 16 bytes doubled up to 32 KiB, beyond which Go calls an object
/// large and gives it pages of its own.
const BANDS: usize = 12;

/// Objects and bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Number of objects.
    pub objects: i64,
    /// Bytes.
    pub space: i64,
}

impl Amount {
    fn add(&mut self, other: Self) {
        self.objects = self.objects.wrapping_add(other.objects);
        self.space = self.space.wrapping_add(other.space);
    }

    /// Bytes per object, truncated towards zero; `None` without objects.
    pub fn mean(self) -> Option<i64> {
        self.space.checked_div(self.objects)
    }
}

/// What one line allocated.
#[derive(Clone, Debug, PartialEq)]
pub struct AllocationSite {
    /// The function, as a node of the given table.
    pub node: NodeId,
    /// Cleaned path of the source file; may be empty.
    pub file: String,
    /// Line; 0 when unknown.
    pub line: i64,
    /// Allocated since the program started (or within a delta).
    pub alloc: Amount,
    /// Still in use; for profiles with one pair of columns, that pair.
    pub inuse: Amount,
    /// Objects that the profiler really saw, estimated; 0 when its period is not known.
    pub sampled: f64,
}

/// Objects and bytes of one size class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SizeBand {
    /// Range in words, e.g. `≤ 64B`.
    pub label: String,
    /// What was allocated (or is in use) in objects of such a size.
    pub amount: Amount,
}

/// The allocation table.
#[derive(Clone, Debug, Default)]
pub struct Allocations {
    /// Columns that the file can fill.
    pub columns: Vec<AllocationColumn>,
    /// One per function and line, in order of first use by stack.
    pub sites: Vec<AllocationSite>,
    /// Allocated in all.
    pub alloc: Amount,
    /// In use in all.
    pub inuse: Amount,
    /// Objects seen by the profiler in all.
    pub sampled: f64,
    /// By size, smallest first, without empty classes at either end. Sizes are those that Go
    /// notes with each sample, else the sample's mean. Empty when there are no objects.
    pub sizes: Vec<SizeBand>,
    /// Mean size, sampled objects and sizes are of what is in use, not of what was allocated.
    pub by_inuse: bool,
}

/// Sample type indices of one pair of columns.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    objects: Option<usize>,
    space: Option<usize>,
}

impl Pair {
    fn find(profile: &Profile, objects: &str, space: &str) -> Self {
        Self {
            objects: profile.type_named(objects),
            space: profile.type_named(space),
        }
    }

    fn exists(self) -> bool {
        self.objects.is_some() || self.space.is_some()
    }

    fn has(self, sample_type: usize) -> bool {
        self.objects == Some(sample_type) || self.space == Some(sample_type)
    }

    /// Reads both values with `value`, which gives one sample type's.
    fn read(self, value: impl Fn(usize) -> i64) -> Amount {
        Amount {
            objects: self.objects.map_or(0, &value),
            space: self.space.map_or(0, &value),
        }
    }
}

/// Which pairs of columns the file has.
struct Layout {
    alloc: Pair,
    inuse: Pair,
    is_plain: bool,
    by_inuse: bool,
}

impl Layout {
    fn of(profile: &Profile, sample_type: usize) -> Option<Self> {
        let alloc = Pair::find(profile, "alloc_objects", "alloc_space");
        let inuse = Pair::find(profile, "inuse_objects", "inuse_space");
        if alloc.exists() || inuse.exists() {
            let by_inuse = inuse.has(sample_type) || !alloc.exists();
            return Some(Self {
                alloc,
                inuse,
                is_plain: false,
                by_inuse,
            });
        }
        let plain = Pair::find(profile, "objects", "space");
        plain.exists().then(|| Self {
            alloc: Pair::default(),
            inuse: plain,
            is_plain: true,
            by_inuse: true,
        })
    }

    fn primary(&self) -> Pair {
        if self.by_inuse {
            self.inuse
        } else {
            self.alloc
        }
    }

    fn columns(&self, has_period: bool) -> Vec<AllocationColumn> {
        use AllocationColumn as C;
        let plain = self.is_plain;
        let mut columns = Vec::new();
        let mut add = |has: bool, column: C| {
            if has {
                columns.push(column);
            }
        };
        add(self.alloc.objects.is_some(), C::AllocObjects);
        add(self.alloc.space.is_some(), C::AllocSpace);
        add(
            self.inuse.objects.is_some(),
            if plain { C::Objects } else { C::InuseObjects },
        );
        add(
            self.inuse.space.is_some(),
            if plain { C::Space } else { C::InuseSpace },
        );
        let has_sizes = self.primary().objects.is_some() && self.primary().space.is_some();
        add(has_sizes, C::Mean);
        add(
            self.alloc.space.is_some() && self.inuse.space.is_some(),
            C::Survival,
        );
        add(has_sizes && has_period, C::Sampled);
        columns
    }
}

/// Why a file has no allocation table, and which file would.
pub const NO_ALLOCATIONS: &str = "This profile has no allocation columns. A heap profile has: go test -memprofile mem.prof, or curl -o heap.pb.gz http://HOST/debug/pprof/heap.";

/// One selection per sample type, in file order, for [`allocations`]: empty for the types that no
/// table of allocations reads, of which a file may hold thousands.
pub fn allocation_selections(profile: &Profile) -> Vec<Selection> {
    const PAIRS: [(&str, &str); 3] = [
        ("alloc_objects", "alloc_space"),
        ("inuse_objects", "inuse_space"),
        ("objects", "space"),
    ];
    let pairs = PAIRS.map(|(objects, space)| Pair::find(profile, objects, space));
    let select = |t: usize| match pairs.iter().any(|pair| pair.has(t)) {
        true => Selection::all(profile, t),
        false => Selection::default(),
    };
    (0..profile.sample_types.len()).map(select).collect()
}

/// Builds the table. `selections` holds one selection per sample type, in file order,
/// see [`allocation_selections`]; `sample_type` chooses whether mean size, sampled objects and sizes are of what is in use.
///
/// # Errors
///
/// [`NO_ALLOCATIONS`] for a file without columns of objects or bytes.
pub fn allocations(
    profile: &Profile,
    nodes: &Nodes,
    classes: &Classes,
    selections: &[Selection],
    sample_type: usize,
) -> Result<Allocations, &'static str> {
    let layout = Layout::of(profile, sample_type).ok_or(NO_ALLOCATIONS)?;
    let period = sampling_period(profile);
    let mut table = Allocations {
        columns: layout.columns(period.is_some()),
        by_inuse: layout.by_inuse,
        ..Allocations::default()
    };
    let weight = |stack: usize, t: usize| {
        selections
            .get(t)
            .and_then(|s| s.weights.get(stack))
            .copied()
            .unwrap_or(0)
    };
    let mut finder = SiteFinder {
        profile,
        nodes,
        classes,
        by_row: HashMap::new(),
        by_place: HashMap::new(),
    };
    let mut site_of = vec![NONE; profile.stacks.len()];
    for (stack, slot) in site_of.iter_mut().enumerate() {
        let alloc = layout.alloc.read(|t| weight(stack, t));
        let inuse = layout.inuse.read(|t| weight(stack, t));
        if alloc == Amount::default() && inuse == Amount::default() {
            continue;
        }
        table.alloc.add(alloc);
        table.inuse.add(inuse);
        let Some(site) = finder.site(StackId(stack as u32), &mut table.sites) else {
            continue;
        };
        *slot = site;
        table.sites[site as usize].alloc.add(alloc);
        table.sites[site as usize].inuse.add(inuse);
    }
    add_sizes(&mut table, profile, layout.primary(), period, &site_of);
    Ok(table)
}

/// Bytes between samples of a heap profiler; `None` when the file does not say.
pub(crate) fn sampling_period(profile: &Profile) -> Option<i64> {
    let kind = profile.period_type?.kind;
    (profile.strings.bytes(kind) == b"space" && profile.period > 0).then_some(profile.period)
}

/// Estimates sampled objects and sorts objects into size classes, sample by sample, since the
/// size is a label of the sample.
fn add_sizes(
    table: &mut Allocations,
    profile: &Profile,
    pair: Pair,
    period: Option<i64>,
    site_of: &[u32],
) {
    if pair.objects.is_none() || pair.space.is_none() {
        return;
    }
    let mut bands = [Amount::default(); BANDS + 1];
    for (i, stack) in profile.samples.stacks.iter().enumerate() {
        let site = site_of[stack.index()];
        let amount = pair.read(|t| profile.value(i, t));
        if site == NONE || amount.objects == 0 {
            continue;
        }
        let size = object_size(profile, i).unwrap_or(amount.space as f64 / amount.objects as f64);
        if let Some(period) = period {
            let seen = sampled_objects(amount.objects, size, period);
            table.sites[site as usize].sampled += seen;
            table.sampled += seen;
        }
        bands[band(size)].add(amount);
    }
    let filled = |amount: &Amount| *amount != Amount::default();
    let (Some(first), Some(last)) = (
        bands.iter().position(filled),
        bands.iter().rposition(filled),
    ) else {
        return;
    };
    table.sizes = (first..=last)
        .map(|i| SizeBand {
            label: band_label(i),
            amount: bands[i],
        })
        .collect();
}

/// Size of a sample's objects: Go's numeric label `bytes`.
pub(super) fn object_size(profile: &Profile, sample: usize) -> Option<f64> {
    let labels = profile.samples.labels(sample);
    let is_size = |l: &&crate::model::Label| l.num > 0 && profile.strings.bytes(l.key) == b"bytes";
    labels.iter().find(is_size).map(|label| label.num as f64)
}

fn band(size: f64) -> usize {
    (0..BANDS)
        .find(|&i| size <= (16_u32 << i).into())
        .unwrap_or(BANDS)
}

fn band_label(band: usize) -> String {
    let bound = unit::label(16 << band.min(BANDS - 1), "bytes");
    if band == BANDS {
        format!("> {bound}, large")
    } else {
        format!("≤ {bound}")
    }
}

/// Finds each stack's site, interning them by function, file as it is shown, and line.
struct SiteFinder<'a> {
    profile: &'a Profile,
    nodes: &'a Nodes,
    classes: &'a Classes,
    /// By row of `Profile::lines`, [`NONE`] without one: saves most stacks the file's name.
    by_row: HashMap<(NodeId, u32), u32>,
    by_place: HashMap<(NodeId, Vec<u8>, i64), u32>,
}

impl SiteFinder<'_> {
    /// Row of the stack's site; `None` for an empty stack.
    fn site(&mut self, stack: StackId, sites: &mut Vec<AllocationSite>) -> Option<u32> {
        let (location, row) = self.place(stack)?;
        let (node, row) = match self.nodes.frame_of_line(self.profile, location, row) {
            Some(frame) => frame,
            None => (*self.nodes.frames(location).first()?, NONE),
        };
        if let Some(&site) = self.by_row.get(&(node, row)) {
            return Some(site);
        }
        let line = self.profile.lines.get(row as usize);
        let (file, line) = line.map_or((Vec::new(), 0), |line| {
            let file = self.profile.functions[line.function.index()].filename;
            (source_path(self.profile.strings.bytes(file)), line.line)
        });
        let name = String::from_utf8_lossy(&file).into_owned();
        let next = sites.len() as u32;
        let site = *self.by_place.entry((node, file, line)).or_insert(next);
        self.by_row.insert((node, row), site);
        if site == next {
            sites.push(AllocationSite {
                node,
                file: name,
                line,
                alloc: Amount::default(),
                inuse: Amount::default(),
                sampled: 0.0,
            });
        }
        Some(site)
    }

    /// Location and row of `Profile::lines` of the nearest frame that is not the allocator's;
    /// the outermost frame when there is none, which names what the runtime was doing. A location
    /// without lines has no such row, whatever the number.
    fn place(&self, stack: StackId) -> Option<(usize, u32)> {
        let locations = self.profile.stacks.get(stack);
        for location in locations {
            let row = &self.profile.locations[location.index()];
            let lines = self.profile.lines_of(row);
            let outside = |class| match class {
                Class::Runtime => false,
                Class::Std | Class::Native => self.classes.is_go(),
                _ => true,
            };
            let found = lines
                .iter()
                .position(|line| outside(self.classes.of(line.function)));
            if found.is_some() || lines.is_empty() {
                let depth = found.unwrap_or(0) as u32;
                return Some((location.index(), row.lines.0 + depth));
            }
        }
        let outermost = locations.last()?.index();
        let (_, end) = self.profile.locations[outermost].lines;
        Some((outermost, end.saturating_sub(1)))
    }
}

impl Allocations {
    /// A column by its key.
    pub fn column(&self, key: &str) -> Option<AllocationColumn> {
        self.columns
            .iter()
            .copied()
            .find(|column| column.key() == key)
    }

    /// Site rows sorted by a column (descending unless `ascending`), ties and `None` by printable
    /// name, file and line.
    pub fn order(
        &self,
        nodes: &Nodes,
        column: Option<AllocationColumn>,
        ascending: bool,
    ) -> Vec<u32> {
        let mut rows: Vec<u32> = (0..self.sites.len() as u32).collect();
        let by_name = |a: &AllocationSite, b: &AllocationSite| {
            let names = compare_names(nodes, a.node, b.node);
            names.then_with(|| (&a.file, a.line).cmp(&(&b.file, b.line)))
        };
        sort_ids(&mut rows, &|a, b| {
            let (a, b) = (&self.sites[a as usize], &self.sites[b as usize]);
            let Some(column) = column else {
                return if ascending {
                    by_name(a, b)
                } else {
                    by_name(b, a)
                };
            };
            let (first, second) = (self.rank(a, column), self.rank(b, column));
            let order = Reverse(first).cmp(&Reverse(second));
            if ascending { order.reverse() } else { order }.then_with(|| by_name(a, b))
        });
        rows
    }

    /// A column's value as a sort key: exact for integers, in millionths for ratios; rows
    /// without a value come last when the largest is first.
    fn rank(&self, site: &AllocationSite, column: AllocationColumn) -> i128 {
        use AllocationColumn as C;
        match column {
            C::Mean => self.primary(site).mean().map_or(i128::MIN, i128::from),
            C::Survival if site.alloc.space == 0 => i128::MIN,
            C::Survival => i128::from(site.inuse.space) * 1_000_000 / i128::from(site.alloc.space),
            C::Sampled => (site.sampled * 1e6) as i128,
            _ => i128::from(Self::additive(site.alloc, site.inuse, column)).abs(),
        }
    }

    fn primary(&self, site: &AllocationSite) -> Amount {
        if self.by_inuse {
            site.inuse
        } else {
            site.alloc
        }
    }

    fn additive(alloc: Amount, inuse: Amount, column: AllocationColumn) -> i64 {
        use AllocationColumn as C;
        match column {
            C::AllocObjects => alloc.objects,
            C::AllocSpace => alloc.space,
            C::InuseObjects | C::Objects => inuse.objects,
            C::InuseSpace | C::Space => inuse.space,
            C::Mean | C::Survival | C::Sampled => 0,
        }
    }

    /// A cell as text; empty where there is no value.
    pub fn cell(&self, site: usize, column: AllocationColumn) -> String {
        let site = &self.sites[site];
        self.text(site.alloc, site.inuse, site.sampled, column)
    }

    /// A cell as plain digits: objects and bytes as counts, survival in percent; empty where there is no value.
    pub fn digits(&self, site: usize, column: AllocationColumn) -> String {
        use AllocationColumn as C;
        let site = &self.sites[site];
        match column {
            C::Mean => self
                .primary(site)
                .mean()
                .map_or_else(String::new, |mean| mean.to_string()),
            C::Survival if site.alloc.space == 0 => String::new(),
            C::Survival => {
                let share = unit::share(site.inuse.space, site.alloc.space);
                format!("{:.4}", share * 100.0)
            }
            C::Sampled => format!("{}", site.sampled.round()),
            _ => Self::additive(site.alloc, site.inuse, column).to_string(),
        }
    }

    /// A column's total as text; for mean and survival that of all sites together.
    pub fn total(&self, column: AllocationColumn) -> String {
        self.text(self.alloc, self.inuse, self.sampled, column)
    }

    fn text(&self, alloc: Amount, inuse: Amount, sampled: f64, column: AllocationColumn) -> String {
        use AllocationColumn as C;
        let primary = if self.by_inuse { inuse } else { alloc };
        match column {
            C::AllocObjects | C::InuseObjects | C::Objects => {
                unit::signed_count(Self::additive(alloc, inuse, column))
            }
            C::AllocSpace | C::InuseSpace | C::Space => {
                unit::label(Self::additive(alloc, inuse, column), "bytes")
            }
            C::Mean => primary
                .mean()
                .map_or_else(String::new, |m| unit::label(m, "bytes")),
            C::Survival if alloc.space == 0 => String::new(),
            C::Survival => unit::percent(inuse.space, alloc.space),
            C::Sampled => unit::signed_count(sampled.round() as i64),
        }
    }

    /// A site's share of a column's total, 0..=1 for a bar: |value| ÷ |total|; of the survival
    /// column the ratio itself, of the mean 0.
    pub fn share(&self, site: usize, column: AllocationColumn) -> f64 {
        use AllocationColumn as C;
        let site = &self.sites[site];
        let share = match column {
            C::Mean => 0.0,
            C::Survival => unit::share(site.inuse.space, site.alloc.space),
            C::Sampled if self.sampled == 0.0 => 0.0,
            C::Sampled => site.sampled / self.sampled,
            _ => unit::share(
                Self::additive(site.alloc, site.inuse, column),
                Self::additive(self.alloc, self.inuse, column),
            ),
        };
        share.abs().min(1.0)
    }

    /// Amount of all sites that [`Self::sizes`] is cut from.
    pub fn sized(&self) -> Amount {
        if self.by_inuse {
            self.inuse
        } else {
            self.alloc
        }
    }
}

#[cfg(test)]
#[path = "allocations_tests.rs"]
mod tests;

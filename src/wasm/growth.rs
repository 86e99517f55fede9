//! The verb that follows growth over three and more files.

use std::collections::HashMap;
use std::rc::Rc;

use super::compare::signed;
use super::dto::{FrameName, GrowthFile, GrowthInfo, GrowthRow, Query};
use super::files::diagnostic;
use super::query::Analysis;
use super::workspace::Workspace;
use crate::analysis::compare::{Growth, GrowthSite, Side, Snapshot, counterpart, growth};
use crate::analysis::{NodeId, Nodes};
use crate::model::Kind;
use crate::unit;

/// Sites of growth that are listed.
const MAX_SITES: usize = 200;
/// Files that growth takes.
const LEAST_FILES: usize = 3;

/// What grew, in the files of a query's kind.
pub(super) struct Followed {
    pub(super) found: Growth,
    /// Ids and names of the files, in the order of time.
    pub(super) files: Vec<(u32, String)>,
    /// Of the query, without a baseline.
    pub(super) analysis: Rc<Analysis>,
    type_name: String,
    pub(super) unit_name: String,
}

impl Workspace {
    /// Growth over all files of the query's kind.
    pub fn growth(&mut self, query: &Query) -> Result<GrowthInfo, String> {
        let followed = match self.followed(query)? {
            Ok(followed) => followed,
            Err(refused) => {
                return Ok(GrowthInfo {
                    refused,
                    ..GrowthInfo::default()
                });
            }
        };
        let Followed {
            found,
            files,
            analysis,
            type_name,
            unit_name,
        } = &followed;
        let files = files.iter().enumerate();
        let files =
            files.map(|(place, (id, name))| growth_file(*id, name, place, found, unit_name));
        let names = Names::new(analysis);
        let row = |site: &GrowthSite| growth_row(site, names.of(analysis, &site.name), unit_name);
        Ok(GrowthInfo {
            refused: String::new(),
            summary: growth_summary(found, type_name, unit_name),
            type_name: type_name.clone(),
            notes: found.notes.iter().map(diagnostic).collect(),
            files: files.collect(),
            rows: found.sites.iter().take(MAX_SITES).map(row).collect(),
            all_rows: found.sites.len() as u32,
            timed: !found.minutes.is_empty(),
        })
    }

    /// What grew; the inner error says why there is nothing to follow.
    pub(super) fn followed(&mut self, query: &Query) -> Result<Result<Followed, String>, String> {
        let shown = Rc::clone(self.loaded(query.file)?);
        if !is_followed(shown.kind) {
            return Ok(Err(
                "Growth is followed in heap and goroutine profiles.".to_owned()
            ));
        }
        let name = shown.profile.type_name(query.sample as usize);
        let same = |kind: Kind| kind == shown.kind || kind.is_memory() && shown.kind.is_memory();
        let candidates = self.all_files().iter().filter_map(|file| {
            let loaded = file.loaded.as_ref().filter(|loaded| same(loaded.kind))?;
            Some((file.info.id, Rc::clone(loaded)))
        });
        let mut parts = Vec::new();
        for (id, loaded) in candidates.collect::<Vec<_>>() {
            let Ok(sample) = counterpart(&loaded.profile, &shown.profile, query.sample as usize)
            else {
                continue;
            };
            let own = Query {
                file: id,
                sample: sample as u32,
                base: None,
                ..query.clone()
            };
            let filtered = self.cache.filtered(&loaded, &own)?;
            let nodes = self.cache.nodes(&loaded, &filtered, &own).nodes;
            let classes = loaded.classes_of(&query.main);
            parts.push((id, loaded, filtered, nodes, sample, classes));
        }
        if parts.len() < LEAST_FILES {
            return Ok(Err(format!(
                "Growth takes {LEAST_FILES} files with {name}, taken one after the other; there are {}.",
                parts.len()
            )));
        }
        let snapshots: Vec<Snapshot<'_>> = parts
            .iter()
            .map(|(_, loaded, filtered, nodes, sample, classes)| {
                let side = Side {
                    profile: &filtered.profile,
                    kind: loaded.kind,
                    sample_type: *sample,
                };
                let is_space = unit::is_memory(&filtered.profile.unit_name(*sample));
                Snapshot {
                    side,
                    objects: side.partner().filter(|_| is_space),
                    nodes,
                    classes,
                }
            })
            .collect();
        let found = growth(&snapshots);
        let files = found.order.iter().map(|&at| {
            let (id, loaded, ..) = &parts[at];
            (*id, loaded.name.clone())
        });
        let plain = Query {
            base: None,
            ..query.clone()
        };
        Ok(Ok(Followed {
            files: files.collect(),
            analysis: self.analysis(&plain)?,
            type_name: name,
            unit_name: shown.profile.unit_name(query.sample as usize),
            found,
        }))
    }
}

/// Kinds that tell what there is at a moment.
fn is_followed(kind: Kind) -> bool {
    kind.is_memory()
        || matches!(
            kind,
            Kind::Goroutine | Kind::GoroutineLeak | Kind::ThreadCreate
        )
}

fn growth_file(id: u32, name: &str, place: usize, found: &Growth, unit_name: &str) -> GrowthFile {
    let total = found.totals[place];
    let minutes = found.minutes.get(place).copied();
    GrowthFile {
        id,
        name: name.to_owned(),
        when: match minutes {
            Some(minutes) => {
                let nanos = unit::to_integer(minutes * 60e9);
                format!("+{}", unit::label(nanos, "ns"))
            }
            None => format!("no. {}", place + 1),
        },
        at: minutes.unwrap_or(place as f64),
        total: unit::label(total, unit_name),
        value: total as f64,
    }
}

fn growth_row(site: &GrowthSite, name: FrameName, unit_name: &str) -> GrowthRow {
    let objects = site.objects.first().zip(site.objects.last());
    let objects = objects.map(|(first, last)| last.wrapping_sub(*first));
    let seen = site.seen.last().copied().unwrap_or(0.0);
    GrowthRow {
        name,
        amounts: site
            .amounts
            .iter()
            .map(|&amount| unit::label(amount, unit_name))
            .collect(),
        values: site.amounts.iter().map(|&amount| amount as f64).collect(),
        delta: signed(unit::label(site.delta, unit_name), site.delta),
        objects: objects.map_or_else(String::new, |n| signed(unit::label(n, "count"), n)),
        slope: site
            .slope
            .map_or_else(String::new, |slope| per_minute(slope, unit_name)),
        error: if site.error > 0.0 {
            format!(
                "±{}",
                unit::label(unit::to_integer(site.error.round()), unit_name)
            )
        } else {
            String::new()
        },
        seen: if seen > 0.0 {
            unit::count(seen.round() as u64)
        } else {
            String::new()
        },
        facts: facts(site),
    }
}

fn per_minute(slope: f64, unit_name: &str) -> String {
    let whole = unit::to_integer(slope.round());
    let text = signed(unit::label(whole, unit_name), whole);
    if whole == 0 {
        text
    } else {
        format!("{text}/min")
    }
}

/// What holds, in words.
pub(super) fn facts(site: &GrowthSite) -> Vec<String> {
    let facts = site.facts;
    let mut words = Vec::new();
    let mut say = |holds: bool, word: &str| {
        if holds {
            words.push(word.to_owned());
        }
    };
    let is_real = facts.is_sampled && facts.exceeds_error && site.delta > 0;
    say(is_real && facts.is_large && facts.is_share, "grows");
    say(facts.is_steady, "steadily");
    say(facts.is_fast, "≥ 1% per minute");
    say(
        site.delta > 0 && !facts.is_sampled,
        "under 10 sampled objects",
    );
    say(
        site.delta > 0 && facts.is_sampled && !facts.exceeds_error,
        "within its error",
    );
    words
}

fn growth_summary(found: &Growth, name: &str, unit_name: &str) -> Vec<String> {
    let (Some(&first), Some(&last)) = (found.totals.first(), found.totals.last()) else {
        return Vec::new();
    };
    let text = |value| unit::label(value, unit_name);
    let delta = last.wrapping_sub(first);
    let speed = found.slope.map_or_else(String::new, |slope| {
        format!(", {} on the whole", per_minute(slope, unit_name))
    });
    let mut sentences = vec![format!(
        "{name} went from {} to {}: {}{speed}.",
        text(first),
        text(last),
        signed(text(delta), delta)
    )];
    let grows = |site: &&GrowthSite| facts(site).iter().any(|word| word == "grows");
    let count = found.sites.iter().filter(grows).count() as u64;
    let largest = found.sites.iter().find(grows);
    sentences.push(match largest {
        Some(site) => format!(
            "{} more than chance explains; most: {} {}.",
            if count == 1 {
                "1 site grows".to_owned()
            } else {
                format!("{count} sites grow")
            },
            String::from_utf8_lossy(&site.name),
            signed(text(site.delta), site.delta)
        ),
        None => "No site grows by more than chance explains, 1MB or 50 and a tenth of all growth."
            .to_owned(),
    });
    sentences
}

/// Nodes of the query shown by their names.
pub(super) struct Names {
    by_name: HashMap<Vec<u8>, NodeId>,
}

impl Names {
    pub(super) fn new(analysis: &Analysis) -> Self {
        let nodes: &Nodes = &analysis.nodes;
        let all = (0..nodes.len() as u32).map(NodeId);
        Self {
            by_name: all.map(|node| (nodes.printable(node), node)).collect(),
        }
    }

    /// A name that only other files have is shown all the same.
    pub(super) fn of(&self, analysis: &Analysis, name: &[u8]) -> FrameName {
        if let Some(&node) = self.by_name.get(name) {
            return analysis.name(node);
        }
        let full = String::from_utf8_lossy(name).into_owned();
        FrameName {
            node: u32::MAX,
            dim: String::new(),
            strong: full.clone(),
            full,
            file: String::new(),
            line: 0.0,
            class: "unknown".to_owned(),
            package: String::new(),
            hue: 0,
        }
    }
}

//! Finds names in a trace.

use super::Timeline;
use super::kind::Kind;
use super::lanes::LaneId;
use crate::model::trace::{Edge, is_none};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Groups, then goroutines, tasks, regions and messages, each in order of number or time.
    pub hits: Vec<Hit>,
    /// How many there are with those that were left off.
    pub total: u64,
}

/// Something with a name that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What it is.
    pub kind: HitKind,
    /// Where it is seen.
    pub lane: LaneId,
    /// When it begins.
    pub from: u64,
    /// When it ends; of a region and a message when it begins.
    pub to: u64,
    /// The name; of a message its category and what it says.
    pub text: String,
}

/// What a [`Hit`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitKind {
    /// A group of goroutines.
    Group,
    /// A goroutine, by its number.
    Goroutine,
    /// A task.
    Task,
    /// The beginning of a region.
    Region,
    /// A message.
    Log,
}

/// Hits, of which as many are kept as are asked for.
struct Hits {
    found: Found,
    most: usize,
}

impl Hits {
    fn add(&mut self, make: impl FnOnce() -> Hit) {
        self.found.total += 1;
        if self.found.hits.len() < self.most {
            self.found.hits.push(make());
        }
    }
}

/// The number in `g 123`, `G123` or `123`.
fn goroutine_number(text: &str) -> Option<u64> {
    let text = text.strip_prefix(['g', 'G']).unwrap_or(text).trim_start();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

impl Timeline {
    /// Names that contain a text, in whatever case: of groups, tasks, regions, categories and
    /// messages; and a goroutine by its number, as in `g 123`. Nothing is found by no text.
    pub fn search(&self, text: &str, most: usize) -> Found {
        let mut hits = Hits {
            found: Found::default(),
            most,
        };
        let text = text.trim();
        if text.is_empty() {
            return hits.found;
        }
        let wanted = text.to_lowercase();
        let rows = 0..self.world.strings.len() as u32;
        let matches = |row| self.world.text(row).to_lowercase().contains(&wanted);
        let matching: Vec<bool> = rows.map(matches).collect();
        let is_match = |row: u32| matching.get(row as usize).copied().unwrap_or_default();
        let name = |row: u32| self.world.text(row).into_owned();
        for group in 0..self.table.groups() as u32 {
            let row = self.table.name(group);
            if is_match(row) && self.table.count(group) > 0 {
                hits.add(|| Hit {
                    kind: HitKind::Group,
                    lane: LaneId::Group(group),
                    from: self.begin(),
                    to: self.end(),
                    text: name(row),
                });
            }
        }
        if let Some(id) = goroutine_number(text) {
            let all = (0..).zip(self.table.iter());
            for (index, row) in all.filter(|(_, row)| row.id == id) {
                hits.add(|| Hit {
                    kind: HitKind::Goroutine,
                    lane: LaneId::Goroutine(index),
                    from: self.store.time(row.first),
                    to: self.store.time(row.last),
                    text: name(self.table.name(row.group())),
                });
            }
        }
        for (row, task) in (0..).zip(self.marks.tasks.iter()) {
            let task_name = self.marks.task_name(task);
            if is_match(task_name) {
                hits.add(|| {
                    let (from, to) = self.task_span(task.begin, task.end);
                    Hit {
                        kind: HitKind::Task,
                        lane: LaneId::Task(row),
                        from,
                        to,
                        text: name(task_name),
                    }
                });
            }
        }
        self.search_records(Kind::Region(Edge::Begin), &is_match, &mut hits);
        self.search_records(Kind::Log, &is_match, &mut hits);
        hits.found
    }

    /// Finds regions or messages.
    fn search_records(&self, kind: Kind, is_match: &impl Fn(u32) -> bool, hits: &mut Hits) {
        let code = kind.code();
        for chunk in &self.store.chunks {
            let codes = chunk.codes().iter().enumerate();
            for (row, _) in codes.filter(|&(_, &one)| one == code) {
                let Some(record) = chunk.record(row) else {
                    break;
                };
                let [_, _, first, second] = chunk.words(&record);
                let is_log = kind == Kind::Log;
                let is_hit = is_match(first) || is_log && is_match(second);
                if !is_hit {
                    continue;
                }
                let goroutine = record.subject;
                hits.add(|| {
                    let mut text = self.world.text(first).into_owned();
                    if is_log {
                        if !text.is_empty() {
                            text.push_str(": ");
                        }
                        text.push_str(&self.world.text(second));
                    }
                    Hit {
                        kind: if is_log {
                            HitKind::Log
                        } else {
                            HitKind::Region
                        },
                        lane: match is_none(goroutine) {
                            true => LaneId::Counts,
                            false if is_log => LaneId::Goroutine(goroutine),
                            false => LaneId::Regions(goroutine),
                        },
                        from: record.time,
                        to: record.time,
                        text,
                    }
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goroutines_are_found_by_number() {
        for text in ["123", "g 123", "G123", "g123"] {
            assert_eq!(goroutine_number(text), Some(123), "{text}");
        }
        for text in ["g", "", "gc", "12x", "-1", "go 1"] {
            assert_eq!(goroutine_number(text), None, "{text}");
        }
    }
}

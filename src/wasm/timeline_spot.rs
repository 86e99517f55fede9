//! A place of a timeline in words: what is there, who woke it, whom it woke; names that are found.

use super::dto::Fact;
use super::dto_trace::{TimelineHits, TimelineLane, TimelineLink, TimelineSpot, TraceFrame};
use super::timeline::{lane_id, lane_info};
use super::trace::time;
use super::workspace::{Loaded, Workspace};
use crate::analysis::Class;
use crate::model::trace::{NONE, is_none};
use crate::unit;
use crate::views::{HitKind, LaneId, Moment, State, Timeline, Wake};

/// Frames that are shown.
const FRAMES: usize = 200;

/// A timeline, with the profile that tells whose code a function is.
struct Seen<'a> {
    timeline: &'a Timeline,
    loaded: &'a Loaded,
}

impl Workspace {
    /// What is at a place of a lane.
    pub fn timeline_at(&self, lane: f64, at: f64) -> Result<TimelineSpot, String> {
        let seen = self.seen()?;
        let lane = lane_id(lane).ok_or("there is no such lane")?;
        let begin = seen.timeline.begin();
        let when = begin.saturating_add(at.max(0.0) as u64);
        let Some(moment) = seen.timeline.at(lane, when) else {
            return Ok(TimelineSpot::default());
        };
        Ok(seen.spot(lane, &moment))
    }

    /// When a lane changes next, or changed last, in nanoseconds from the beginning; −1 for never.
    pub fn timeline_step(&self, lane: f64, at: f64, forward: bool) -> Result<f64, String> {
        let seen = self.seen()?;
        let lane = lane_id(lane).ok_or("there is no such lane")?;
        let begin = seen.timeline.begin();
        let when = begin.saturating_add(at.max(0.0) as u64);
        let next = seen.timeline.step(lane, when, forward);
        Ok(next.map_or(-1.0, |next| next.saturating_sub(begin) as f64))
    }

    /// The lane of a goroutine, by its number.
    pub fn timeline_lane(&self, goroutine: f64) -> Result<Option<TimelineLane>, String> {
        let seen = self.seen()?;
        let lane = seen.timeline.goroutine_lane(goroutine as u64);
        Ok(lane.map(|lane| lane_info(seen.timeline, &lane)))
    }

    /// Names that contain a text.
    pub fn timeline_search(&self, text: &str, most: u32) -> Result<TimelineHits, String> {
        let seen = self.seen()?;
        let found = seen.timeline.search(text, most.min(1000) as usize);
        let begin = seen.timeline.begin();
        let hits = found.hits.iter().filter_map(|hit| {
            let what = match hit.kind {
                HitKind::Group => "goroutines",
                HitKind::Goroutine => "goroutine",
                HitKind::Task => "task",
                HitKind::Region => "region",
                HitKind::Log => "message",
            };
            let lane = seen.timeline.lane(hit.lane)?;
            Some(TimelineLink {
                lane: lane_info(seen.timeline, &lane),
                at: hit.from.saturating_sub(begin) as f64,
                text: format!("{what}: {}", hit.text),
            })
        });
        Ok(TimelineHits {
            hits: hits.collect(),
            total: u32::try_from(found.total).unwrap_or(u32::MAX),
        })
    }

    fn seen(&self) -> Result<Seen<'_>, String> {
        let timed = self.timed.as_ref().ok_or("there is no timeline")?;
        Ok(Seen {
            timeline: &timed.timeline,
            loaded: self.loaded(timed.file)?,
        })
    }
}

fn fact(name: &str, value: String) -> Fact {
    Fact {
        name: name.to_owned(),
        value,
    }
}

impl Seen<'_> {
    /// A moment, from the beginning on.
    fn since(&self, when: u64) -> u64 {
        when.saturating_sub(self.timeline.begin())
    }

    fn text(&self, row: u32) -> String {
        self.timeline.world().text(row).into_owned()
    }

    /// `G12 main.worker`.
    fn goroutine(&self, index: u32) -> String {
        let group = self.timeline.group(index);
        let group = group.map(|group| self.timeline.group_name(group));
        match self.timeline.goroutine_id(index) {
            Some(id) => format!("G{id} {}", group.unwrap_or_default()),
            None => "the runtime".to_owned(),
        }
    }

    fn stack(&self, row: u32) -> Vec<TraceFrame> {
        let world = self.timeline.world();
        let profile = &self.loaded.profile;
        let frames = world.stack(row).take(FRAMES).map(|frame| {
            let name = self.text(frame.function);
            let mut functions = profile.functions.iter().zip(0..);
            let known =
                functions.find(|(function, _)| profile.strings.text(function.name) == *name);
            let class = known.map(|(_, row)| self.loaded.classes.of(crate::model::FunctionId(row)));
            TraceFrame {
                own: class == Some(Class::Main),
                place: format!("{}:{}", self.text(frame.file), frame.line),
                name,
            }
        });
        frames.collect()
    }

    fn lane(&self, index: u32) -> Option<TimelineLane> {
        let lane = self.timeline.lane(LaneId::Goroutine(index))?;
        Some(lane_info(self.timeline, &lane))
    }

    /// The other end of a wake-up: who woke, or who was woken.
    fn link(&self, index: u32, wake: &Wake) -> Option<TimelineLink> {
        let wait = wake.time.saturating_sub(wake.since);
        let why = match self.text(wake.reason) {
            reason if reason.is_empty() => "its wait".to_owned(),
            reason => format!("its wait for {reason}"),
        };
        Some(TimelineLink {
            lane: self.lane(index)?,
            at: self.since(wake.time) as f64,
            text: format!(
                "{} at +{}: {why} took {}",
                self.goroutine(index),
                time(self.since(wake.time)),
                time(wait)
            ),
        })
    }

    fn spot(&self, lane: LaneId, moment: &Moment) -> TimelineSpot {
        let world = self.timeline.world();
        let mut facts = Vec::new();
        let state = moment.state.label();
        let mut title = match is_none(moment.goroutine) {
            true => state.to_owned(),
            false => format!("{}: {state}", self.goroutine(moment.goroutine)),
        };
        if moment.reason != 0 {
            facts.push(fact("Reason", self.text(moment.reason)));
        }
        if let Some(proc) = world.proc(moment.proc) {
            facts.push(fact("P", proc.to_string()));
        }
        if let Some(thread) = world.thread(moment.thread) {
            facts.push(fact("Thread", thread.to_string()));
        }
        if moment.name != 0 {
            title = format!("{state}: {}", self.text(moment.name));
        }
        if moment.state == State::Blank {
            title = self.quantities(lane, moment, &mut facts).unwrap_or(title);
        }
        let flow = match is_none(moment.goroutine) {
            true => None,
            false => Some(self.timeline.flow(moment.goroutine, moment.begin)),
        };
        // The nearest may be of later: then this was not begun by a wake-up.
        let before = flow.and_then(|flow| flow.woken);
        let before = before.filter(|wake| wake.time <= moment.begin);
        let waker = moment.waker.or(before);
        let wakes = flow.and_then(|flow| flow.wakes);
        let wakes = wakes.filter(|wake| wake.time >= moment.begin);
        if let Some(wake) = &waker
            && is_none(wake.from)
        {
            facts.push(fact(
                "Woken by",
                "the runtime: a timer or the network's poller".to_owned(),
            ));
        }
        TimelineSpot {
            found: !title.is_empty(),
            title,
            from: self.since(moment.begin) as f64,
            to: self.since(moment.end) as f64,
            facts,
            stack: self.stack(moment.stack),
            waker: waker.and_then(|wake| self.link(wake.from, &wake)),
            woken: wakes.and_then(|wake| self.link(wake.to, &wake)),
            goroutine: (moment.goroutine != NONE)
                .then(|| self.lane(moment.goroutine))
                .flatten(),
        }
    }

    /// Of lanes of quantities and counts what they are, and the lane's name as the title.
    fn quantities(&self, lane: LaneId, moment: &Moment, facts: &mut Vec<Fact>) -> Option<String> {
        let bytes = |count: u64| unit::label(i64::try_from(count).unwrap_or(i64::MAX), "bytes");
        match lane {
            LaneId::Heap => {
                facts.push(fact("In use", bytes(moment.values.0)));
                facts.push(fact("Goal", bytes(moment.values.1)));
            }
            LaneId::MaxProcs => facts.push(fact("GOMAXPROCS", moment.values.0.to_string())),
            LaneId::Counts | LaneId::Group(_) => {
                let names = ["Running", "Able to run", "In syscalls", "Waiting"];
                for (name, count) in names.iter().zip(moment.counts) {
                    facts.push(fact(name, unit::count(u64::from(count))));
                }
            }
            LaneId::TaskKind(_) => {
                facts.push(fact("Open", unit::count(u64::from(moment.counts[0]))));
            }
            _ => return None,
        }
        let lane = self.timeline.lane(lane)?;
        Some(lane_info(self.timeline, &lane).name)
    }
}

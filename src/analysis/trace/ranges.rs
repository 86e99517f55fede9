//! Ranges of an analysis: the collector's, stops of the world, regions.

use super::gc::StopNow;
use super::live::{OpenRegion, Worker, difference};
use super::{TraceAnalysis, sites};
use crate::model::trace::{Edge, Event, ProcUse, RangeKind, Spent, World};

impl TraceAnalysis {
    pub(super) fn range(
        &mut self,
        event: &Event,
        edge: Edge,
        kind: RangeKind,
        scope: u32,
        reason: u32,
        world: &World,
    ) {
        let now = event.time;
        let whose = match kind {
            RangeKind::Sweep => event.goroutine,
            _ => scope,
        };
        match (kind, edge) {
            (RangeKind::Mark, Edge::Begin | Edge::Active) => {
                if !self.collector.is_marking() {
                    let is_begin = edge == Edge::Begin;
                    let at = if is_begin { now } else { self.sync };
                    let (workers, assists) = self.marking(now);
                    self.collector.begin_cycle(at, is_begin, workers, assists);
                }
            }
            (RangeKind::Mark, Edge::End) => {
                let (workers, assists) = self.marking(now);
                self.collector.end_cycle(now, true, workers, assists);
            }
            (RangeKind::Sweep, _) => {
                if let Some(proc) = self.procs.get(scope) {
                    proc.is_sweeping = edge != Edge::End;
                }
                self.procs.refresh(scope, now);
            }
            (RangeKind::Stop, Edge::End) => {
                self.collector.end_stop(now);
                self.procs.is_stopped = false;
                self.procs.point(now);
            }
            (RangeKind::Stop, _) => {
                let by = self.group_of(scope);
                self.collector.stop = Some(StopNow::new(now, reason, by));
                if world.text(reason).starts_with("GC ") {
                    self.procs.is_stopped = true;
                    self.procs.point(now);
                }
            }
            (RangeKind::Assist, _) => self.assist(event, edge, scope),
        }
        let sync = self.sync;
        let is_there = self
            .live
            .get(whose as usize)
            .is_some_and(|live| live.is_there);
        let is_same = match (kind, edge) {
            (RangeKind::Sweep, Edge::End) => self.sweepers.remove(&scope) == Some(whose),
            (RangeKind::Sweep, _) if is_there => {
                self.sweepers.insert(scope, whose);
                true
            }
            _ => true,
        };
        if let Some(live) = self.live.get_mut(whose as usize).filter(|_| is_there) {
            match edge {
                Edge::Begin => live.begin_range(kind, reason, now),
                Edge::Active => live.continue_range(kind, reason, sync),
                Edge::End if is_same => live.end_range(kind, reason, now),
                Edge::End => {}
            }
        }
    }

    /// Time of procs in workers and in assists so far.
    pub(super) fn marking(&self, now: u64) -> (u64, u64) {
        let sum = |usage| self.procs.sum(usage, now);
        let workers = sum(ProcUse::Worker).saturating_add(sum(ProcUse::IdleWorker));
        (workers, sum(ProcUse::Assist))
    }

    pub(super) fn assist(&mut self, event: &Event, edge: Edge, scope: u32) {
        let now = event.time;
        let Some(live) = self.live.get_mut(scope as usize) else {
            return;
        };
        if edge == Edge::End {
            let from = std::mem::take(&mut live.assist);
            let (group, stack) = (live.group, live.assist_stack);
            if from > 0 {
                let time = now.saturating_sub(from);
                if self.collector.assists.len() < sites::MOST_SITES {
                    self.collector
                        .assists
                        .entry((group, stack))
                        .or_default()
                        .add(time);
                }
            }
        } else if live.assist == 0 {
            live.assist = if edge == Edge::Begin { now } else { self.sync };
            live.assist_stack = event.stack;
        }
        let (is_assisting, proc) = (live.assist > 0, live.proc);
        if let Some(held) = self.procs.get(proc)
            && held.goroutine == scope
        {
            held.is_assisting = is_assisting;
        }
        self.procs.refresh(proc, now);
    }

    pub(super) fn label(&mut self, event: &Event, label: u32, world: &World) {
        let worker = match &*world.text(label) {
            "GC (idle)" => Worker::Idle,
            label if label.starts_with("GC ") => Worker::Assigned,
            _ => Worker::None,
        };
        if let Some(live) = self.live.get_mut(event.goroutine as usize) {
            live.worker = worker;
        }
        if let Some(proc) = self.procs.get(event.proc) {
            proc.worker = worker;
        }
        self.procs.refresh(event.proc, event.time);
    }

    pub(super) fn region(&mut self, event: &Event, edge: Edge, task: u64, name: u32) {
        let now = event.time;
        let Some(live) = self.live.get_mut(event.goroutine as usize) else {
            return;
        };
        if edge == Edge::Begin {
            let before = live.spent(now);
            live.regions.push(OpenRegion {
                name: Some(name),
                task,
                from: now,
                before,
            });
            return;
        }
        let open = live.regions.pop();
        let (from, before) = open.map_or((live.created, Spent::default()), |region| {
            (region.from, region.before)
        });
        let spent = difference(live.spent(now), before);
        let id = live.id;
        self.tasks.region(task, name, id, from, spent, self.begin);
    }
}

//! Windows of garbage, and traces that are cut or damaged.

use dropprof::views::{LaneId, Limits, Window};

use super::support::{Random, SMALL, own, read, replayed, same};

#[test]
fn garbage_windows_are_drawn() {
    let bytes = std::fs::read(own().join("mixed-1.27.trace")).expect("readable");
    for limits in [Limits::default(), SMALL] {
        let (timeline, _) = read(&bytes, limits).expect("a trace");
        let mut lanes: Vec<LaneId> = timeline.lanes().iter().map(|lane| lane.id).collect();
        lanes.extend([
            LaneId::Goroutine(0),
            LaneId::Regions(0),
            LaneId::Task(0),
            LaneId::Goroutine(u32::MAX),
            LaneId::Regions(u32::MAX),
            LaneId::Proc(u32::MAX),
            LaneId::Thread(u32::MAX),
            LaneId::Group(u32::MAX),
            LaneId::TaskKind(u32::MAX),
            LaneId::Task(u32::MAX),
            LaneId::Proc(0),
        ]);
        let (begin, end) = (timeline.begin(), timeline.end());
        for (from, to) in [
            (0, 0),
            (0, u64::MAX),
            (u64::MAX, u64::MAX),
            (u64::MAX, 0),
            (end, begin),
            (end, end + 10),
            (end + 1, end + 100),
            (0, begin),
            (0, begin + 1),
            (begin, begin),
            (begin, end),
            (begin + 1, begin + 65),
        ] {
            for width in [0, 1, 7, u32::MAX] {
                let window = Window { from, to, width };
                let few = if width == u32::MAX {
                    &lanes[..12]
                } else {
                    &lanes[..]
                };
                let painted = timeline.paint(&window, few, &[1, 2, 3]);
                assert_eq!(painted.width, width.min(16_384));
                assert_eq!(painted.rows.len(), few.len());
                for row in &painted.rows {
                    let width = painted.width as usize;
                    assert!(row.pixels.is_empty() || row.pixels.len() == width);
                    assert!(row.columns.is_empty() || row.columns.len() == width);
                }
                for span in &painted.spans {
                    assert!(
                        span.x0 >= 0.0 && span.x0 <= span.x1 && span.x1 <= painted.width as f32
                    );
                }
            }
            let _ = replayed(&timeline, from, to);
            for &lane in &lanes {
                for time in [from, to] {
                    let _ = timeline.at(lane, time);
                    let _ = timeline.step(lane, time, true);
                    let _ = timeline.step(lane, time, false);
                }
            }
            let _ = (timeline.flow(0, from), timeline.flow(u32::MAX, to));
        }
    }
}

/// Whatever was read of a damaged trace is given back, and can be drawn.
fn check_damaged(name: &str, bytes: &[u8], limits: Limits, random: &mut Random) {
    let Some((timeline, told)) = read(bytes, limits) else {
        return;
    };
    same(name, &replayed(&timeline, 0, u64::MAX), &told);
    let mut lanes: Vec<LaneId> = timeline.lanes().iter().map(|lane| lane.id).collect();
    lanes.extend((0..timeline.goroutines()).take(20).map(LaneId::Goroutine));
    let length = timeline.end() - timeline.begin();
    let from = timeline.begin() + random.below(length);
    for window in [
        Window {
            from: timeline.begin(),
            to: timeline.end(),
            width: 300,
        },
        Window {
            from,
            to: from + random.below(length),
            width: 300,
        },
    ] {
        timeline.paint(&window, &lanes, &[]);
    }
    for &lane in &lanes {
        let _ = timeline.at(lane, from);
        let _ = timeline.step(lane, from, true);
    }
    let _ = replayed(&timeline, from, from + length / 3);
    let _ = timeline.flow(0, from);
    let _ = timeline.search("a", 10);
}

#[test]
fn damaged_traces_are_kept_as_far_as_they_can_be_read() {
    let mut random = Random(12);
    for name in [
        "mixed-generations",
        "gc-generations",
        "callbacks-generations",
        "mixed-1.22",
    ] {
        let bytes = std::fs::read(own().join(format!("{name}.trace"))).expect("readable");
        for i in 0..60 {
            let limits = if i % 2 == 0 { Limits::default() } else { SMALL };
            let cut = random.below(bytes.len() as u64) as usize;
            check_damaged(name, &bytes[..cut], limits, &mut random);
            let mut damaged = bytes.clone();
            for _ in 0..=random.below(3) {
                let at = 16 + random.below(bytes.len() as u64 - 16) as usize;
                damaged[at] ^= 1 << random.below(8);
            }
            check_damaged(name, &damaged, limits, &mut random);
        }
    }
}

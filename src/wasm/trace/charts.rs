//! Pictures of the Trace view, as numbers.

use super::cell::{Traced, bytes, share, time};
use crate::analysis::trace::{Flags, minimum_utilisation, utilisation};
use crate::model::trace::{Histogram, ProcUse, Series};
use crate::wasm::dto_trace::{TraceChart, TracePart};

/// Places on an axis of time at most.
const PLACES: usize = 480;
/// Lengths of windows on the curve of utilisation.
const CURVE: usize = 64;
/// Rows of procs in a picture.
const ROWS: usize = 64;
/// Bars of a histogram for each power of ten.
const BARS: f64 = 5.0;

/// How many buckets of a series make one place.
fn joined<T>(series: &Series<T>) -> usize {
    series.values.len().div_ceil(PLACES).max(1)
}

/// The axis of a series, from the beginning of the trace on.
fn time_axis<T>(of: &Traced<'_>, series: &Series<T>, chart: &mut TraceChart) {
    let join = joined(series);
    let step = series.step * join as u64;
    let begin = of.inside(series.from);
    let places = series.values.len().div_ceil(join);
    chart.x = (0..places as u64)
        .map(|i| (begin + i * step) as f64)
        .collect();
    chart.end = of.length() as f64;
    chart.ticks = time_ticks(of.length());
}

/// Round times between 0 and a length: place and text.
pub(super) fn time_ticks(length: u64) -> Vec<(f64, String)> {
    if length == 0 {
        return Vec::new();
    }
    let rough = length / 5;
    let power = 10_u64.pow(rough.max(1).ilog10());
    let step = [1, 2, 5, 10].map(|n| n * power);
    let step = step
        .into_iter()
        .find(|&step| step >= rough)
        .unwrap_or(power);
    (0..=length / step.max(1))
        .map(|i| (i * step) as f64 / length as f64)
        .zip((0..).map(|i| time(i * step)))
        .collect()
}

fn part(name: &str, role: &str, values: Vec<f32>, text: String) -> TracePart {
    TracePart {
        name: name.to_owned(),
        role: role.to_owned(),
        values,
        text,
    }
}

/// What the procs were used for over time.
pub(super) fn uses(of: &Traced<'_>) -> TraceChart {
    let series = &of.report.uses;
    let join = joined(series);
    let mut chart = TraceChart {
        title: "What the Ps were used for".to_owned(),
        kind: "areas".to_owned(),
        ..TraceChart::default()
    };
    time_axis(of, series, &mut chart);
    let procs = of.report.max_procs.0.max(1);
    chart.top = f64::from(procs);
    chart.top_text = crate::unit::plural(u64::from(procs), "P");
    let kinds: [(&str, &str, &[ProcUse]); 4] = [
        ("goroutines", "running", &[ProcUse::Running]),
        (
            "GC",
            "worker",
            &[
                ProcUse::Worker,
                ProcUse::Assist,
                ProcUse::Sweep,
                ProcUse::IdleWorker,
            ],
        ),
        ("syscalls", "syscall", &[ProcUse::Syscall]),
        ("scheduler", "scheduler", &[ProcUse::Scheduler]),
    ];
    let all: u64 = series.values.iter().flatten().sum();
    for (name, role, uses) in kinds {
        let of_bucket = |bucket: &[u64; ProcUse::COUNT]| -> u64 {
            uses.iter().map(|&one| bucket[one as usize]).sum()
        };
        let chunks = series.values.chunks(join).enumerate();
        let values = chunks.map(|(i, chunk)| {
            let sum: u64 = chunk.iter().map(of_bucket).sum();
            (sum as f64 / place_length(of, series, i, chunk.len())) as f32
        });
        let sum: u64 = series.values.iter().map(of_bucket).sum();
        let text = share(super::cell::part(sum, all));
        chart.parts.push(part(name, role, values.collect(), text));
    }
    chart
}

/// Nanoseconds of a place on the axis: the last ends with the trace.
fn place_length<T>(of: &Traced<'_>, series: &Series<T>, place: usize, buckets: usize) -> f64 {
    let begin = of.inside(series.from) + (place * joined(series)) as u64 * series.step;
    let end = (begin + buckets as u64 * series.step).min(of.length());
    end.saturating_sub(begin).max(1) as f64
}

/// Busy shares of each proc over time.
pub(super) fn heat(of: &Traced<'_>) -> Option<TraceChart> {
    let procs = of
        .report
        .procs
        .iter()
        .filter(|proc| !proc.busy.values.is_empty());
    let procs: Vec<_> = procs.take(ROWS).collect();
    // Each proc has buckets of its own length; those of the longest are for all.
    let step = procs.iter().map(|proc| proc.busy.step).max()?;
    let places = of.length().div_ceil(step).max(1) as usize;
    let join = places.div_ceil(PLACES).max(1);
    let step = step * join as u64;
    let places = of.length().div_ceil(step).max(1) as usize;
    let mut chart = TraceChart {
        title: "How busy each P was".to_owned(),
        kind: "heat".to_owned(),
        x: (0..places as u64).map(|i| (i * step) as f64).collect(),
        end: of.length() as f64,
        ticks: time_ticks(of.length()),
        top: 1.0,
        top_text: "busy all the time".to_owned(),
        parts: Vec::new(),
    };
    for proc in procs {
        let mut sums = vec![0_u64; places];
        for (bucket, &busy) in proc.busy.values.iter().enumerate() {
            let at = bucket as u64 * proc.busy.step / step;
            if let Some(sum) = sums.get_mut(at as usize) {
                *sum += busy;
            }
        }
        let values = sums.iter().enumerate().map(|(i, &busy)| {
            let begin = i as u64 * step;
            let long = (begin + step).min(of.length()).saturating_sub(begin).max(1);
            (busy as f64 / long as f64).min(1.0) as f32
        });
        let all: u64 = proc.busy.values.iter().sum();
        let text = share(super::cell::part(all, of.length()));
        chart.parts.push(part(
            &format!("P {}", proc.id),
            "running",
            values.collect(),
            text,
        ));
    }
    Some(chart)
}

/// Goroutines that run and that could, over time.
pub(super) fn running(of: &Traced<'_>) -> TraceChart {
    let series = &of.report.running;
    let join = joined(series);
    let mut chart = TraceChart {
        title: "Goroutines that run, and that could".to_owned(),
        kind: "lines".to_owned(),
        ..TraceChart::default()
    };
    time_axis(of, series, &mut chart);
    for (which, name, role) in [(1, "running", "running"), (0, "able to run", "runnable")] {
        let chunks = series.values.chunks(join).enumerate();
        let values: Vec<f32> = chunks
            .map(|(i, chunk)| {
                let sum: u64 = chunk.iter().map(|bucket| bucket[which]).sum();
                (sum as f64 / place_length(of, series, i, chunk.len())) as f32
            })
            .collect();
        let most = values.iter().copied().fold(0.0, f32::max);
        chart.top = chart.top.max(f64::from(most));
        let all: u64 = series.values.iter().map(|bucket| bucket[which]).sum();
        let mean = all as f64 / of.length().max(1) as f64;
        chart
            .parts
            .push(part(name, role, values, format!("{mean:.2} on average")));
    }
    chart.top_text = format!("{:.1}", chart.top);
    chart
}

/// The heap and its goal over time.
pub(super) fn heap(of: &Traced<'_>) -> Option<TraceChart> {
    let series = &of.report.heap;
    if series.values.is_empty() {
        return None;
    }
    let join = joined(series);
    let mut chart = TraceChart {
        title: "Heap in use, and the goal".to_owned(),
        kind: "lines".to_owned(),
        ..TraceChart::default()
    };
    time_axis(of, series, &mut chart);
    // Where nothing is said it is what was said before.
    let (mut heap, mut goal) = (0, 0);
    let (mut heaps, mut goals) = (Vec::new(), Vec::new());
    let mut most = 0;
    for chunk in series.values.chunks(join) {
        let in_use = chunk
            .iter()
            .map(|point| point.heap)
            .max()
            .filter(|&bytes| bytes > 0);
        heap = in_use.unwrap_or(heap);
        let aim = chunk
            .iter()
            .rev()
            .map(|point| point.goal)
            .find(|&bytes| bytes > 0);
        goal = aim.unwrap_or(goal);
        most = most.max(heap).max(goal);
        heaps.push(heap as f32);
        goals.push(goal as f32);
    }
    chart.top = most as f64;
    chart.top_text = bytes(most);
    let peak = series
        .values
        .iter()
        .map(|point| point.heap)
        .max()
        .unwrap_or(0);
    chart.parts.push(part(
        "in use",
        "heap",
        heaps,
        format!("at most {}", bytes(peak)),
    ));
    if goals.iter().any(|&goal| goal > 0.0) {
        chart.parts.push(part("goal", "goal", goals, String::new()));
    }
    Some(chart)
}

/// The least utilisation over the length of the window.
pub(super) fn curve(of: &Traced<'_>) -> Option<TraceChart> {
    let all = utilisation(&of.report.collector, of.report.last_event, Flags::USUAL);
    let length = of.length();
    let (first, last) = (10_000.0_f64, (length as f64).min(10e9));
    if all.times.len() < 2 || last <= first {
        return None;
    }
    let window = |i: usize| first * (last / first).powf(i as f64 / (CURVE - 1) as f64);
    let values: Vec<f32> = (0..CURVE)
        .map(|i| minimum_utilisation(&all, window(i) as u64).map_or(1.0, |(least, _)| least as f32))
        .collect();
    let place = |nanos: f64| (nanos / first).ln() / (last / first).ln();
    let decades = (4..11).map(|power| 10_f64.powi(power));
    let decades = decades.filter(|&nanos| nanos >= first && nanos <= last);
    Some(TraceChart {
        title: "Least share left to the program, by the length of the window".to_owned(),
        kind: "curve".to_owned(),
        x: (0..CURVE).map(window).collect(),
        end: last,
        ticks: decades
            .map(|nanos| (place(nanos), time(nanos as u64)))
            .collect(),
        top: 1.0,
        top_text: "100%".to_owned(),
        parts: vec![part(
            "left to the program",
            "running",
            values,
            String::new(),
        )],
    })
}

/// How often which duration occurred, by powers of ten.
pub(super) fn bars(title: &str, times: &Histogram) -> Option<TraceChart> {
    if times.count() == 0 {
        return None;
    }
    let place = |nanos: u64| ((nanos.max(1) as f64).log10() * BARS).floor();
    let first = place(times.least().max(32));
    let last = place(times.most().max(32));
    let mut values = vec![0_f32; (last - first) as usize + 1];
    for (floor, beyond, count) in times.buckets() {
        let middle = u64::midpoint(floor, beyond - 1).clamp(32, times.most().max(32));
        let at = (place(middle) - first).clamp(0.0, last - first) as usize;
        values[at] += count as f32;
    }
    let edge = |i: f64| 10_f64.powf((first + i) / BARS);
    let bars = values.len() as f64;
    let ticks = (0..=values.len()).filter_map(|i| {
        let is_power = (first as i64 + i as i64).rem_euclid(BARS as i64) == 0;
        let text = time(edge(i as f64).round() as u64);
        is_power.then_some((i as f64 / bars, text))
    });
    let most = values.iter().copied().fold(0.0, f32::max);
    Some(TraceChart {
        title: title.to_owned(),
        kind: "bars".to_owned(),
        x: (0..values.len()).map(|i| edge(i as f64)).collect(),
        end: edge(bars),
        ticks: ticks.collect(),
        top: f64::from(most),
        top_text: crate::unit::count(most as u64),
        parts: vec![part("", "plain", values, String::new())],
    })
}

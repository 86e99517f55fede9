//! The integers behind the text.

use super::super::json::{
    FUNCTION_LIMIT, FileNumbers, FunctionNumbers, MechanismNumbers, PathNumbers, SampleTypeNumbers,
    StepNumbers, raw_name,
};
use super::study::{Study, View};
use crate::analysis::{FlatCum, HotPath, Part, Selection, flat_cum};

pub(super) fn numbers(study: &Study<'_>, view: Option<&View<'_>>) -> FileNumbers {
    let (file, profile) = (study.file, study.file.profile);
    let mut numbers = FileNumbers {
        file: file.name.to_owned(),
        kind: file.kind.name().to_owned(),
        samples: profile.samples.len() as u64,
        stacks: profile.stacks.len() as u64,
        duration_nanos: profile.duration_nanos,
        period: profile.period,
        ..FileNumbers::default()
    };
    let Some(view) = view else { return numbers };
    let mut sums = Vec::new();
    for t in 0..profile.sample_types.len() {
        let selection = Selection::all(profile, t);
        sums.push(flat_cum(profile, &study.nodes, &selection, None));
        numbers.sample_types.push(SampleTypeNumbers {
            name: raw_name(&profile.type_name(t)),
            unit: raw_name(&profile.unit_name(t)),
            total: selection.total,
            overflowed: selection.overflowed,
            shown: t == view.selection.sample_type,
        });
    }
    numbers.functions = functions(view, &sums);
    numbers.function_count = view.by_cum.len() as u64;
    numbers.mechanisms = mechanisms(view);
    numbers.hot_paths = view.paths.iter().map(|path| hot_path(view, path)).collect();
    numbers
}

fn functions(view: &View<'_>, sums: &[FlatCum]) -> Vec<FunctionNumbers> {
    let rows = view.by_cum.iter().take(FUNCTION_LIMIT);
    rows.map(|row| {
        let node = row.node.index();
        FunctionNumbers {
            name: raw_name(&view.name(row.node)),
            class: view.class(row.node).name().to_owned(),
            flat: sums.iter().map(|s| s.flat[node]).collect(),
            cum: sums.iter().map(|s| s.cum[node]).collect(),
        }
    })
    .collect()
}

fn mechanisms(view: &View<'_>) -> Vec<MechanismNumbers> {
    let number = |part: &Part| MechanismNumbers {
        key: raw_name(&part.key),
        label: raw_name(&part.label),
        value: part.value,
    };
    view.parts.iter().map(number).collect()
}

fn hot_path(view: &View<'_>, path: &HotPath) -> PathNumbers {
    let steps = path.steps.iter().map(|step| StepNumbers {
        name: raw_name(&view.name(step.node)),
        flat: step.flat,
        cum: step.cum,
    });
    PathNumbers {
        value: path.value,
        steps: steps.collect(),
    }
}

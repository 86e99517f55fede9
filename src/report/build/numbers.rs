//! The integers behind the text.

use super::super::json::{
    FUNCTION_LIMIT, FileNumbers, FunctionNumbers, MechanismNumbers, PathNumbers, SampleTypeNumbers,
    StepNumbers, TYPE_LIMIT, raw_name,
};
use super::study::{Study, View};
use super::trace;
use crate::analysis::{HotPath, Part, Selection, flat_cum};

pub(super) fn numbers(study: &Study<'_>, view: Option<&View<'_>>) -> FileNumbers {
    let (file, profile) = (study.file, study.file.profile);
    let mut numbers = FileNumbers {
        file: file.name.to_owned(),
        kind: file.kind.name().to_owned(),
        samples: profile.samples.len() as u64,
        stacks: profile.stacks.len() as u64,
        duration_nanos: profile.duration_nanos,
        period: profile.period,
        trace: trace::numbers(study),
        ..FileNumbers::default()
    };
    let Some(view) = view else { return numbers };
    numbers.functions = functions(view);
    for t in types(view) {
        let selection = Selection::all(profile, t);
        let sums = flat_cum(profile, &study.nodes, &selection, None);
        for (row, function) in view.by_cum.iter().zip(&mut numbers.functions) {
            function.flat.push(sums.flat[row.node.index()]);
            function.cum.push(sums.cum[row.node.index()]);
        }
        numbers.sample_types.push(SampleTypeNumbers {
            name: raw_name(&profile.type_name(t)),
            unit: raw_name(&profile.unit_name(t)),
            total: selection.total,
            overflowed: selection.overflowed,
            shown: t == view.selection.sample_type,
        });
    }
    numbers.function_count = view.by_cum.len() as u64;
    numbers.mechanisms = mechanisms(view);
    numbers.hot_paths = view.paths.iter().map(|path| hot_path(view, path)).collect();
    numbers
}

/// The sample types with numbers, ascending: the first ones and the one that is shown.
fn types(view: &View<'_>) -> Vec<usize> {
    let shown = view.selection.sample_type;
    let count = view.profile.sample_types.len();
    if count <= TYPE_LIMIT || shown < TYPE_LIMIT {
        return (0..count.min(TYPE_LIMIT)).collect();
    }
    (0..TYPE_LIMIT - 1).chain([shown]).collect()
}

/// The rows to list, without values yet.
fn functions(view: &View<'_>) -> Vec<FunctionNumbers> {
    let rows = view.by_cum.iter().take(FUNCTION_LIMIT);
    rows.map(|row| FunctionNumbers {
        name: raw_name(&view.name(row.node)),
        class: view.class(row.node).name().to_owned(),
        ..FunctionNumbers::default()
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

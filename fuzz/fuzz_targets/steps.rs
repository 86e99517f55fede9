//! Filters and transforms as a link may name them, a line for each (`kind text`), in any order, on a
//! small profile with labels and inlined calls: what is left is a profile, and no value is made up.
//! `@n` is the place of a box of its call trees.
#![no_main]

#[path = "../shared/small.rs"]
mod small;

use std::sync::OnceLock;

use dropprof::analysis::{
    Classes, Granularity, NodeOptions, Nodes, Place, Selection, Step, StepKind, TagNames, Tree,
    apply_steps, flat_cum, step_errors,
};
use dropprof::model::check::check;
use libfuzzer_sys::fuzz_target;
use small::profile;

/// The places of the boxes of the profile's trees, from both ends and of several granularities.
fn places() -> &'static [String] {
    static PLACES: OnceLock<Vec<String>> = OnceLock::new();
    PLACES.get_or_init(|| {
        let profile = profile();
        let selection = Selection::all(profile, 3);
        let mut places = Vec::new();
        for granularity in [
            Granularity::Functions,
            Granularity::Packages,
            Granularity::Lines,
        ] {
            for choice in 0..4 {
                let (noinlines, inverted) = (choice & 1 == 1, choice & 2 == 2);
                let options = NodeOptions {
                    granularity,
                    noinlines,
                    ..NodeOptions::default()
                };
                let nodes = Nodes::new(profile, &options);
                let tree = Tree::new(profile, &nodes, &selection, inverted);
                let view = tree.view(profile, &nodes);
                let mut boxes = vec![view.root()];
                while let Some(at) = boxes.pop() {
                    boxes.extend(view.children(at));
                    places.extend(Place::of(&view, at, options).map(|place| place.to_string()));
                }
            }
        }
        places
    })
}

/// The text of a step; `@n` stands for a place, as no fuzzer guesses its check sum.
fn text_of(kind: StepKind, text: &str) -> String {
    let number = text.strip_prefix('@').and_then(|n| n.parse::<usize>().ok());
    match number {
        Some(number) if matches!(kind, StepKind::FocusSubtree | StepKind::MergeNode) => {
            places()[number % places().len()].clone()
        }
        _ => text.to_owned(),
    }
}

fn steps(text: &str) -> Vec<Step> {
    let steps = text.lines().take(20).filter_map(|line| {
        let (kind, text) = line.split_once(' ')?;
        let kind = StepKind::named(kind).or_else(|| {
            let number: usize = kind.parse().ok()?;
            StepKind::ALL.get(number).copied()
        })?;
        let text = text_of(kind, text);
        (!text.is_empty()).then_some(Step { kind, text })
    });
    steps.collect()
}

fuzz_target!(|text: &str| {
    let steps = steps(text);
    let classes = Classes::new(profile());
    let mut left = profile().clone();
    match apply_steps(&mut left, &steps, "minimum", TagNames::Values, &classes) {
        Ok(applied) => {
            check(&left).expect("what the steps leave is a profile");
            assert!(left.samples.len() <= profile().samples.len());
            assert!(
                applied
                    .twins
                    .iter()
                    .all(|(new, _)| new.index() < left.functions.len())
            );
            let nodes = Nodes::new(&left, &NodeOptions::default());
            let selection = Selection::all(&left, 3);
            flat_cum(&left, &nodes, &selection, None);
        }
        Err(error) => {
            let known = error.step.is_none_or(|at| at < steps.len());
            assert!(known && !error.error.reason.is_empty());
            let errors = step_errors(profile(), &steps, "minimum", &classes);
            assert!(!errors.is_empty());
        }
    }
});

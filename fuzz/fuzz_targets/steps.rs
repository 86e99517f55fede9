//! Filters and transforms as a link may name them, a line for each (`kind text`), in any order, on a
//! small profile with labels and inlined calls: what is left is a profile, and no value is made up.
#![no_main]

use std::sync::OnceLock;

use dropprof::analysis::{
    Classes, NodeOptions, Nodes, Selection, Step, StepKind, TagNames, apply_steps, flat_cum, step_errors,
};
use dropprof::formats::{OpenOptions, open};
use dropprof::model::Profile;
use dropprof::model::check::check;
use libfuzzer_sys::fuzz_target;

fn profile() -> &'static Profile {
    static PROFILE: OnceLock<Profile> = OnceLock::new();
    PROFILE.get_or_init(|| {
        let bytes = include_bytes!("../../testdata/command/mem.pb");
        let mut opened = open("mem.pb", bytes, OpenOptions::default());
        opened
            .pop()
            .expect("a file")
            .result
            .expect("a profile")
            .profile
    })
}

fn steps(text: &str) -> Vec<Step> {
    let steps = text.lines().take(20).filter_map(|line| {
        let (kind, text) = line.split_once(' ')?;
        let kind = StepKind::named(kind).or_else(|| {
            let number: usize = kind.parse().ok()?;
            StepKind::ALL.get(number).copied()
        })?;
        let text = text.to_owned();
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
            assert!(applied.twins.iter().all(|(new, _)| new.index() < left.functions.len()));
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

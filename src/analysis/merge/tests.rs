use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::analysis::testing::{test_profile, test_profile_of};
use crate::model::check::check;
use crate::model::{StringId, ValueType};

const CPU: [(&str, &str); 2] = [("samples", "count"), ("cpu", "nanoseconds")];
const RULES: [MergeRules; 2] = [MergeRules::EXACT, MergeRules::CORRECTED];

/// Values by stack and labels, as text; sums that are zero are left out.
fn sums(profiles: &[&Profile]) -> BTreeMap<String, Vec<i64>> {
    let mut sums: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for profile in profiles {
        check(profile).unwrap();
        let types = profile.sample_types.len();
        for (i, &stack) in profile.samples.stacks.iter().enumerate() {
            let row = &profile.samples.values[i * types..][..types];
            let sum = sums.entry(described(profile, i, stack)).or_default();
            sum.resize(types, 0);
            sum.iter_mut()
                .zip(row)
                .for_each(|(s, v)| *s = s.wrapping_add(*v));
        }
    }
    sums.retain(|_, values| values.iter().any(|&value| value != 0));
    sums
}

fn described(profile: &Profile, i: usize, stack: crate::model::StackId) -> String {
    let text = |id| profile.strings.text(id).into_owned();
    let mut frames = Vec::new();
    for location in profile.stacks.get(stack) {
        let location = &profile.locations[location.index()];
        let binary = location
            .mapping
            .map(|m| text(profile.mappings[m.index()].filename));
        let lines = profile.lines_of(location).iter().map(|line| {
            let function = &profile.functions[line.function.index()];
            let (name, file) = (text(function.name), text(function.filename));
            format!("{name}@{file}:{}:{}", line.line, line.column)
        });
        frames.push(format!(
            "{binary:?} {}",
            lines.collect::<Vec<_>>().join("~")
        ));
    }
    let labels = profile.samples.labels(i).iter();
    let labels =
        labels.map(|l| format!("{}={}{}{}", text(l.key), text(l.str), l.num, text(l.unit)));
    let mut labels: Vec<String> = labels.collect();
    labels.sort();
    format!("{} {labels:?}", frames.join(";"))
}

/// Small profiles whose stacks and labels are often equal.
fn profiles() -> impl Strategy<Value = Profile> {
    let frame = prop_oneof![
        "[a-c]",
        "[a-b]~[a-b]@/f.go:[1-2]",
        Just("[lib.so]".to_owned())
    ];
    let stack = prop::collection::vec(frame, 0..4).prop_map(|frames| match frames.as_slice() {
        [] => "-".to_owned(),
        frames => frames.join(";"),
    });
    let label = prop_oneof![
        Just(""),
        Just(" [k=v]"),
        Just(" [k=w b=16]"),
        Just(" [b=16 k=w]")
    ];
    let sample = (stack, -2_i64..3, -2_i64..3, label)
        .prop_map(|(stack, n, t, label)| format!("{stack} {n} {t}{label}"));
    prop::collection::vec(sample, 0..12).prop_map(|lines| test_profile_of(&CPU, &lines.join("\n")))
}

fn merged(profiles: &[&Profile], rules: MergeRules) -> Profile {
    let owned = profiles.iter().map(|&profile| profile.clone()).collect();
    merge(owned, rules).unwrap().profile
}

proptest! {
    #[test]
    fn sums_are_what_they_are_in_whatever_order(a in profiles(), b in profiles(), c in profiles()) {
        for rules in RULES {
            let expected = sums(&[&a, &b, &c]);
            prop_assert_eq!(&sums(&[&merged(&[&a, &b, &c], rules)]), &expected);
            prop_assert_eq!(&sums(&[&merged(&[&c, &a, &b], rules)]), &expected);
            let chunked = merged(&[&merged(&[&a, &b], rules), &c], rules);
            prop_assert_eq!(&sums(&[&chunked]), &expected);
            let chunked = merged(&[&a, &merged(&[&b, &c], rules)], rules);
            prop_assert_eq!(&sums(&[&chunked]), &expected);
        }
    }

    #[test]
    fn what_is_merged_is_compact(a in profiles(), b in profiles()) {
        for rules in RULES {
            let once = merged(&[&a, &b], rules);
            let twice = compact(&once, rules).unwrap();
            prop_assert_eq!(&once.samples.values, &twice.samples.values);
            prop_assert_eq!(&once.stacks.frames, &twice.stacks.frames);
            prop_assert_eq!(once.functions.len(), twice.functions.len());
            let rows = sums(&[&once]);
            prop_assert_eq!(rows.len(), once.samples.len(), "no sample is there twice, none is zero");
        }
    }

    #[test]
    fn a_profile_less_itself_is_nothing(a in profiles()) {
        for rules in RULES {
            let nothing = diff(a.clone(), a.clone(), false, false, rules).unwrap().profile;
            prop_assert!(nothing.samples.is_empty() && nothing.stacks.is_empty());
            let compared = diff(a.clone(), a.clone(), true, false, rules).unwrap().profile;
            let net: i64 = compared.samples.values.iter().sum();
            prop_assert_eq!(net, 0);
            prop_assert_eq!(compared.base_samples().len() * 2, compared.samples.len());
        }
    }
}

fn with_unit(unit: &str, text: &str) -> Profile {
    test_profile_of(&[("samples", "count"), ("cpu", unit)], text)
}

#[test]
fn the_finest_unit_counts_and_pprof_drops_what_is_zero_in_a_coarser_one() {
    // 7 ms are 7 000 000 ns; `a` has 5 samples and no time.
    let coarse = with_unit("milliseconds", "a 5 0\nb 2 7");
    let fine = with_unit("nanoseconds", "b 1 3");
    for (rules, expected) in [
        (MergeRules::EXACT, &[("b", [3, 7_000_003])][..]),
        (
            MergeRules::CORRECTED,
            &[("a", [5, 0]), ("b", [3, 7_000_003])],
        ),
    ] {
        let merged = merge(vec![coarse.clone(), fine.clone()], rules).unwrap();
        assert_eq!(merged.profile.unit_name(1), "nanoseconds");
        let sums = sums(&[&merged.profile]);
        let found: Vec<(&str, &[i64])> = sums
            .iter()
            .map(|(name, values)| (&name[5..6], values.as_slice()))
            .collect();
        let expected: Vec<(&str, &[i64])> = expected.iter().map(|(n, v)| (*n, &v[..])).collect();
        assert_eq!(found, expected);
        assert_eq!(merged.diagnostics.len(), usize::from(!rules.exact));
    }
}

#[test]
fn only_common_types_stay_in_the_first_one_s_order() {
    let a = test_profile_of(&[("x", "count"), ("y", "count"), ("z", "bytes")], "f 1 2 3");
    let b = test_profile_of(&[("z", "bytes"), ("x", "count")], "f 10 20\ng 0 5");
    for rules in RULES {
        let merged = merged(&[&a, &b], rules);
        assert_eq!(
            (merged.type_name(0), merged.type_name(1)),
            ("x".into(), "z".into())
        );
        assert_eq!(merged.samples.values, [21, 13, 5, 0]);
    }
    let none = test_profile_of(&[("w", "count")], "f 1");
    for rules in RULES {
        let error = merge(vec![a.clone(), none.clone()], rules).unwrap_err();
        assert_eq!(error, "profiles have empty common sample type list");
    }
}

#[test]
fn types_of_one_name_are_told_apart_by_their_order() {
    let twice = test_profile_of(&[("x", "count"), ("x", "count"), ("y", "count")], "f 1 2 3");
    let exact = merge(vec![twice.clone()], MergeRules::EXACT).unwrap();
    assert_eq!(exact.profile.samples.values, [3]);
    let both = merge(vec![twice.clone(), twice.clone()], MergeRules::CORRECTED).unwrap();
    assert_eq!(both.profile.samples.values, [2, 4, 6]);
    assert_eq!(both.diagnostics.len(), 1);
}

#[test]
fn profiles_that_do_not_say_what_their_period_counts() {
    let silent = test_profile("f 1");
    let mut other = test_profile("f 2");
    let period = |profile: &mut Profile, name: &[u8]| {
        let kind = profile.strings.push(name).unwrap();
        profile.period_type = Some(ValueType {
            kind,
            unit: StringId(0),
        });
    };
    period(&mut other, b"cpu");
    let error = merge(vec![silent.clone(), other.clone()], MergeRules::EXACT).unwrap_err();
    assert_eq!(error, "period type: incompatible types: {  0 0} {cpu  0 0}");
    for order in [[&silent, &other], [&other, &silent]] {
        let merged = merge(order.map(Clone::clone).to_vec(), MergeRules::CORRECTED).unwrap();
        assert_eq!(merged.profile.samples.values, [3]);
        let kind = merged.profile.period_type.unwrap().kind;
        assert_eq!(merged.profile.strings.bytes(kind), b"cpu");
        assert_eq!(merged.diagnostics.len(), 1);
    }
    // What the first one does not say, the second one does, and the third one contradicts.
    let mut third = test_profile("f 4");
    period(&mut third, b"space");
    let mut merger = Merger::new(MergeRules::CORRECTED);
    merger.add(&silent).unwrap();
    merger.add(&other).unwrap();
    let error = merger.add(&third).unwrap_err();
    assert_eq!(
        error,
        "incompatible period types &{cpu  0 0} and &{space  0 0}"
    );
}

#[test]
fn columns_of_inlined_calls_tell_locations_apart() {
    let column = |column| {
        let mut profile = test_profile("main~inlined 1");
        profile.lines[0].column = column;
        profile
    };
    let profiles = vec![column(1), column(2)];
    let exact = merge(profiles.clone(), MergeRules::EXACT).unwrap();
    assert_eq!(exact.profile.samples.values, [2]);
    let corrected = merge(profiles, MergeRules::CORRECTED).unwrap();
    assert_eq!(corrected.profile.samples.values, [1, 1]);
    assert_eq!(corrected.diagnostics.len(), 1);
}

#[test]
fn a_binary_that_lies_elsewhere_is_the_same_binary() {
    let at = |start: u64| {
        let mut profile = test_profile("[a.out] 1");
        profile.mappings[0].start = start;
        profile.mappings[0].limit = start + 0x1800 + start % 0x1000;
        profile.locations[0].address = start + 0x10;
        profile
    };
    // Sizes are rounded up to pages: 0x1800 and 0x1808 are both 0x2000.
    let merged = merged(&[&at(0x40_0000), &at(0x7f00_0008)], MergeRules::EXACT);
    assert_eq!(merged.mappings.len(), 1);
    assert_eq!(merged.samples.values, [2]);
    assert_eq!(merged.locations[0].address, 0x40_0010);
}

#[test]
fn what_is_no_table() {
    let with = |time, duration, period, comment: &[u8]| {
        let mut profile = test_profile("f 1");
        profile.time_nanos = time;
        profile.duration_nanos = duration;
        profile.period = period;
        let comment = profile.strings.push(comment).unwrap();
        profile.comments.push(comment);
        profile
    };
    let profiles = [
        with(7, 1, 5, b"x"),
        with(3, 2, 9, b"y"),
        with(0, 4, 1, b"x"),
    ];
    for (rules, time) in [(MergeRules::EXACT, 0), (MergeRules::CORRECTED, 3)] {
        let merged = merge(profiles.to_vec(), rules).unwrap().profile;
        assert_eq!(
            (merged.time_nanos, merged.duration_nanos, merged.period),
            (time, 7, 9)
        );
        let text = |&id: &StringId| merged.strings.text(id).into_owned();
        assert_eq!(
            merged.comments.iter().map(text).collect::<Vec<_>>(),
            ["x", "y"]
        );
    }
}

#[test]
fn the_source_is_brought_to_the_size_of_its_base() {
    // 30 ÷ 60: halves, rounded away from zero; 15 - 10, 8 - 20, 8.
    let source = test_profile("a 30\nb 15\nc 15");
    let base = test_profile("a 10\nb 20");
    let merged = diff(source, base, false, true, MergeRules::EXACT)
        .unwrap()
        .profile;
    assert_eq!(merged.samples.values, [5, -12, 8]);
}

#[test]
fn pprof_subtracts_with_a_float_s_precision() {
    const ODD: i64 = (1 << 53) + 1;
    let base = test_profile(&format!("a {ODD}"));
    for (rules, left) in [
        (MergeRules::EXACT, vec![1]),
        (MergeRules::CORRECTED, vec![]),
    ] {
        let merged = diff(base.clone(), base.clone(), false, false, rules)
            .unwrap()
            .profile;
        assert_eq!(merged.samples.values, left);
    }
}

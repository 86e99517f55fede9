//! Two cells against each other.

use super::{Assume, CompareOptions, SampleSummary, UTests, Warning, samples_for_test};

/// By how much a middle changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delta {
    /// Both are equal.
    Same,
    /// From 0, which no ratio can tell.
    FromZero,
    /// New over old, less 1.
    Change(f64),
}

/// The change from one middle to another.
pub fn delta(old: f64, new: f64) -> Delta {
    if old == new {
        Delta::Same
    } else if old == 0.0 {
        Delta::FromZero
    } else {
        Delta::Change(new / old - 1.0)
    }
}

/// How a cell differs from the one it is compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The change of the middles, whether or not it is more than chance.
    pub delta: Delta,
    /// How probable such samples are without any difference, as benchstat prints it: see
    /// [`super::UTest::p`]. 0 for an exact unit, 1 where nothing can be said.
    pub p: f64,
    /// The same without benchstat's mistake.
    pub two_sided: f64,
    /// In what share of all pairs the value of this cell is the larger, equal ones counting half;
    /// one half where nothing was tested.
    pub larger: f64,
    /// Number of samples in the cell it is compared with.
    pub n_base: usize,
    /// Number of samples in this cell.
    pub n: usize,
    /// The difference is more than chance, or the unit is exact.
    pub significant: bool,
    /// The unit is said to be exact, so that nothing was tested.
    pub exact_unit: bool,
    /// What to know about it.
    pub warnings: Vec<Warning>,
}

/// Compares samples, whose summaries are given, with those of the base.
pub(super) fn difference(
    base: (&[f64], &SampleSummary),
    new: (&[f64], &SampleSummary),
    assume: Assume,
    options: &CompareOptions,
    tests: &mut UTests,
) -> Difference {
    let mut found = Difference {
        delta: delta(base.1.center, new.1.center),
        p: 0.0,
        two_sided: 0.0,
        larger: 0.5,
        n_base: base.0.len(),
        n: new.0.len(),
        significant: true,
        exact_unit: assume == Assume::Exact,
        warnings: Vec::new(),
    };
    if found.exact_unit {
        return found;
    }
    let Some(test) = tests.test(base.0, new.0) else {
        (found.p, found.two_sided, found.significant) = (1.0, 1.0, false);
        found.warnings.push(Warning::NotANumber);
        return found;
    };
    (found.p, found.two_sided) = (test.p, test.two_sided);
    found.larger = 1.0 - test.u / (found.n_base as f64 * found.n as f64);
    let p = if options.as_benchstat {
        test.p
    } else {
        test.two_sided
    };
    found.significant = p <= options.alpha;
    if test.all_equal {
        found.warnings.push(Warning::AllEqual);
        return found;
    }
    let need = samples_for_test(options.alpha);
    let few = |n: usize| need.is_none_or(|need| n < need);
    if !found.significant && few(found.n_base.max(found.n)) {
        found.warnings.push(Warning::FewForTest {
            need,
            alpha: options.alpha,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::summarise;
    use super::*;

    fn compared(old: &[f64], new: &[f64], assume: Assume) -> Difference {
        let options = CompareOptions::default();
        let summary = |samples| summarise(samples, assume, options.confidence);
        let tests = &mut UTests::default();
        difference(
            (old, &summary(old)),
            (new, &summary(new)),
            assume,
            &options,
            tests,
        )
    }

    #[test]
    fn three_samples_cannot_differ() {
        let (old, new) = ([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]);
        let three = compared(&old, &new, Assume::Nothing);
        let (need, alpha) = (Some(4), 0.05);
        assert_eq!(three.warnings, [Warning::FewForTest { need, alpha }]);
        assert_eq!(
            (three.delta, three.significant),
            (Delta::Change(1.5), false)
        );
        // With four on one side there is no warning, although 2/35 is above 0.05 too.
        let four = compared(&old, &[4.0, 5.0, 6.0, 7.0], Assume::Nothing);
        assert_eq!((four.warnings.len(), four.significant), (0, false));
    }

    #[test]
    fn what_needs_no_test() {
        let exact = compared(&[1.0], &[2.0], Assume::Exact);
        assert!(exact.significant && exact.exact_unit);
        assert_eq!((exact.p, exact.delta), (0.0, Delta::Change(1.0)));
        let equal = compared(&[3.0; 2], &[3.0; 2], Assume::Nothing);
        assert_eq!(equal.warnings, [Warning::AllEqual]);
        assert_eq!(equal.delta, Delta::Same);
        let none = compared(&[f64::NAN; 6], &[3.0; 6], Assume::Nothing);
        assert_eq!(
            (none.significant, none.warnings),
            (false, vec![Warning::NotANumber])
        );
        assert_eq!(delta(0.0, 2.0), Delta::FromZero);
    }
}

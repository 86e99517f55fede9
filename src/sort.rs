//! Sorting through one instance of the sort, whatever is compared.
//!
//! The standard sort is compiled anew for every comparison it is given, some 8 KB of wasm each;
//! two dozen of them were a tenth of what the page has to load. Where the comparison is not the
//! bottleneck it is called through a pointer here.

use std::cmp::Ordering;

/// Sorts row numbers; stable.
pub(crate) fn sort_ids(ids: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    ids.sort_by(|&a, &b| compare(a, b));
}

/// Sorts rows; stable.
pub(crate) fn sort_by<T>(rows: &mut Vec<T>, compare: &dyn Fn(&T, &T) -> Ordering) {
    let mut order: Vec<u32> = (0..rows.len() as u32).collect();
    sort_ids(&mut order, &|a, b| {
        compare(&rows[a as usize], &rows[b as usize])
    });
    let mut unsorted: Vec<Option<T>> = rows.drain(..).map(Some).collect();
    rows.extend(
        order
            .iter()
            .filter_map(|&row| unsorted[row as usize].take()),
    );
}

#[cfg(test)]
mod tests {
    #[test]
    fn sorting_is_stable() {
        let mut rows = vec![("b", 1), ("a", 2), ("b", 0), ("a", 1)];
        super::sort_by(&mut rows, &|x, y| x.0.cmp(y.0));
        assert_eq!(rows, [("a", 2), ("a", 1), ("b", 1), ("b", 0)]);
    }
}

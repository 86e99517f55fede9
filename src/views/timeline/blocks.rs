//! A list that grows without moving what it holds, so that memory never doubles for a moment.

/// Rows of a block.
const BLOCK: usize = 1 << 12;

/// A list in blocks of equal length.
#[derive(Clone, Debug)]
pub(super) struct Blocks<T> {
    blocks: Vec<Vec<T>>,
    len: usize,
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Self {
            blocks: Vec::new(),
            len: 0,
        }
    }
}

impl<T> Blocks<T> {
    pub(super) fn push(&mut self, row: T) {
        if self.len.is_multiple_of(BLOCK) {
            // The first one grows like any list: most lists are short.
            let room = if self.len == 0 { 0 } else { BLOCK };
            self.blocks.push(Vec::with_capacity(room));
        }
        if let Some(block) = self.blocks.last_mut() {
            block.push(row);
            self.len += 1;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn get(&self, at: usize) -> Option<&T> {
        self.blocks.get(at / BLOCK)?.get(at % BLOCK)
    }

    #[inline]
    pub(super) fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        self.blocks.get_mut(at / BLOCK)?.get_mut(at % BLOCK)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.blocks.iter().flatten()
    }

    /// How many rows come before the first of which something is not true, as it is of all of
    /// these and of none after them.
    pub(super) fn partition_point(&self, is_before: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len);
        while low < high {
            let middle = low.midpoint(high);
            match self.get(middle).is_some_and(&is_before) {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }

    /// Bytes that the rows take, without what they point to.
    pub(super) fn bytes(&self) -> usize {
        let rows: usize = self.blocks.iter().map(Vec::capacity).sum();
        rows * size_of::<T>() + self.blocks.capacity() * size_of::<Vec<T>>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_across_blocks() {
        let mut list = Blocks::default();
        for row in 0..2 * BLOCK + 3 {
            list.push(row);
        }
        assert_eq!(list.len(), 2 * BLOCK + 3);
        for at in [0, BLOCK - 1, BLOCK, 2 * BLOCK + 2] {
            assert_eq!(list.get(at), Some(&at));
        }
        assert_eq!(list.get(2 * BLOCK + 3), None);
        assert!(list.iter().copied().eq(0..2 * BLOCK + 3));
    }
}

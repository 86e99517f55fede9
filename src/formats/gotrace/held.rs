//! The bytes of the generation that is coming in.

use super::generation::Batch;

/// Bytes of a block. One buffer of all would be copied as it grows, and a tab's memory, which
/// never shrinks, would keep the room of all its earlier sizes.
const BLOCK: usize = 1 << 20;

/// Payloads of batches, each in one piece. Blocks are used again for the next generation.
#[derive(Debug, Default)]
pub(super) struct Held {
    blocks: Vec<Vec<u8>>,
    /// Blocks that hold something; the last of them is being filled.
    used: usize,
}

impl Held {
    /// Keeps a payload that stands at `at` of the file.
    pub(super) fn keep(&mut self, thread: u64, time: u64, at: u64, payload: &[u8]) -> Batch {
        let has_room = |block: &Vec<u8>| BLOCK.saturating_sub(block.len()) >= payload.len();
        let last = self.used.checked_sub(1).and_then(|at| self.blocks.get(at));
        if !last.is_some_and(has_room) {
            if self.used == self.blocks.len() {
                self.blocks
                    .push(Vec::with_capacity(BLOCK.max(payload.len())));
            }
            self.used += 1;
        }
        let block = &mut self.blocks[self.used - 1];
        let from = block.len();
        block.extend_from_slice(payload);
        Batch {
            thread,
            time,
            at,
            block: (self.used - 1) as u32,
            from,
            to: block.len(),
        }
    }

    /// A block up to the end of a batch's payload; a batch of another generation has none.
    #[inline(always)]
    pub(super) fn until(&self, batch: &Batch) -> &[u8] {
        let block = self.blocks.get(batch.block as usize);
        block
            .and_then(|block| block.get(..batch.to))
            .unwrap_or_default()
    }

    /// Forgets what is held, and keeps the room.
    pub(super) fn clear(&mut self) {
        for block in &mut self.blocks[..self.used] {
            block.clear();
        }
        self.used = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_are_in_one_piece_and_room_is_used_again() {
        let mut held = Held::default();
        for round in 0..3_u8 {
            let all: Vec<(Batch, Vec<u8>)> = (0..100)
                .map(|i| {
                    let payload = vec![round.wrapping_mul(100).wrapping_add(i); 60_000];
                    (held.keep(0, 0, u64::from(i), &payload), payload)
                })
                .collect();
            for (batch, payload) in &all {
                assert_eq!(&held.until(batch)[batch.from..], payload);
            }
            // 17 payloads of 60 000 bytes are in a block of 2^20: 100 need 6.
            assert_eq!((held.used, held.blocks.len()), (6, 6));
            held.clear();
            assert!(held.until(&all[0].0).is_empty());
        }
    }
}

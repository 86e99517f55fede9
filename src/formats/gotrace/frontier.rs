//! Which thread's record is next by the clock.

/// The threads by the time of their next records, in the heap that Go's reader uses: among equal
/// times the order follows from it, so that events come in the same order as there.
#[derive(Debug, Default)]
pub(super) struct Frontier(pub(super) Vec<(u64, u32)>);

impl Frontier {
    pub(super) fn insert(&mut self, time: u64, reading: u32) {
        self.0.push((time, reading));
        self.up(self.0.len() - 1);
    }

    /// The time of the thread at a place has changed.
    pub(super) fn update(&mut self, at: usize, time: u64) {
        self.0[at].0 = time;
        if self.up(at) == at {
            self.down(at);
        }
    }

    pub(super) fn remove(&mut self, at: usize) {
        let mut at = at;
        while at > 0 {
            let parent = (at - 1) / 2;
            self.0.swap(parent, at);
            at = parent;
        }
        self.0.swap_remove(0);
        self.down(0);
    }

    fn up(&mut self, at: usize) -> usize {
        let mut at = at;
        while at > 0 {
            let parent = (at - 1) / 2;
            if self.0[parent].0 <= self.0[at].0 {
                break;
            }
            self.0.swap(parent, at);
            at = parent;
        }
        at
    }

    fn down(&mut self, at: usize) {
        let mut at = at;
        loop {
            let mut least = at;
            for child in [2 * at + 1, 2 * at + 2] {
                if child < self.0.len() && self.0[child].0 < self.0[least].0 {
                    least = child;
                }
            }
            if least == at {
                return;
            }
            self.0.swap(at, least);
            at = least;
        }
    }

    /// In order of time; that is a heap, too.
    pub(super) fn sort(&mut self) {
        self.0.sort_by_key(|&(time, _)| time);
    }
}

//! Reasons and stacks of events, each combination once: there are few.

use rustc_hash::FxHashMap;

use super::blocks::Blocks;
use super::state::State;
use crate::model::trace::World;

/// Why and where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Site {
    /// A row of the strings.
    pub(super) reason: u32,
    /// Where the goroutine that the event is about is, or will begin: a row of the stacks.
    pub(super) own: u32,
    /// Where the one that does it is: a row of the stacks.
    pub(super) stack: u32,
}

/// What a reason means.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meaning {
    /// Of a wait.
    pub(super) wait: State,
    /// Of a stop: it ran too long.
    pub(super) is_preempted: bool,
}

/// All of them; row 0 says nothing.
#[derive(Clone, Debug)]
pub(super) struct Sites {
    rows: Blocks<Site>,
    meanings: Blocks<Meaning>,
    by_content: FxHashMap<Site, u32>,
}

impl Default for Sites {
    fn default() -> Self {
        let mut sites = Self {
            rows: Blocks::default(),
            meanings: Blocks::default(),
            by_content: FxHashMap::default(),
        };
        sites.add(Site::default(), "");
        sites
    }
}

impl Sites {
    fn add(&mut self, site: Site, reason: &str) -> u32 {
        let row = self.rows.len() as u32;
        self.rows.push(site);
        self.meanings.push(Meaning {
            wait: State::waiting(reason),
            is_preempted: reason == "preempted",
        });
        self.by_content.insert(site, row);
        row
    }

    /// The row of a site, new if need be.
    #[inline]
    pub(super) fn row(&mut self, site: Site, world: &World) -> u32 {
        match self.by_content.get(&site) {
            Some(&row) => row,
            None => self.add(site, &world.text(site.reason)),
        }
    }

    pub(super) fn get(&self, row: u32) -> Site {
        self.rows.get(row as usize).copied().unwrap_or_default()
    }

    #[inline]
    pub(super) fn meaning(&self, row: u32) -> Meaning {
        let nothing = Meaning {
            wait: State::Waiting,
            is_preempted: false,
        };
        self.meanings.get(row as usize).copied().unwrap_or(nothing)
    }

    /// No more are added.
    pub(super) fn close(&mut self) {
        self.by_content = FxHashMap::default();
    }

    pub(super) fn bytes(&self) -> usize {
        let of_entry = size_of::<(Site, u32)>() + 1;
        self.rows.bytes() + self.meanings.bytes() + self.by_content.capacity() * of_entry
    }
}

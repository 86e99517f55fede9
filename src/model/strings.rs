//! The string table: one buffer and ranges into it.

use std::sync::Arc;

use super::StringId;

/// Strings as bytes in file order. Profiles may hold names that are not UTF-8; they are kept
/// apart byte for byte and only shown with U+FFFD. A clone shares the strings until one of both
/// gets another.
#[derive(Clone, Debug, Default)]
pub struct StringTable {
    bytes: Arc<Vec<u8>>,
    ends: Arc<Vec<u32>>,
}

impl StringTable {
    /// Appends a string; `None` when the table would pass 4 GiB or 2^32 strings.
    pub fn push(&mut self, text: &[u8]) -> Option<StringId> {
        let id = u32::try_from(self.ends.len()).ok()?;
        let end = u32::try_from(self.bytes.len() + text.len()).ok()?;
        Arc::make_mut(&mut self.bytes).extend_from_slice(text);
        Arc::make_mut(&mut self.ends).push(end);
        Some(StringId(id))
    }

    /// Number of strings.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// No strings at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The bytes of a string; empty for an id beyond the table.
    pub fn bytes(&self, id: StringId) -> &[u8] {
        let Some(&end) = self.ends.get(id.index()) else {
            return &[];
        };
        let start = match id.index() {
            0 => 0,
            i => self.ends[i - 1] as usize,
        };
        &self.bytes[start..end as usize]
    }

    /// The string for display, with U+FFFD for what is not UTF-8.
    pub fn text(&self, id: StringId) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.bytes(id))
    }

    /// Gives back spare capacity.
    pub(crate) fn shrink(&mut self) {
        Arc::make_mut(&mut self.bytes).shrink_to_fit();
        Arc::make_mut(&mut self.ends).shrink_to_fit();
    }
}

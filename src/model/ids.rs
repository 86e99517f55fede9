//! Row numbers of the model's tables, one type per table so that none can index another.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// As an index.
            #[inline]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

ids! {
    /// Row of [`super::StringTable`]; 0 is the empty string.
    StringId,
    /// Row of [`super::Profile::functions`].
    FunctionId,
    /// Row of [`super::Profile::locations`].
    LocationId,
    /// Row of [`super::Profile::mappings`].
    MappingId,
    /// Row of [`super::Stacks`].
    StackId,
}

impl Default for StackId {
    /// The first; in profiles made of traces that is the empty one.
    fn default() -> Self {
        Self(0)
    }
}

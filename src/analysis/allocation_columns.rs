//! The columns of the allocation table, with the words that explain them.

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllocationColumn {
    /// Objects allocated.
    AllocObjects,
    /// Bytes allocated.
    AllocSpace,
    /// Objects in use.
    InuseObjects,
    /// Bytes in use.
    InuseSpace,
    /// Objects, where the file does not say more.
    Objects,
    /// Bytes, where the file does not say more.
    Space,
    /// Bytes per object.
    Mean,
    /// Bytes in use ÷ bytes allocated.
    Survival,
    /// Objects seen by the profiler.
    Sampled,
}

impl AllocationColumn {
    /// Stable key; the sample types keep their own names.
    pub fn key(self) -> &'static str {
        match self {
            Self::AllocObjects => "alloc_objects",
            Self::AllocSpace => "alloc_space",
            Self::InuseObjects => "inuse_objects",
            Self::InuseSpace => "inuse_space",
            Self::Objects => "objects",
            Self::Space => "space",
            Self::Mean => "mean",
            Self::Survival => "survival",
            Self::Sampled => "sampled",
        }
    }

    /// Heading.
    pub fn label(self) -> &'static str {
        match self {
            Self::AllocObjects => "Allocated objects",
            Self::AllocSpace => "Allocated",
            Self::InuseObjects => "Objects in use",
            Self::InuseSpace => "In use",
            Self::Objects => "Objects",
            Self::Space => "Bytes",
            Self::Mean => "Mean size",
            Self::Survival => "Survival",
            Self::Sampled => "Sampled",
        }
    }

    /// What plain digits in the column count.
    pub fn unit(self) -> &'static str {
        match self {
            Self::AllocObjects | Self::InuseObjects | Self::Objects | Self::Sampled => "count",
            Self::AllocSpace | Self::InuseSpace | Self::Space | Self::Mean => "bytes",
            Self::Survival => "percent",
        }
    }

    /// What the column says, in one sentence.
    pub fn help(self) -> &'static str {
        match self {
            Self::AllocObjects => {
                "Objects allocated since the program started, estimated from the samples."
            }
            Self::AllocSpace => {
                "Bytes allocated since the program started, freed ones included: what drives the garbage collector."
            }
            Self::InuseObjects => "Objects that the last garbage collection found alive.",
            Self::InuseSpace => "Bytes that the last garbage collection found alive.",
            Self::Objects => "Objects, as the producer of the file counts them.",
            Self::Space => "Bytes, as the producer of the file counts them.",
            Self::Mean => "Bytes per object, rounded down.",
            Self::Survival => {
                "Bytes in use per byte allocated: near 0 % is churn, near 100 % is kept."
            }
            Self::Sampled => {
                "Objects that the profiler really saw; below 10 the row is little more than chance."
            }
        }
    }
}

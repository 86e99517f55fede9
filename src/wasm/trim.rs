//! A file of the session with its heaviest stacks only, to be handed on.

use super::dto_export::TrimInfo;
use super::workspace::Workspace;
use crate::analysis::{Trimmed, trim};
use crate::{formats, unit};

impl Workspace {
    /// What [`Self::trimmed`] would lose.
    pub fn trim_info(&self, file: u32, sample: u32, most: u32) -> Result<TrimInfo, String> {
        let trimmed = self.trim(file, sample, most)?;
        let all = trimmed.kept_weight.saturating_add(trimmed.merged_weight);
        let pct = |weight: u64| {
            let [part, whole] = [weight, all].map(|w| i64::try_from(w).unwrap_or(i64::MAX));
            unit::percent(part, whole)
        };
        Ok(TrimInfo {
            kept: unit::count(trimmed.kept as u64),
            merged: unit::count(trimmed.merged as u64),
            is_trimmed: trimmed.merged > 0,
            kept_pct: pct(trimmed.kept_weight),
            merged_pct: pct(trimmed.merged_weight),
            frame: trimmed.frame,
        })
    }

    /// The file as `profile.pb.gz` with at most `most` stacks: the heaviest ones of a sample type,
    /// and one that stands for all others. The error is a sentence.
    pub fn trimmed(&self, file: u32, sample: u32, most: u32) -> Result<Vec<u8>, String> {
        let trimmed = self.trim(file, sample, most)?;
        formats::gzip(&formats::encode(&trimmed.profile)).map_err(|error| error.to_string())
    }

    fn trim(&self, file: u32, sample: u32, most: u32) -> Result<Trimmed, String> {
        let profile = &self.loaded(file)?.profile;
        if sample as usize >= profile.sample_types.len() {
            return Err(format!("the file has no sample type {sample}"));
        }
        trim(profile, sample as usize, most as usize)
    }
}

//! A file of the session with its heaviest stacks only, to be handed on.

use super::dto_export::TrimInfo;
use super::workspace::Workspace;
use crate::analysis::{TrimPlan, trim_plan};
use crate::model::Profile;
use crate::{formats, unit};

impl Workspace {
    /// What [`Self::trimmed`] would lose.
    pub fn trim_info(&self, file: u32, sample: u32, most: u32) -> Result<TrimInfo, String> {
        let (_, plan) = self.plan(file, sample, most)?;
        let all = plan.kept_weight.saturating_add(plan.merged_weight);
        let pct = |weight: u64| {
            let [part, whole] = [weight, all].map(|w| i64::try_from(w).unwrap_or(i64::MAX));
            unit::percent(part, whole)
        };
        Ok(TrimInfo {
            kept: unit::count(plan.kept as u64),
            merged: unit::count(plan.merged as u64),
            is_trimmed: plan.merged > 0,
            kept_pct: pct(plan.kept_weight),
            merged_pct: pct(plan.merged_weight),
            frame: plan.frame,
        })
    }

    /// The file as `profile.pb.gz` with at most `most` stacks: the heaviest ones of a sample type,
    /// and one that stands for all others. The error is a sentence.
    pub fn trimmed(&self, file: u32, sample: u32, most: u32) -> Result<Vec<u8>, String> {
        let (profile, plan) = self.plan(file, sample, most)?;
        formats::gzip(&formats::encode(&*plan.apply(profile)?)).map_err(|error| error.to_string())
    }

    fn plan(&self, file: u32, sample: u32, most: u32) -> Result<(&Profile, TrimPlan), String> {
        let profile: &Profile = &self.file_with_type(file, sample)?.profile;
        let plan = trim_plan(profile, sample as usize, most as usize);
        Ok((profile, plan))
    }
}

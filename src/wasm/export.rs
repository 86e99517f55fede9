//! The report's verbs.

use super::dto::ReportOptions;
use super::workspace::{Loaded, SessionFile, Workspace};
use crate::report::{self, Document, ReportFile, Unreadable};

impl Workspace {
    /// The report as one HTML file.
    pub fn report_html(&self, options: &ReportOptions) -> String {
        self.document(options).to_html()
    }

    /// The report as Markdown.
    pub fn report_markdown(&self, options: &ReportOptions) -> String {
        self.document(options).to_markdown()
    }

    /// The report as JSON.
    pub fn report_json(&self, options: &ReportOptions) -> String {
        self.document(options).to_json()
    }

    fn document(&self, options: &ReportOptions) -> Document {
        let chosen =
            |file: &&SessionFile| options.files.is_empty() || options.files.contains(&file.info.id);
        let files: Vec<ReportFile<'_>> = self
            .all_files()
            .iter()
            .filter(chosen)
            .filter_map(|f| Some(report_file(f.loaded.as_ref()?)))
            .collect();
        let unreadable = self.all_files().iter().filter_map(unreadable).collect();
        let options = report::ReportOptions {
            title: options.title.clone(),
            notes: options.notes.clone(),
            unreadable,
            without: options.without.clone(),
            main_module: options.main_module.clone(),
        };
        report::build(&files, &options)
    }
}

/// A file of the session as the report takes it.
pub(super) fn report_file(loaded: &Loaded) -> ReportFile<'_> {
    ReportFile {
        name: &loaded.name,
        kind: loaded.kind,
        profile: &loaded.profile,
        diagnostics: &loaded.diagnostics,
    }
}

fn unreadable(file: &SessionFile) -> Option<Unreadable> {
    let error = file.info.error.as_ref()?;
    let reason = if error.position.is_empty() {
        format!("{}: {}", error.stage, error.reason)
    } else {
        format!("{}: {} ({})", error.stage, error.reason, error.position)
    };
    Some(Unreadable {
        name: file.info.name.clone(),
        reason,
    })
}

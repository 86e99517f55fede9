//! Opened files and the analyses that have been asked for.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::bench::BenchCache;
use super::compare;
use super::dto::{FileInfo, OpenProgress, OpenStep, Query};
use super::files::file_info;
use super::filtered::{FilterCache, is_frame_of_label, whole};
use super::query::Analysis;
use super::time::Strip;
use super::timeline::{Timed, Timing};
use crate::analysis::Classes;
use crate::analysis::goroutines::Goroutines;
use crate::analysis::trace::report_sink;
use crate::error::Diagnostic;
use crate::formats::{OpenOptions, Opened, Opener, Progress};
use crate::model::{Kind, Profile};

/// Analyses kept besides the one in use: switching to and fro costs nothing, memory stays bounded.
const KEPT_ANALYSES: usize = 2;

/// Choices of modules that a file is remembered by.
const KEPT_OWNS: usize = 3;

/// A profile of the session.
#[derive(Debug)]
pub(super) struct SessionFile {
    pub(super) info: FileInfo,
    pub(super) loaded: Option<Rc<Loaded>>,
}

/// What analyses share of a file.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) profile: Rc<Profile>,
    /// With the program's own module guessed; see [`Loaded::own`].
    pub(super) classes: Rc<Classes>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What was asked for with modules named.
    owns: RefCell<Vec<Rc<Own>>>,
}

/// What of a file depends on which modules are taken for the program's own, and on nothing else.
#[derive(Debug)]
pub(super) struct Own {
    /// The modules as the query names them; empty for the guess.
    main: String,
    pub(super) classes: Rc<Classes>,
    /// The groups of the whole file, for comparing it with others.
    pub(super) goroutines: OnceCell<Option<Goroutines>>,
}

impl Loaded {
    pub(super) fn new(
        name: String,
        kind: Kind,
        profile: Profile,
        classes: Classes,
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        Self {
            name,
            kind,
            profile: Rc::new(profile),
            classes: Rc::new(classes),
            diagnostics,
            owns: RefCell::new(Vec::new()),
        }
    }

    /// What goes by the modules that a query names ([`Query::main`]); made once.
    pub(super) fn own(&self, main: &str) -> Rc<Own> {
        let mut owns = self.owns.borrow_mut();
        if let Some(known) = owns.iter().find(|own| own.main == main) {
            return Rc::clone(known);
        }
        let classes = if main.is_empty() {
            Rc::clone(&self.classes)
        } else {
            Rc::new(Classes::with_module(&self.profile, main))
        };
        let own = Rc::new(Own {
            main: main.to_owned(),
            classes,
            goroutines: OnceCell::new(),
        });
        let excess = (owns.len() + 1).saturating_sub(KEPT_OWNS);
        owns.drain(..excess);
        owns.push(Rc::clone(&own));
        own
    }

    /// Whose code functions are, by the modules that a query names.
    pub(super) fn classes_of(&self, main: &str) -> Rc<Classes> {
        Rc::clone(&self.own(main).classes)
    }
}

pub(super) fn progress(opener: &Opener) -> OpenProgress {
    let Progress {
        bytes_in,
        bytes_out,
        samples,
    } = opener.progress();
    OpenProgress {
        bytes_in: bytes_in as f64,
        bytes_out: bytes_out as f64,
        samples: samples as f64,
        failed: opener.has_failed(),
    }
}

/// The session: every verb of the page. Errors are one line for a person.
#[derive(Debug, Default)]
pub struct Workspace {
    options: OpenOptions,
    opening: BTreeMap<u32, Opener>,
    next_opening: u32,
    files: Vec<SessionFile>,
    next_file: u32,
    analyses: Vec<(Query, Rc<Analysis>)>,
    pub(super) cache: FilterCache,
    pub(super) strip: Strip,
    /// Boxed, so that a session without any never touches what it is made of, which is put off.
    pub(super) bench: Option<Box<BenchCache>>,
    /// The timeline of a trace, and the one that is being made; boxed likewise.
    pub(super) timed: Option<Box<Timed>>,
    pub(super) timing: Option<Box<Timing>>,
}

impl Workspace {
    /// An empty session whose files may unpack to `limit` bytes each.
    pub fn new(limit: u64) -> Self {
        Self {
            options: OpenOptions::with_limit(limit).with_trace(report_sink),
            ..Self::default()
        }
    }

    /// Begins a file of `size` bytes; returns the handle for its chunks.
    pub fn open_start(&mut self, name: &str, size: f64) -> u32 {
        self.next_opening += 1;
        let opener = Opener::new(name, self.options).with_size(size as u64);
        self.opening.insert(self.next_opening, opener);
        self.next_opening
    }

    /// Takes the next chunk. Bad data is reported by [`Self::open_finish`], not here.
    pub fn open_push(&mut self, handle: u32, chunk: &[u8]) -> Result<OpenProgress, String> {
        let opener = self
            .opening
            .get_mut(&handle)
            .ok_or("this file is not being opened")?;
        opener.push(chunk);
        Ok(progress(opener))
    }

    /// True when what is left to do of a file is more than decoding a profile: the page keeps the
    /// code for it apart.
    pub fn open_needs_more(&self, handle: u32) -> bool {
        let opener = self.opening.get(&handle);
        opener.is_some_and(|opener| !opener.is_plain())
    }

    /// True when the next chunk already needs that code: a trace is read as it comes.
    pub fn open_reads_with_more(&self, handle: u32) -> bool {
        let opener = self.opening.get(&handle);
        opener.is_some_and(Opener::is_trace)
    }

    /// After the last chunk, a piece of the work that is left. True while there is more.
    pub fn open_step(&mut self, handle: u32) -> Result<OpenStep, String> {
        let opener = self
            .opening
            .get_mut(&handle)
            .ok_or("this file is not being opened")?;
        let more = opener.step();
        Ok(OpenStep {
            more,
            progress: progress(opener),
        })
    }

    /// Ends a file and adds what it held to the session; at least one entry.
    pub fn open_finish(&mut self, handle: u32) -> Result<Vec<FileInfo>, String> {
        let opener = self
            .opening
            .remove(&handle)
            .ok_or("this file is not being opened")?;
        Ok(opener
            .finish()
            .into_iter()
            .map(|opened| self.add(opened))
            .collect())
    }

    /// Forgets a file that is being opened.
    pub fn open_cancel(&mut self, handle: u32) {
        self.opening.remove(&handle);
    }

    /// All files of the session, in the order they came.
    pub fn files(&self) -> Vec<FileInfo> {
        self.files.iter().map(|f| f.info.clone()).collect()
    }

    /// Removes a file and what was computed of it.
    pub fn close(&mut self, file: u32) {
        self.files.retain(|f| f.info.id != file);
        let is_about = |query: &Query| {
            query.file == file || query.base.as_ref().is_some_and(|base| base.file == file)
        };
        self.analyses.retain(|(query, _)| !is_about(query));
        self.cache.close(file);
        self.strip.last.take_if(|(query, ..)| query.file == file);
        self.strip.files = None;
        self.bench = None;
        self.timed.take_if(|timed| timed.file == file);
        self.timing.take_if(|timing| timing.file == file);
    }

    /// Limits and rules of reading.
    pub(super) fn open_options(&self) -> OpenOptions {
        self.options
    }

    fn add(&mut self, opened: Opened) -> FileInfo {
        self.bench = None;
        self.next_file += 1;
        let info = file_info(self.next_file, &opened);
        let loaded = opened.result.ok().map(|read| {
            let classes = Classes::new(&read.profile);
            let (kind, diagnostics) = (read.kind, read.diagnostics);
            Rc::new(Loaded::new(
                opened.name,
                kind,
                read.profile,
                classes,
                diagnostics,
            ))
        });
        self.files.push(SessionFile {
            info: info.clone(),
            loaded,
        });
        info
    }

    /// A file of the session, readable or not.
    pub(super) fn file(&self, id: u32) -> Option<&SessionFile> {
        self.files.iter().find(|file| file.info.id == id)
    }

    pub(super) fn loaded(&self, file: u32) -> Result<&Rc<Loaded>, String> {
        let file = self.file(file).ok_or("no such file in the session")?;
        file.loaded
            .as_ref()
            .ok_or_else(|| "this file could not be read".to_owned())
    }

    /// Adds the sum of other files of the session.
    pub(super) fn add_sum(&mut self, opened: Opened, parts: &[u32]) -> FileInfo {
        self.add(opened);
        let Some(added) = self.files.last_mut() else {
            return FileInfo::default();
        };
        added.info.parts = parts.to_vec();
        added.info.size_text = String::new();
        added.info.clone()
    }

    /// The file of a query, which has the query's sample type.
    pub(super) fn loaded_with_type(&self, query: &Query) -> Result<&Rc<Loaded>, String> {
        self.file_with_type(query.file, query.sample)
    }

    /// A file, which has this sample type.
    pub(super) fn file_with_type(&self, file: u32, sample: u32) -> Result<&Rc<Loaded>, String> {
        let loaded = self.loaded(file)?;
        if (sample as usize) < loaded.profile.sample_types.len() {
            Ok(loaded)
        } else {
            Err(format!("the file has no sample type {sample}"))
        }
    }

    /// Of a query's samples, as they are in the file. Steps decide which of them are left; what else
    /// they do is left aside, and shares are of what is left. Frames of labels are none of the file's.
    pub(super) fn sample_analysis(&mut self, query: &Query) -> Result<Analysis, String> {
        let loaded = Rc::clone(self.loaded_with_type(query)?);
        let mut about = Query {
            relative: true,
            mine: false,
            base: None,
            ..query.clone()
        };
        about.steps.retain(|step| !is_frame_of_label(step));
        let left = self.cache.filtered(&loaded, &about)?.samples_only(&loaded);
        about.steps.clear();
        let mut nodes = self.cache.nodes(&loaded, &left, &about);
        nodes.number = self.cache.number_of_names(nodes.number, &query.main);
        let unit = self.unit(&loaded, query)?;
        Ok(Analysis::new(loaded, &left, nodes, &about, unit))
    }

    /// Readable files, and the entries of those that are not.
    pub(super) fn all_files(&self) -> &[SessionFile] {
        &self.files
    }

    /// The analysis of a query; made when first asked for.
    pub(super) fn analysis(&mut self, query: &Query) -> Result<Rc<Analysis>, String> {
        if let Some(at) = self.analyses.iter().position(|(known, _)| known == query) {
            let entry = self.analyses.remove(at);
            let analysis = Rc::clone(&entry.1);
            self.analyses.push(entry);
            return Ok(analysis);
        }
        let loaded = Rc::clone(self.loaded_with_type(query)?);
        // Before the new one is made, so that memory peaks lower.
        let excess = self.analyses.len().saturating_sub(KEPT_ANALYSES);
        self.analyses.drain(..excess);
        if let Some(baseline) = &query.base {
            let analysis = Rc::new(compare::joint_analysis(self, query, baseline)?);
            self.analyses.push((query.clone(), Rc::clone(&analysis)));
            return Ok(analysis);
        }
        let filtered = self.cache.filtered(&loaded, query)?;
        let mut nodes = self.cache.nodes(&loaded, &filtered, query);
        nodes.number = self.cache.number_of_names(nodes.number, &query.main);
        let unit = self.unit(&loaded, query)?;
        let analysis = Rc::new(Analysis::new(loaded, &filtered, nodes, query, unit));
        self.cache.know_unit(query, &analysis.unit);
        self.analyses.push((query.clone(), Rc::clone(&analysis)));
        Ok(analysis)
    }

    /// The unit of a query's values, where it does not go by its own table: the one asked for, or
    /// that of the whole profile, so that figures do not change their unit with every filter.
    fn unit(&mut self, loaded: &Rc<Loaded>, query: &Query) -> Result<Option<String>, String> {
        if !query.unit.is_empty() && query.unit != "minimum" {
            return Ok(Some(query.unit.clone()));
        }
        let whole = whole(query);
        if whole == *query {
            return Ok(None);
        }
        if let Some(unit) = self.cache.unit(&whole) {
            return Ok(Some(unit));
        }
        let filtered = self.cache.filtered(loaded, &whole)?;
        let nodes = self.cache.nodes(loaded, &filtered, &whole);
        let analysis = Analysis::new(Rc::clone(loaded), &filtered, nodes, &whole, None);
        self.cache.know_unit(&whole, &analysis.unit);
        Ok(Some(analysis.unit))
    }
}

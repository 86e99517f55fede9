//! What a row stands for: locations resolved to nodes at a granularity (pprof's `Aggregate`
//! followed by its node key).
//!
//! A node is everything pprof would merge into one line of `-top`: two frames are the same node
//! exactly when the fields that the granularity keeps are equal *as text*, so two string-table
//! rows with the same bytes do not split a node.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::paths::{base_name, clean_path, source_path};
use crate::model::{Location, LocationId, Profile, StackId, StringId};
use crate::sort::sort_ids;

/// What a row or box stands for; pprof's granularities, and `Packages`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Granularity {
    /// Function name; pprof's default.
    #[default]
    Functions,
    /// Function name and file.
    FileFunctions,
    /// Source file.
    Files,
    /// Go package of the function name. Not one of pprof's.
    Packages,
    /// Function, file, line and column.
    Lines,
    /// Address, function, file, line and column.
    Addresses,
}

/// How frames become nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NodeOptions {
    /// Which fields tell nodes apart.
    pub granularity: Granularity,
    /// Keep only the outermost line of each location.
    pub noinlines: bool,
    /// Keep columns (pprof's `-showcolumns`).
    pub showcolumns: bool,
    /// Tell functions apart by their binary and first line, too, as pprof's reports about sources
    /// and addresses do.
    pub objnames: bool,
    /// Leave the working directory of the profiled process in file names.
    pub untrimmed: bool,
}

/// Row of [`Nodes::info`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

impl NodeId {
    /// As an index.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Bytes of names that are written out to be compared.
const MAX_NAMES: u64 = 256 << 20;

/// In place of a node: the location has several frames.
const SEVERAL: NodeId = NodeId(u32::MAX);

/// The fields a node is known by; those its granularity drops are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NodeInfo {
    /// Function (or package) name.
    pub name: NodeText,
    /// Cleaned file name.
    pub file: NodeText,
    /// Line; 0 when none.
    pub line: i64,
    /// Column; 0 when none.
    pub column: i64,
    /// Address; 0 when none.
    pub address: u64,
    /// Binary of a frame without a function name; of every frame where they are told apart by it.
    pub objfile: NodeText,
    /// First line of a function without a name: by it pprof tells such functions apart, which is
    /// why a file can have several rows at files granularity.
    pub start_line: i64,
}

/// A text of a node: interned by content, so equal text means equal id. 0 is the empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeText(pub u32);

/// The nodes of a profile at one granularity, and each location's frames as nodes.
#[derive(Clone, Debug, Default)]
pub struct Nodes {
    /// One per node, in order of first use by location.
    pub info: Arc<Vec<NodeInfo>>,
    /// A row of `Profile::lines` that became this node first; `u32::MAX` for a bare address.
    pub first_line: Arc<Vec<u32>>,
    texts: Arc<Vec<Box<[u8]>>>,
    starts: Vec<u32>,
    pub(super) frames: Vec<NodeId>,
    /// A location's node when it is one frame, else `SEVERAL`: one look-up instead of three.
    only: Vec<NodeId>,
    /// Some location has several frames.
    any_several: bool,
    /// Inlined calls are no frames.
    pub(super) are_folded: bool,
    ranks: OnceCell<Arc<Vec<u32>>>,
    depths: OnceCell<Arc<Vec<u32>>>,
}

impl Nodes {
    /// Resolves every location of `profile`.
    pub fn new(profile: &Profile, options: &NodeOptions) -> Self {
        let mut builder = Builder::new(profile, *options);
        for location in &profile.locations {
            builder.add(location);
        }
        builder.finish()
    }

    /// What does not depend on locations, with room for so many of them.
    pub(super) fn sharing(&self, locations: usize) -> Self {
        let mut starts = Vec::with_capacity(locations + 1);
        starts.push(0);
        Self {
            info: Arc::clone(&self.info),
            first_line: Arc::clone(&self.first_line),
            texts: Arc::clone(&self.texts),
            ranks: self.ranks.clone(),
            depths: self.depths.clone(),
            are_folded: self.are_folded,
            starts,
            frames: Vec::with_capacity(self.frames.len()),
            only: Vec::with_capacity(locations),
            any_several: false,
        }
    }

    /// Ends the frames of a location.
    pub(super) fn end_location(&mut self) {
        let first = self.starts.last().map_or(0, |&at| at as usize);
        self.only.push(match self.frames[first..] {
            [only] => only,
            _ => SEVERAL,
        });
        self.any_several |= self.frames.len() > first + 1;
        self.starts.push(self.frames.len() as u32);
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.info.len()
    }

    /// No nodes.
    pub fn is_empty(&self) -> bool {
        self.info.is_empty()
    }

    /// Frames of location row `location`, **outermost first**: the first is the real call, the
    /// others were inlined into it.
    #[inline]
    pub fn frames(&self, location: usize) -> &[NodeId] {
        &self.frames[self.starts[location] as usize..self.starts[location + 1] as usize]
    }

    /// By node id whether some location has it among its frames: not so where filters took its lines.
    pub(crate) fn are_frames(&self) -> Vec<bool> {
        let mut are = vec![false; self.len()];
        for node in &self.frames {
            are[node.index()] = true;
        }
        are
    }

    /// The frame of location row `location` when it is one.
    #[inline]
    pub(super) fn only_frame(&self, location: usize) -> Option<NodeId> {
        let node = self.only[location];
        (node != SEVERAL).then_some(node)
    }

    /// Frames of location row `location`, outermost first, with the row of `Profile::lines` that
    /// each stands for; none for a location without lines. With inlines folded away the only
    /// frame stands for the outermost line.
    pub(crate) fn frame_lines(
        &self,
        profile: &Profile,
        location: usize,
    ) -> impl Iterator<Item = (NodeId, u32)> {
        // Frames stand outermost first, lines innermost first.
        let (start, end) = profile.locations[location].lines;
        let frames = self.frames(location).iter().copied();
        frames.zip((start..end).rev())
    }

    /// The frame in which the line `row` of location row `location` is counted, with the line
    /// that the frame stands for: another one where inlines are folded away. `None` for a row
    /// that is not the location's.
    pub(crate) fn frame_of_line(
        &self,
        profile: &Profile,
        location: usize,
        row: u32,
    ) -> Option<(NodeId, u32)> {
        let (start, _) = profile.locations[location].lines;
        let around = self.frame_lines(profile, location);
        around
            .take_while(|&(_, line)| start <= row && row <= line)
            .last()
    }

    /// Number of locations.
    pub(super) fn locations(&self) -> usize {
        self.only.len()
    }

    /// True when every location that may be in a stack is exactly one frame.
    pub fn one_to_one(&self) -> bool {
        !self.any_several
    }

    /// Rank of each node among all printable names, equal names having equal ranks. Made once;
    /// worth it where many names are compared.
    pub fn name_ranks(&self) -> &[u32] {
        self.ranks.get_or_init(|| {
            let length = |info: &NodeInfo| {
                let texts = [info.name, info.file, info.objfile];
                texts.map(|id| self.text(id).len()).iter().sum::<usize>() as u64
            };
            if self.info.iter().map(length).sum::<u64>() > MAX_NAMES {
                return Arc::new(self.ranks_by_parts());
            }
            let names: Vec<Vec<u8>> = (0..self.len() as u32)
                .map(|i| self.printable(NodeId(i)))
                .collect();
            Arc::new(ranks(&names))
        })
    }

    /// Ranks without writing the names out: nodes share texts, so that a small file can stand for
    /// any amount of names. Where one text begins another the order may differ from the names'.
    fn ranks_by_parts(&self) -> Vec<u32> {
        let texts = ranks(&self.texts);
        let rank = |id: NodeText| texts[id.0 as usize];
        let parts = self.info.iter().map(|info| {
            let (name, file, objfile) = (rank(info.name), rank(info.file), rank(info.objfile));
            (info.address, name, file, info.line, info.column, objfile)
        });
        ranks(&parts.collect::<Vec<_>>())
    }

    /// Per stack of the profile an upper bound of its frames. Made once, from the first profile
    /// that is asked about: filters that leave nodes as they are only make stacks shorter.
    pub(super) fn depth_bounds(&self, profile: &Profile) -> &[u32] {
        self.depths.get_or_init(|| {
            let stacks = 0..profile.stacks.len() as u32;
            Arc::new(stacks.map(|stack| self.depth(profile, stack)).collect())
        })
    }

    /// Frames of a stack.
    pub(super) fn depth(&self, profile: &Profile, stack: u32) -> u32 {
        let locations = profile.stacks.get(StackId(stack)).iter();
        let frames = |l: &LocationId| self.starts[l.index() + 1] - self.starts[l.index()];
        u32::try_from(locations.map(|l| u64::from(frames(l))).sum::<u64>()).unwrap_or(u32::MAX)
    }

    /// [`Self::name_ranks`] if they have been made.
    pub(crate) fn known_ranks(&self) -> Option<&[u32]> {
        self.ranks.get().map(|ranks| ranks.as_slice())
    }

    /// Number of texts.
    pub(crate) fn texts(&self) -> usize {
        self.texts.len()
    }

    /// The bytes of a text.
    pub fn text(&self, id: NodeText) -> &[u8] {
        &self.texts[id.0 as usize]
    }

    /// The name under which pprof prints the node: address, function, `file:line`, in the
    /// parts that exist; a frame without any of them is `[binary]` or `<unknown>`.
    pub fn printable(&self, id: NodeId) -> Vec<u8> {
        let info = &self.info[id.index()];
        self.name_parts(info, self.text(info.name), self.text(info.file), b" ")
    }

    /// The parts of a printable name with another function name and file in their places.
    pub(crate) fn name_parts(
        &self,
        info: &NodeInfo,
        name: &[u8],
        file: &[u8],
        separator: &[u8],
    ) -> Vec<u8> {
        let mut out = Vec::new();
        let mut append = |part: &[u8]| {
            if !part.is_empty() {
                if !out.is_empty() {
                    out.extend_from_slice(separator);
                }
                out.extend_from_slice(part);
            }
        };
        if info.address != 0 {
            append(format!("{:016x}", info.address).as_bytes());
        }
        append(name);
        if info.line != 0 {
            let mut place = file.to_vec();
            place.extend_from_slice(format!(":{}", info.line).as_bytes());
            if info.column != 0 {
                place.extend_from_slice(format!(":{}", info.column).as_bytes());
            }
            append(&place);
        } else if !file.is_empty() {
            append(file);
        } else if name.is_empty() {
            match self.text(info.objfile) {
                b"" => append(b"<unknown>"),
                objfile => append(&[b"[", base_name(objfile), b"]"].concat()),
            }
        }
        out
    }

    /// [`Self::printable`] with U+FFFD for what is not UTF-8.
    pub fn printable_text(&self, id: NodeId) -> String {
        String::from_utf8_lossy(&self.printable(id)).into_owned()
    }
}

/// The place of each key among all, equal keys having equal places.
fn ranks<K: Ord>(keys: &[K]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..keys.len() as u32).collect();
    sort_ids(&mut order, &|a, b| keys[a as usize].cmp(&keys[b as usize]));
    let mut ranks = vec![0; keys.len()];
    let mut rank = 0;
    for (i, &row) in order.iter().enumerate() {
        if i > 0 && keys[row as usize] != keys[order[i - 1] as usize] {
            rank = i as u32;
        }
        ranks[row as usize] = rank;
    }
    ranks
}

/// Go package of a symbol: up to the first dot after the last slash outside brackets.
/// `encoding/json.(*Decoder).Decode` → `encoding/json`; empty for a name without one.
pub fn package_of(name: &[u8]) -> &[u8] {
    let bracket = name
        .iter()
        .position(|&b| b == b'[' || b == b'(')
        .unwrap_or(name.len());
    let path = &name[..bracket];
    let slash = path.iter().rposition(|&b| b == b'/').map_or(0, |i| i + 1);
    match path[slash..].iter().position(|&b| b == b'.') {
        Some(dot) => &name[..slash + dot],
        None => &[],
    }
}

/// Turns locations into nodes. Interning is by SipHash maps: names come from the file.
struct Builder<'a> {
    profile: &'a Profile,
    options: NodeOptions,
    /// Its frames; the rest comes when all are known.
    nodes: Nodes,
    info: Vec<NodeInfo>,
    first_line: Vec<u32>,
    texts: Vec<Box<[u8]>>,
    by_text: HashMap<Vec<u8>, NodeText>,
    /// String row → text, for the two ways a string is used (as it is, as a cleaned path).
    plain: HashMap<StringId, NodeText>,
    cleaned: HashMap<StringId, NodeText>,
    packages: HashMap<StringId, NodeText>,
    by_info: HashMap<NodeInfo, NodeId>,
    /// The node of a function, once it is met, where its frames are known by it alone; empty where
    /// none are.
    by_function: Vec<Option<NodeId>>,
}

impl<'a> Builder<'a> {
    fn new(profile: &'a Profile, options: NodeOptions) -> Self {
        let mut nodes = Nodes {
            are_folded: options.noinlines,
            ..Nodes::default()
        };
        nodes.starts.push(0);
        let by_text = HashMap::from([(Vec::new(), NodeText(0))]);
        let by_place = matches!(
            options.granularity,
            Granularity::Lines | Granularity::Addresses
        );
        let by_function = match by_place || options.objnames {
            true => Vec::new(),
            false => vec![None; profile.functions.len()],
        };
        Self {
            profile,
            options,
            nodes,
            info: Vec::new(),
            first_line: Vec::new(),
            texts: vec![Box::default()],
            by_text,
            plain: HashMap::new(),
            cleaned: HashMap::new(),
            packages: HashMap::new(),
            by_info: HashMap::new(),
            by_function,
        }
    }

    fn add(&mut self, location: &Location) {
        let (start, end) = location.lines;
        if start == end {
            let info = self.bare(location);
            self.push(info, u32::MAX);
        } else if self.options.noinlines {
            self.push_line(location, end - 1);
        } else {
            for row in (start..end).rev() {
                self.push_line(location, row);
            }
        }
        self.nodes.end_location();
    }

    fn finish(self) -> Nodes {
        Nodes {
            info: Arc::new(self.info),
            first_line: Arc::new(self.first_line),
            texts: Arc::new(self.texts),
            ..self.nodes
        }
    }

    fn push_line(&mut self, location: &Location, row: u32) {
        let function = self.profile.lines[row as usize].function.index();
        if let Some(&Some(known)) = self.by_function.get(function) {
            self.nodes.frames.push(known);
            return;
        }
        let info = self.info(location, row);
        // Without a name the binary tells frames apart, which is the location's.
        let has_name = info.name != NodeText(0);
        let id = self.push(info, row);
        if let Some(known) = self.by_function.get_mut(function)
            && has_name
        {
            *known = Some(id);
        }
    }

    fn push(&mut self, info: NodeInfo, row: u32) -> NodeId {
        let next = NodeId(self.info.len() as u32);
        let id = *self.by_info.entry(info.clone()).or_insert(next);
        if id == next {
            self.info.push(info);
            self.first_line.push(row);
        }
        self.nodes.frames.push(id);
        id
    }

    /// A location without a function: known by its address (if kept), else by its binary.
    fn bare(&mut self, location: &Location) -> NodeInfo {
        let objfile = self.objfile(location);
        NodeInfo {
            address: self.address(location),
            objfile,
            ..NodeInfo::default()
        }
    }

    fn objfile(&mut self, location: &Location) -> NodeText {
        let Some(mapping) = location.mapping else {
            return NodeText(0);
        };
        self.plain(self.profile.mappings[mapping.index()].filename)
    }

    fn address(&self, location: &Location) -> u64 {
        match self.options.granularity {
            Granularity::Addresses => location.address,
            _ => 0,
        }
    }

    fn info(&mut self, location: &Location, row: u32) -> NodeInfo {
        use Granularity::{Addresses, FileFunctions, Files, Functions, Lines, Packages};
        let line = self.profile.lines[row as usize];
        let function = self.profile.functions[line.function.index()];
        let granularity = self.options.granularity;
        let name = match granularity {
            Files => NodeText(0),
            Packages => self.package(function.name),
            _ => self.plain(function.name),
        };
        let file = match granularity {
            Functions | Packages => NodeText(0),
            FileFunctions | Files | Lines | Addresses => self.cleaned(function.filename),
        };
        let with_line = matches!(granularity, Lines | Addresses);
        let address = self.address(location);
        let columns = with_line && self.keeps_columns();
        let with_objfile = name == NodeText(0) || self.options.objnames;
        NodeInfo {
            name,
            file,
            line: if with_line { line.line } else { 0 },
            column: if columns { line.column } else { 0 },
            address,
            objfile: if with_objfile {
                self.objfile(location)
            } else {
                NodeText(0)
            },
            start_line: if with_objfile { function.start_line } else { 0 },
        }
    }

    /// At addresses granularity pprof does not aggregate, so columns survive; with `-noinlines`
    /// it does.
    fn keeps_columns(&self) -> bool {
        self.options.showcolumns
            || (self.options.granularity == Granularity::Addresses && !self.options.noinlines)
    }

    fn intern(&mut self, text: &[u8]) -> NodeText {
        if let Some(&id) = self.by_text.get(text) {
            return id;
        }
        let id = NodeText(self.texts.len() as u32);
        self.texts.push(text.into());
        self.by_text.insert(text.to_vec(), id);
        id
    }

    fn plain(&mut self, id: StringId) -> NodeText {
        if let Some(&text) = self.plain.get(&id) {
            return text;
        }
        let profile = self.profile;
        let text = self.intern(profile.strings.bytes(id));
        self.plain.insert(id, text);
        text
    }

    fn cleaned(&mut self, id: StringId) -> NodeText {
        if let Some(&text) = self.cleaned.get(&id) {
            return text;
        }
        let path = match self.profile.strings.bytes(id) {
            b"" => Vec::new(),
            file if self.options.untrimmed => clean_path(file),
            file => source_path(file),
        };
        let text = self.intern(&path);
        self.cleaned.insert(id, text);
        text
    }

    fn package(&mut self, id: StringId) -> NodeText {
        if let Some(&text) = self.packages.get(&id) {
            return text;
        }
        let bytes = self.profile.strings.bytes(id);
        let package = package_of(bytes);
        let text = self.intern(if package.is_empty() { bytes } else { package });
        self.packages.insert(id, text);
        text
    }
}

#[cfg(test)]
#[path = "nodes_tests.rs"]
mod tests;

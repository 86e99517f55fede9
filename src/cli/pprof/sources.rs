//! Files to the one profile that the report is about: read one after the other, merged, and less
//! the base.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use dropprof::analysis::add_missing_mapping;
use dropprof::analysis::merge::{self, Common, Header, Merged, Merger};
use dropprof::error::{Diagnostic, Severity};
use dropprof::formats::{demangle, drop_frames};
use dropprof::model::{Profile, StringId};

use super::options::Request;
use crate::cli::{complain, read};

/// Files that pprof merges at a time.
const CHUNK: usize = 128;

/// The profile, as pprof has it before it looks at a report's options. The error is a sentence.
pub(super) fn load(request: &Request) -> Result<Profile, String> {
    let sources = group(&request.sources, request)
        .map_err(|why| format!("problem fetching source profiles: {why}"));
    let bases = group(&request.bases, request)
        .map_err(|why| format!("problem fetching base profiles: {why},"));
    let (sources, bases) = (sources?, bases?);
    let Some(mut profile) = finished(sources, &request.sources, "source")? else {
        return Err("failed to fetch any source profiles".to_owned());
    };
    if let Some(base) = finished(bases, &request.bases, "base")? {
        let (compares, normalizes) = (request.compares, request.options.normalize);
        let merged = merge::diff(profile, base, compares, normalizes, request.rules)?;
        say(&merged.diagnostics);
        profile = merged.profile;
    } else if !request.bases.is_empty() {
        return Err("failed to fetch any base profiles".to_owned());
    }
    finish(&mut profile, request)?;
    Ok(profile)
}

/// What was read of several files.
#[derive(Default)]
struct Group {
    profile: Option<Profile>,
    count: usize,
    /// Why the only file could not be read.
    reason: Option<String>,
}

fn finished(group: Group, paths: &[PathBuf], what: &str) -> Result<Option<Profile>, String> {
    if let Some(reason) = group.reason {
        return Err(reason);
    }
    if group.count > 0 && group.count < paths.len() {
        let (count, all) = (group.count, paths.len());
        complain(&format!("Fetched {count} {what} profiles out of {all}"));
    }
    Ok(group.profile)
}

fn say(diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        complain(&diagnostic.message);
    }
}

/// Reads and merges files, by pprof in chunks.
fn group(paths: &[PathBuf], request: &Request) -> Result<Group, String> {
    let mut whole = Group::default();
    for chunk in paths.chunks(CHUNK) {
        let part = read_chunk(chunk, request, paths.len() == 1)?;
        whole.count += part.count;
        whole.reason = part.reason;
        whole.profile = match (whole.profile, part.profile) {
            (Some(whole), Some(part)) => {
                Some(told(merge::merge(vec![whole, part], request.rules)?))
            }
            (whole, part) => whole.or(part),
        };
    }
    Ok(whole)
}

fn told(merged: Merged) -> Profile {
    say(&merged.diagnostics);
    merged.profile
}

/// Reads files one after the other into one profile. What they have in common is mostly known from
/// the first two; where a later one has less, they are read a second time.
fn read_chunk(paths: &[PathBuf], request: &Request, is_only: bool) -> Result<Group, String> {
    let mut group = Group::default();
    let mut read = Vec::new();
    let mut headers = Vec::new();
    let mut sum = Sum::Nothing;
    for path in paths {
        match open(path, request) {
            Ok(profile) => {
                headers.push(Header::of(&profile));
                read.push(path);
                sum = sum.with(profile, &headers, request)?;
            }
            Err(reason) if is_only => group.reason = Some(reason),
            Err(reason) => complain(&reason),
        }
    }
    group.count = read.len();
    if headers.is_empty() {
        return Ok(group);
    }
    let common = Common::of(&headers, request.rules)?;
    say(common.remarks());
    group.profile = Some(match sum {
        Sum::One(mut profile) => {
            say(&common.conform(&mut profile)?);
            *profile
        }
        Sum::Many(merger, _) => told(merger.finish()?),
        Sum::Nothing | Sum::Stale => {
            let mut merger = Merger::new(request.rules);
            for path in read {
                let mut profile = open(path, request)?;
                say(&common.conform(&mut profile)?);
                merger.add(&profile)?;
            }
            told(merger.finish()?)
        }
    });
    Ok(group)
}

/// What has been read so far.
enum Sum {
    Nothing,
    One(Box<Profile>),
    Many(Box<Merger>, Common),
    /// What was summed had more in common than all files turn out to have, or cannot be summed.
    Stale,
}

impl Sum {
    /// Adds a profile, the last of those with these headers.
    fn with(self, profile: Profile, headers: &[Header], request: &Request) -> Result<Self, String> {
        // What is wrong with the headers is said when all files have been read.
        let Ok(common) = Common::of(headers, request.rules) else {
            return Ok(Self::Stale);
        };
        let (mut merger, first) = match self {
            Self::Nothing => return Ok(Self::One(Box::new(profile))),
            Self::One(first) => (Box::new(Merger::new(request.rules)), Some(*first)),
            Self::Many(merger, known) if known == common => (merger, None),
            Self::Many(..) | Self::Stale => return Ok(Self::Stale),
        };
        for mut profile in first.into_iter().chain([profile]) {
            say(&common.conform(&mut profile)?);
            if merger.add(&profile).is_err() {
                return Ok(Self::Stale);
            }
        }
        Ok(Self::Many(merger, common))
    }
}

fn open(path: &Path, request: &Request) -> Result<Profile, String> {
    let opened = read::open_one(path, request.open, read::Frames::All);
    let opened = opened.map_err(|error| error.to_string())?;
    // pprof reads without a word what it reads. Of what it would refuse, losses are told.
    let warns = |d: &&Diagnostic| !request.rules.exact || d.severity == Severity::Warning;
    let told: Vec<Diagnostic> = opened.diagnostics.iter().filter(warns).cloned().collect();
    say(&told);
    let mut profile = opened.profile;
    locate(&mut profile, request)?;
    Ok(profile)
}

const TOO_MANY_STRINGS: &str = "too many strings";

fn push(profile: &mut Profile, text: &[u8]) -> Result<StringId, String> {
    let id = profile.strings.push(text);
    id.ok_or_else(|| TOO_MANY_STRINGS.to_owned())
}

/// Gives a profile without mappings one that stands for the program, and the first mapping the
/// binary's name and build id that are asked for.
fn locate(profile: &mut Profile, request: &Request) -> Result<(), String> {
    add_missing_mapping(profile);
    if let Some(binary) = &request.binary {
        let name = push(profile, binary.as_os_str().as_encoded_bytes())?;
        profile.mappings[0].filename = name;
    }
    let has_no_id = |profile: &Profile| {
        let id = profile.mappings[0].build_id;
        profile.strings.bytes(id).is_empty()
    };
    if !request.build_id.is_empty() && has_no_id(profile) {
        profile.mappings[0].build_id = push(profile, request.build_id.as_bytes())?;
    }
    Ok(())
}

/// What pprof does to the merged profile.
fn finish(profile: &mut Profile, request: &Request) -> Result<(), String> {
    if request.all_frames {
        profile.drop_frames = StringId(0);
        profile.keep_frames = StringId(0);
    }
    let (how, force) = request.demangling;
    demangle(profile, how, force);
    let mut diagnostics = Vec::new();
    drop_frames(profile, &mut diagnostics);
    if !request.rules.exact {
        say(&diagnostics);
    }
    let strings = &profile.strings;
    for mapping in &mut profile.mappings {
        let has_id = !strings.bytes(mapping.build_id).is_empty();
        if !has_id && is_url(strings.bytes(mapping.filename)) {
            mapping.filename = StringId(0);
        }
    }
    if !request.comment.is_empty() {
        let comment = push(profile, request.comment.as_bytes())?;
        profile.comments.push(comment);
    }
    Ok(())
}

/// pprof takes the file of a mapping for the place it fetched the profile from when it has a
/// scheme.
fn is_url(file: &[u8]) -> bool {
    let Some(colon) = file.iter().position(|&b| b == b':') else {
        return false;
    };
    let (scheme, rest) = file.split_at(colon);
    let is_part = |&b: &u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
    scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(is_part)
        && !rest.iter().any(u8::is_ascii_control)
}

/// True for an executable: ELF, Mach-O or PE.
pub(super) fn is_binary(path: &Path) -> bool {
    const MAGICS: [&[u8]; 6] = [
        b"\x7fELF",
        b"MZ",
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
    ];
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4).read_to_end(&mut head));
    read.is_ok() && MAGICS.iter().any(|magic| head.starts_with(magic))
}

//! What keys mean.

/// Something that a result has a value of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Key {
    /// `.name`: the name before the first slash.
    Name,
    /// `.fullname`
    FullName,
    /// `/size`: the part of the name that begins with it and `=`. Without the slash.
    Part(Vec<u8>),
    /// `/gomaxprocs`: the digits at the end, else the part of this name.
    MaxProcs,
    /// `.file`: the label of the file.
    File,
    /// A line of the file's configuration.
    Config(Vec<u8>),
}

impl Key {
    /// The key of a name; `.config` and `.unit` are none, and neither is nothing.
    pub(super) fn named(name: &[u8]) -> Result<Self, &'static str> {
        Ok(match name {
            b"" => return Err("key must not be empty"),
            b".name" => Self::Name,
            b".fullname" => Self::FullName,
            b".file" => Self::File,
            b"/gomaxprocs" => Self::MaxProcs,
            [b'/', part @ ..] => Self::Part(part.to_vec()),
            _ => Self::Config(name.to_vec()),
        })
    }

    /// Its value where that is told by the name of a benchmark alone; `None` for other keys.
    pub(in super::super) fn of_name<'a>(&self, name: &'a [u8]) -> Option<&'a [u8]> {
        Some(match self {
            Self::Name => base_name(name),
            Self::FullName => name,
            Self::Part(key) => part_of(name, key),
            Self::MaxProcs => match split_suffix(name).1 {
                b"" => part_of(name, b"gomaxprocs"),
                suffix => suffix,
            },
            Self::File | Self::Config(_) => return None,
        })
    }
}

/// The name of a benchmark without its parts and GOMAXPROCS: before the first slash, or without the
/// digits at its end.
pub fn base_name(name: &[u8]) -> &[u8] {
    match name.iter().position(|&b| b == b'/') {
        Some(slash) => &name[..slash],
        None => split_suffix(name).0,
    }
}

/// A name without the hyphen and digits at its end, and those digits; empty if there are none.
fn split_suffix(name: &[u8]) -> (&[u8], &[u8]) {
    let digits = name.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    match name.split_at(name.len() - digits) {
        ([rest @ .., b'-'], number) if digits > 0 => (rest, number),
        _ => (name, &[]),
    }
}

/// The value of the first part that begins with `key` and `=`; empty if none does.
fn part_of<'a>(name: &'a [u8], key: &[u8]) -> &'a [u8] {
    let value = |part: &'a [u8]| part.strip_prefix(key)?.strip_prefix(b"=");
    let mut parts = split_suffix(name).0.split(|&b| b == b'/').skip(1);
    parts.find_map(value).unwrap_or_default()
}

/// What is taken out of full names, because it is a key of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Excluded {
    /// The base name becomes `*`.
    pub(in super::super) name: bool,
    /// So do the digits at the end.
    pub(in super::super) maxprocs: bool,
    /// And parts that begin with one of these and `=`.
    pub(in super::super) parts: Vec<Vec<u8>>,
}

impl Excluded {
    /// Takes a key out, if it is one of names.
    pub(in super::super) fn add(&mut self, key: &Key) {
        match key {
            Key::Name => self.name = true,
            Key::MaxProcs => {
                self.maxprocs = true;
                self.parts.push(b"gomaxprocs".to_vec());
            }
            Key::Part(part) => self.parts.push(part.clone()),
            Key::FullName | Key::File | Key::Config(_) => {}
        }
    }
}

/// A full name without what is excluded. Parts go as a whole: what is only blanked would still
/// tell names with it from those without.
pub(in super::super) fn full_name_without(name: &[u8], excluded: &Excluded) -> Vec<u8> {
    let (rest, suffix) = split_suffix(name);
    let mut pieces = rest.split(|&b| b == b'/');
    let base = pieces.next().unwrap_or_default();
    let mut out = Vec::with_capacity(name.len());
    out.extend_from_slice(if excluded.name { b"*" } else { base });
    let is_out = |piece: &[u8], key: &Vec<u8>| {
        let after = piece.strip_prefix(key.as_slice());
        after.is_some_and(|after| after.starts_with(b"="))
    };
    for piece in pieces {
        if !excluded.parts.iter().any(|key| is_out(piece, key)) {
            out.push(b'/');
            out.extend_from_slice(piece);
        }
    }
    if !suffix.is_empty() && !excluded.maxprocs {
        out.push(b'-');
        out.extend_from_slice(suffix);
    }
    out
}

//! Arguments in the style of Go's flag package: `-name`, `-name=value`, `-name value`, one dash or
//! two, flags before files, `--` or the first other word ends them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use super::numbers;

/// How a flag takes its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// `-name`, or `-name=true`.
    Bool,
    /// `-name=value` or `-name value`.
    Value,
    /// The same, with an integer as Go writes them.
    Integer,
    /// The same, with a number as Go writes them.
    Float,
}

/// A flag a command knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flag {
    pub(crate) name: &'static str,
    pub(crate) takes: Takes,
    pub(crate) help: &'static str,
}

/// A boolean flag.
pub(crate) const fn switch(name: &'static str, help: &'static str) -> Flag {
    Flag {
        name,
        takes: Takes::Bool,
        help,
    }
}

/// A flag with a value.
pub(crate) const fn value(name: &'static str, help: &'static str) -> Flag {
    Flag {
        name,
        takes: Takes::Value,
        help,
    }
}

/// A flag with an integer.
pub(crate) const fn integer(name: &'static str, help: &'static str) -> Flag {
    Flag {
        name,
        takes: Takes::Integer,
        help,
    }
}

/// A flag with a number.
pub(crate) const fn float(name: &'static str, help: &'static str) -> Flag {
    Flag {
        name,
        takes: Takes::Float,
        help,
    }
}

/// What was given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    /// Values in the order of the command line; never an empty list.
    values: BTreeMap<&'static str, Vec<OsString>>,
    /// The words that are not flags.
    pub(crate) files: Vec<PathBuf>,
}

impl Given {
    /// The last value of a flag; `None` when it is not given, or not as UTF-8.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).last()?.to_str()
    }

    /// The last value of a flag that names a file.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        self.all(name).last().map(PathBuf::from)
    }

    /// All values of a flag, in order.
    pub(crate) fn all(&self, name: &str) -> &[OsString] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// The last value of a flag as text, empty when it is not given.
    pub(crate) fn text(&self, name: &str) -> Result<String, String> {
        let Some(value) = self.all(name).last() else {
            return Ok(String::new());
        };
        let text = value.to_str().map(str::to_owned);
        text.ok_or_else(|| {
            let shown = value.to_string_lossy();
            format!("invalid value \"{shown}\" for flag -{name}: invalid UTF-8")
        })
    }

    /// The last value of an integer flag.
    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        numbers::integer(self.get(name)?).ok()
    }

    /// The last value of a flag with a number.
    pub(crate) fn float(&self, name: &str) -> Option<f64> {
        numbers::float(self.get(name)?).ok()
    }

    /// True when a boolean flag is given and not `=false`.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.get(name).is_some_and(|v| v == "true")
    }

    /// What was given, and then this: flags that stand before and behind a word.
    pub(crate) fn and(mut self, later: Self) -> Self {
        for (flag, values) in later.values {
            self.values.entry(flag).or_default().extend(values);
        }
        self.files = later.files;
        self
    }

    /// A flag's number, or `default` when it is not given.
    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str, default: T) -> Result<T, String> {
        let Some(value) = self.all(name).last() else {
            return Ok(default);
        };
        let text = value.to_string_lossy();
        text.parse()
            .map_err(|_| format!("invalid value \"{text}\" for flag -{name}: parse error"))
    }
}

/// Parses `arguments`. The error is Go's: `flag provided but not defined: -x`. Files and values
/// that follow their flag may be any bytes the system allows; the flags themselves are text.
pub(crate) fn parse(flags: &[Flag], arguments: &[OsString]) -> Result<Given, String> {
    let mut given = Given::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let text = argument.to_string_lossy();
        let Some(body) = dashed(&text)? else {
            if argument != "--" {
                given.files.push(argument.into());
            }
            given.files.extend(rest.map(PathBuf::from));
            break;
        };
        let (name, attached) = match body.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (body, None),
        };
        let Some(flag) = flags.iter().find(|f| f.name == name) else {
            return Err(format!("flag provided but not defined: -{name}"));
        };
        let value = match (flag.takes, attached) {
            (Takes::Bool, None) => "true".into(),
            (Takes::Bool, Some(value)) => boolean(&value)
                .ok_or_else(|| {
                    format!("invalid boolean value \"{value}\" for -{name}: parse error")
                })?
                .into(),
            (_, Some(value)) => value.into(),
            (_, None) => rest
                .next()
                .cloned()
                .ok_or_else(|| format!("flag needs an argument: -{name}"))?,
        };
        check_number(flag, &value)?;
        given.values.entry(flag.name).or_default().push(value);
    }
    Ok(given)
}

/// Go's complaint about a number.
fn check_number(flag: &Flag, value: &OsString) -> Result<(), String> {
    let text = value.to_string_lossy();
    let checked = match flag.takes {
        Takes::Integer => numbers::integer(&text).map(drop),
        Takes::Float => numbers::float(&text).map(drop),
        Takes::Bool | Takes::Value => Ok(()),
    };
    checked.map_err(|why| format!("invalid value {text:?} for flag -{}: {why}", flag.name))
}

/// The word behind one or two dashes; `None` for a file, for `-` and for `--`.
fn dashed(argument: &str) -> Result<Option<&str>, String> {
    let Some(body) = argument.strip_prefix('-') else {
        return Ok(None);
    };
    let body = body.strip_prefix('-').unwrap_or(body);
    match body {
        "" => Ok(None),
        _ if body.starts_with(['-', '=']) => Err(format!("bad flag syntax: {argument}")),
        _ => Ok(Some(body)),
    }
}

fn boolean(value: &str) -> Option<&'static str> {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some("true"),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some("false"),
        _ => None,
    }
}

/// The flags as help text.
pub(crate) fn help(flags: &[Flag]) -> String {
    flags
        .iter()
        .map(|flag| {
            let value = match flag.takes {
                Takes::Bool => "",
                Takes::Value => "=VALUE",
                Takes::Integer | Takes::Float => "=N",
            };
            format!("  -{}{value}\n        {}\n", flag.name, flag.help)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const FLAGS: [Flag; 2] = [switch("top", ""), value("nodecount", "")];

    fn parsed(words: &[&str]) -> Result<Given, String> {
        parse(
            &FLAGS,
            &words.iter().map(OsString::from).collect::<Vec<_>>(),
        )
    }

    #[test]
    fn values_may_be_attached_or_follow() {
        for words in [
            ["-nodecount=3", "-top", "f"],
            ["--nodecount=3", "--top=true", "f"],
        ] {
            let given = parsed(&words).expect("valid");
            assert!(given.is_set("top"));
            assert_eq!(given.number("nodecount", 0), Ok(3));
            assert_eq!(given.files, [Path::new("f")]);
        }
        assert_eq!(
            parsed(&["-nodecount", "-1"])
                .expect("valid")
                .number("nodecount", 0),
            Ok(-1)
        );
    }

    #[test]
    fn the_first_file_ends_the_flags() {
        assert_eq!(
            parsed(&["f", "-top"]).expect("valid").files,
            [Path::new("f"), Path::new("-top")]
        );
        assert_eq!(
            parsed(&["--", "-top"]).expect("valid").files,
            [Path::new("-top")]
        );
    }

    #[test]
    #[cfg(unix)]
    fn files_may_have_any_name() {
        use std::os::unix::ffi::OsStringExt;
        let odd = OsString::from_vec(vec![b'a', 0xff]);
        let given = parse(
            &FLAGS,
            &["-top".into(), "-nodecount".into(), odd.clone(), odd.clone()],
        )
        .expect("valid");
        assert_eq!(
            (given.path("nodecount"), &given.files[..]),
            (Some((&odd).into()), &[odd.into()][..])
        );
        assert!(given.number("nodecount", 0).is_err());
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(
            parsed(&["-tpo"]).expect_err("unknown"),
            "flag provided but not defined: -tpo"
        );
        assert_eq!(
            parsed(&["-nodecount"]).expect_err("no value"),
            "flag needs an argument: -nodecount"
        );
        assert!(parsed(&["-top=maybe"]).is_err());
        assert!(parsed(&["---top"]).is_err());
    }
}

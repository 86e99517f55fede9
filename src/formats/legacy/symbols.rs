//! The comments in which Go's texts (`debug=1`) say what their addresses are.

use super::lines::{decimal, hex, trim};
use super::records::Records;
use crate::error::Result;
use crate::gotext::unquoted;

/// What a comment says about an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Symbol<'a> {
    /// An address within the call.
    pub(super) pc: u64,
    pub(super) function: &'a [u8],
    pub(super) file: &'a [u8],
    pub(super) line: i64,
}

/// Takes a blank line or comment below a sample.
pub(super) fn comment(records: &mut Records, line: &[u8]) -> Result<()> {
    if trim(line).is_empty() {
        return records.flush(true);
    }
    if let Some(symbol) = symbol(line) {
        return records.symbol(&symbol);
    }
    match line.strip_prefix(b"# labels: ") {
        Some(text) => labels(records, text),
        None => Ok(()),
    }
}

/// `#⇥0xPC⇥FUNCTION+0xOFFSET⇥FILE:LINE`; more tabs than one keep the columns straight.
fn symbol(line: &[u8]) -> Option<Symbol<'_>> {
    let mut fields = line
        .split(|&b| b == b'\t')
        .filter(|field| !field.is_empty());
    if fields.next()? != b"#" {
        return None;
    }
    let pc = hex(fields.next()?.strip_prefix(b"0x")?)?;
    let (function, place) = (fields.next()?, fields.next()?);
    let (function, offset) = function.split_at(function.iter().rposition(|&b| b == b'+')?);
    hex(offset.strip_prefix(b"+0x")?)?;
    let (file, line) = place.split_at(place.iter().rposition(|&b| b == b':')?);
    Some(Symbol {
        pc,
        function,
        file,
        line: decimal(&line[1..])?,
    })
}

/// `{"key":"value", "key":"value"}`; what is not of this form ends the list.
fn labels(records: &mut Records, text: &[u8]) -> Result<()> {
    let Some(mut rest) = trim(text).strip_prefix(b"{") else {
        return Ok(());
    };
    while let Some((key, after)) = unquoted(rest) {
        let value = after.strip_prefix(b":").and_then(unquoted);
        let Some((value, after)) = value else { break };
        records.label(&key, &value)?;
        let Some(next) = after.strip_prefix(b", ") else {
            break;
        };
        rest = next;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_names_function_file_and_line() {
        let read =
            symbol(b"#\t0x4a\tmain.(*T[go.shape.struct { F int }]).f+0x2c\t\t\tC:/a b/t.go:7");
        let expected = Symbol {
            pc: 0x4a,
            function: b"main.(*T[go.shape.struct { F int }]).f",
            file: b"C:/a b/t.go",
            line: 7,
        };
        assert_eq!(read, Some(expected));
        for other in [
            "#\t0x4a",
            "# HeapAlloc = 5",
            "#\t0x4a\tf\tt.go:7",
            "#\t0x4a\tf+0x1\tt.go",
        ] {
            assert_eq!(symbol(other.as_bytes()), None, "{other}");
        }
    }
}

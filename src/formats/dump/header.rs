//! The first line of a goroutine, as Go 1.18 to 1.27 print it:
//! `goroutine 9 gp=0xc00 m=3 mp=0x7a [chan send (leaked), 2 minutes] {route: /v1}:`.

/// What the line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header<'a> {
    pub(super) id: u64,
    /// Without what is in the fields below.
    pub(super) state: &'a [u8],
    pub(super) minutes: u64,
    pub(super) is_locked: bool,
    pub(super) is_leaked: bool,
    pub(super) is_durable: bool,
    pub(super) bubble: u64,
    /// What stands between the braces.
    pub(super) labels: &'a [u8],
}

pub(super) const WORD: &[u8] = b"goroutine ";

/// Reads a whole line; `None` for a line of another kind, and for one that is cut.
pub(super) fn header(line: &[u8]) -> Option<Header<'_>> {
    let mut rest = line.strip_prefix(WORD)?;
    let id = number(&mut rest)?;
    i64::try_from(id).ok()?;
    rest = rest.strip_prefix(b" ")?;
    for word in [&b"gp="[..], b"m=", b"mp="] {
        if let Some(after) = rest.strip_prefix(word) {
            let end = after.iter().position(|&b| b == b' ')?;
            rest = &after[end + 1..];
        }
    }
    let mut header = Header {
        id,
        ..Header::default()
    };
    rest = header.status(rest.strip_prefix(b"[")?)?;
    header.after(rest)?;
    Some(header)
}

impl<'a> Header<'a> {
    /// Reads up to the closing bracket; what follows it.
    fn status(&mut self, text: &'a [u8]) -> Option<&'a [u8]> {
        let end = text.iter().position(|b| matches!(b, b',' | b']'))?;
        let mut state = &text[..end];
        let mut rest = &text[end..];
        // Go 1.26 has the labels within the brackets.
        if let Some(at) = find(state, b" labels:{") {
            state = &text[..at];
            rest = &text[at..];
        }
        while let Some((before, mark)) = marked(state) {
            state = before;
            self.is_leaked |= mark == b"(leaked)";
            self.is_durable |= mark != b"(leaked)" && mark != b"(scan)";
        }
        self.state = state;
        loop {
            if let Some(after) = rest.strip_prefix(b"]") {
                return (!state.is_empty()).then_some(after);
            }
            if let Some(text) = rest.strip_prefix(b" labels:{") {
                let end = end_of_labels(text)?;
                self.labels = &text[..end];
                rest = &text[end + 1..];
                continue;
            }
            let item = rest.strip_prefix(b", ")?;
            let end = item.iter().position(|b| matches!(b, b',' | b']'))?;
            let labels = find(&item[..end], b" labels:{");
            let end = labels.unwrap_or(end);
            self.item(&item[..end]);
            rest = &item[end..];
        }
    }

    /// What a new version may add is let through.
    fn item(&mut self, item: &[u8]) {
        let mut rest = item;
        if item == b"locked to thread" {
            self.is_locked = true;
        } else if let Some(mut bubble) = item
            .strip_prefix(b"synctest group ")
            .or_else(|| item.strip_prefix(b"synctest bubble "))
        {
            self.bubble = number(&mut bubble).unwrap_or_default();
        } else if let (Some(minutes), true) = (number(&mut rest), rest.starts_with(b" minute")) {
            self.minutes = minutes;
        }
    }

    /// Reads what follows the bracket: labels and a colon.
    fn after(&mut self, text: &'a [u8]) -> Option<()> {
        let text = text.strip_prefix(b" labels:").unwrap_or(text);
        let text = text.strip_prefix(b" ").unwrap_or(text);
        if let Some(labels) = text.strip_prefix(b"{") {
            self.labels = labels.strip_suffix(b"}:")?;
            return Some(());
        }
        (text == b":").then_some(())
    }
}

/// A state and the mark at its end that is not part of it.
fn marked(state: &[u8]) -> Option<(&[u8], &[u8])> {
    const MARKS: [&[u8]; 4] = [b" (leaked)", b" (scan)", b" (durable)", b" (synctest)"];
    let mark = MARKS.iter().find(|mark| state.ends_with(mark))?;
    let (before, mark) = state.split_at(state.len() - mark.len());
    Some((before, &mark[1..]))
}

/// Where the closing brace of labels stands, outside quotation marks.
fn end_of_labels(text: &[u8]) -> Option<usize> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.iter().position(|&b| {
        let ends = b == b'}' && !is_quoted;
        if b == b'"' && !is_escaped {
            is_quoted = !is_quoted;
        }
        is_escaped = b == b'\\' && !is_escaped;
        ends
    })
}

/// The digits at the start of a text, which is moved past them.
pub(super) fn number(text: &mut &[u8]) -> Option<u64> {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let number = std::str::from_utf8(&text[..digits]).ok()?.parse().ok()?;
    *text = &text[digits..];
    Some(number)
}

pub(super) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Header<'_> {
        header(line.as_bytes()).unwrap_or_else(|| panic!("{line}"))
    }

    #[test]
    fn every_spelling_of_a_header_is_read() {
        let plain = Header {
            id: 9,
            state: b"chan receive",
            ..Header::default()
        };
        assert_eq!(of("goroutine 9 [chan receive]:"), plain);
        for (line, expected) in [
            (
                "goroutine 9 gp=0xc000003880 m=3 mp=0x7a1c20 [syscall, 2 minutes, locked to thread]:",
                Header {
                    state: b"syscall",
                    minutes: 2,
                    is_locked: true,
                    ..plain.clone()
                },
            ),
            (
                "goroutine 9 gp=0x1 m=nil [GC worker (idle)]:",
                Header {
                    state: b"GC worker (idle)",
                    ..plain.clone()
                },
            ),
            (
                "goroutine 9 [chan send (nil chan) (leaked) (scan), 14 minutes] {a: b}:",
                Header {
                    state: b"chan send (nil chan)",
                    minutes: 14,
                    is_leaked: true,
                    labels: b"a: b",
                    ..plain.clone()
                },
            ),
            (
                "goroutine 9 [chan receive (durable), synctest bubble 7]:",
                Header {
                    is_durable: true,
                    bubble: 7,
                    ..plain.clone()
                },
            ),
            (
                "goroutine 9 [chan receive (synctest), synctest group 7]:",
                Header {
                    is_durable: true,
                    bubble: 7,
                    ..plain.clone()
                },
            ),
            (
                "goroutine 9 [chan receive labels:{\"role\": \"a}]:\"}]:",
                Header {
                    labels: b"\"role\": \"a}]:\"",
                    ..plain.clone()
                },
            ),
            (
                "goroutine 9 [chan receive, 3 minutes] labels:{\"k\": \"v\"}:",
                Header {
                    minutes: 3,
                    labels: b"\"k\": \"v\"",
                    ..plain.clone()
                },
            ),
            (
                "goroutine 9 [chan receive, 3 minutes labels:{\"k\": \"v\"}]:",
                Header {
                    minutes: 3,
                    labels: b"\"k\": \"v\"",
                    ..plain.clone()
                },
            ),
            ("goroutine 9 [chan receive, something new]:", plain.clone()),
        ] {
            assert_eq!(of(line), expected, "{line}");
        }
    }

    #[test]
    fn other_lines_and_cut_ones_are_no_headers() {
        for line in [
            "goroutine profile: total 3",
            "goroutine 9",
            "goroutine 9 [chan receive",
            "goroutine 9 [chan receive]",
            "goroutine 9 [chan receive, 3 minutes]",
            "goroutine 9 [chan receive] {a: b",
            "goroutine 9 []:",
            "goroutine x [running]:",
            "goroutine 99999999999999999999 [running]:",
            "goroutine running on other thread; stack unavailable",
            "Goroutine 9 (running) created at:",
        ] {
            assert_eq!(header(line.as_bytes()), None, "{line}");
        }
    }
}

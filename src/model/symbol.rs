//! Names of functions as pprof's pruning sees them.

/// A name without its argument list: up to the first `(` that is not part of
/// `(anonymous namespace)` or `operator()`.
pub fn simplified(name: &[u8]) -> &[u8] {
    const RESERVED: [(&[u8], usize); 2] = [(b"(anonymous namespace)", 0), (b"operator()", 8)];
    let name = name.strip_prefix(b".").unwrap_or(name);
    let mut from = 0;
    while let Some(paren) = name[from..]
        .iter()
        .position(|&b| b == b'(')
        .map(|i| from + i)
    {
        let reserved = RESERVED
            .iter()
            .find(|(text, lead)| paren >= *lead && name[paren - lead..].starts_with(text));
        match reserved {
            Some((text, lead)) => from = paren - lead + text.len(),
            None => return &name[..paren],
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::simplified;

    #[test]
    fn argument_lists_are_cut() {
        for (name, simple) in [
            ("foo(int)", "foo"),
            ("(anonymous namespace)::f(int)", "(anonymous namespace)::f"),
            ("T::operator()(int)", "T::operator()"),
            (".f", "f"),
            ("runtime.mallocgc", "runtime.mallocgc"),
        ] {
            assert_eq!(simplified(name.as_bytes()), simple.as_bytes());
        }
    }
}

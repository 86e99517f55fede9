//! gperftools' binary profiles written by hand as words, and their encodings.
//!
//! `# …` is a comment, `encodings …` names one file each, a line of numbers is words, and what
//! follows the line `text` is kept as it is.

use anyhow::{Context, Result, bail};

/// What a source stands for: the name of each encoding, and its bytes.
pub fn encode(source: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let (numbers, text) = match source.split_once("\ntext\n") {
        Some((numbers, text)) => (numbers, text),
        None => (source, ""),
    };
    let mut encodings = Vec::new();
    let mut words = Vec::new();
    for line in numbers.lines().filter(|line| !line.starts_with('#')) {
        if let Some(names) = line.strip_prefix("encodings ") {
            encodings.extend(names.split_whitespace().map(str::to_owned));
        } else {
            for word in line.split_whitespace() {
                words.push(number(word).with_context(|| format!("bad word {word}"))?);
            }
        }
    }
    let file = |name: String| {
        let mut bytes = Vec::new();
        for word in &words {
            bytes.extend(encoded(&name, *word)?);
        }
        bytes.extend_from_slice(text.as_bytes());
        Ok((name, bytes))
    };
    encodings.into_iter().map(file).collect()
}

fn number(word: &str) -> Option<u64> {
    match word.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => word.parse().ok(),
    }
}

fn encoded(encoding: &str, word: u64) -> Result<Vec<u8>> {
    let short = || u32::try_from(word).with_context(|| format!("{word} has more than 32 bits"));
    Ok(match encoding {
        "32-little" => short()?.to_le_bytes().to_vec(),
        "32-big" => short()?.to_be_bytes().to_vec(),
        "64-little" => word.to_le_bytes().to_vec(),
        "64-big" => word.to_be_bytes().to_vec(),
        _ => bail!("no encoding {encoding}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_an_order_and_a_size() {
        let files = encode("# c\nencodings 32-big 64-little\n3 0x10\ntext\nmap\n").unwrap();
        assert_eq!(files[0].0, "32-big");
        assert_eq!(files[0].1, b"\0\0\0\x03\0\0\0\x10map\n");
        assert_eq!(files[1].1, b"\x03\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0map\n");
    }
}

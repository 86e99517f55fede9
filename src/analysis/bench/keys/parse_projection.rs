//! Projections: lists of keys, each with an order.

use std::cell::RefCell;

use super::KeyError;
use super::extract::Key;
use super::token::{Kind, Tokens};
use crate::gotext::quoted;

/// In which order values of a key stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum FieldOrder {
    /// As they were first seen.
    First,
    /// `@alpha`: by their bytes.
    Text,
    /// `@num`
    Number,
    /// `@(a b c)`: like this, and other values are filtered out.
    Fixed(Vec<Vec<u8>>),
}

/// One key of a projection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Field {
    /// The key as it was written.
    pub(in super::super) name: Vec<u8>,
    /// `None` is `.config`: all of the file's configuration that no projection names.
    pub(in super::super) key: Option<Key>,
    pub(in super::super) order: FieldOrder,
}

/// Reads a projection; empty for an empty text.
pub(in super::super) fn projection(text: &str) -> Result<Vec<Field>, KeyError> {
    let error = RefCell::new(None);
    let mut tokens = Tokens::new(text, &error);
    let mut written = Vec::new();
    loop {
        let (token, after) = tokens.key_or_operator();
        if token.kind == Kind::End {
            break;
        }
        if token.is_operator(b',') && !written.is_empty() {
            tokens = after;
        }
        written.push(field(&mut tokens));
    }
    if let Some(error) = error.into_inner() {
        return Err(error);
    }
    written.into_iter().map(|field| field.meant(text)).collect()
}

/// A key and its order as they were written.
#[derive(Default)]
struct Written {
    key: Vec<u8>,
    key_at: usize,
    order: Vec<u8>,
    order_at: usize,
    fixed: Option<Vec<Vec<u8>>>,
}

fn field(tokens: &mut Tokens<'_>) -> Written {
    let (key, mut after) = tokens.key_or_operator();
    if !key.is_word() {
        *tokens = tokens.fail("expected key").1;
        return Written::default();
    }
    let mut written = Written {
        order_at: key.at + key.text.len(),
        key: key.text,
        key_at: key.at,
        order: b"first".to_vec(),
        fixed: None,
    };
    let (at, mut order) = after.key_or_operator();
    *tokens = after;
    if !at.is_operator(b'@') {
        return written;
    }
    let (name, mut list) = order.key_or_operator();
    written.order_at = name.at;
    if name.is_word() {
        written.order = name.text;
        *tokens = list;
        return written;
    }
    if !name.is_operator(b'(') {
        let reason = "expected named sort order or parenthesized list";
        *tokens = order.fail(reason).1;
        return written;
    }
    let mut values = Vec::new();
    loop {
        let (value, after) = list.key_or_operator();
        if value.is_word() {
            values.push(value.text);
            list = after;
            continue;
        }
        *tokens = match value.is_operator(b')') {
            true if values.is_empty() => list.fail("nothing to match").1,
            true => after,
            false => list.fail("missing )").1,
        };
        break;
    }
    written.fixed = Some(values);
    written
}

impl Written {
    fn meant(self, text: &str) -> Result<Field, KeyError> {
        let wrong = |at: usize, reason: String| KeyError {
            reason,
            text: text.to_owned(),
            at,
        };
        let order = match (self.fixed, self.order.as_slice()) {
            (Some(values), _) => FieldOrder::Fixed(values),
            (None, b"first") => FieldOrder::First,
            (None, b"alpha") => FieldOrder::Text,
            (None, b"num") => FieldOrder::Number,
            (None, other) => {
                let reason = format!("unknown order {}", quoted(other));
                return Err(wrong(self.order_at, reason));
            }
        };
        let key = match self.key.as_slice() {
            b".config" if matches!(order, FieldOrder::Fixed(_)) => {
                let reason = "fixed order not allowed for .config".to_owned();
                return Err(wrong(self.order_at, reason));
            }
            b".config" => None,
            b".unit" => {
                let reason = ".unit is only allowed in filters".to_owned();
                return Err(wrong(self.key_at, reason));
            }
            name => match Key::named(name) {
                Ok(key) => Some(key),
                Err(reason) => return Err(wrong(self.key_at, reason.to_owned())),
            },
        };
        Ok(Field {
            name: self.key,
            key,
            order,
        })
    }
}

//! Reading filters.

use std::cell::RefCell;

use super::extract::Key;
use super::filter::{Node, Test, Wanted};
use super::token::{Kind, Token, Tokens};
use super::{DEPTH, KeyError};
use crate::gotext::quoted;

/// Reads a filter.
pub(super) fn filter(text: &str) -> Result<Node, KeyError> {
    let error = RefCell::new(None);
    let mut parser = Parser {
        text,
        meaning: None,
        depth: 0,
    };
    let (node, mut rest) = parser.any(Tokens::new(text, &error));
    let (token, _) = rest.key_or_operator();
    if token.kind != Kind::End {
        rest.fail(&format!("unexpected {}", quoted(&token.text)));
    }
    // Whether keys mean something is looked at only where the syntax is right.
    match error.into_inner().or(parser.meaning) {
        Some(error) => Err(error),
        None => Ok(node),
    }
}

struct Parser<'q> {
    text: &'q str,
    /// The first key that means nothing.
    meaning: Option<KeyError>,
    depth: usize,
}

/// Stands for what could not be read; nobody sees it.
const NOTHING: Node = Node::All(Vec::new());

impl Parser<'_> {
    /// Terms with `OR` between them.
    fn any<'q>(&mut self, mut tokens: Tokens<'q>) -> (Node, Tokens<'q>) {
        let mut terms = Vec::new();
        loop {
            let (term, rest) = self.all(tokens);
            terms.push(term);
            tokens = rest;
            let (operator, after) = tokens.key_or_operator();
            if operator.kind != Kind::Or {
                break;
            }
            tokens = after;
        }
        (one_or(terms, Node::Any), tokens)
    }

    /// Terms side by side, perhaps with `AND` between them.
    fn all<'q>(&mut self, tokens: Tokens<'q>) -> (Node, Tokens<'q>) {
        let (first, mut tokens) = self.term(tokens);
        let mut terms = vec![first];
        loop {
            let (operator, after) = tokens.key_or_operator();
            match operator.kind {
                Kind::And => tokens = after,
                Kind::Operator(b'(' | b'-' | b'*') | Kind::Word | Kind::Quoted => {
                    let (term, rest) = self.term(tokens);
                    terms.push(term);
                    tokens = rest;
                }
                Kind::Operator(b')') | Kind::Or | Kind::End => break,
                _ => {
                    let reason = format!("unexpected {}", quoted(&operator.text));
                    return (NOTHING, tokens.fail(&reason).1);
                }
            }
        }
        (one_or(terms, Node::All), tokens)
    }

    fn term<'q>(&mut self, mut start: Tokens<'q>) -> (Node, Tokens<'q>) {
        let (token, rest) = start.key_or_operator();
        self.depth += 1;
        let found = match token.kind {
            _ if self.depth > DEPTH => (NOTHING, start.fail("nested too deeply").1),
            Kind::Operator(b'(') => {
                let (node, mut rest) = self.any(rest);
                let (close, after) = rest.key_or_operator();
                match close.is_operator(b')') {
                    true => (node, after),
                    false => (NOTHING, rest.fail("missing \")\"").1),
                }
            }
            Kind::Operator(b'-') => {
                let (node, rest) = self.term(rest);
                (Node::Not(Box::new(node)), rest)
            }
            Kind::Operator(b'*') => (NOTHING, rest),
            Kind::Word | Kind::Quoted => self.test(start, &token, rest),
            _ => {
                let reason = "expected key:value or subexpression";
                (NOTHING, start.fail(reason).1)
            }
        };
        self.depth -= 1;
        found
    }

    /// A key with what its value is to be.
    fn test<'q>(
        &mut self,
        start: Tokens<'q>,
        key: &Token,
        mut rest: Tokens<'q>,
    ) -> (Node, Tokens<'q>) {
        let (colon, mut values) = rest.key_or_operator();
        if !colon.is_operator(b':') {
            return (NOTHING, start.fail("expected key:value").1);
        }
        let (value, after) = values.value_or_operator();
        if let Some(wanted) = wanted(&value) {
            return (self.meant(key, wanted), after);
        }
        if !value.is_operator(b'(') {
            return (NOTHING, start.fail("expected key:value").1);
        }
        let mut list = after;
        let mut terms = Vec::new();
        loop {
            let (value, mut next) = list.value_or_operator();
            let Some(wanted) = wanted(&value) else {
                return (NOTHING, list.fail("expected value").1);
            };
            terms.push(self.meant(key, wanted));
            let (separator, after) = next.value_or_operator();
            match separator.kind {
                Kind::Operator(b')') => return (Node::Any(terms), after),
                Kind::Or => list = after,
                _ => {
                    let reason = "value list must be separated by OR";
                    return (NOTHING, next.fail(reason).1);
                }
            }
        }
    }

    fn meant(&mut self, key: &Token, wanted: Wanted) -> Node {
        let named = match key.text.as_slice() {
            b".unit" => return Node::Unit(wanted),
            b".config" => Err(".config is only allowed in projections"),
            name => Key::named(name),
        };
        match named {
            Ok(key) => Node::Test(Test { key, wanted }),
            Err(reason) => {
                self.meaning.get_or_insert_with(|| KeyError {
                    reason: reason.to_owned(),
                    text: self.text.to_owned(),
                    at: key.at,
                });
                NOTHING
            }
        }
    }
}

fn wanted(token: &Token) -> Option<Wanted> {
    match token.kind {
        Kind::Word | Kind::Quoted => Some(Wanted::Text(token.text.clone())),
        Kind::Pattern => token.pattern.clone().map(Wanted::Match),
        _ => None,
    }
}

fn one_or(mut terms: Vec<Node>, of: fn(Vec<Node>) -> Node) -> Node {
    match terms.len() {
        1 => terms.remove(0),
        _ => of(terms),
    }
}

//! How deep the page nests, counted as [`nesting`](crate::page::nesting) counts
//! it: a page of which that would dissolve anything is left to the whole
//! parser.

use std::collections::HashMap;

use super::tokens::{Declined, Token};
use crate::page::nesting::{MAX_DEPTH, MAX_FORMATTING};
use crate::page::tag::Tag;

#[derive(Debug)]
pub(super) struct Depth {
    elements: usize,
    formatting: usize,
    foreign: usize,
    open: [u32; Tag::COUNT],
    /// The same for elements that have no tag of their own.
    others: HashMap<String, u32>,
}

impl Depth {
    pub(super) fn new() -> Self {
        Self { elements: 0, formatting: 0, foreign: 0, open: [0; Tag::COUNT], others: HashMap::new() }
    }

    /// Counts a tag; `name` is its name where it has no tag of its own.
    pub(super) fn count(&mut self, token: Token, name: &str) -> Result<(), Declined> {
        let tag = token.tag;
        if self.foreign == 0 && ends_by_itself(tag) {
            return Ok(());
        }
        if !token.closing && is_raw(tag) {
            return Ok(());
        }
        let foreign = matches!(tag, Tag::Svg | Tag::Math);
        if foreign && token.closing {
            self.foreign = self.foreign.saturating_sub(1);
        }
        if token.self_closing && (foreign || self.foreign > 0) {
            return Ok(());
        }
        if foreign && !token.closing {
            self.foreign += 1;
        }
        let open = if tag == Tag::Other {
            if !token.closing && !self.others.contains_key(name) {
                self.others.insert(name.to_owned(), 0);
            }
            match self.others.get_mut(name) {
                Some(open) => open,
                None => return Ok(()),
            }
        } else {
            &mut self.open[tag as usize]
        };
        if token.closing {
            if *open > 0 {
                *open -= 1;
                self.elements = self.elements.saturating_sub(1);
                if is_formatting(tag) {
                    self.formatting = self.formatting.saturating_sub(1);
                }
            }
            return Ok(());
        }
        if self.elements >= MAX_DEPTH || is_formatting(tag) && self.formatting >= MAX_FORMATTING {
            return Err(Declined);
        }
        *open += 1;
        self.elements += 1;
        self.formatting += usize::from(is_formatting(tag));
        Ok(())
    }
}

/// Elements that HTML closes by itself or that hold nothing.
fn ends_by_itself(tag: Tag) -> bool {
    use Tag::{
        A, Area, Base, Body, Br, Button, Col, Dd, Dt, Embed, Head, Hr, Html, Img, Input, Li, Link, Meta,
        Nobr, Optgroup, Option, P, Param, Rb, Rp, Rt, Source, Tbody, Td, Tfoot, Th, Thead, Tr, Track, Wbr,
    };
    matches!(
        tag,
        A | Area
            | Base
            | Body
            | Br
            | Button
            | Col
            | Dd
            | Dt
            | Embed
            | Head
            | Hr
            | Html
            | Img
            | Input
            | Li
            | Link
            | Meta
            | Nobr
            | Optgroup
            | Option
            | P
            | Param
            | Rb
            | Rp
            | Rt
            | Source
            | Tbody
            | Td
            | Tfoot
            | Th
            | Thead
            | Tr
            | Track
            | Wbr
    )
}

/// Elements whose content is text up to their own end tag.
fn is_raw(tag: Tag) -> bool {
    use Tag::{Iframe, Noembed, Noframes, Script, Style, Textarea, Title, Xmp};
    matches!(tag, Script | Style | Textarea | Title | Iframe | Noembed | Noframes | Xmp)
}

/// Elements that are opened anew in every paragraph until they are closed.
fn is_formatting(tag: Tag) -> bool {
    use Tag::{B, Big, Code, Em, Font, I, S, Small, Strike, Strong, Tt, U};
    matches!(tag, B | Big | Code | Em | Font | I | S | Small | Strike | Strong | Tt | U)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::nesting;

    #[test]
    fn the_sets_are_those_of_nesting() {
        let of = |set: fn(Tag) -> bool| Tag::named().filter(move |(_, tag)| set(*tag)).map(|(name, _)| name);
        assert!(of(ends_by_itself).eq(nesting::NOT_COUNTED.iter().copied()));
        let mut raw = nesting::RAW.to_vec();
        raw.sort_unstable();
        assert!(of(is_raw).eq(raw));
        assert!(of(is_formatting).eq(nesting::FORMATTING.iter().copied()));
    }
}

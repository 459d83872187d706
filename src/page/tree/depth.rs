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

    /// Counts a tag; `name` gives its name where it has no tag of its own.
    #[inline]
    pub(super) fn count<'s>(&mut self, token: Token, name: impl Fn() -> &'s str) -> Result<(), Declined> {
        let tag = token.tag;
        let sort = SORTS[tag as usize];
        if self.foreign == 0 && sort == Sort::EndsByItself || sort == Sort::Raw && !token.closing {
            return Ok(());
        }
        let foreign = sort == Sort::Foreign;
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
            let name = name();
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
                if sort == Sort::Formatting {
                    self.formatting = self.formatting.saturating_sub(1);
                }
            }
            return Ok(());
        }
        if self.elements >= MAX_DEPTH || sort == Sort::Formatting && self.formatting >= MAX_FORMATTING {
            return Err(Declined);
        }
        *open += 1;
        self.elements += 1;
        self.formatting += usize::from(sort == Sort::Formatting);
        Ok(())
    }
}

/// How a tag counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    /// HTML closes it by itself, or it holds nothing.
    EndsByItself,
    /// Its content is text up to its own end tag.
    Raw,
    /// SVG or mathematics.
    Foreign,
    /// It is opened anew in every paragraph until it is closed.
    Formatting,
    Other,
}

static SORTS: [Sort; Tag::COUNT] = {
    use Tag::{
        A, Area, B, Base, Big, Body, Br, Button, Code, Col, Dd, Dt, Em, Embed, Font, Head, Hr, Html, I,
        Iframe, Img, Input, Li, Link, Math, Meta, Nobr, Noembed, Noframes, Optgroup, Option, P, Param, Rb,
        Rp, Rt, S, Script, Small, Source, Strike, Strong, Style, Svg, Tbody, Td, Textarea, Tfoot, Th, Thead,
        Title, Tr, Track, Tt, U, Wbr, Xmp,
    };
    let sets: [(Sort, &[Tag]); 4] = [
        (
            Sort::EndsByItself,
            &[
                A, Area, Base, Body, Br, Button, Col, Dd, Dt, Embed, Head, Hr, Html, Img, Input, Li, Link,
                Meta, Nobr, Optgroup, Option, P, Param, Rb, Rp, Rt, Source, Tbody, Td, Tfoot, Th, Thead, Tr,
                Track, Wbr,
            ],
        ),
        (Sort::Raw, &[Iframe, Noembed, Noframes, Script, Style, Textarea, Title, Xmp]),
        (Sort::Foreign, &[Math, Svg]),
        (Sort::Formatting, &[B, Big, Code, Em, Font, I, S, Small, Strike, Strong, Tt, U]),
    ];
    Tag::table(sets, Sort::Other)
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::nesting;

    #[test]
    fn the_sets_are_those_of_nesting() {
        let of = |sort| Tag::named().filter(move |t| SORTS[t.1 as usize] == sort).map(|(name, _)| name);
        assert!(of(Sort::EndsByItself).eq(nesting::NOT_COUNTED.iter().copied()));
        let mut raw = nesting::RAW.to_vec();
        raw.sort_unstable();
        assert!(of(Sort::Raw).eq(raw));
        assert!(of(Sort::Formatting).eq(nesting::FORMATTING.iter().copied()));
        assert!(of(Sort::Foreign).eq(["math", "svg"]));
    }
}

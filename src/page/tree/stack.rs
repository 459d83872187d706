//! The stack of open elements, and the sets of elements that the HTML standard
//! asks about.

use super::Span;
use crate::page::tag::Tag;

/// An open element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) node: u32,
    pub(super) tag: Tag,
    /// Whether it is of SVG.
    pub(super) foreign: bool,
    /// Its name, where the tag is [`Tag::Other`].
    pub(super) name: Span,
}

/// What ends a search through the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Default,
    ListItem,
    Button,
    Table,
}

impl Scope {
    fn ends_at(self, open: &Open) -> bool {
        if open.foreign {
            return self != Self::Table && is_integration_point(open.tag);
        }
        let default = || {
            matches!(
                open.tag,
                Tag::Applet
                    | Tag::Caption
                    | Tag::Html
                    | Tag::Table
                    | Tag::Td
                    | Tag::Th
                    | Tag::Marquee
                    | Tag::Object
                    | Tag::Select
                    | Tag::Template
            )
        };
        match self {
            Self::Default => default(),
            Self::ListItem => default() || matches!(open.tag, Tag::Ol | Tag::Ul),
            Self::Button => default() || open.tag == Tag::Button,
            Self::Table => matches!(open.tag, Tag::Html | Tag::Table | Tag::Template),
        }
    }
}

/// Elements of SVG whose content is HTML.
pub(super) fn is_integration_point(tag: Tag) -> bool {
    matches!(tag, Tag::ForeignObject | Tag::Desc | Tag::Title)
}

/// The open elements, the root first.
#[derive(Debug)]
pub(super) struct Stack {
    list: Vec<Open>,
    /// How many elements of each tag are open, those of SVG not counted.
    counts: [u32; Tag::COUNT],
}

impl Stack {
    pub(super) fn new() -> Self {
        Self { list: Vec::with_capacity(64), counts: [0; Tag::COUNT] }
    }

    pub(super) fn push(&mut self, open: Open) {
        if !open.foreign {
            self.counts[open.tag as usize] += 1;
        }
        self.list.push(open);
    }

    pub(super) fn pop(&mut self) -> Option<Open> {
        let open = self.list.pop()?;
        if !open.foreign {
            self.counts[open.tag as usize] -= 1;
        }
        Some(open)
    }

    pub(super) fn truncate(&mut self, len: usize) {
        while self.list.len() > len {
            self.pop();
        }
    }

    /// Takes one element out, those above it stay.
    pub(super) fn remove(&mut self, node: u32) {
        if let Some(at) = self.position(node) {
            let open = self.list.remove(at);
            if !open.foreign {
                self.counts[open.tag as usize] -= 1;
            }
        }
    }

    pub(super) fn position(&self, node: u32) -> Option<usize> {
        self.list.iter().rposition(|o| o.node == node)
    }

    pub(super) fn last(&self) -> Option<&Open> {
        self.list.last()
    }

    /// The tag of the current node, where it is one of HTML.
    pub(super) fn current(&self) -> Option<Tag> {
        self.list.last().filter(|o| !o.foreign).map(|o| o.tag)
    }

    pub(super) fn list(&self) -> &[Open] {
        &self.list
    }

    pub(super) fn has(&self, tag: Tag) -> bool {
        self.counts[tag as usize] > 0
    }

    pub(super) fn in_scope(&self, tag: Tag, scope: Scope) -> bool {
        self.has(tag) && self.found(scope, |o| !o.foreign && o.tag == tag)
    }

    pub(super) fn any_in_scope(&self, tags: &[Tag], scope: Scope) -> bool {
        tags.iter().any(|t| self.has(*t)) && self.found(scope, |o| !o.foreign && tags.contains(&o.tag))
    }

    pub(super) fn node_in_scope(&self, node: u32, scope: Scope) -> bool {
        self.found(scope, |o| o.node == node)
    }

    fn found(&self, scope: Scope, wanted: impl Fn(&Open) -> bool) -> bool {
        for open in self.list.iter().rev() {
            if wanted(open) {
                return true;
            }
            if scope.ends_at(open) {
                return false;
            }
        }
        false
    }

    /// Pops elements that end by themselves, but for one kind.
    pub(super) fn imply_ends_except(&mut self, except: Option<Tag>) {
        while let Some(tag) = self.current() {
            let implied = matches!(
                tag,
                Tag::Dd
                    | Tag::Dt
                    | Tag::Li
                    | Tag::Option
                    | Tag::Optgroup
                    | Tag::P
                    | Tag::Rb
                    | Tag::Rp
                    | Tag::Rt
                    | Tag::Rtc
            );
            if !implied || Some(tag) == except {
                return;
            }
            self.pop();
        }
    }

    /// Pops elements until one of a tag was popped.
    pub(super) fn pop_until(&mut self, tag: Tag) {
        self.pop_until_any(&[tag]);
    }

    pub(super) fn pop_until_any(&mut self, tags: &[Tag]) {
        while let Some(open) = self.pop() {
            if !open.foreign && tags.contains(&open.tag) {
                return;
            }
        }
    }

    /// Pops elements until the current node is of one of several tags.
    pub(super) fn pop_to(&mut self, tags: &[Tag]) {
        while self.last().is_some() && !self.current().is_some_and(|t| tags.contains(&t)) {
            self.pop();
        }
    }
}

pub(super) const HEADINGS: &[Tag] = &[Tag::H1, Tag::H2, Tag::H3, Tag::H4, Tag::H5, Tag::H6];

/// The HTML standard's special elements.
pub(super) fn is_special(open: &Open) -> bool {
    use Tag::{
        Address, Applet, Area, Article, Aside, Base, Basefont, Bgsound, Blockquote, Body, Br, Button,
        Caption, Center, Col, Colgroup, Dd, Details, Dir, Div, Dl, Dt, Embed, Fieldset, Figcaption, Figure,
        Footer, Form, Frame, Frameset, H1, H2, H3, H4, H5, H6, Head, Header, Hgroup, Hr, Html, Iframe, Img,
        Input, Isindex, Li, Link, Listing, Main, Marquee, Menu, Meta, Nav, Noembed, Noframes, Noscript,
        Object, Ol, P, Param, Plaintext, Pre, Script, Section, Select, Source, Style, Summary, Table, Tbody,
        Td, Template, Textarea, Tfoot, Th, Thead, Title, Tr, Track, Ul, Wbr, Xmp,
    };
    !open.foreign
        && matches!(
            open.tag,
            Address
                | Applet
                | Area
                | Article
                | Aside
                | Base
                | Basefont
                | Bgsound
                | Blockquote
                | Body
                | Br
                | Button
                | Caption
                | Center
                | Col
                | Colgroup
                | Dd
                | Details
                | Dir
                | Div
                | Dl
                | Dt
                | Embed
                | Fieldset
                | Figcaption
                | Figure
                | Footer
                | Form
                | Frame
                | Frameset
                | H1
                | H2
                | H3
                | H4
                | H5
                | H6
                | Head
                | Header
                | Hgroup
                | Hr
                | Html
                | Iframe
                | Img
                | Input
                | Isindex
                | Li
                | Link
                | Listing
                | Main
                | Marquee
                | Menu
                | Meta
                | Nav
                | Noembed
                | Noframes
                | Noscript
                | Object
                | Ol
                | P
                | Param
                | Plaintext
                | Pre
                | Script
                | Section
                | Select
                | Source
                | Style
                | Summary
                | Table
                | Tbody
                | Td
                | Template
                | Textarea
                | Tfoot
                | Th
                | Thead
                | Title
                | Tr
                | Track
                | Ul
                | Wbr
                | Xmp
        )
}

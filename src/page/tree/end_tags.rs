//! The end tags that nearly all are: `</div>` where the current node is a
//! `div`. They close it and do nothing else, so that the mode is not asked.

use super::build::{Builder, Mode};
use super::formatting::Active;
use super::tokens::{Declined, Token};
use crate::page::tag::Tag;

impl Builder<'_> {
    /// Closes the current node at an end tag where that is all there is to do;
    /// says whether it did.
    pub(super) fn close_current(&mut self, tag: Tag) -> Result<bool, Declined> {
        let closing = CLOSING[tag as usize];
        if closing == Closing::Special || !matches!(self.mode, Mode::InBody | Mode::InCell | Mode::InCaption)
        {
            return Ok(false);
        }
        let current = self.stack.last().filter(|o| !o.foreign && o.tag == tag);
        let Some(node) = current.map(|o| o.node) else { return Ok(false) };
        if closing == Closing::Formatting {
            match self.active.last() {
                Some(Active::Element { node: last, .. }) if *last == node => self.active.pop(),
                _ => return Ok(false),
            };
        }
        self.ignore_line_feed = false;
        self.depth.count(Token { closing: true, ..Token::implied(tag) }, || "")?;
        self.stack.pop();
        Ok(true)
    }
}

/// What an end tag does in the body where it is that of the current node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closing {
    /// It closes the node.
    Plain,
    /// It closes the node, which is then no formatting element to be opened
    /// again.
    Formatting,
    /// It may do more.
    Special,
}

static CLOSING: [Closing; Tag::COUNT] = {
    use Tag::{
        A, Abbr, Address, Article, Aside, B, Big, Blockquote, Button, Center, Cite, Code, Dd, Div, Dl, Dt,
        Em, Figcaption, Figure, Font, Footer, H1, H2, H3, H4, H5, H6, Header, I, Ins, Label, Li, Main, Nav,
        Noscript, Ol, Option, P, Picture, S, Section, Small, Span, Strike, Strong, Sub, Summary, Sup, Time,
        Tt, U, Ul,
    };
    let sets: [(Closing, &[Tag]); 2] = [
        (
            Closing::Plain,
            &[
                Abbr, Address, Article, Aside, Blockquote, Button, Center, Cite, Dd, Div, Dl, Dt, Figcaption,
                Figure, Footer, H1, H2, H3, H4, H5, H6, Header, Ins, Label, Li, Main, Nav, Noscript, Ol,
                Option, P, Picture, Section, Span, Sub, Summary, Sup, Time, Ul,
            ],
        ),
        (Closing::Formatting, &[A, B, Big, Code, Em, Font, I, S, Small, Strike, Strong, Tt, U]),
    ];
    Tag::table(sets, Closing::Special)
};

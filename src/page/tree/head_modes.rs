//! What stands around the body: the page's frame, most of it implied where the
//! source has none.

use super::Span;
use super::build::{Builder, Mode, Next};
use super::stack::Open;
use super::tokens::{Declined, Token};
use crate::page::tag::Tag;

impl Builder<'_> {
    pub(super) fn before_html(&mut self, token: Token) -> Result<Next, Declined> {
        match (token.closing, token.tag) {
            (false, Tag::Html) => {
                self.insert(token)?;
                self.mode = Mode::BeforeHead;
                return Ok(Next::Done);
            }
            (true, Tag::Head | Tag::Body | Tag::Html | Tag::Br) | (false, _) => {}
            (true, _) => return Ok(Next::Done),
        }
        self.insert_implied(Tag::Html)?;
        Ok(Next::Again(Mode::BeforeHead))
    }

    pub(super) fn before_head(&mut self, token: Token) -> Result<Next, Declined> {
        match (token.closing, token.tag) {
            (false, Tag::Html) => return self.in_body(token),
            (false, Tag::Head) => {
                self.head = Some(self.insert(token)?);
                self.mode = Mode::InHead;
                return Ok(Next::Done);
            }
            (true, Tag::Head | Tag::Body | Tag::Html | Tag::Br) | (false, _) => {}
            (true, _) => return Ok(Next::Done),
        }
        self.head = Some(self.insert_implied(Tag::Head)?);
        Ok(Next::Again(Mode::InHead))
    }

    pub(super) fn in_head(&mut self, token: Token) -> Result<Next, Declined> {
        match (token.closing, token.tag) {
            (false, Tag::Html) => return self.in_body(token),
            (false, Tag::Base | Tag::Basefont | Tag::Bgsound | Tag::Link | Tag::Meta) => {
                self.insert_void(token)?;
            }
            (false, Tag::Title) => self.insert_raw(token, true)?,
            (false, Tag::Noscript) => {
                self.insert(token)?;
                self.mode = Mode::InHeadNoscript;
            }
            (false, Tag::Noframes | Tag::Style | Tag::Script) => self.insert_raw(token, false)?,
            (true, Tag::Head) => {
                self.stack.pop();
                self.mode = Mode::AfterHead;
            }
            (_, Tag::Template) => return Err(Declined),
            (true, Tag::Body | Tag::Html | Tag::Br) => {
                self.stack.pop();
                return Ok(Next::Again(Mode::AfterHead));
            }
            (false, Tag::Head) | (true, _) => {}
            (false, _) => {
                self.stack.pop();
                return Ok(Next::Again(Mode::AfterHead));
            }
        }
        Ok(Next::Done)
    }

    pub(super) fn in_head_noscript(&mut self, token: Token) -> Result<Next, Declined> {
        match (token.closing, token.tag) {
            (false, Tag::Html) => self.in_body(token),
            (true, Tag::Noscript) => {
                self.stack.pop();
                self.mode = Mode::InHead;
                Ok(Next::Done)
            }
            (false, Tag::Basefont | Tag::Bgsound | Tag::Link | Tag::Meta | Tag::Noframes | Tag::Style) => {
                self.in_head(token)
            }
            (true, Tag::Br) => {
                self.stack.pop();
                Ok(Next::Again(Mode::InHead))
            }
            (false, Tag::Head | Tag::Noscript) | (true, _) => Ok(Next::Done),
            (false, _) => {
                self.stack.pop();
                Ok(Next::Again(Mode::InHead))
            }
        }
    }

    pub(super) fn after_head(&mut self, token: Token) -> Result<Next, Declined> {
        match (token.closing, token.tag) {
            (false, Tag::Html) => return self.in_body(token),
            (false, Tag::Body) => {
                self.insert(token)?;
                self.mode = Mode::InBody;
                return Ok(Next::Done);
            }
            (_, Tag::Template) | (false, Tag::Frameset) => return Err(Declined),
            (
                false,
                Tag::Base
                | Tag::Basefont
                | Tag::Bgsound
                | Tag::Link
                | Tag::Meta
                | Tag::Noframes
                | Tag::Script
                | Tag::Style
                | Tag::Title,
            ) => {
                // These go into the head, which must still be the last thing.
                let head = self.head.ok_or(Declined)?;
                let last = self.tree.nodes.len() as u32 - 1;
                let mut within = last;
                while within > head {
                    within = self.tree.nodes[within as usize].parent;
                }
                if within != head {
                    return Err(Declined);
                }
                self.stack.push(Open { node: head, tag: Tag::Head, foreign: false, name: Span::default() });
                let next = self.in_head(token);
                self.stack.remove(head);
                return next;
            }
            (true, Tag::Body | Tag::Html | Tag::Br) => {}
            (false, Tag::Head) | (true, _) => return Ok(Next::Done),
            (false, _) => {}
        }
        self.insert_implied(Tag::Body)?;
        Ok(Next::Again(Mode::InBody))
    }

    pub(super) fn after_body(&mut self, token: Token) -> Result<Next, Declined> {
        match (token.closing, token.tag) {
            (false, Tag::Html) => self.in_body(token),
            (true, Tag::Html) => {
                self.mode = Mode::AfterAfterBody;
                Ok(Next::Done)
            }
            _ => Ok(Next::Again(Mode::InBody)),
        }
    }

    /// The end of the page: what it lacks is implied.
    pub(super) fn end(&mut self) -> Result<(), Declined> {
        if self.stack.last().is_none() {
            self.insert_implied(Tag::Html)?;
            self.mode = Mode::BeforeHead;
        }
        if self.mode == Mode::BeforeHead {
            self.insert_implied(Tag::Head)?;
            self.mode = Mode::InHead;
        }
        if self.mode == Mode::InHeadNoscript {
            self.stack.pop();
            self.mode = Mode::InHead;
        }
        if self.mode == Mode::InHead {
            self.stack.pop();
            self.mode = Mode::AfterHead;
        }
        if self.mode == Mode::AfterHead {
            self.insert_implied(Tag::Body)?;
        }
        Ok(())
    }
}

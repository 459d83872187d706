//! Formatting elements (`b`, `font`, `a`, …) that are opened again wherever
//! text goes on after something has closed them by the way.

use super::build::Builder;
use super::stack::{Scope, is_special};
use super::tokens::{Declined, Token};
use crate::page::tag::Tag;

/// An entry of the HTML standard's list of active formatting elements.
#[derive(Clone, Copy, Debug)]
pub(super) enum Active {
    /// What stands before does not go on behind: a cell, an object.
    Marker,
    Element {
        node: u32,
        tag: Tag,
    },
}

/// So many formatting elements of one tag may be open before the whole parser
/// is asked whether they are the same.
const SAME: usize = 3;

impl Builder<'_> {
    fn position_of(&self, node: u32) -> Option<usize> {
        self.active.iter().position(|e| matches!(e, Active::Element { node: n, .. } if *n == node))
    }

    /// Whether the last formatting elements have to be opened again.
    pub(super) fn has_to_reconstruct(&self) -> bool {
        match self.active.last() {
            Some(Active::Element { node, .. }) => self.stack.position(*node).is_none(),
            Some(Active::Marker) | None => false,
        }
    }

    /// Opens formatting elements again that were closed by the way.
    pub(super) fn reconstruct(&mut self) -> Result<(), Declined> {
        if !self.has_to_reconstruct() {
            return Ok(());
        }
        let settled = |e: &Active| match e {
            Active::Marker => true,
            Active::Element { node, .. } => self.stack.position(*node).is_some(),
        };
        let first = self.active.iter().rposition(settled).map_or(0, |at| at + 1);
        for at in first..self.active.len() {
            let Active::Element { node, tag } = self.active[at] else { return Err(Declined) };
            let node = self.insert_again(tag, node)?;
            self.active[at] = Active::Element { node, tag };
        }
        Ok(())
    }

    pub(super) fn open_formatting(&mut self, token: Token) -> Result<(), Declined> {
        let tag = token.tag;
        let since_marker = self.active.iter().rev().take_while(|e| !matches!(e, Active::Marker));
        if since_marker.filter(|e| matches!(e, Active::Element { tag: t, .. } if *t == tag)).count() >= SAME {
            return Err(Declined);
        }
        let node = self.insert(token)?;
        self.active.push(Active::Element { node, tag });
        Ok(())
    }

    pub(super) fn clear_to_marker(&mut self) {
        while let Some(Active::Element { .. }) = self.active.pop() {}
    }

    fn last_active(&self, tag: Tag) -> Option<(usize, u32)> {
        for (at, entry) in self.active.iter().enumerate().rev() {
            match entry {
                Active::Marker => return None,
                Active::Element { node, tag: t } if *t == tag => return Some((at, *node)),
                Active::Element { .. } => {}
            }
        }
        None
    }

    /// Closes a formatting element: the HTML standard's adoption agency, but
    /// for the case in which it moves what was built before.
    pub(super) fn close_formatting(&mut self, token: Token) -> Result<(), Declined> {
        let tag = token.tag;
        if let Some(current) = self.stack.last()
            && !current.foreign
            && current.tag == tag
            && self.position_of(current.node).is_none()
        {
            self.stack.pop();
            return Ok(());
        }
        let Some((at, node)) = self.last_active(tag) else {
            self.close_any(token);
            return Ok(());
        };
        let Some(position) = self.stack.position(node) else {
            self.active.remove(at);
            return Ok(());
        };
        if !self.stack.node_in_scope(node, Scope::Default) {
            return Ok(());
        }
        if self.stack.list()[position..].iter().any(is_special) {
            return Err(Declined);
        }
        self.stack.truncate(position);
        self.active.remove(at);
        Ok(())
    }

    /// An `a` ends the one before it.
    pub(super) fn end_link_before(&mut self, token: Token) -> Result<(), Declined> {
        let Some((_, node)) = self.last_active(Tag::A) else { return Ok(()) };
        self.close_formatting(token)?;
        if let Some(at) = self.position_of(node) {
            self.active.remove(at);
        }
        self.stack.remove(node);
        Ok(())
    }
}

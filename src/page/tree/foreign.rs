//! SVG inside the page.

use super::Span;
use super::build::Builder;
use super::stack::is_integration_point;
use super::tokens::{Declined, Token};
use crate::page::attr::Attr;
use crate::page::tag::Tag;

impl Builder<'_> {
    /// A tag inside SVG; `false` where it is for the elements around that.
    pub(super) fn in_foreign(&mut self, token: Token) -> Result<bool, Declined> {
        let Some(current) = self.stack.last() else { return Err(Declined) };
        if !token.closing {
            if is_integration_point(current.tag) || leaves_foreign(token.tag) {
                return Err(Declined);
            }
            self.insert_foreign(token)?;
            return Ok(true);
        }
        if matches!(token.tag, Tag::Br | Tag::P) {
            return Err(Declined);
        }
        for (at, open) in self.stack.list().iter().enumerate().rev() {
            if !open.foreign {
                return Ok(false);
            }
            let same = open.tag == token.tag
                && (token.tag != Tag::Other || self.piece(open.name) == self.piece(token.name));
            if same {
                self.stack.truncate(at);
                break;
            }
        }
        Ok(true)
    }

    /// Inserts an element of SVG, whose attributes are the last that were read.
    pub(super) fn insert_foreign(&mut self, mut token: Token) -> Result<(), Declined> {
        if token.attrs.has(Attr::Other) {
            let source = self.source;
            let mut kept = token.pairs.start as usize;
            for at in token.pairs.range() {
                let pair = self.tree.pairs[at];
                if pair.attr != Attr::Other || !is_foreign_attribute(self.tree.piece(source, pair.name)) {
                    self.tree.pairs[kept] = pair;
                    kept += 1;
                }
            }
            self.tree.pairs.truncate(kept);
            token.pairs = Span::new(token.pairs.start as usize..kept);
        }
        let open = self.add(token, true)?;
        if !token.self_closing {
            self.stack.push(open);
        }
        Ok(())
    }
}

/// Attributes that are `XLink`'s or XML's where they stand in SVG.
fn is_foreign_attribute(name: &str) -> bool {
    matches!(
        name,
        "xlink:actuate"
            | "xlink:arcrole"
            | "xlink:href"
            | "xlink:role"
            | "xlink:show"
            | "xlink:title"
            | "xlink:type"
            | "xml:lang"
            | "xml:space"
            | "xmlns"
            | "xmlns:xlink"
    )
}

/// Elements of HTML that end SVG, and those of which the standard asks more.
fn leaves_foreign(tag: Tag) -> bool {
    use Tag::{
        B, Big, Blockquote, Body, Br, Center, Code, Dd, Div, Dl, Dt, Em, Embed, Font, H1, H2, H3, H4, H5, H6,
        Head, Hr, I, Img, Li, Listing, Math, Menu, Meta, Nobr, Ol, P, Pre, Ruby, S, Script, Small, Span,
        Strike, Strong, Sub, Sup, Table, Template, Tt, U, Ul, Var,
    };
    matches!(
        tag,
        B | Big
            | Blockquote
            | Body
            | Br
            | Center
            | Code
            | Dd
            | Div
            | Dl
            | Dt
            | Em
            | Embed
            | Font
            | H1
            | H2
            | H3
            | H4
            | H5
            | H6
            | Head
            | Hr
            | I
            | Img
            | Li
            | Listing
            | Math
            | Menu
            | Meta
            | Nobr
            | Ol
            | P
            | Pre
            | Ruby
            | S
            | Script
            | Small
            | Span
            | Strike
            | Strong
            | Sub
            | Sup
            | Table
            | Template
            | Tt
            | U
            | Ul
            | Var
    )
}

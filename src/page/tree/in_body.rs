//! The tags of the body.

use super::build::{Builder, Mode, Next};
use super::formatting::Active;
use super::stack::{HEADINGS, Scope, is_special};
use super::tokens::{Declined, Token};
use crate::page::attr::Attr;
use crate::page::tag::Tag;

impl Builder<'_> {
    pub(super) fn in_body(&mut self, token: Token) -> Result<Next, Declined> {
        if token.closing { self.end_in_body(token) } else { self.start_in_body(token) }
    }

    fn close_p(&mut self) {
        if self.stack.in_scope(Tag::P, Scope::Button) {
            self.stack.imply_ends_except(Some(Tag::P));
            self.stack.pop_until(Tag::P);
        }
    }

    #[allow(clippy::too_many_lines)] // a table of what each tag does
    fn start_in_body(&mut self, token: Token) -> Result<Next, Declined> {
        use Tag::{
            A, Address, Applet, Area, Article, Aside, B, Base, Basefont, Bgsound, Big, Blockquote, Body, Br,
            Button, Caption, Center, Code, Col, Colgroup, Dd, Details, Dialog, Dir, Div, Dl, Dt, Em, Embed,
            Fieldset, Figcaption, Figure, Font, Footer, Form, Frame, Frameset, H1, H2, H3, H4, H5, H6, Head,
            Header, Hgroup, Hr, Html, I, Iframe, Image, Img, Input, Keygen, Li, Link, Listing, Main, Marquee,
            Math, Menu, Meta, Nav, Nobr, Noembed, Noframes, Object, Ol, Optgroup, Option, P, Param,
            Plaintext, Pre, Rb, Rp, Rt, Rtc, S, Script, Search, Section, Select, Small, Source, Strike,
            Strong, Style, Summary, Svg, Table, Tbody, Td, Template, Textarea, Tfoot, Th, Thead, Title, Tr,
            Track, Tt, U, Ul, Wbr, Xmp,
        };
        match token.tag {
            // Attributes of a second html or body go to the first.
            Html | Body => {
                let open = self.stack.list().get(usize::from(token.tag == Body));
                if let Some(open) = open.filter(|o| !o.foreign && o.tag == token.tag) {
                    self.add_missing(open.node, token);
                }
            }
            Base | Basefont | Bgsound | Link | Meta | Noframes | Script | Style | Title => {
                return self.in_head(token);
            }
            Template | Frameset | Plaintext | Nobr | Xmp | Rb | Rtc | Rp | Rt | Math => {
                return Err(Declined);
            }
            Address | Article | Aside | Blockquote | Center | Details | Dialog | Dir | Div | Dl
            | Fieldset | Figcaption | Figure | Footer | Header | Hgroup | Main | Nav | Ol | P | Search
            | Section | Summary | Ul | Menu => {
                self.close_p();
                self.insert(token)?;
            }
            H1 | H2 | H3 | H4 | H5 | H6 => {
                self.close_p();
                if self.stack.current().is_some_and(|t| HEADINGS.contains(&t)) {
                    self.stack.pop();
                }
                self.insert(token)?;
            }
            Pre | Listing => {
                self.close_p();
                self.insert(token)?;
                self.ignore_line_feed = true;
            }
            Form => {
                if self.form.is_none() {
                    self.close_p();
                    let node = self.insert(token)?;
                    self.form = Some(node);
                }
            }
            Li => self.start_item(token, &[Li])?,
            Dd | Dt => self.start_item(token, &[Dd, Dt])?,
            Button => {
                if self.stack.in_scope(Button, Scope::Default) {
                    self.stack.imply_ends_except(None);
                    self.stack.pop_until(Button);
                }
                self.reconstruct()?;
                self.insert(token)?;
            }
            A => {
                self.end_link_before(token)?;
                self.reconstruct()?;
                self.open_formatting(token)?;
            }
            B | Big | Code | Em | Font | I | S | Small | Strike | Strong | Tt | U => {
                self.reconstruct()?;
                self.open_formatting(token)?;
            }
            Applet | Marquee | Object => {
                self.reconstruct()?;
                self.insert(token)?;
                self.active.push(Active::Marker);
            }
            Table => {
                if self.stack.in_scope(P, Scope::Button) && !self.quirks.ok_or(Declined)? {
                    self.close_p();
                }
                self.insert(token)?;
                self.mode = Mode::InTable;
            }
            Area | Br | Embed | Img | Keygen | Wbr => {
                self.reconstruct()?;
                self.insert_void(token)?;
            }
            Image => return self.start_in_body(Token { tag: Img, ..token }),
            Input => {
                if self.stack.in_scope(Select, Scope::Default) {
                    self.stack.pop_until(Select);
                }
                self.reconstruct()?;
                self.insert_void(token)?;
            }
            Param | Source | Track => {
                self.insert_void(token)?;
            }
            Hr => {
                self.close_p();
                if self.stack.in_scope(Select, Scope::Default) {
                    self.stack.imply_ends_except(None);
                }
                self.insert_void(token)?;
            }
            Textarea => self.insert_raw(token, true)?,
            Iframe | Noembed => self.insert_raw(token, false)?,
            Select if self.stack.in_scope(Select, Scope::Default) => self.stack.pop_until(Select),
            Option | Optgroup => {
                if self.stack.in_scope(Select, Scope::Default) {
                    self.stack.imply_ends_except((token.tag == Option).then_some(Optgroup));
                } else if self.stack.current() == Some(Option) {
                    self.stack.pop();
                }
                self.reconstruct()?;
                self.insert(token)?;
            }
            Svg => {
                self.reconstruct()?;
                self.insert_foreign(token)?;
            }
            Caption | Col | Colgroup | Frame | Head | Tbody | Td | Tfoot | Th | Thead | Tr => {}
            _ => {
                self.reconstruct()?;
                self.insert(token)?;
            }
        }
        Ok(Next::Done)
    }

    /// An item of a list ends the one before it.
    fn start_item(&mut self, token: Token, kinds: &[Tag]) -> Result<(), Declined> {
        let mut ends = None;
        for open in self.stack.list().iter().rev() {
            if !open.foreign && kinds.contains(&open.tag) {
                ends = Some(open.tag);
                break;
            }
            if is_special(open) && !matches!(open.tag, Tag::Address | Tag::Div | Tag::P) {
                break;
            }
        }
        if let Some(tag) = ends {
            self.stack.imply_ends_except(Some(tag));
            self.stack.pop_until(tag);
        }
        self.close_p();
        self.insert(token)?;
        Ok(())
    }

    fn end_in_body(&mut self, token: Token) -> Result<Next, Declined> {
        use Tag::{
            A, Address, Applet, Article, Aside, B, Big, Blockquote, Body, Br, Button, Center, Code, Dd,
            Details, Dialog, Dir, Div, Dl, Dt, Em, Fieldset, Figcaption, Figure, Font, Footer, Form, H1, H2,
            H3, H4, H5, H6, Header, Hgroup, Html, I, Li, Listing, Main, Marquee, Menu, Nav, Nobr, Object, Ol,
            P, Pre, S, Search, Section, Select, Small, Strike, Strong, Summary, Template, Tt, U, Ul,
        };
        match token.tag {
            Template | Nobr => return Err(Declined),
            Body => {
                if self.stack.in_scope(Body, Scope::Default) {
                    self.mode = Mode::AfterBody;
                }
            }
            Html => {
                if self.stack.in_scope(Body, Scope::Default) {
                    return Ok(Next::Again(Mode::AfterBody));
                }
            }
            tag @ (Address | Article | Aside | Blockquote | Button | Center | Details | Dialog | Dir
            | Div | Dl | Fieldset | Figcaption | Figure | Footer | Header | Hgroup | Listing
            | Main | Menu | Nav | Ol | Pre | Search | Section | Select | Summary | Ul) => {
                if self.stack.in_scope(tag, Scope::Default) {
                    self.stack.imply_ends_except(None);
                    self.stack.pop_until(tag);
                }
            }
            Form => {
                if let Some(node) = self.form.take()
                    && self.stack.node_in_scope(node, Scope::Default)
                {
                    self.stack.imply_ends_except(None);
                    self.stack.remove(node);
                }
            }
            P => {
                if !self.stack.in_scope(P, Scope::Button) {
                    self.insert_implied(P)?;
                }
                self.close_p();
            }
            Li => {
                if self.stack.in_scope(Li, Scope::ListItem) {
                    self.stack.imply_ends_except(Some(Li));
                    self.stack.pop_until(Li);
                }
            }
            tag @ (Dd | Dt) => {
                if self.stack.in_scope(tag, Scope::Default) {
                    self.stack.imply_ends_except(Some(tag));
                    self.stack.pop_until(tag);
                }
            }
            H1 | H2 | H3 | H4 | H5 | H6 => {
                if self.stack.any_in_scope(HEADINGS, Scope::Default) {
                    self.stack.imply_ends_except(None);
                    self.stack.pop_until_any(HEADINGS);
                }
            }
            A | B | Big | Code | Em | Font | I | S | Small | Strike | Strong | Tt | U => {
                self.close_formatting(token)?;
            }
            tag @ (Applet | Marquee | Object) => {
                if self.stack.in_scope(tag, Scope::Default) {
                    self.stack.imply_ends_except(None);
                    self.stack.pop_until(tag);
                    self.clear_to_marker();
                }
            }
            Br => {
                self.reconstruct()?;
                let open = self.insert_implied(Br)?;
                self.stack.remove(open);
            }
            _ => self.close_any(token),
        }
        Ok(Next::Done)
    }

    /// The end tag of an element of which HTML says nothing special.
    pub(super) fn close_any(&mut self, token: Token) {
        let mut at = self.stack.list().len();
        for open in self.stack.list().iter().rev() {
            at -= 1;
            let same = !open.foreign
                && open.tag == token.tag
                && (token.tag != Tag::Other || self.piece(open.name) == self.piece(token.name));
            if same {
                // Nothing that ends by itself is of another kind than this.
                let except = (token.tag != Tag::Other).then_some(token.tag);
                self.stack.imply_ends_except(except);
                self.stack.truncate(at);
                return;
            }
            if is_special(open) {
                return;
            }
        }
    }

    pub(super) fn is_hidden_input(&self, token: Token) -> bool {
        let pairs = &self.tree.pairs[token.pairs.range()];
        let kind = pairs.iter().find(|p| p.attr == Attr::Type);
        kind.is_some_and(|p| self.piece(p.value).eq_ignore_ascii_case("hidden"))
    }
}

//! Tables: where the parts are in order they are built, with the parts that
//! HTML implies. What stands in a table and belongs into a cell would be moved
//! before the table; there the builder declines.

use super::build::{Builder, Mode, Next};
use super::formatting::Active;
use super::stack::Scope;
use super::tokens::{Declined, Token};
use crate::page::tag::Tag;

const BODIES: &[Tag] = &[Tag::Tbody, Tag::Tfoot, Tag::Thead, Tag::Template, Tag::Html];
const ROW: &[Tag] = &[Tag::Tr, Tag::Template, Tag::Html];
const TABLE: &[Tag] = &[Tag::Table, Tag::Template, Tag::Html];

impl Builder<'_> {
    pub(super) fn in_table(&mut self, token: Token) -> Result<Next, Declined> {
        use Tag::{
            Body, Caption, Col, Colgroup, Form, Html, Input, Script, Style, Table, Tbody, Td, Template,
            Tfoot, Th, Thead, Tr,
        };
        if token.closing {
            match token.tag {
                Table => {
                    if self.stack.in_scope(Table, Scope::Table) {
                        self.stack.pop_until(Table);
                        self.reset_mode();
                    }
                }
                Body | Caption | Col | Colgroup | Html | Tbody | Td | Tfoot | Th | Thead | Tr => {}
                _ => return self.fostered(token),
            }
            return Ok(Next::Done);
        }
        match token.tag {
            Caption => {
                self.stack.pop_to(TABLE);
                self.active.push(Active::Marker);
                self.insert(token)?;
                self.mode = Mode::InCaption;
            }
            Colgroup => {
                self.stack.pop_to(TABLE);
                self.insert(token)?;
                self.mode = Mode::InColumnGroup;
            }
            Col => {
                self.stack.pop_to(TABLE);
                self.insert_implied(Colgroup)?;
                return Ok(Next::Again(Mode::InColumnGroup));
            }
            Tbody | Tfoot | Thead => {
                self.stack.pop_to(TABLE);
                self.insert(token)?;
                self.mode = Mode::InTableBody;
            }
            Td | Th | Tr => {
                self.stack.pop_to(TABLE);
                self.insert_implied(Tbody)?;
                return Ok(Next::Again(Mode::InTableBody));
            }
            Table => {
                if self.stack.in_scope(Table, Scope::Table) {
                    self.stack.pop_until(Table);
                    self.reset_mode();
                    return Ok(Next::Again(self.mode));
                }
            }
            Style | Script => return self.in_head(token),
            Template => return Err(Declined),
            Input if self.is_hidden_input(token) => {
                self.insert_void(token)?;
            }
            Form => {
                if self.form.is_none() {
                    let node = self.insert_void(token)?;
                    self.form = Some(node);
                }
            }
            _ => return self.fostered(token),
        }
        Ok(Next::Done)
    }

    /// What has no place in a table: built where nothing is inserted.
    fn fostered(&mut self, token: Token) -> Result<Next, Declined> {
        self.fostering = true;
        let done = self.in_body(token);
        self.fostering = false;
        match done? {
            Next::Done => Ok(Next::Done),
            Next::Again(_) => Err(Declined),
        }
    }

    pub(super) fn in_table_body(&mut self, token: Token) -> Result<Next, Declined> {
        use Tag::{Body, Caption, Col, Colgroup, Html, Table, Tbody, Td, Tfoot, Th, Thead, Tr};
        match (token.closing, token.tag) {
            (false, Tr) => {
                self.stack.pop_to(BODIES);
                self.insert(token)?;
                self.mode = Mode::InRow;
            }
            (false, Th | Td) => {
                self.stack.pop_to(BODIES);
                self.insert_implied(Tr)?;
                return Ok(Next::Again(Mode::InRow));
            }
            (true, tag @ (Tbody | Tfoot | Thead)) => {
                if self.stack.in_scope(tag, Scope::Table) {
                    self.stack.pop_to(BODIES);
                    self.stack.pop();
                    self.mode = Mode::InTable;
                }
            }
            (false, Caption | Col | Colgroup | Tbody | Tfoot | Thead) | (true, Table) => {
                if self.stack.any_in_scope(&[Table, Tbody, Tfoot], Scope::Table) {
                    self.stack.pop_to(BODIES);
                    self.stack.pop();
                    return Ok(Next::Again(Mode::InTable));
                }
            }
            (true, Body | Caption | Col | Colgroup | Html | Td | Th | Tr) => {}
            _ => return self.in_table(token),
        }
        Ok(Next::Done)
    }

    pub(super) fn in_row(&mut self, token: Token) -> Result<Next, Declined> {
        use Tag::{Body, Caption, Col, Colgroup, Html, Table, Tbody, Td, Tfoot, Th, Thead, Tr};
        match (token.closing, token.tag) {
            (false, Th | Td) => {
                self.stack.pop_to(ROW);
                self.insert(token)?;
                self.mode = Mode::InCell;
                self.active.push(Active::Marker);
            }
            (true, Tr) => {
                if self.stack.in_scope(Tr, Scope::Table) {
                    self.stack.pop_to(ROW);
                    self.stack.pop();
                    self.mode = Mode::InTableBody;
                }
            }
            (false, Caption | Col | Colgroup | Tbody | Tfoot | Thead | Tr) | (true, Table) => {
                if self.stack.in_scope(Tr, Scope::Table) {
                    self.stack.pop_to(ROW);
                    self.stack.pop();
                    return Ok(Next::Again(Mode::InTableBody));
                }
            }
            (true, tag @ (Tbody | Tfoot | Thead)) => {
                if self.stack.in_scope(tag, Scope::Table) && self.stack.in_scope(Tr, Scope::Table) {
                    self.stack.pop_to(ROW);
                    self.stack.pop();
                    return Ok(Next::Again(Mode::InTableBody));
                }
            }
            (true, Body | Caption | Col | Colgroup | Html | Td | Th) => {}
            _ => return self.in_table(token),
        }
        Ok(Next::Done)
    }

    pub(super) fn in_cell(&mut self, token: Token) -> Result<Next, Declined> {
        use Tag::{Body, Caption, Col, Colgroup, Html, Table, Tbody, Td, Tfoot, Th, Thead, Tr};
        match (token.closing, token.tag) {
            (true, tag @ (Td | Th)) => {
                if self.stack.in_scope(tag, Scope::Table) {
                    self.stack.imply_ends_except(None);
                    self.stack.pop_until(tag);
                    self.clear_to_marker();
                    self.mode = Mode::InRow;
                }
            }
            (false, Caption | Col | Colgroup | Tbody | Td | Tfoot | Th | Thead | Tr) => {
                if self.stack.any_in_scope(&[Td, Th], Scope::Table) {
                    self.close_cell();
                    return Ok(Next::Again(Mode::InRow));
                }
            }
            (true, Body | Caption | Col | Colgroup | Html) => {}
            (true, tag @ (Table | Tbody | Tfoot | Thead | Tr)) => {
                if self.stack.in_scope(tag, Scope::Table) {
                    self.close_cell();
                    return Ok(Next::Again(Mode::InRow));
                }
            }
            _ => return self.in_body(token),
        }
        Ok(Next::Done)
    }

    fn close_cell(&mut self) {
        self.stack.imply_ends_except(None);
        self.stack.pop_until_any(&[Tag::Td, Tag::Th]);
        self.clear_to_marker();
    }

    pub(super) fn in_caption(&mut self, token: Token) -> Result<Next, Declined> {
        use Tag::{Body, Caption, Col, Colgroup, Html, Table, Tbody, Td, Tfoot, Th, Thead, Tr};
        match (token.closing, token.tag) {
            (false, Caption | Col | Colgroup | Tbody | Td | Tfoot | Th | Thead | Tr)
            | (true, Table | Caption) => {
                if self.stack.in_scope(Caption, Scope::Table) {
                    self.stack.imply_ends_except(None);
                    self.stack.pop_until(Caption);
                    self.clear_to_marker();
                    if token.closing && token.tag == Caption {
                        self.mode = Mode::InTable;
                    } else {
                        return Ok(Next::Again(Mode::InTable));
                    }
                }
            }
            (true, Body | Col | Colgroup | Html | Tbody | Td | Tfoot | Th | Thead | Tr) => {}
            _ => return self.in_body(token),
        }
        Ok(Next::Done)
    }

    pub(super) fn in_column_group(&mut self, token: Token) -> Result<Next, Declined> {
        match (token.closing, token.tag) {
            (false, Tag::Html) => return self.in_body(token),
            (false, Tag::Col) => {
                self.insert_void(token)?;
            }
            (true, Tag::Colgroup) => {
                if self.stack.current() == Some(Tag::Colgroup) {
                    self.stack.pop();
                    self.mode = Mode::InTable;
                }
            }
            (true, Tag::Col) => {}
            (_, Tag::Template) => return Err(Declined),
            _ => {
                if self.stack.current() == Some(Tag::Colgroup) {
                    self.stack.pop();
                    return Ok(Next::Again(Mode::InTable));
                }
            }
        }
        Ok(Next::Done)
    }

    /// The mode that fits the open elements.
    fn reset_mode(&mut self) {
        let fitting = |tag| match tag {
            Tag::Td | Tag::Th => Some(Mode::InCell),
            Tag::Tr => Some(Mode::InRow),
            Tag::Tbody | Tag::Thead | Tag::Tfoot => Some(Mode::InTableBody),
            Tag::Caption => Some(Mode::InCaption),
            Tag::Colgroup => Some(Mode::InColumnGroup),
            Tag::Table => Some(Mode::InTable),
            Tag::Head => Some(Mode::InHead),
            Tag::Body => Some(Mode::InBody),
            Tag::Html => Some(Mode::AfterHead),
            _ => None,
        };
        let open = self.stack.list().iter().rev().filter(|o| !o.foreign);
        self.mode = open.map(|o| o.tag).find_map(fitting).unwrap_or(Mode::InBody);
    }
}

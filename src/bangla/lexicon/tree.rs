//! The word table's index: all words that a run begins with, found in one walk
//! that ends at the first symbol no word goes on with.

/// A tree of symbol strings, made at a program's start: all nodes in one list,
/// in which each names its first child and the next child of its parent. The
/// root, which every look-up passes, has a table.
pub(super) struct Tree {
    root: [u16; 256],
    nodes: Vec<Node>,
}

/// Nodes are named by their place in the list; 0, where no node stands, is none.
#[derive(Clone, Copy, Default)]
struct Node {
    symbol: u8,
    /// Index of the string that ends here, plus one.
    value: u16,
    child: u16,
    sibling: u16,
}

impl Tree {
    pub(super) fn new() -> Self {
        Self { root: [0; 256], nodes: vec![Node::default()] }
    }

    /// Adds a string; of two equal ones the first counts.
    pub(super) fn add(&mut self, word: &[u8], value: u16) {
        let Some((&first, rest)) = word.split_first() else { return };
        if self.root[usize::from(first)] == 0 {
            self.root[usize::from(first)] = self.push(first);
        }
        let mut at = self.root[usize::from(first)];
        for &symbol in rest {
            at = match self.child(at, symbol) {
                0 => {
                    let new = self.push(symbol);
                    let parent = usize::from(at);
                    self.nodes[usize::from(new)].sibling = self.nodes[parent].child;
                    self.nodes[parent].child = new;
                    new
                }
                child => child,
            };
        }
        let end = &mut self.nodes[usize::from(at)].value;
        if *end == 0 {
            *end = value + 1;
        }
    }

    fn push(&mut self, symbol: u8) -> u16 {
        // The tests find every word again, so a table too large for this is seen.
        let at = self.nodes.len() as u16;
        self.nodes.push(Node { symbol, ..Node::default() });
        at
    }

    fn child(&self, parent: u16, symbol: u8) -> u16 {
        let mut at = self.nodes[usize::from(parent)].child;
        while at != 0 && self.nodes[usize::from(at)].symbol != symbol {
            at = self.nodes[usize::from(at)].sibling;
        }
        at
    }

    /// Calls `found` with the length and index of every string that `symbols`
    /// begins with, shortest first.
    #[inline]
    pub(super) fn each_match(&self, symbols: &[u8], mut found: impl FnMut(usize, u16)) {
        let Some(&first) = symbols.first() else { return };
        let mut at = self.root[usize::from(first)];
        let mut length = 1;
        while at != 0 {
            let value = self.nodes[usize::from(at)].value;
            if value != 0 {
                found(length, value - 1);
            }
            let Some(&symbol) = symbols.get(length) else { return };
            at = self.child(at, symbol);
            length += 1;
        }
    }
}

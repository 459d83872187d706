//! The word table's index: all words that a run begins with, found in one walk
//! that ends at the first symbol no word goes on with.

/// A tree of symbol strings. Each node keeps its edges side by side; the root,
/// which every look-up passes, has a table.
pub(super) struct Tree {
    root: [u16; 256],
    nodes: Vec<Node>,
    edges: Vec<(u8, u16)>,
}

#[derive(Clone, Copy)]
struct Node {
    first_edge: u16,
    edges: u8,
    /// Index of the string that ends here, plus one.
    value: u16,
}

impl Tree {
    pub(super) fn new(words: impl Iterator<Item = Vec<u8>>) -> Self {
        let mut children: Vec<Vec<(u8, usize)>> = vec![Vec::new()];
        let mut values: Vec<u16> = vec![0];
        for (value, word) in (1..).zip(words) {
            let mut at = 0;
            for symbol in word {
                at = if let Some(&(_, child)) = children[at].iter().find(|edge| edge.0 == symbol) {
                    child
                } else {
                    children.push(Vec::new());
                    values.push(0);
                    let child = values.len() - 1;
                    children[at].push((symbol, child));
                    child
                };
            }
            if values[at] == 0 {
                values[at] = value;
            }
        }
        let mut tree = Self { root: [0; 256], nodes: Vec::new(), edges: Vec::new() };
        let narrow = |wide: usize| u16::try_from(wide).unwrap_or(u16::MAX);
        for (value, edges) in values.into_iter().zip(&children) {
            let first_edge = narrow(tree.edges.len());
            tree.edges.extend(edges.iter().map(|&(symbol, child)| (symbol, narrow(child))));
            tree.nodes.push(Node { first_edge, edges: u8::try_from(edges.len()).unwrap_or(u8::MAX), value });
        }
        for &(symbol, child) in &children[0] {
            tree.root[usize::from(symbol)] = narrow(child);
        }
        tree
    }

    /// Calls `found` with the length and index of every string that `symbols`
    /// begins with, shortest first.
    #[inline]
    pub(super) fn each_match(&self, symbols: &[u8], mut found: impl FnMut(usize, u16)) {
        let Some(&first) = symbols.first() else { return };
        let mut at = self.root[usize::from(first)];
        let mut length = 1;
        while at != 0 {
            let node = self.nodes[usize::from(at)];
            if node.value != 0 {
                found(length, node.value - 1);
            }
            let Some(&symbol) = symbols.get(length) else { return };
            let first_edge = usize::from(node.first_edge);
            let edges = &self.edges[first_edge..first_edge + usize::from(node.edges)];
            at = edges.iter().find(|edge| edge.0 == symbol).map_or(0, |edge| edge.1);
            length += 1;
        }
    }
}

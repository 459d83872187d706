//! khobor
fn main() {}

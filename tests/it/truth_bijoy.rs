//! The table of Bijoy pairs that the shared folder holds. The rows without
//! doubt must come out right in 98 of 100 cases.

use std::path::PathBuf;

use khobor::bangla::bijoy::convert;
use unicode_normalization::UnicodeNormalization;

fn table() -> Option<String> {
    let folder = std::env::var_os("KHOBOR_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    std::fs::read_to_string(folder.join("truth/bijoy.tsv")).ok()
}

/// NFC without the joiners, in which the sources of the table disagree.
fn comparable(text: &str) -> String {
    text.nfc().filter(|c| !matches!(c, '\u{200c}' | '\u{200d}')).collect()
}

#[test]
fn pairs_of_the_table() {
    let Some(table) = table() else {
        println!("skipped: no truth/bijoy.tsv in the shared folder");
        return;
    };
    let (mut rows, mut right, mut exact) = (0_u32, 0_u32, 0_u32);
    for line in table.split('\n').skip(1).filter(|line| !line.is_empty()) {
        let mut columns = line.split('\t');
        let (Some(ansi), Some(expected), Some(source), Some(certainty)) =
            (columns.next(), columns.next(), columns.next(), columns.next())
        else {
            panic!("row with too few columns: {line}");
        };
        let got = convert(ansi);
        let fits = comparable(&got) == comparable(expected);
        if certainty == "certain" {
            rows += 1;
            right += u32::from(fits);
            exact += u32::from(got == expected.nfc().collect::<String>());
        }
        if !fits {
            println!("{certainty}: {ansi:?} gave {got:?}, expected {expected:?} ({source})");
        }
    }
    println!("{right} of {rows} certain rows right, {exact} to the byte in NFC");
    assert!(rows > 0 && right * 100 >= rows * 98, "{right} of {rows}");
}

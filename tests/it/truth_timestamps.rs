//! The parser against a table of timestamps as printed by real pages; skipped
//! where the table is absent. Rows whose kind ends in a question mark are
//! unsure and counted apart.

use chrono::DateTime;
use khobor::bangla::timestamp::{Context, Moment, read};
use std::path::PathBuf;

struct Row<'a> {
    input: &'a str,
    cx: Context,
    expected: &'a str,
    kind: &'a str,
}

fn row(line: &str) -> Row<'_> {
    let cells: Vec<&str> = line.split('\t').collect();
    let mut cx = Context::new(cells[2].parse().unwrap());
    if !cells[1].is_empty() {
        cx = cx.with_reference(DateTime::parse_from_rfc3339(cells[1]).unwrap());
    }
    Row { input: cells[0], cx, expected: cells[3], kind: cells[4] }
}

#[test]
fn the_table_is_read() {
    let shared = std::env::var_os("KHOBOR_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = shared.join("truth/timestamps.tsv");
    let Ok(table) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is absent", path.display());
        return;
    };
    let (mut sure, mut sure_right, mut unsure, mut unsure_right) = (0, 0, 0, 0);
    let mut made_up = Vec::new();
    for line in table.split('\n').skip(1).filter(|line| !line.is_empty()) {
        let row = row(line);
        let moment = read(row.input, &row.cx).map(|reading| reading.moment);
        let found = moment.map_or_else(|| "NONE".to_owned(), |moment: Moment| moment.to_string());
        let right = found == row.expected;
        if row.kind.ends_with('?') {
            unsure += 1;
            unsure_right += i32::from(right);
        } else {
            sure += 1;
            sure_right += i32::from(right);
        }
        if !right {
            println!("{}: {:?} gives {found}, expected {}", row.kind, row.input, row.expected);
            if row.expected == "NONE" && !row.kind.ends_with('?') {
                made_up.push(row.input);
            }
        }
    }
    println!("sure: {sure_right} of {sure}; unsure: {unsure_right} of {unsure}");
    assert!(made_up.is_empty(), "dates were made up for {made_up:?}");
    assert!(sure_right * 1000 >= sure * 985, "only {sure_right} of {sure} sure rows");
}

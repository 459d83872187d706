//! The computed West Bengal calendar against a table of month starts that was
//! computed elsewhere; skipped where the table is absent.

use chrono::NaiveDate;
use khobor::bangla::calendar::{BanglaCalendar, BanglaDate};
use std::path::PathBuf;

#[test]
fn month_starts_agree_with_the_table() {
    let shared = std::env::var_os("KHOBOR_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = shared.join("truth/wb_month_starts.tsv");
    let Ok(table) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is absent", path.display());
        return;
    };
    let mut rows = 0;
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let date = BanglaDate::new(cells[0].parse().unwrap(), cells[1].parse().unwrap(), 1);
        let start: NaiveDate = cells[2].parse().unwrap();
        assert_eq!(BanglaCalendar::WestBengal.to_gregorian(date), Some(start), "{date}");
        assert_eq!(BanglaCalendar::WestBengal.from_gregorian(start), Some(date), "{start}");
        rows += 1;
    }
    assert!(rows >= 480, "only {rows} rows");
}

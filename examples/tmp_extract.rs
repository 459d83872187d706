//! tmp
use std::collections::HashMap;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let dir = &args[1];
    let rules = args.get(3).is_some_and(|a| a == "rules");
    let mut urls = HashMap::new();
    if let Some(m) = args.get(2) {
        if let Ok(t) = std::fs::read_to_string(m) {
            for l in t.lines() {
                let f: Vec<&str> = l.split('\t').collect();
                urls.insert(
                    f[0].to_owned(),
                    (f[1].to_owned(), f.get(2).filter(|s| !s.is_empty()).map(|s| s.to_string())),
                );
            }
        }
    }
    let mut files: Vec<_> = if std::path::Path::new(dir).is_dir() {
        std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect()
    } else {
        vec![dir.into()]
    };
    files.sort();
    for f in files {
        let name = f.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&f).unwrap();
        let mut o = khobor::Options::new();
        o.explain = std::env::var("EXPLAIN").is_ok();
        if !rules {
            o = o.with_sites(khobor::sites::Sites::none());
        }
        if name.ends_with(".txt") {
            o = o.with_format(khobor::Format::Text);
            o = o.with_sites(khobor::sites::Sites::embedded());
        }
        if let Some((u, c)) = urls.get(&name) {
            o = o.with_url(u.clone());
            o.charset = c.clone();
        }
        o.source = Some(name.clone());
        match khobor::extract(&bytes, &o) {
            Ok(a) => println!("{}", serde_json::to_string(&a).unwrap()),
            Err(e) => eprintln!("{name}: {e}"),
        }
    }
}

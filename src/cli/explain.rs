//! `khobor explain`: a page's fields for people, each with where it came from
//! and what was rejected.

use std::fmt::Write as _;
use std::io::{BufReader, IsTerminal, Write as _};
use std::path::Path;

use anyhow::Context;

use super::args::ExplainArgs;
use super::{Exit, Stop, network, packed, terminal};
use crate::article::{Article, CandidateRecord};
use crate::options::{Format, Options};
use crate::provenance;

/// Runs the command.
pub fn run(args: &ExplainArgs) -> Result<Exit, Stop> {
    let mut options = Options {
        sites: args.rules.sites()?,
        explain: true,
        format: if args.text
            || Path::new(packed::unpacked(&args.page))
                .extension()
                .is_some_and(|e| e.eq_ignore_ascii_case("txt"))
        {
            Format::Text
        } else {
            Format::Html
        },
        url: args.url.clone(),
        ..Options::default()
    };
    let bytes = match load(args, &mut options)? {
        Ok(bytes) => bytes,
        Err(failure) => return Ok(report(&failure)),
    };
    let article = match provenance::extract(&bytes, &options) {
        Ok(article) => article,
        Err(failure) => return Ok(report(&failure)),
    };
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let text = describe(&article, colour);
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|e| Stop::of_output(e, "standard output"))?;
    Ok(Exit::Success)
}

fn report(failure: &crate::Failure) -> Exit {
    terminal::tell(&failure.to_string());
    Exit::SomeFailed
}

/// The page's bytes: from a file, standard input, or fetched.
fn load(args: &ExplainArgs, options: &mut Options) -> Result<Result<Vec<u8>, crate::Failure>, Stop> {
    if args.page == "-" {
        let read = packed::read_page(BufReader::new(std::io::stdin()));
        return read.map(Ok).context("standard input cannot be read").map_err(Stop::Usage);
    }
    let path = Path::new(&args.page);
    if !(args.page.starts_with("http://") || args.page.starts_with("https://")) || path.exists() {
        options.source = Some(args.page.clone());
        return packed::read_file(path)
            .map(Ok)
            .with_context(|| format!("{} cannot be read", path.display()))
            .map_err(Stop::Usage);
    }
    let fetcher = network::fetcher(args.fetch.options(), None)?;
    let runtime = network::runtime()?;
    Ok(runtime.block_on(fetcher.get(&args.page)).map(|fetched| {
        provenance::fetched(options, &fetched);
        fetched.body.to_vec()
    }))
}

struct Ink {
    colour: bool,
}

impl Ink {
    fn paint(&self, code: &str, text: &str) -> String {
        let text = terminal::clean(text);
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.into_owned() }
    }
}

fn describe(article: &Article, colour: bool) -> String {
    let ink = Ink { colour };
    let mut out = String::new();
    let related = (!article.related.is_empty()).then(|| format!("{} links", article.related.len()));
    let body = article
        .body
        .as_ref()
        .map(|_| format!("{} blocks, {} words", article.blocks.len(), article.word_count));
    let fields = [
        ("headline", article.headline.clone()),
        ("kicker", article.kicker.clone()),
        ("subheadline", article.subheadline.clone()),
        ("byline", article.byline.clone()),
        ("published_at", article.published_at.clone()),
        ("modified_at", article.modified_at.clone()),
        ("section", article.section.clone()),
        ("body", body),
        ("related", related),
    ];
    for (name, value) in fields {
        let source = article.evidence.get(name).map_or("", |s| s.as_str());
        let shown = value.as_deref().map_or_else(|| ink.paint("2", "null"), |v| ink.paint("1", v));
        let _ =
            writeln!(out, "{} {shown} {}", ink.paint("36", &format!("{name:<13}")), ink.paint("32", source));
        let rejected = article.candidates.as_ref().and_then(|c| c.get(name));
        for candidate in rejected.into_iter().flatten().filter(|c| c.rejected.is_some()) {
            let _ = writeln!(out, "              {}", ink.paint("2", &rejection(candidate)));
        }
    }
    for author in &article.authors {
        let place = author.place.as_deref().map(|p| format!(", {p}")).unwrap_or_default();
        let kind = format!("{:?}", author.kind).to_lowercase();
        let _ = writeln!(
            out,
            "{} {} ({kind}{place})",
            ink.paint("36", "author       "),
            terminal::clean(&author.name)
        );
    }
    for warning in &article.warnings {
        let text = format!("{}: {}", warning.code.as_str(), warning.detail);
        let _ = writeln!(out, "{} {}", ink.paint("33", "warning      "), terminal::clean(&text));
    }
    out
}

fn rejection(candidate: &CandidateRecord) -> String {
    let value: String = candidate.value.chars().take(100).collect();
    format!("not {value} [{}]: {}", candidate.source.as_str(), candidate.rejected.as_deref().unwrap_or(""))
}

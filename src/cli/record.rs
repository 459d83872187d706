//! From an article to the line that is written: all keys, or those asked for.

use anyhow::anyhow;
use serde_json::{Map, Value};

use super::Stop;
use super::args::RecordArgs;
use crate::article::Article;
use crate::options::Options;
use crate::sites::Sites;

/// Which keys are written.
#[derive(Clone, Debug)]
pub struct Shape {
    fields: Vec<String>,
}

impl Shape {
    /// The keys that the command line asks for.
    pub fn new(args: &RecordArgs) -> Result<Self, Stop> {
        let fields: Vec<String> =
            args.fields.iter().map(|f| f.trim().to_owned()).filter(|f| !f.is_empty()).collect();
        if fields.is_empty() {
            // The schema is not asked: one page is read in less time than it takes.
            return Ok(Self { fields });
        }
        let known = known_fields();
        if let Some(unknown) = fields.iter().find(|f| !known.contains(f)) {
            return Err(Stop::Usage(anyhow!(
                "--fields: {unknown:?} is no key of the record; keys are {}",
                known.join(", ")
            )));
        }
        Ok(Self { fields })
    }

    /// The record's line.
    pub fn line(&self, article: &Article) -> Result<String, Stop> {
        if self.fields.is_empty() {
            return serde_json::to_string(article).map_err(|e| Stop::Output(e.into()));
        }
        let Value::Object(whole) = serde_json::to_value(article).map_err(|e| Stop::Output(e.into()))? else {
            return Ok(String::new());
        };
        let kept: Map<String, Value> = whole.into_iter().filter(|(k, _)| self.fields.contains(k)).collect();
        serde_json::to_string(&kept).map_err(|e| Stop::Output(e.into()))
    }
}

fn known_fields() -> Vec<String> {
    let schema = schemars::schema_for!(Article);
    schema
        .get("properties")
        .and_then(Value::as_object)
        .map(|p| p.keys().cloned().collect())
        .unwrap_or_default()
}

/// The extraction options that the command line asks for.
pub fn options(args: &RecordArgs) -> Result<Options, Stop> {
    Ok(Options {
        sites: args.rules.sites()?,
        explain: args.explain,
        reference: args.reference,
        ..Options::default()
    })
}

/// The site rules that the command line asks for.
pub fn sites(dir: Option<&std::path::Path>, none: bool) -> Result<Sites, Stop> {
    match dir {
        _ if none => Ok(Sites::none()),
        Some(dir) => Sites::with_dir(dir).map_err(|e| Stop::Usage(anyhow::Error::new(e).context("--sites"))),
        None => Ok(Sites::embedded()),
    }
}

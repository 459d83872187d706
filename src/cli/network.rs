//! What every command that fetches sets up: a fetcher, and a runtime for it.

use std::sync::Arc;

use anyhow::Context;
use tokio::runtime::{Builder, Runtime};

use super::Stop;
use crate::fetch::{FetchOptions, Fetcher, RobotsStore};

/// A fetcher with these options, and with a store for robots.txt files where
/// there is one.
pub fn fetcher(options: FetchOptions, store: Option<Arc<dyn RobotsStore>>) -> Result<Fetcher, Stop> {
    let fetcher = match store {
        Some(store) => Fetcher::with_robots_store(options, store),
        None => Fetcher::new(options),
    };
    fetcher.map_err(|error| {
        let hint = error.hint();
        Stop::Usage(anyhow::Error::new(error).context(hint))
    })
}

/// The runtime that requests run on. Extraction has threads of its own.
pub fn runtime() -> Result<Runtime, Stop> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the runtime cannot be started")
        .map_err(Stop::Usage)
}

//! The one integration-test binary: a module for each topic. One binary means
//! one link step, which matters on small machines.

mod archive;
mod cases;
mod cli_discover;
mod cli_extract;
mod cli_scrape;
mod cli_state;
mod cli_warc;
mod cli_warc_write;
mod discover;
mod features;
mod fetch_address;
mod fetch_faults;
mod fetch_page;
mod fetch_proxy;
mod fetch_redirect;
mod fetch_retry;
mod fetch_robots;
mod fetch_run;
mod fetch_tls;
mod program;
mod readme;
mod schema;
mod seed;
mod shared;
mod support;
mod text_cases;
mod text_properties;
mod timestamp_languages;
mod timestamp_properties;
mod tree;
mod truth_bijoy;
mod truth_timestamps;
mod west_bengal_months;

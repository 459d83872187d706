//! The one integration-test binary: a module for each topic. One binary means
//! one link step, which matters on small machines.

#[cfg(feature = "fetch")]
mod fetch_faults;
#[cfg(feature = "fetch")]
mod fetch_page;
#[cfg(feature = "fetch")]
mod fetch_proxy;
#[cfg(feature = "fetch")]
mod fetch_redirect;
#[cfg(feature = "fetch")]
mod fetch_retry;
#[cfg(feature = "fetch")]
mod fetch_robots;
#[cfg(feature = "fetch")]
mod fetch_run;
#[cfg(feature = "fetch")]
mod fetch_tls;
#[cfg(feature = "fetch")]
mod support;

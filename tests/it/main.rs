//! The one integration-test binary: a module for each topic. One binary means
//! one link step, which matters on small machines.

#[cfg(feature = "fetch")]
mod fetch_page;
#[cfg(feature = "fetch")]
mod support;

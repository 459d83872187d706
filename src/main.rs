//! The program `khobor`: see [`khobor::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    khobor::cli::run(std::env::args_os())
}

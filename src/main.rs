//! The `bugle` program. Everything is in the library; see `lib.rs` for the map.

use std::process::ExitCode;

fn main() -> ExitCode {
    bugle::main()
}

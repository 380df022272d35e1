//! One of the targets of `tests/suite/fuzz`, given what libFuzzer finds to be new.
//!
//! The variable `BUGLE_FUZZ_TARGET` names it. Texts that it takes are written into the folder `BUGLE_FUZZ_CORPUS`, from which
//! libFuzzer begins.

#![no_main]

mod fuzz;

use std::sync::OnceLock;

use fuzz::targets::{TARGETS, Target};

static CHOSEN: OnceLock<&'static Target> = OnceLock::new();

libfuzzer_sys::fuzz_target!(
    init: {
        let name = std::env::var("BUGLE_FUZZ_TARGET").unwrap_or_default();
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
            panic!("`{name}` is no target: name one of {}", names.join(", "));
        };
        if let Ok(folder) = std::env::var("BUGLE_FUZZ_CORPUS") {
            let texts = target.right.iter().chain(target.words).enumerate();
            for (number, text) in texts {
                let path = std::path::Path::new(&folder).join(format!("right-{number}"));
                std::fs::write(path, text).unwrap_or_else(|fault| panic!("{folder}: {fault}"));
            }
        }
        let _ = CHOSEN.set(target);
    },
    |bytes: &[u8]| {
        if let Some(target) = CHOSEN.get() {
            (target.holds)(bytes);
        }
    }
);

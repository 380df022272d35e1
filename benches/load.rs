//! How long `person load` takes: a fresh database, the same list again, a small list into many people.
//!
//! `cargo bench --bench load [-- PEOPLE]`; data and databases lie under `target/bench/`.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "support/contest.rs"]
#[expect(dead_code, reason = "`compare` uses all of it")]
mod contest;
#[path = "support/memory.rs"]
mod memory;
#[path = "support/people.rs"]
mod people;
#[path = "support/programs.rs"]
#[expect(dead_code, reason = "`compare` uses all of it")]
mod programs;

use std::path::Path;

use contest::{Contender, Outcome, contest};
use people::people;
use programs::Programs;

const DATABASE: &str = "load.db";

fn main() -> Outcome {
    let count = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(1_000_000);
    let folder = Path::new("target/bench");
    std::fs::create_dir_all(folder)?;
    let list = people(folder, count, 1)?;
    let few = people(folder, count / 1000 + 1, 2)?;
    let programs = Programs { folder };
    let load = |list: &Path| -> Outcome {
        let name = list.file_name().and_then(|name| name.to_str());
        programs.bugle(
            DATABASE,
            &["person", "load", name.ok_or("a list without a name")?],
        )
    };
    let figures = contest(
        3,
        &[
            Contender {
                name: "fresh",
                prepare: Box::new(|| {
                    programs.remove(DATABASE);
                    Ok(())
                }),
                work: Box::new(|| load(&list)),
            },
            Contender {
                name: "again",
                prepare: Box::new(|| Ok(())),
                work: Box::new(|| load(&list)),
            },
            Contender {
                name: "a thousandth of them",
                prepare: Box::new(|| Ok(())),
                work: Box::new(|| load(&few)),
            },
        ],
        folder,
    )?;
    println!("{count} people:");
    for (name, figure) in ["fresh", "again", "a thousandth of them"]
        .iter()
        .zip(figures)
    {
        println!(
            "{name}: {:.2?} ({:.2?} of processor), at most {} MB in memory",
            figure.wall,
            figure.processor,
            figure.peak / 1_000_000
        );
    }
    Ok(())
}

//! How long `person load` takes: a fresh database, the same list again, a small list into many people.
//!
//! `cargo bench --bench load [-- PEOPLE]`; data and databases lie under `target/bench/`.

#![expect(clippy::print_stdout, reason = "a bench tells its figures")]

#[path = "support/people.rs"]
mod people;

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant as Clock};

use bugle::app::load_people::{Options, load_people};
use bugle::domain::{FieldCatalogue, Instant};
use bugle::intake::input::Input;
use bugle::store::{Access, Store};

fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(1_000_000);
    let folder = Path::new("target/bench");
    std::fs::create_dir_all(folder)?;
    let list = people::people(folder, count, 1)?;
    let few = people::people(folder, count / 1000 + 1, 2)?;
    for _ in 0..3 {
        let database = folder.join("load.db");
        for suffix in ["", "-wal", "-shm", ".lock"] {
            std::fs::remove_file(folder.join(format!("load.db{suffix}"))).ok();
        }
        let fresh = timed(&database, &list)?;
        let again = timed(&database, &list)?;
        let some = timed(&database, &few)?;
        println!(
            "{count} people: fresh {fresh:.2?}, again {again:.2?}, a thousandth of them {some:.2?}"
        );
    }
    Ok(())
}

/// Loads a list as one command would, from opening the database to closing it.
fn timed(database: &Path, list: &Path) -> Result<String, Box<dyn Error>> {
    let now = Instant::from_micros(1_793_613_600_000_000);
    let access = Access {
        command: "person load".to_owned(),
        now,
        wait: Duration::ZERO,
    };
    let (began, busy) = (Clock::now(), cpu());
    let mut store = Store::create_or_open(database, &access)?;
    let mut catalogue = FieldCatalogue::standard();
    store.merge_fields(&mut catalogue)?;
    load_people(
        &mut store,
        &[Input::from_argument(list)],
        &Options::default(),
        now,
        &catalogue,
        &mut |_| {},
    )
    .map_err(|error| format!("{error:?}"))?;
    drop(store);
    let wall = began.elapsed();
    let busy = cpu().saturating_sub(busy);
    Ok(format!("{wall:.2?} ({busy:.2?} of processor)"))
}

/// The processor time of this process so far, where the system tells it; it stands still while others are busy.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = after_name.split(' ').skip(11).take(2);
    Duration::from_millis(ticks.filter_map(|t| t.parse::<u64>().ok()).sum::<u64>() * 10)
}

//! The memory that started programs have, looked at while they run: their parent cannot ask once they have ended.

use std::fs;
use std::process::{Child, ExitStatus};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// The most that one process has had, in bytes.
static PEAK: AtomicU64 = AtomicU64::new(0);

/// Forgets what processes have had so far.
pub(crate) fn forget_peak() {
    PEAK.store(0, Ordering::Relaxed);
}

/// Returns the most that one process has had since then, in bytes.
pub(crate) fn peak() -> u64 {
    PEAK.load(Ordering::Relaxed)
}

/// Waits until a program has ended, and watches its memory from a thread of its own meanwhile.
pub(crate) fn watched(mut child: Child) -> std::io::Result<ExitStatus> {
    let (status, ended) = (
        format!("/proc/{}/status", child.id()),
        AtomicBool::new(false),
    );
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                PEAK.fetch_max(most_of(&status).unwrap_or(0), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let result = child.wait();
        ended.store(true, Ordering::Relaxed);
        result
    })
}

/// Returns the most that a process has had so far; nothing once it has ended.
fn most_of(status: &str) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib << 10)
}

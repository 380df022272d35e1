//! `bugle demo`: a sample workspace, compiled in, and a first session on it.

use std::fs;
use std::io;
use std::path::Path;

use super::outputs::{Output, Outputs};
use super::{ErrorKind, UserError, schema};
use crate::files::{Error, NewFiles, Permission};

/// The instant that the session takes as now: the morning on which the newsletter goes out.
pub(crate) const NOW: &str = "2025-12-01T17:00:00Z";

/// What to try after the session, in the folder and by the system's clock.
pub(crate) const NEXT: [&[&str]; 5] = [
    &["campaign", "show", "California newsletter"],
    &[
        "campaign",
        "explain",
        "Pricing page follow-up",
        "--person",
        "ann@example.com",
    ],
    &["person", "list", "--smart-list", "Unsubscribed People"],
    &["campaign", "test"],
    &["campaign", "advance", "--until", "2025-12-31"],
];

/// The session, each command word by word.
pub(crate) const SESSION: [&[&str]; 7] = [
    &["campaign", "validate", "campaigns/"],
    &["campaign", "load", "campaigns/"],
    &["person", "load", "fixtures/people.csv"],
    &["campaign", "list"],
    &["campaign", "run", "California newsletter"],
    &["campaign", "replay-events", "fixtures/events.jsonl"],
    &["person", "log", "ann@example.com"],
];

macro_rules! files {
    ($( $path:literal, )*) => {
        /// Every file of the sample workspace, by its path.
        pub(crate) const FILES: &[(&str, &[u8])] = &[
            $( ($path, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $path))), )*
        ];
    };
}

files! {
    "campaigns/california-newsletter.yaml",
    "campaigns/customers/new-customer.yaml",
    "campaigns/customers/renewal.yaml",
    "campaigns/customers/trial-nurture.yaml",
    "campaigns/data/normalize-everyone.yaml",
    "campaigns/data/normalize-new-data.yaml",
    "campaigns/data/normalize-place.yaml",
    "campaigns/emails/california-newsletter.md",
    "campaigns/emails/california-reminder-personal.md",
    "campaigns/emails/california-reminder.md",
    "campaigns/emails/renewal-reminder.md",
    "campaigns/emails/sales-notice.md",
    "campaigns/emails/thanks-contact.md",
    "campaigns/emails/thanks-demo.md",
    "campaigns/emails/trial-tips.md",
    "campaigns/emails/trial-welcome.md",
    "campaigns/emails/we-miss-you.md",
    "campaigns/emails/webinar-confirmation.md",
    "campaigns/emails/webinar-invitation.md",
    "campaigns/emails/webinar-recording.md",
    "campaigns/hygiene/bounce-clean-up.yaml",
    "campaigns/hygiene/unsubscribe.yaml",
    "campaigns/newsletter-engagement.yaml",
    "campaigns/re-engagement.yaml",
    "campaigns/sales/form-follow-up.yaml",
    "campaigns/sales/hot-lead.yaml",
    "campaigns/sales/pricing-follow-up.yaml",
    "campaigns/sales/sales-alert.yaml",
    "campaigns/scoring/email-clicks.yaml",
    "campaigns/scoring/forms.yaml",
    "campaigns/scoring/page-visits.yaml",
    "campaigns/scoring/score-decay.yaml",
    "campaigns/webinar/attendance.yaml",
    "campaigns/webinar/invitation.yaml",
    "campaigns/webinar/no-show.yaml",
    "campaigns/webinar/program.yaml",
    "campaigns/webinar/registration.yaml",
    "campaigns/workspace.yaml",
    "fixtures/deals.csv",
    "fixtures/deals/open-leads.yaml",
    "fixtures/deals/won-deal.yaml",
    "fixtures/deals/workspace.yaml",
    "fixtures/events.jsonl",
    "fixtures/leads.csv",
    "fixtures/people.csv",
}

/// The schemas that the first lines of the samples name, by their paths.
pub(crate) const SCHEMAS: [(&str, schema::File); 3] = [
    (
        "campaigns/schema/campaign.schema.json",
        schema::File::Campaign,
    ),
    (
        "campaigns/schema/workspace.schema.json",
        schema::File::Workspace,
    ),
    (
        "campaigns/schema/program.schema.json",
        schema::File::Program,
    ),
];

/// Writes the sample workspace into a folder that does not exist or is empty, and beside it the schemas by which editors
/// check it. Where one file cannot be written, none is left.
pub(crate) fn write(folder: &Path) -> Result<(), UserError> {
    Outputs::new(&folder.join("bugle.db"), &[]).admit_folder(Output {
        what: "the sample workspace",
        option: "bugle demo",
        path: folder,
    })?;
    let unreadable = |error: io::Error| UserError::from(Error::at(folder)(error));
    if folder.is_dir() && fs::read_dir(folder).map_err(unreadable)?.next().is_some() {
        let message = format!(
            "`{}` is not empty, and nothing is overwritten",
            folder.display()
        );
        return Err(UserError::new(ErrorKind::Files, message)
            .help("name another folder: `bugle demo my-demo`"));
    }
    let mut files = NewFiles::default();
    files.folder(folder)?;
    for (path, bytes) in FILES {
        files.file(&folder.join(path), bytes, Permission::Read)?;
    }
    for (path, kind) in SCHEMAS {
        let text = schema::text(&schema::schema(kind));
        files.file(&folder.join(path), text.as_bytes(), Permission::Read)?;
    }
    Ok(files.finish()?)
}

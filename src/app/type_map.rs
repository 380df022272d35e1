//! `--type-map FILE`: a YAML file that gives the activity types of another system their names here.

use std::collections::BTreeMap;
use std::path::Path;

use crate::yaml;

use super::unreadable_path::unreadable;
use super::{Error, ErrorKind, UserError};

/// Reads `"Order Completed": won_deal`, one line for each type.
pub(crate) fn read(path: &Path) -> Result<BTreeMap<String, String>, Error> {
    let text = std::fs::read_to_string(path).map_err(|cause| unreadable(path, &cause))?;
    yaml::text_map(&text).map_err(|cause| {
        let message = format!("`{}` is not a map of types: {cause}", path.display());
        let help = "write one line for each type, such as `\"Order Completed\": won_deal`";
        UserError::new(ErrorKind::Files, message).help(help).into()
    })
}

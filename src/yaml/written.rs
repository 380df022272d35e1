//! YAML that a command makes of a value: tests that it has found, campaigns that it has made smaller.

use serde::Serialize;

use super::laid_out;

/// Writes a value in canonical layout, one line end at its end. The error says what cannot be written.
pub(crate) fn written(value: &impl Serialize) -> Result<String, String> {
    let text = serde_yaml::to_string(value).map_err(|error| error.to_string())?;
    // What `serde_yaml` writes has no shape that cannot be laid out; if it had, it would be valid as it is.
    Ok(laid_out(&text).unwrap_or(text))
}

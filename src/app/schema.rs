//! The schemas by which editors complete and check campaign files.

use serde_json::Value;

use crate::campaign::compile::schema;

/// Which kind of file is meant.
pub use crate::campaign::compile::schema::File;

/// Returns the JSON Schema of a kind of file.
pub fn schema(file: File) -> Value {
    schema::of(file)
}

/// Returns that schema as the text of a file.
pub fn text(file: File) -> String {
    format!("{:#}\n", schema(file))
}

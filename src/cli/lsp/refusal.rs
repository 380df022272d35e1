//! The reason why a question is not answered.

use lsp_server::ErrorCode;
use serde_json::{Value, json};

/// Why a question is not answered.
#[derive(Debug)]
pub(super) struct Refusal {
    code: i32,
    message: String,
}

impl Refusal {
    /// Makes a reason.
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code: code as i32,
            message: message.into(),
        }
    }

    /// Returns the answer to the request of a number; there is none where nobody knows what was asked.
    pub(super) fn answer(&self, id: &Value) -> Value {
        let error = json!({ "code": self.code, "message": self.message });
        json!({ "jsonrpc": "2.0", "id": id, "error": error })
    }
}

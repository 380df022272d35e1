//! stub
#![allow(missing_docs)]
use super::Template;
use crate::domain::{Text, Value};
use crate::filter::operator::When;
use crate::world::{Cause, Layout, Membership, Person};
use std::collections::BTreeMap;
pub struct TokenContext<'a> {
    pub person: &'a Person,
    pub layout: &'a Layout,
    pub when: When<'a>,
    pub campaign_name: &'a str,
    pub campaign_id: i64,
    pub campaign_description: Option<&'a str>,
    pub program_name: Option<&'a str>,
    pub program_tokens: Option<&'a BTreeMap<String, Text>>,
    pub workspace_tokens: &'a BTreeMap<String, Text>,
    pub membership: Option<&'a Membership>,
    pub cause: Option<&'a Cause>,
    pub trigger_name: Option<&'a str>,
}
impl Template {
    pub fn resolve(&self, _: &TokenContext<'_>) -> Text {
        Text::from("")
    }
    pub fn resolve_date(&self, _: &TokenContext<'_>) -> Option<Value> {
        None
    }
}

//! Marketo's standard person fields: name, REST name, label and type, one row each.
//!
//! Source: the list of standard fields and the attribute filters of the reference, sections C and J.4.

use super::FieldType::{
    self, Boolean, Currency, Date, Datetime, Email, Integer, Phone, Score, String, Text, Url,
};

/// One row of the table.
pub struct StandardField {
    /// Snake case.
    pub name: &'static str,
    /// REST name.
    pub api_name: &'static str,
    /// Display name.
    pub label: &'static str,
    /// What it holds.
    pub field_type: FieldType,
    /// Other names it is found by.
    pub aliases: &'static [&'static str],
}

const fn row(
    name: &'static str,
    api_name: &'static str,
    label: &'static str,
    field_type: FieldType,
) -> StandardField {
    StandardField {
        name,
        api_name,
        label,
        field_type,
        aliases: &[],
    }
}

const fn alias(
    name: &'static str,
    api_name: &'static str,
    label: &'static str,
    field_type: FieldType,
    aliases: &'static [&'static str],
) -> StandardField {
    StandardField {
        name,
        api_name,
        label,
        field_type,
        aliases,
    }
}

/// The table; `email` and `id` come first.
pub const STANDARD: &[StandardField] = &[
    alias("email", "email", "Email Address", Email, &["Email"]),
    row("id", "id", "Id", String),
    row("salutation", "salutation", "Salutation", String),
    row("first_name", "firstName", "First Name", String),
    row("middle_name", "middleName", "Middle Name", String),
    row("last_name", "lastName", "Last Name", String),
    row("full_name", "fullName", "Full Name", String),
    alias("title", "title", "Job Title", String, &["Job Title"]),
    row("company", "company", "Company Name", String),
    row("phone", "phone", "Phone Number", Phone),
    row("mobile_phone", "mobilePhone", "Mobile Phone Number", Phone),
    row("fax", "fax", "Fax Number", Phone),
    row("address", "address", "Address", String),
    row("city", "city", "City", String),
    row("state", "state", "State", String),
    row("postal_code", "postalCode", "Postal Code", String),
    row("country", "country", "Country", String),
    row("website", "website", "Website", Url),
    row("industry", "industry", "Industry", String),
    row("department", "department", "Department", String),
    row("date_of_birth", "dateOfBirth", "Date of Birth", Date),
    row(
        "annual_revenue",
        "annualRevenue",
        "Annual Revenue",
        Currency,
    ),
    row(
        "number_of_employees",
        "numberOfEmployees",
        "Num Employees",
        Integer,
    ),
    row("lead_score", "leadScore", "Lead Score", Score),
    row("lead_status", "leadStatus", "Lead Status", String),
    row("lead_source", "leadSource", "Lead Source", String),
    row("lead_rating", "rating", "Lead Rating", String),
    row("unsubscribed", "unsubscribed", "Unsubscribed", Boolean),
    row(
        "unsubscribed_reason",
        "unsubscribedReason",
        "Unsubscribed Reason",
        Text,
    ),
    row(
        "marketing_suspended",
        "marketingSuspended",
        "Marketing Suspended",
        Boolean,
    ),
    row("email_invalid", "emailInvalid", "Email Invalid", Boolean),
    row(
        "email_invalid_cause",
        "emailInvalidCause",
        "Email Invalid Cause",
        Text,
    ),
    row(
        "email_suspended",
        "emailSuspended",
        "Email Suspended",
        Boolean,
    ),
    row(
        "email_suspended_at",
        "emailSuspendedAt",
        "Email Suspended At",
        Datetime,
    ),
    row(
        "email_suspended_cause",
        "emailSuspendedCause",
        "Email Suspended Cause",
        Text,
    ),
    row("black_listed", "blackListed", "Black Listed", Boolean),
    row("do_not_call", "doNotCall", "Do Not Call", Boolean),
    row("created_at", "createdAt", "Created At", Datetime),
    row("updated_at", "updatedAt", "Updated At", Datetime),
];

//! Marketo's standard person fields: name, REST name, label and type, one row each.
//!
//! Source: the list of standard fields and the attribute filters of the reference, sections C and J.4.

use super::FieldType::{
    self, Boolean, Currency, Date, Datetime, Email, Float, Integer, Phone, Score, String, Text, Url,
};

/// One row of the table.
pub(crate) struct StandardField {
    /// Snake case.
    pub(crate) name: &'static str,
    /// REST name.
    pub(crate) api_name: &'static str,
    /// Display name.
    pub(crate) label: &'static str,
    /// What it holds.
    pub(crate) field_type: FieldType,
    /// Other names it is found by.
    pub(crate) aliases: &'static [&'static str],
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

/// The table, a line a field; `email`, `id`, `created_at` and `updated_at` come first.
#[rustfmt::skip]
pub(crate) const STANDARD: &[StandardField] = &[
    // Who they are.
    alias("email", "email", "Email Address", Email, &["Email"]),
    row("id", "id", "Id", String),
    // Since when they are known, and since when they are as they are; bugle keeps both.
    row("created_at", "createdAt", "Created At", Datetime),
    row("updated_at", "updatedAt", "Updated At", Datetime),
    row("salutation", "salutation", "Salutation", String),
    row("first_name", "firstName", "First Name", String),
    row("middle_name", "middleName", "Middle Name", String),
    row("last_name", "lastName", "Last Name", String),
    alias("full_name", "fullName", "Full Name", String, &["mktoName"]),
    row("title", "title", "Job Title", String),
    alias("lead_role", "leadRole", "Role", String, &["Person Role"]),
    row("department", "department", "Department", String),
    row("date_of_birth", "dateOfBirth", "Date of Birth", Date),
    row("gender", "gender", "Gender", String),
    row("phone", "phone", "Phone Number", Phone),
    row("mobile_phone", "mobilePhone", "Mobile Phone Number", Phone),
    row("fax", "fax", "Fax Number", Phone),
    alias("address", "address", "Address", String, &["Street"]),
    row("city", "city", "City", String),
    row("state", "state", "State", String),
    row("postal_code", "postalCode", "Postal Code", String),
    row("country", "country", "Country", String),
    row("person_time_zone", "personTimeZone", "Person Time Zone", String),
    alias("notes", "mktoPersonNotes", "Notes", Text, &["Person Notes"]),
    row("person_type", "personType", "Person Type", String),
    row("external_sales_person_id", "externalSalesPersonId", "External Sales Person Id", String),
    // Their company.
    row("company", "company", "Company Name", String),
    row("parent_company_name", "parentCompanyName", "Parent Company Name", String),
    row("main_phone", "mainPhone", "Main Phone", Phone),
    row("website", "website", "Website", Url),
    row("site", "site", "Site", String),
    row("industry", "industry", "Industry", String),
    row("sic_code", "sicCode", "SIC Code", String),
    row("annual_revenue", "annualRevenue", "Annual Revenue", Currency),
    row("number_of_employees", "numberOfEmployees", "Num Employees", Integer),
    row("billing_address", "billingStreet", "Billing Address", String),
    row("billing_city", "billingCity", "Billing City", String),
    row("billing_state", "billingState", "Billing State", String),
    row("billing_postal_code", "billingPostalCode", "Billing Postal Code", String),
    row("billing_country", "billingCountry", "Billing Country", String),
    row("external_company_id", "externalCompanyId", "External Company Id", String),
    row("is_customer", "mktoIsCustomer", "Is Customer", Boolean),
    row("is_employee", "mktoIsEmployee", "Is Employee", Boolean),
    row("company_notes", "mktoCompanyNotes", "Company Notes", Text),
    row("is_partner", "mktoIsPartner", "Is Partner", Boolean),
    // How far they are.
    alias("lead_score", "leadScore", "Lead Score", Score, &["Person Score"]),
    alias("lead_status", "leadStatus", "Lead Status", String, &["Person Status"]),
    alias("lead_source", "leadSource", "Lead Source", String, &["Person Source"]),
    alias("lead_rating", "rating", "Lead Rating", String, &["Person Rating"]),
    row("priority", "priority", "Priority", Integer),
    row("urgency", "urgency", "Urgency", Float),
    row("relative_score", "relativeScore", "Relative Score", Integer),
    row("relative_urgency", "relativeUrgency", "Relative Urgency", Integer),
    row("acquisition_date", "acquisitionDate", "Acquisition Date", Datetime),
    row("acquisition_program", "acquisitionProgramId", "Acquisition Program", String),
    row("acquisition_program_name", "acquisitionProgramName", "Acquisition Program Name", String),
    alias("lead_partition_name", "leadPartitionName", "Lead Partition Name", String, &["Lead Partition", "Person Partition", "Person Partition Name"]),
    row("number_of_opportunities", "numberOfOpportunities", "Number of Opportunities", Integer),
    row("total_opportunity_amount", "totalOpportunityAmount", "Total Opportunity Amount", Currency),
    row("total_opportunity_expected_revenue", "totalOpportunityExpectedRevenue", "Total Opportunity Expected Revenue", Currency),
    // Whether they may be written to and called.
    row("unsubscribed", "unsubscribed", "Unsubscribed", Boolean),
    row("unsubscribed_reason", "unsubscribedReason", "Unsubscribed Reason", Text),
    row("marketing_suspended", "marketingSuspended", "Marketing Suspended", Boolean),
    row("marketing_suspended_cause", "marketingSuspendedCause", "Marketing Suspended Cause", Text),
    row("email_invalid", "emailInvalid", "Email Invalid", Boolean),
    row("email_invalid_cause", "emailInvalidCause", "Email Invalid Cause", Text),
    row("email_suspended", "emailSuspended", "Email Suspended", Boolean),
    row("email_suspended_at", "emailSuspendedAt", "Email Suspended At", Datetime),
    row("email_suspended_cause", "emailSuspendedCause", "Email Suspended Cause", Text),
    alias("black_listed", "blackListed", "Black Listed", Boolean, &["Blocklisted"]),
    alias("black_listed_cause", "blackListedCause", "Black Listed Cause", Text, &["Blocklisted Cause"]),
    row("do_not_call", "doNotCall", "Do Not Call", Boolean),
    row("do_not_call_reason", "doNotCallReason", "Do Not Call Reason", Text),
    // Where they came from.
    row("original_source_type", "originalSourceType", "Original Source Type", String),
    row("original_source_info", "originalSourceInfo", "Original Source Info", String),
    row("original_referrer", "originalReferrer", "Original Referrer", Url),
    row("original_search_engine", "originalSearchEngine", "Original Search Engine", String),
    row("original_search_phrase", "originalSearchPhrase", "Original Search Phrase", String),
    row("registration_source_type", "registrationSourceType", "Registration Source Type", String),
    row("registration_source_info", "registrationSourceInfo", "Registration Source Info", String),
    row("anonymous_ip", "anonymousIP", "Anonymous IP", String),
    row("inferred_company", "inferredCompany", "Inferred Company", String),
    row("inferred_city", "inferredCity", "Inferred City", String),
    row("inferred_state_region", "inferredStateRegion", "Inferred State Region", String),
    row("inferred_postal_code", "inferredPostalCode", "Inferred Postal Code", String),
    row("inferred_country", "inferredCountry", "Inferred Country", String),
    row("inferred_metropolitan_area", "inferredMetropolitanArea", "Inferred Metropolitan Area", String),
    row("inferred_phone_area_code", "inferredPhoneAreaCode", "Inferred Phone Area Code", String),
    // Their owners.
    alias("lead_owner_first_name", "leadOwnerFirstName", "Lead Owner First Name", String, &["Person Owner First Name"]),
    alias("lead_owner_last_name", "leadOwnerLastName", "Lead Owner Last Name", String, &["Person Owner Last Name"]),
    alias("lead_owner_email_address", "leadOwnerEmailAddress", "Lead Owner Email Address", Email, &["Person Owner Email Address"]),
    alias("lead_owner_job_title", "leadOwnerJobTitle", "Lead Owner Job Title", String, &["Person Owner Job Title"]),
    alias("lead_owner_phone_number", "leadOwnerPhoneNumber", "Lead Owner Phone Number", Phone, &["Person Owner Phone Number"]),
    row("account_owner_first_name", "accountOwnerFirstName", "Account Owner First Name", String),
    row("account_owner_last_name", "accountOwnerLastName", "Account Owner Last Name", String),
    row("account_owner_email_address", "accountOwnerEmailAddress", "Account Owner Email Address", Email),
    // What a CRM says of them.
    row("sfdc_type", "sfdcType", "SFDC Type", String),
    row("sfdc_account_num", "sfdcAccountNum", "SFDC Account Num", String),
    row("sfdc_created_date", "sfdcCreatedDate", "SFDC Created Date", Datetime),
    row("sfdc_is_deleted", "sfdcIsDeleted", "SFDC Is Deleted", Boolean),
    row("sfdc_lead_id", "sfdcLeadId", "SFDC Lead Id", String),
    row("sfdc_contact_id", "sfdcContactId", "SFDC Contact Id", String),
    row("sfdc_account_id", "sfdcAccountId", "SFDC Account Id", String),
    row("microsoft_type", "microsoftType", "Microsoft Type", String),
    row("company_microsoft_type", "companyMicrosoftType", "Company Microsoft Type", String),
    row("microsoft_account_num", "microsoftAccountNum", "Microsoft Account Num", String),
    row("microsoft_created_date", "microsoftCreatedDate", "Microsoft Created Date", Datetime),
    row("microsoft_is_deleted", "microsoftIsDeleted", "Microsoft Is Deleted", Boolean),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::field::{CREATED_AT, EMAIL, FieldCatalogue, ID, UPDATED_AT};
    use crate::domain::text::name_key;

    #[test]
    fn no_two_fields_share_a_name() {
        let mut owners: BTreeMap<std::string::String, &str> = BTreeMap::new();
        for row in STANDARD {
            let names = [row.name, row.api_name, row.label];
            for name in names.iter().chain(row.aliases) {
                let owner = owners.entry(name_key(name)).or_insert(row.name);
                assert_eq!(*owner, row.name, "{name}");
            }
        }
    }

    #[test]
    fn the_keys_of_people_come_first() {
        let catalogue = FieldCatalogue::standard();
        assert_eq!(catalogue.find("Email Address"), Some(EMAIL));
        assert_eq!(catalogue.find("id"), Some(ID));
        assert_eq!(catalogue.find("created_at"), Some(CREATED_AT));
        assert_eq!(catalogue.find("updated_at"), Some(UPDATED_AT));
    }
}

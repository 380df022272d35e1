//! A random workspace as the YAML files that a marketer would write.

use std::fmt::Write as _;

use super::catalogue::CUSTOM;
use super::definition::{
    Action, Campaign, Logic, Mode, MonthDay, NewValue, Numbered, Part, Priority, Qualification,
    Repeat, Schedule, Step, Template, Token, Wait, Workspace,
};
use super::yaml_filters::{filter, trigger};

/// A text in double quotes; JSON's rules are YAML's.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

pub(crate) fn list<T>(items: impl IntoIterator<Item = T>, print: impl Fn(T) -> String) -> String {
    let items: Vec<String> = items.into_iter().map(print).collect();
    format!("[{}]", items.join(", "))
}

/// `workspace.yaml`.
pub(crate) fn workspace(workspace: &Workspace) -> String {
    let mut out = String::new();
    writeln!(out, "time_zone: {}", workspace.zone.name()).unwrap();
    writeln!(
        out,
        "week_starts_on: {}",
        if workspace.monday { "monday" } else { "sunday" }
    )
    .unwrap();
    let (depth, total) = workspace.cascade;
    writeln!(out, "cascade_limit: {{ depth: {depth}, total: {total} }}").unwrap();
    let limits: Vec<String> = [
        ("per_day", workspace.per_day),
        ("per_7_days", workspace.per_7_days),
    ]
    .into_iter()
    .filter_map(|(key, limit)| Some(format!("{key}: {}", limit?)))
    .collect();
    if !limits.is_empty() {
        writeln!(out, "communication_limits: {{ {} }}", limits.join(", ")).unwrap();
    }
    writeln!(out, "fields:").unwrap();
    for field in workspace.fields.iter().filter(|f| f.custom) {
        writeln!(out, "  {}: {{ type: {} }}", field.name, field.kind.name()).unwrap();
    }
    writeln!(
        out,
        "lists: {}",
        list(&workspace.lists, |name| quoted(name))
    )
    .unwrap();
    if !workspace.emails.is_empty() {
        writeln!(out, "emails:").unwrap();
    }
    for email in &workspace.emails {
        let operational = email.operational;
        writeln!(
            out,
            "  {}: {{ subject: Hello, from: news@example.com, operational: {operational} }}",
            email.name
        )
        .unwrap();
    }
    out.push_str(&programs(workspace));
    tokens(&mut out, "", &workspace.tokens);
    if !workspace.smart_lists.is_empty() {
        writeln!(out, "smart_lists:").unwrap();
    }
    for (name, filters) in &workspace.smart_lists {
        writeln!(
            out,
            "  {}: {{ filters: {} }}",
            quoted(name),
            list(filters, |f| filter(workspace, f))
        )
        .unwrap();
    }
    out.push_str("activities:\n");
    out.push_str(CUSTOM);
    out
}

fn programs(workspace: &Workspace) -> String {
    let mut out = String::new();
    let with_statuses: Vec<_> = workspace
        .programs
        .iter()
        .filter(|p| !p.statuses.is_empty())
        .collect();
    if !with_statuses.is_empty() {
        writeln!(out, "channels:").unwrap();
    }
    for program in with_statuses {
        writeln!(
            out,
            "  {}:\n    statuses:",
            quoted(&format!("Channel of {}", program.name))
        )
        .unwrap();
        for status in &program.statuses {
            let (name, step, success) = (quoted(&status.name), status.step, status.success);
            writeln!(
                out,
                "      - {{ name: {name}, step: {step}, success: {success} }}"
            )
            .unwrap();
        }
    }
    if !workspace.programs.is_empty() {
        writeln!(out, "programs:").unwrap();
    }
    for program in &workspace.programs {
        writeln!(out, "  {}:", quoted(&program.name)).unwrap();
        let channel = quoted(&format!("Channel of {}", program.name));
        if !program.statuses.is_empty() {
            writeln!(out, "    channel: {channel}").unwrap();
        }
        tokens(&mut out, "    ", &program.tokens);
    }
    out
}

fn tokens(out: &mut String, indent: &str, tokens: &[(String, String)]) {
    if !tokens.is_empty() {
        writeln!(out, "{indent}tokens:").unwrap();
    }
    for (name, value) in tokens {
        writeln!(out, "{indent}  {}: {}", quoted(name), quoted(value)).unwrap();
    }
}

/// One campaign's file.
pub(crate) fn campaign(workspace: &Workspace, campaign: &Campaign) -> String {
    let mut out = String::new();
    writeln!(out, "name: {}", quoted(&campaign.name)).unwrap();
    if let Some(program) = campaign.program {
        writeln!(
            out,
            "program: {}",
            quoted(&workspace.programs[program].name)
        )
        .unwrap();
    }
    if campaign.mode == Mode::Executable {
        writeln!(out, "executable: true").unwrap();
    }
    if !campaign.triggers.is_empty() || !campaign.filters.is_empty() {
        writeln!(out, "smart_list:").unwrap();
    }
    if !campaign.triggers.is_empty() {
        writeln!(out, "  triggers:").unwrap();
        for t in &campaign.triggers {
            writeln!(out, "    - {}", trigger(t)).unwrap();
        }
    }
    if !campaign.filters.is_empty() {
        writeln!(out, "  filters:").unwrap();
        for f in &campaign.filters {
            writeln!(out, "    - {}", filter(workspace, f)).unwrap();
        }
        match &campaign.logic {
            Logic::All => {}
            Logic::Any => writeln!(out, "  logic: any").unwrap(),
            Logic::Numbered(rule) => {
                writeln!(out, "  logic: {}", quoted(&numbered(rule, true))).unwrap();
            }
        }
    }
    writeln!(out, "flow:").unwrap();
    for s in &campaign.flow {
        let id = s.id.as_ref().map(|id| format!("id: {}\n    ", quoted(id)));
        let (id, key) = (id.unwrap_or_default(), s.kind.key());
        writeln!(out, "  - {id}{key}: {}", step(workspace, s)).unwrap();
    }
    if let Some(s) = &campaign.schedule {
        schedule(&mut out, s);
    }
    match campaign.qualification {
        Qualification::OnlyOnce => {}
        Qualification::EveryTime => writeln!(out, "qualification: every_time").unwrap(),
        Qualification::OnceEvery(span) => {
            writeln!(out, "qualification: {{ once_every: {} }}", span.text()).unwrap();
        }
    }
    if campaign.obeys_limits {
        writeln!(out, "block_non_operational_emails: true").unwrap();
    }
    if let Some(priority) = campaign.priority {
        let word = match priority {
            Priority::High => "high",
            Priority::Medium => "medium",
            Priority::Low => "low",
        };
        writeln!(out, "priority: {word}").unwrap();
    }
    if campaign.active {
        writeln!(out, "active: true").unwrap();
    }
    out
}

fn numbered(rule: &Numbered, outermost: bool) -> String {
    let join = |parts: &[Numbered], word: &str| {
        let text = parts
            .iter()
            .map(|p| numbered(p, false))
            .collect::<Vec<_>>()
            .join(word);
        if outermost { text } else { format!("({text})") }
    };
    match rule {
        Numbered::Number(n) => n.to_string(),
        Numbered::And(parts) => join(parts, " and "),
        Numbered::Or(parts) => join(parts, " or "),
    }
}

fn step(workspace: &Workspace, step: &Step) -> String {
    let parameters = |action: &Option<Action>| {
        action.as_ref().map_or_else(
            || "do_nothing: true".to_owned(),
            |action| parameters(workspace, action),
        )
    };
    if step.choices.is_empty() {
        return format!("{{ {} }}", parameters(&step.default));
    }
    let choices = list(&step.choices, |(when, action)| {
        let rest = parameters(action);
        let comma = if rest.is_empty() { "" } else { ", " };
        format!("{{ if: {{ {} }}{comma}{rest} }}", filter(workspace, when))
    });
    let default = match &step.default {
        None => "do_nothing".to_owned(),
        Some(_) => format!("{{ {} }}", parameters(&step.default)),
    };
    format!("{{ choices: {choices}, default: {default} }}")
}

fn parameters(workspace: &Workspace, action: &Action) -> String {
    let campaign = |index: usize| quoted(&workspace.full_name(index));
    match action {
        Action::SendEmail(email) => format!("email: {}", quoted(email)),
        Action::SendAlert(email, to) => format!("email: {}, to: [{to}]", quoted(email)),
        Action::ChangeDataValue {
            field,
            value: NewValue::Null,
        } => format!("field: {field}, value: NULL"),
        Action::ChangeDataValue {
            field,
            value: NewValue::Set(t),
        } => {
            format!("field: {field}, value: {}", quoted(&template(t)))
        }
        Action::ChangeScore { field, change } => {
            format!("field: {field}, change: \"{}\"", change.text())
        }
        Action::AddToList(name) | Action::RemoveFromList(name) => format!("list: {}", quoted(name)),
        Action::ChangeProgramStatus { program, status } => {
            format!(
                "program: {}, status: {}",
                quoted(&workspace.programs[*program].name),
                quoted(status)
            )
        }
        Action::InterestingMoment { kind, description } => {
            format!(
                "type: {}, description: {}",
                quoted(kind),
                quoted(&template(description))
            )
        }
        Action::Wait(w) => wait(w),
        Action::RequestCampaign(c) => format!("campaign: {}", campaign(*c)),
        Action::ExecuteCampaign {
            campaign: c,
            parent_tokens,
        } => {
            format!(
                "campaign: {}, use_parent_tokens: {parent_tokens}",
                campaign(*c)
            )
        }
        Action::RemoveFromFlow(c) => {
            format!(
                "campaign: {}",
                c.map_or_else(|| "this".to_owned(), campaign)
            )
        }
        Action::DeletePerson => String::new(),
    }
}

fn wait(wait: &Wait) -> String {
    let clock = |time: &chrono::NaiveTime| format!("time: \"{}\"", time.format("%H:%M"));
    match wait {
        Wait::For {
            length,
            weekdays,
            time,
        } => {
            let mut until: Vec<String> = Vec::new();
            if !weekdays.is_empty() {
                until.push(format!(
                    "weekdays: {}",
                    list(weekdays, |day| weekday(*day).to_owned())
                ));
            }
            until.extend(time.as_ref().map(clock));
            let mut text = format!("for: {}", length.text());
            if !until.is_empty() {
                write!(text, ", until: {{ {} }}", until.join(", ")).unwrap();
            }
            text
        }
        Wait::Date { date, time } => {
            let time = time
                .as_ref()
                .map(|time| format!(", {}", clock(time)))
                .unwrap_or_default();
            format!("date: {date}{time}")
        }
        Wait::Token {
            field,
            offset,
            anniversary,
            time,
        } => {
            let mut text = format!("date_token: \"{{{{lead.{field}}}}}\"");
            if *offset != 0 {
                write!(text, ", offset: {offset} days").unwrap();
            }
            if *anniversary {
                text.push_str(", next_anniversary: true");
            }
            text.extend(time.as_ref().map(|time| format!(", {}", clock(time))));
            text
        }
    }
}

fn template(template: &Template) -> String {
    let mut text = String::new();
    for part in &template.0 {
        match part {
            Part::Text(plain) => text.push_str(plain),
            Part::Token { token, default } => {
                let name = match token {
                    Token::Lead(field) => format!("lead.{field}"),
                    Token::CampaignName => "campaign.name".to_owned(),
                    Token::ProgramName => "program.name".to_owned(),
                    Token::My(name) => format!("my.{name}"),
                    Token::SystemDate => "system.date".to_owned(),
                    Token::SystemDateTime => "system.dateTime".to_owned(),
                    Token::Trigger(name) => format!("trigger.{name}"),
                };
                let default = default
                    .as_ref()
                    .map(|d| format!(":default={d}"))
                    .unwrap_or_default();
                write!(text, "{{{{{name}{default}}}}}").unwrap();
            }
        }
    }
    text
}

fn weekday(day: chrono::Weekday) -> &'static str {
    use chrono::Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    match day {
        Mon => "monday",
        Tue => "tuesday",
        Wed => "wednesday",
        Thu => "thursday",
        Fri => "friday",
        Sat => "saturday",
        Sun => "sunday",
    }
}

/// Writes the `schedule:` of a campaign.
pub(crate) fn schedule(out: &mut String, schedule: &Schedule) {
    writeln!(
        out,
        "schedule:\n  first_run: {} {}",
        schedule.first,
        schedule.time.format("%H:%M")
    )
    .unwrap();
    match &schedule.repeat {
        Repeat::Once => {}
        Repeat::Daily {
            every,
            weekdays_only,
        } => {
            writeln!(
                out,
                "  repeat: daily\n  every: {every}\n  weekdays_only: {weekdays_only}"
            )
            .unwrap();
        }
        Repeat::Weekly { every, weekdays } => {
            let days = list(weekdays, |day| weekday(*day).to_owned());
            writeln!(
                out,
                "  repeat: weekly\n  every: {every}\n  weekdays: {days}"
            )
            .unwrap();
        }
        Repeat::Monthly { every, day } => {
            writeln!(out, "  repeat: monthly\n  every: {every}").unwrap();
            match day {
                MonthDay::Day(day) => writeln!(out, "  day_of_month: {day}").unwrap(),
                MonthDay::Nth(week, day) => {
                    let day = weekday(*day);
                    writeln!(out, "  on_the: {{ week: {week}, weekday: {day} }}").unwrap();
                }
            }
        }
    }
    if let Some(zone) = schedule.zone {
        writeln!(out, "  time_zone: {}", zone.name()).unwrap();
    }
    if let Some(ends) = schedule.ends {
        writeln!(out, "  ends: {ends}").unwrap();
    }
}

//! Writes `docs/catalogue.md` from the catalogues that the program is built on.

use std::fmt::Write as _;

use crate::campaign::{Need, Parameter, StepKind};
use crate::diagnostic::{Code, Severity};
use crate::domain::{ActivityCatalogue, FieldCatalogue};

const HEAD: &str = "\
# Catalogue

The names that campaign files, events and person lists may use, and the codes of what is found wrong with them.
This page is written from the program itself by the tests; what the names mean is in the
[language reference](language.md). Names ignore case, and a blank, a hyphen and an underscore are one.

";

/// Where the table of what happens to Marketo's names begins.
const TRIED: &str = "<!-- table tried names -->\n";

/// Where a table ends.
const END: &str = "<!-- end of table -->";

/// Returns the whole document; `shown` is the document as it is.
pub(super) fn text(shown: &str) -> String {
    let mut out = HEAD.to_owned();
    fields(&mut out);
    activities(&mut out);
    parameters(&mut out);
    names_of_marketo(&mut out, shown);
    codes(&mut out);
    out
}

fn fields(out: &mut String) {
    out.push_str(
        "## Person fields\n\n\
         Each is found by its name, its API name and its label, in campaigns, tokens and the headers of person lists.\n\
         A workspace adds others.\n\n\
         | field | API name | label | type |\n|---|---|---|---|\n",
    );
    for (_, field) in FieldCatalogue::standard().iter() {
        let _ = writeln!(
            out,
            "| `{}` | `{}` | {} | {} |",
            field.name,
            field.api_name,
            field.label,
            field.field_type.name()
        );
    }
    out.push('\n');
}

fn activities(out: &mut String) {
    out.push_str(
        "## Activity types\n\n\
         A trigger is written in the present tense, a filter in the past tense; `not_` before a filter turns it round.\n\
         The name is what logs show. Events may use any of the names, or the number. The first attribute, in bold, is\n\
         the primary one: what a bare value is compared with. A workspace adds others.\n\n\
         | activity | number | trigger | filter | attributes |\n|---|---|---|---|---|\n",
    );
    for (_, activity) in ActivityCatalogue::standard().iter() {
        let name =
            |name: &Option<String>| name.as_ref().map_or(String::new(), |n| format!("`{n}`"));
        let primary = activity.primary.iter().map(|a| format!("**`{}`**", a.key));
        let others = activity.attributes.iter().map(|a| format!("`{}`", a.key));
        let attributes: Vec<String> = primary.chain(others).collect();
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} | {} |",
            activity.name,
            activity.code,
            name(&activity.trigger),
            name(&activity.filter),
            attributes.join(", ")
        );
    }
    out.push('\n');
}

fn parameters(out: &mut String) {
    out.push_str(
        "## Parameters of flow steps\n\n\
         What stands after each key of a [flow step](language.md#steps), and what it is for. The main parameter, in bold, may\n\
         stand alone after the step's name where no other must be written.\n\n\
         | step | parameter | takes | is | must be written |\n|---|---|---|---|---|\n",
    );
    for kind in StepKind::ALL {
        for parameter in kind.parameters() {
            let key = format!("`{}`", parameter.key);
            let key = if kind.main() == Some(parameter) {
                format!("**{key}**")
            } else {
                key
            };
            let takes = parameter.kind.about();
            let _ = writeln!(
                out,
                "| `{}` | {key} | {takes} | {} | {} |",
                kind.name(),
                parameter.about,
                need(kind, parameter)
            );
        }
    }
    out.push('\n');
}

/// Says whether a parameter must be written, and where it may not be.
fn need(kind: StepKind, parameter: &Parameter) -> String {
    let listed = |keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        keys.join(" or ")
    };
    let mut need = match parameter.need {
        Need::Required => "yes".to_owned(),
        Need::Optional => "no".to_owned(),
        Need::With(forms) => format!("no; goes with {}", listed(forms)),
        Need::Form => {
            let forms = kind.parameters().iter();
            let forms = forms.filter(|of| of.need == Need::Form && of.key != parameter.key);
            let forms: Vec<&str> = forms.map(|of| of.key).collect();
            format!("yes, or {}", listed(&forms))
        }
    };
    for refusal in parameter.refusals {
        let _ = write!(need, "; not in {} campaigns", refusal.mode.name());
    }
    need
}

/// What happens to the names that Marketo's documents give. The table is written by the test that tries them all.
fn names_of_marketo(out: &mut String, shown: &str) {
    let (_, table) = shown.split_once(TRIED).unwrap_or_default();
    let (table, _) = table.split_once(END).unwrap_or_default();
    let _ = write!(
        out,
        "## Marketo's names\n\n\
         Every trigger, filter and flow step that Marketo's documents name either works or is refused by name,\n\
         with what it would need. Names with *lead* and with *person* are the same.\n\n\
         {TRIED}{table}{END}\n\n",
    );
}

fn codes(out: &mut String) {
    out.push_str(
        "## Diagnostic codes\n\n\
         Errors keep a workspace from being loaded; warnings do not. Each has its section in\n\
         [diagnostics](diagnostics.md), which `bugle explain CODE` prints.\n\n\
         | code | severity | meaning |\n|---|---|---|\n",
    );
    for code in Code::ALL {
        let severity = match code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let _ = writeln!(
            out,
            "| [`{0}`](diagnostics.md#{0}) | {severity} | {1} |",
            code.name(),
            code.meaning()
        );
    }
}

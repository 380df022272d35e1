//! The table of schedules: each row's occurrences were worked out by another program, day by day and minute by minute.
//!
//! Columns: what the row shows; the first run; the rest of the schedule; its zone; the workspace's first day of the
//! week; the first occurrences; whether more follow.

use crate::campaign::compile::compile;
use crate::source::{StoredCampaign, StoredTexts, from_stored};

#[test]
fn every_row_of_the_table_of_recurrences_holds() {
    let table = include_str!("../../../tests/recurrences.csv");
    let mut wrong = Vec::new();
    let mut rows = 0;
    for week_start in ["sunday", "monday"] {
        let lines: Vec<Vec<&str>> = table
            .lines()
            .skip(1)
            .map(|line| line.split(';').collect())
            .filter(|row: &Vec<&str>| row[4] == week_start)
            .collect();
        let campaigns = lines.iter().enumerate().map(|(number, row)| {
            let [_, first_run, rule, zone, ..] = row[..] else {
                panic!("a row too short")
            };
            StoredCampaign {
                file: format!("{number:03}.yaml"),
                definition: format!(
                    "name: Row {number}\nsmart_list: {{ filters: [ member_of_smart_list: All People ] }}\n\
                     flow: [ change_score: +1 ]\n\
                     schedule: {{ first_run: {first_run}, {rule}, time_zone: {zone} }}\n"
                ),
                description: None,
            }
        });
        let loaded = from_stored(&StoredTexts {
            workspace: Some(format!("week_starts_on: {week_start}\n")),
            campaigns: campaigns.collect(),
            ..StoredTexts::default()
        });
        let (workspace, diagnostics) = compile(&loaded, &[]);
        assert_eq!(diagnostics.errors(), 0, "{:?}", diagnostics.sorted());
        assert_eq!(workspace.campaigns.len(), lines.len());
        for (row, campaign) in lines.iter().zip(&workspace.campaigns) {
            let expected: Vec<&str> = row[5].split(' ').collect();
            let schedule = campaign.schedule.as_ref().unwrap();
            let found: Vec<String> = schedule
                .occurrences(workspace.week_start)
                .take(expected.len() + 1)
                .map(|occurrence| occurrence.at.rfc3339())
                .collect();
            let then = if found.len() > expected.len() {
                "goes on"
            } else {
                "ends"
            };
            if found[..expected.len().min(found.len())] != expected || then != row[6] {
                wrong.push(format!("{}: {found:?}, then it {then}", row[0]));
            }
            rows += 1;
        }
    }
    assert_eq!(rows, table.lines().count() - 1);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

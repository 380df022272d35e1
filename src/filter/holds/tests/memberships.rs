//! Memberships in lists, smart lists and programs.

use super::*;

#[test]
fn memberships_hold_for_any_and_their_complements_for_none() {
    let lists = |ids: &[u32], sense| {
        let lists = MemberOf::These(ids.iter().copied().map(ListId).collect());
        leaf(LeafKind::MemberOfList { sense, lists })
    };
    assert!(holds(&lists(&[0, 4], Sense::Positive)));
    assert!(!holds(&lists(&[0, 4], Sense::Negative)));
    assert!(!holds(&lists(&[0, 2], Sense::Positive)));
    assert!(holds(&lists(&[0, 2], Sense::Negative)));
    let campaigns = |id, sense| {
        let campaigns = MemberOf::These(vec![CampaignId(id)]);
        leaf(LeafKind::MemberOfSmartCampaign { sense, campaigns })
    };
    assert!(holds(&campaigns(2, Sense::Positive)));
    assert!(holds(&campaigns(3, Sense::Negative)));
}

#[test]
fn one_membership_satisfies_all_of_a_program_filter() {
    let program = |ids: &[u32], status: &str, success, sense| {
        leaf(LeafKind::MemberOfProgram {
            sense,
            programs: MemberOf::These(ids.iter().copied().map(ProgramId).collect()),
            tests: MembershipTests {
                status: vec![text_test(Operator::Is, status)],
                success,
                ..MembershipTests::default()
            },
        })
    };
    assert!(holds(&program(
        &[0, 1],
        "attended",
        Some(true),
        Sense::Positive
    )));
    assert!(
        !holds(&program(&[0, 1], "invited", Some(true), Sense::Positive)),
        "invited to one, success in the other"
    );
    assert!(holds(&program(
        &[0, 1],
        "invited",
        Some(true),
        Sense::Negative
    )));
    assert!(holds(&program(&[0], "invited", None, Sense::Positive)));
    let own = |program, operator| {
        leaf(LeafKind::ProgramStatus {
            program: ProgramId(program),
            tests: vec![text_test(operator, "Invited")],
        })
    };
    assert!(holds(&own(0, Operator::Is)));
    assert!(!holds(&own(9, Operator::Is)));
    assert!(
        holds(&own(9, Operator::IsNot)),
        "someone who is not a member has no status"
    );
}

#[test]
fn a_smart_list_is_asked_live() {
    let list = |filter| {
        let name = "Clickers".to_owned();
        let is_system = false;
        vec![Arc::new(SmartList::new(name, is_system, filter))]
    };
    let clickers = leaf(LeafKind::Activity(clicked(&[], Some(7), 1)));
    let sense = Sense::Positive;
    let lists = list(clickers);
    let filter = leaf(LeafKind::MemberOfSmartList { sense, lists });
    assert!(holds(&filter));
    let mut needs = Needs::default();
    filter.needs(&mut needs);
    assert!(
        needs.history.contains(&BuiltinActivity::ClickEmail.id()),
        "what it reads is needed"
    );
}

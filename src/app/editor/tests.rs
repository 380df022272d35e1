//! Unit tests that need files.

use super::home::{home, home_in};

#[test]
fn the_home_of_a_file_is_the_uppermost_workspace_else_the_campaigns_else_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for path in ["a/campaigns/sales", "b/campaigns/sales", "c/d"] {
        std::fs::create_dir_all(root.join(path)).unwrap();
    }
    std::fs::write(root.join("a/workspace.yaml"), "").unwrap();
    std::fs::write(root.join("a/campaigns/workspace.yaml"), "").unwrap();
    let opened = [root.to_owned()];
    for (file, expected) in [
        ("a/campaigns/sales/c.yaml", "a"),
        ("b/campaigns/sales/c.yaml", "b/campaigns"),
        ("c/d/c.yaml", "c/d"),
    ] {
        assert_eq!(home(&root.join(file), &opened), root.join(expected));
    }
    // What lies above the folder that is open is not looked at.
    let file = root.join("a/campaigns/sales/c.yaml");
    assert_eq!(
        home(&file, &[root.join("a/campaigns")]),
        root.join("a/campaigns")
    );
    assert_eq!(home_in(&root.join("b")), Some(root.join("b/campaigns")));
    assert_eq!(home_in(&root.join("c")), None);
}

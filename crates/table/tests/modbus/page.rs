//! `docs/modbus.md` is what the map says.

use std::path::PathBuf;
use table::modbus::document;
use table::modbus::map::REGISTERS;

#[test]
fn the_published_page_is_the_map() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/modbus.md");
    if std::env::var_os("UPDATE_MODBUS").is_some() {
        std::fs::write(&path, document()).expect("docs can be written");
    }
    let page = std::fs::read_to_string(&path).expect("docs/modbus.md is there");
    assert!(
        page == document(),
        "docs/modbus.md is old: read the map, then UPDATE_MODBUS=1 cargo test -p table modbus"
    );
}

#[test]
fn registers_stand_in_order_and_none_twice() {
    for pair in REGISTERS.windows(2) {
        assert!(pair[0].at + pair[0].words <= pair[1].at, "{}", pair[1].name);
    }
}

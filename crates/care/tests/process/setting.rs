//! Shared setting: knowledge, people, a clock, readings.

use care::knowledge::Knowledge;

/// The embedded knowledge; its faults are the test's message.
pub(crate) fn knowledge() -> &'static Knowledge {
    match Knowledge::embedded() {
        Ok(knowledge) => knowledge,
        Err(problems) => {
            let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("knowledge is broken:\n{}", all.join("\n"))
        }
    }
}

#[test]
fn the_knowledge_loads() {
    let _ = knowledge();
}

//! Questionnaires whose words need a licence are not here: only their scores.

use crate::house::{report, root, tracked};

/// Pieces of items, cut in two so that this file does not hold them either.
const PIECES: [(&str, &str, &str); 8] = [
    ("ODI", "very mild at ", "the moment"),
    ("ODI", "pain killers ", "give"),
    ("ODI", "restricted my ", "social life"),
    ("NDI", "reading with ", "slight pain in my neck"),
    ("NDI", "drive my car ", "without any neck"),
    ("NDI", "concentrate fully ", "when i want"),
    ("STarT Back", "terrible and ", "it's never going to get"),
    ("STarT Back", "bothersome has your ", "back pain been"),
];

#[test]
fn no_licensed_words_of_a_questionnaire_are_in_the_repository() {
    let mut complaints = Vec::new();
    for path in tracked() {
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else {
            continue;
        };
        let text = text.to_lowercase();
        for (name, head, tail) in PIECES {
            if text.contains(&format!("{head}{tail}")) {
                complaints.push(format!("{path} holds words of the {name}"));
            }
        }
    }
    report(&complaints);
}

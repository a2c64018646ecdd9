//! What patients read is written for a reader of twelve: the automated readability index, of which
//! 6 is read at eleven to twelve (Smith & Senter 1967), and no sentence of more than 20 words (ours).

use care::decide::RuleSet;

use crate::browser::House;

/// Sentences that stand on a patient's pages.
const PATIENTS: [&str; 8] = [
    "checkin-",
    "emergency-",
    "expect-",
    "mine-",
    "on-table-",
    "refused-",
    "result-",
    "welcome-",
];

/// The index of some texts together; each is named where one of its sentences is too long.
fn index<'a>(texts: impl Iterator<Item = (&'a str, &'a str)>) -> f64 {
    let (mut letters, mut words, mut sentences) = (0.0, 0.0, 0.0);
    for (id, text) in texts {
        for sentence in text.split(['.', ':', '?', '!', ';']) {
            let count = sentence.split_whitespace().count();
            assert!(count <= 20, "{id}: {count} words in a sentence: {sentence}");
            sentences += f64::from(u8::from(count > 0));
            words += count as f64;
        }
        letters += text.chars().filter(|one| one.is_alphanumeric()).count() as f64;
    }
    assert!(words > 0.0, "nothing was read");
    4.71 * letters / words + 0.5 * words / sentences - 21.43
}

#[test]
fn every_message_of_a_patients_pages_is_written_for_a_reader_of_twelve() {
    for begins in PATIENTS {
        let all = console::messages::all().filter(|(id, ..)| id.starts_with(begins));
        let read = index(all.map(|(id, text, _)| (*id, *text)));
        assert!(read < 6.0, "{begins}: {read:.1}");
    }
}

#[tokio::test]
async fn what_check_ins_ask_and_answer_is_written_for_a_reader_of_twelve() {
    let house = House::staffed().await;
    let knowledge = house.server.app().clinic.knowledge();
    let rules = knowledge.rules(RuleSet::Triage);
    let answered = index(rules.map(|rule| (&*rule.id, &*rule.statement)));
    assert!(answered < 6.0, "answers: {answered:.1}");
    let facts = knowledge.catalogue().facts().iter();
    let since = facts.filter(|fact| fact.id.starts_with("since_"));
    let asked = index(since.map(|fact| (&*fact.id, &*fact.patient)));
    assert!(asked < 6.0, "questions: {asked:.1}");
}

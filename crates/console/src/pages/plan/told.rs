//! Predictions that were asked of late. The same question has the same answer, and a page that is
//! loaded again, or gone back to, asks the same.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use spine::column::Prediction;

use super::preview::Question;

/// So many are kept (ours): the candidates of some patients, about 100 kB each.
const KEPT: usize = 32;

/// What was asked, of how many spines, and what was answered, the oldest first.
static TOLD: Mutex<Late<(Question, usize), Prediction>> = Mutex::new(Late::new());

/// The answer, where the same was asked of late.
pub(super) fn again(question: &Question, members: usize) -> Option<Arc<Prediction>> {
    let told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    told.find(|(asked, of)| *of == members && asked == question)
}

/// Keeps an answer, and lets the oldest go where there are many.
pub(super) fn keep(question: &Question, members: usize, answer: &Arc<Prediction>) {
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    told.keep((question.clone(), members), Arc::clone(answer));
}

/// The last answers, with their questions.
struct Late<Q, A>(VecDeque<(Q, Arc<A>)>);

impl<Q, A> Late<Q, A> {
    const fn new() -> Self {
        Self(VecDeque::new())
    }

    fn find(&self, same: impl Fn(&Q) -> bool) -> Option<Arc<A>> {
        let (_, answer) = self.0.iter().find(|(asked, _)| same(asked))?;
        Some(Arc::clone(answer))
    }

    fn keep(&mut self, question: Q, answer: Arc<A>) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back((question, answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_answers_are_found_by_their_question_and_the_oldest_goes_first() {
        let mut late = Late::new();
        for question in 0..=KEPT {
            late.keep(question, Arc::new(question * 10));
        }
        let told = |asked| late.find(|question| *question == asked);
        assert_eq!(told(0), None, "the oldest made room");
        assert_eq!(told(1).as_deref(), Some(&10));
        assert_eq!(told(KEPT).as_deref(), Some(&(KEPT * 10)));
        assert_eq!(told(KEPT + 1), None);
    }
}

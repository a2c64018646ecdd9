//! Predictions that were asked of late. The same question has the same answer, and a page that is
//! loaded again, or gone back to, asks the same.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use spine::column::Prediction;

use super::preview::Question;

/// So many are kept (ours): the candidates of some patients, about 100 kB each.
const KEPT: usize = 32;

/// One that was answered.
struct Told {
    question: Question,
    members: usize,
    answer: Arc<Prediction>,
}

static TOLD: Mutex<VecDeque<Told>> = Mutex::new(VecDeque::new());

/// The answer, where the same was asked of late.
pub(super) fn again(question: &Question, members: usize) -> Option<Arc<Prediction>> {
    let told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    let mut same = told
        .iter()
        .filter(|told| told.members == members && told.question == *question);
    Some(Arc::clone(&same.next()?.answer))
}

/// Keeps an answer, and lets the oldest go where there are many.
pub(super) fn keep(question: &Question, members: usize, answer: &Arc<Prediction>) {
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    if told.len() == KEPT {
        told.pop_front();
    }
    told.push_back(Told {
        question: question.clone(),
        members,
        answer: Arc::clone(answer),
    });
}

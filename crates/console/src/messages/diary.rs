//! Words of the diary.

use care::diary::{Purpose, Standing};

use super::{Say, messages};

messages! {
    feed_with(purpose, who) = "{purpose}, {who}";
    feed_head = "Your appointments in a calendar program";
    feed_lead = "Subscribe to this address. It holds times, tables and links, and nobody's name; a new password ends it.";
    feed_address = "Address";
    nav_diary = "Diary";
    diary_none(day) = "{day}: nobody is booked.";
    diary_one(day) = "{day}: one appointment.";
    diary_many(day, count) = "{day}: {count} appointments.";
    diary_empty = "Nothing stands here yet. Find a patient to book the first appointment.";
    diary_days = "Days";
    diary_before = "Day before";
    diary_after = "Next day";
    diary_time = "Time";
    diary_day = "Day";
    diary_minutes = "Minutes";
    diary_with = "With";
    diary_table = "Table";
    diary_stands = "State";
    diary_purpose = "For";
    diary_more = "Missed, called off, another time";
    diary_move = "Move";
    today_everybody = "Everybody";
    diary_book = "Book";
    diary_other = "somebody else";
    diary_nobody = "Nobody is called so. Register them first.";
    diary_find_first = "Find the patient, then choose a time.";
    diary_refused(problem) = "Not booked: {problem}.";
    today_calls = "To call for their check-in";
    today_calls_lead = "They hold no link of their own.";
    today_call_until(when) = "before {when}";
    today_booked = "Who comes today";
    today_more = "There are others: search for a name or a date of birth.";
    today_nobody(words) = "Nobody is called “{words}”. The beginning of each word is enough.";
    diary_missed_twice = "missed twice: review";
    mark_arrived = "Is here";
    mark_no_show = "Did not come";
    mark_cancelled = "Call off";
    mark_done = "Done";
    purpose_first = "First visit";
    purpose_session = "Session";
    purpose_again = "Re-evaluation";
    standing_booked = "Booked";
    standing_arrived = "Is here";
    standing_in_session = "In session";
    standing_done = "Done";
    standing_no_show = "Did not come";
    standing_cancelled = "Called off";
}

impl Say {
    /// What an appointment is for.
    #[must_use]
    pub fn purpose(self, purpose: Purpose) -> String {
        match purpose {
            Purpose::FirstVisit => self.purpose_first(),
            Purpose::Session => self.purpose_session(),
            Purpose::ReEvaluation => self.purpose_again(),
        }
    }

    /// Where an appointment stands.
    #[must_use]
    pub fn standing(self, standing: Standing) -> String {
        match standing {
            Standing::Booked => self.standing_booked(),
            Standing::Arrived => self.standing_arrived(),
            Standing::InSession => self.standing_in_session(),
            Standing::Done => self.standing_done(),
            Standing::NoShow => self.standing_no_show(),
            Standing::Cancelled => self.standing_cancelled(),
        }
    }
}

//! Words of the patient's own page while they lie on the table.

use super::messages;

messages! {
    on_table_title = "Your treatment";
    on_table_ready = "Nothing pulls yet.";
    on_table_straps = "The straps are being tightened.";
    on_table_ramp = "The pull is slowly getting stronger.";
    on_table_hold = "A steady pull.";
    on_table_fall = "The pull is getting weaker.";
    on_table_rest = "A rest: only a light pull.";
    on_table_letting_go = "It is letting go.";
    on_table_let_go = "It has let go.";
    on_table_over = "It is over.";
    on_table_elsewhere = "The table does nothing for you now.";
    on_table_left(left) = "{left} to the end.";
    on_table_stay = "Stay as you are. Your therapist comes to you.";
    on_table_feel = "How does it feel?";
    on_table_none = "0 no discomfort";
    on_table_most = "10 unbearable: it lets go";
    on_table_tell = "Tell";
    on_table_unsaid = "Move the mark, or stop it whenever you want.";
    on_table_said(score) = "You said {score}. Your therapist sees this.";
    on_table_held(score) = "You said {score}, so the pull does not get stronger. Your therapist sees this.";
    on_table_better(score) = "You said {score}. Your therapist sees this and decides how it goes on.";
    on_table_lets_go(score) = "You said {score}, so it lets go.";
    on_table_stop = "STOP";
    on_table_stop_words = "lets go within 5 seconds. So does the switch in your hand.";
    on_table_lost = "That did not arrive. Press the switch in your hand.";
    on_table_lost_remedy = "Then go back: the page shows whether the table lets go.";
    on_table_unwritten = "The table was told. It is not written down yet.";
    on_table_unwritten_remedy = "Tell your therapist, too.";
    on_table_server_lost = "This page has lost the table. To stop, press the switch in your hand.";
    on_table_no_script = "This page does not renew itself. STOP works.";
    on_table_renew = "Renew it";
    on_table_link = "The patient's own page";
    on_table_link_lead = "Let the patient's phone read this, or open it on a tablet in the patient's hand. It is for this session alone. The hand switch stays in the other hand.";
    on_table_link_open = "Open it here";
    on_table_asked(when) = "The patient pressed STOP on their own page, {when}.";
}

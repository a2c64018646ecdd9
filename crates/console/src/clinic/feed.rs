//! The link to somebody's calendar: made from the clinic's key and their password, so that a
//! new password ends the old link, and nothing is kept.

use si::Problem;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::{Clinic, User};

impl Clinic {
    /// The token of a user's calendar.
    #[must_use]
    pub fn feed_token(&self, user: &User) -> String {
        let words = format!("calendar of {} {}", user.id.simple(), user.password);
        format!("{}{}", user.id.simple(), self.key().secret(&words))
    }

    /// Whose calendar a token opens: somebody whose account is open, with the password of now.
    pub async fn behind_feed(&self, token: &str) -> Result<Option<User>, Problem> {
        let id = token.get(..32).and_then(|id| Uuid::try_parse(id).ok());
        let user = match id {
            Some(id) => self.user(id).await?.filter(|user| !user.closed),
            None => None,
        };
        let ours = |user: &User| {
            let ours = self.feed_token(user);
            bool::from(ours.as_bytes().ct_eq(token.as_bytes()))
        };
        Ok(user.filter(ours))
    }
}

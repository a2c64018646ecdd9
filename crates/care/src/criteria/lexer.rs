//! Words, numbers and marks, each with its place.
use super::{Place, SyntaxError};

/// The longest criteria text that is read.
const MAX_CHARS: usize = 20_000;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// `fact_id`, `and`, `L5`, `L5-S1`, `see-clinician-today`.
    Word(String),
    /// A number and the unit or word that follows it directly.
    Number(f64),
    /// `kg`, `mm[Hg]`, `%`: only after a number.
    Unit(String),
    /// `( ) [ ] { } , : = < <= > >=`
    Mark(&'static str),
    End,
}

const MARKS: [&str; 13] = [
    "<=", ">=", "(", ")", "[", "]", "{", "}", ",", ":", "=", "<", ">",
];
const AFTER_NUMBER: [&str; 2] = ["and", "or"];

struct Lexer<'a> {
    rest: &'a str,
    place: Place,
}

/// The tokens of a text, the last one `End`.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Place)>, SyntaxError> {
    let mut lexer = Lexer {
        rest: text,
        place: Place { line: 1, column: 1 },
    };
    if text.chars().count() > MAX_CHARS {
        return Err(SyntaxError::new(
            lexer.place,
            "the text is too long",
            "split the rule",
        ));
    }
    let mut found = Vec::new();
    loop {
        lexer.skip_space();
        let place = lexer.place;
        let after_number = matches!(found.last(), Some((Token::Number(_), _)));
        let token = lexer.next(after_number)?;
        let end = token == Token::End;
        found.push((token, place));
        if end {
            return Ok(found);
        }
    }
}

impl Lexer<'_> {
    fn skip_space(&mut self) {
        while let Some(first) = self.rest.chars().next().filter(|c| c.is_whitespace()) {
            self.advance(first.len_utf8());
        }
    }

    fn advance(&mut self, bytes: usize) {
        let (head, tail) = self.rest.split_at(bytes);
        for character in head.chars() {
            if character == '\n' {
                self.place = Place {
                    line: self.place.line + 1,
                    column: 1,
                };
            } else {
                self.place.column += 1;
            }
        }
        self.rest = tail;
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let taken = self.rest[..end].to_owned();
        self.advance(end);
        taken
    }

    fn next(&mut self, after_number: bool) -> Result<Token, SyntaxError> {
        let Some(first) = self.rest.chars().next() else {
            return Ok(Token::End);
        };
        if after_number && (first.is_ascii_alphabetic() || "%[/".contains(first)) {
            return Ok(self.unit());
        }
        if let Some(word) = self.counted_word() {
            return Ok(Token::Word(word));
        }
        if first.is_ascii_digit() || first == '-' {
            return self.number();
        }
        if first.is_ascii_alphabetic() || first == '_' {
            return Ok(Token::Word(
                self.take(|c| c.is_ascii_alphanumeric() || "_-".contains(c)),
            ));
        }
        if let Some(mark) = MARKS.into_iter().find(|mark| self.rest.starts_with(mark)) {
            self.advance(mark.len());
            return Ok(Token::Mark(mark));
        }
        let what = format!("`{}` is not part of the language", first.escape_default());
        Err(SyntaxError::new(self.place, &what, "see ENGINEERING.md §3"))
    }

    /// A choice that begins with its number: `48-h`.
    fn counted_word(&mut self) -> Option<String> {
        let rest = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let dashed = rest.len() < self.rest.len() && rest.starts_with('-');
        let lettered = rest.chars().nth(1).is_some_and(|c| c.is_ascii_alphabetic());
        (dashed && lettered).then(|| self.take(|c| c.is_ascii_alphanumeric() || c == '-'))
    }

    fn unit(&mut self) -> Token {
        let unit = self.take(|c| c.is_ascii_alphanumeric() || "%[]/_.".contains(c));
        if AFTER_NUMBER.contains(&unit.as_str()) {
            Token::Word(unit)
        } else {
            Token::Unit(unit)
        }
    }

    fn number(&mut self) -> Result<Token, SyntaxError> {
        let place = self.place;
        let mut text = String::new();
        if self.rest.starts_with('-') {
            self.advance(1);
            text.push('-');
        }
        text.push_str(&self.take(|c| c.is_ascii_digit() || c == '.'));
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        number.map(Token::Number).ok_or_else(|| {
            SyntaxError::new(
                place,
                &format!("`{text}` is not a number"),
                "write it as -2.5 or 14",
            )
        })
    }
}

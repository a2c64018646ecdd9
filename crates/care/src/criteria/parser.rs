//! Recursive descent from tokens to a tree, with bounded depth.
//!
//! ```text
//! either   := both { "or" both }
//! both     := single { "and" single }
//! single   := "not" single | quantified | group | call | atom
//! quantified := binder { "," binder } ":" either
//! binder   := ("any" | "all") NAME [ "in" NAME ]
//! ```
use super::lexer::{Token, tokens};
use super::{Atom, Binder, Check, Duration, Literal, Number, Operator, Place, TimeUnit, Tree};
use std::fmt;

/// How deep criteria may nest.
const MAX_DEPTH: u32 = 40;

const RESERVED: [&str; 11] = [
    "and",
    "or",
    "not",
    "any",
    "all",
    "at_least",
    "in",
    "within",
    "longer_than",
    "worse_than_baseline",
    "not_shown",
];

/// What is wrong with a criteria text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

impl SyntaxError {
    pub(super) fn new(place: Place, problem: &str, remedy: &str) -> Self {
        Self {
            place,
            problem: problem.to_owned(),
            remedy: remedy.to_owned(),
        }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: {}; {}",
            self.place.line, self.place.column, self.problem, self.remedy
        )
    }
}

impl std::error::Error for SyntaxError {}

type Parsed<T> = Result<T, SyntaxError>;

/// Reads criteria.
///
/// # Errors
/// The first place where the text is not in the language.
pub fn parse(text: &str) -> Result<Tree, SyntaxError> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        depth: 0,
    };
    let tree = parser.either()?;
    match parser.peek() {
        Token::End => Ok(tree),
        _ => Err(parser.error("the criteria should end here", "join conditions by and, or")),
    }
}

struct Parser {
    tokens: Vec<(Token, Place)>,
    next: usize,
    depth: u32,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.next].0
    }

    fn peek_after(&self) -> &Token {
        &self.tokens[(self.next + 1).min(self.tokens.len() - 1)].0
    }

    fn place(&self) -> Place {
        self.tokens[self.next].1
    }

    fn take(&mut self) -> Token {
        let token = self.tokens[self.next].0.clone();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    fn error(&self, problem: &str, remedy: &str) -> SyntaxError {
        SyntaxError::new(self.place(), problem, remedy)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(found) if found == word)
    }

    fn is_mark(&self, mark: &str) -> bool {
        matches!(self.peek(), Token::Mark(found) if *found == mark)
    }

    fn accept(&mut self, mark: &str) -> bool {
        let found = self.is_mark(mark);
        if found {
            self.take();
        }
        found
    }

    fn expect(&mut self, mark: &str) -> Parsed<()> {
        if self.accept(mark) {
            return Ok(());
        }
        Err(self.error(&format!("expected `{mark}`"), "close what was opened"))
    }

    fn name(&mut self, what: &str) -> Parsed<String> {
        match self.peek().clone() {
            Token::Word(word) if !RESERVED.contains(&word.as_str()) => {
                self.take();
                Ok(word)
            }
            _ => Err(self.error(&format!("expected {what}"), "write its name")),
        }
    }

    fn either(&mut self) -> Parsed<Tree> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error("the criteria nest too deeply", "split the rule"));
        }
        let tree = self.joined("or", Self::both, Tree::Any);
        self.depth -= 1;
        tree
    }

    fn both(&mut self) -> Parsed<Tree> {
        self.joined("and", Self::single, Tree::All)
    }

    fn joined(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Parsed<Tree>,
        join: fn(Vec<Tree>) -> Tree,
    ) -> Parsed<Tree> {
        let mut parts = vec![part(self)?];
        while self.is_word(word) {
            self.take();
            parts.push(part(self)?);
        }
        match parts.len() {
            1 => Ok(parts.remove(0)),
            _ => Ok(join(parts)),
        }
    }

    fn single(&mut self) -> Parsed<Tree> {
        let Token::Word(word) = self.peek().clone() else {
            self.expect("(")
                .map_err(|_| self.error("expected a condition", "name a fact"))?;
            let tree = self.either()?;
            self.expect(")")?;
            return Ok(tree);
        };
        let call = matches!(self.peek_after(), Token::Mark("("));
        match word.as_str() {
            "not" => self.negation(),
            "any" | "all" if !call => self.quantified(),
            "any" => self.call().map(Tree::Any),
            "all" => self.call().map(Tree::All),
            "at_least" => self.at_least(),
            "not_shown" => self.not_shown(),
            "within" | "longer_than" => self.dated(word == "within"),
            "worse_than_baseline" => self.worse(),
            _ => self.atom(),
        }
    }

    fn negation(&mut self) -> Parsed<Tree> {
        self.take();
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error("the criteria nest too deeply", "split the rule"));
        }
        let inner = self.single()?;
        self.depth -= 1;
        Ok(Tree::Not(Box::new(inner)))
    }

    fn call(&mut self) -> Parsed<Vec<Tree>> {
        self.take();
        self.expect("(")?;
        self.rest_of_list()
    }

    fn rest_of_list(&mut self) -> Parsed<Vec<Tree>> {
        let mut parts = vec![self.either()?];
        while self.accept(",") {
            parts.push(self.either()?);
        }
        self.expect(")")?;
        Ok(parts)
    }

    fn at_least(&mut self) -> Parsed<Tree> {
        self.take();
        self.expect("(")?;
        let place = self.place();
        let count = self.count()?;
        self.expect(",")?;
        let parts = self.rest_of_list()?;
        if count == 0 || count as usize > parts.len() {
            let problem = format!("{count} of {} conditions", parts.len());
            return Err(SyntaxError::new(
                place,
                &problem,
                "ask for 1 up to as many as there are",
            ));
        }
        Ok(Tree::AtLeast(count, parts))
    }

    fn count(&mut self) -> Parsed<u32> {
        match *self.peek() {
            Token::Number(number) if (0.0..=1e6).contains(&number) && number.trunc() == number => {
                self.take();
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                Ok(number as u32)
            }
            _ => Err(self.error("expected a whole number", "write it in digits")),
        }
    }

    fn not_shown(&mut self) -> Parsed<Tree> {
        self.take();
        self.expect("(")?;
        let inner = self.either()?;
        self.expect(")")?;
        Ok(Tree::NotShown(Box::new(inner)))
    }

    fn quantified(&mut self) -> Parsed<Tree> {
        let mut binders = vec![self.binder()?];
        while self.accept(",") {
            binders.push(self.binder()?);
        }
        self.expect(":")?;
        Ok(Tree::Each {
            binders,
            body: Box::new(self.either()?),
        })
    }

    fn binder(&mut self) -> Parsed<Binder> {
        let place = self.place();
        let all = self.is_word("all");
        if !all && !self.is_word("any") {
            return Err(self.error("expected `any` or `all`", "write any level, any side: …"));
        }
        self.take();
        let variable = self.name("a variable such as level or side")?;
        let region = if self.is_word("in") {
            self.take();
            Some(self.name("a region")?)
        } else {
            None
        };
        Ok(Binder {
            all,
            variable,
            region,
            place,
        })
    }

    fn term(&mut self) -> Parsed<(String, Vec<String>, Place)> {
        let place = self.place();
        let fact = self.name("a fact")?;
        let mut index = Vec::new();
        if self.accept("[") {
            index.push(self.name("an index")?);
            while self.accept(",") {
                index.push(self.name("an index")?);
            }
            self.expect("]")?;
        }
        Ok((fact, index, place))
    }

    fn dated(&mut self, within: bool) -> Parsed<Tree> {
        self.take();
        self.expect("(")?;
        let (fact, index, place) = self.term()?;
        self.expect(",")?;
        let duration = self.duration()?;
        self.expect(")")?;
        let check = if within {
            Check::Within(duration)
        } else {
            Check::LongerThan(duration)
        };
        Ok(Tree::Atom(Atom {
            fact,
            index,
            check,
            place,
        }))
    }

    fn duration(&mut self) -> Parsed<Duration> {
        let count = self.count()?;
        let place = self.place();
        let unit = match self.take() {
            Token::Unit(word) | Token::Word(word) => TimeUnit::parse(&word),
            _ => None,
        };
        unit.map(|unit| Duration { count, unit }).ok_or_else(|| {
            SyntaxError::new(
                place,
                "a duration needs a unit",
                "write hours, days, weeks, months or years",
            )
        })
    }

    fn worse(&mut self) -> Parsed<Tree> {
        self.take();
        self.expect("(")?;
        let (fact, index, place) = self.term()?;
        let by = if self.accept(",") {
            Some(self.number()?)
        } else {
            None
        };
        self.expect(")")?;
        Ok(Tree::Atom(Atom {
            fact,
            index,
            check: Check::WorseThanBaseline(by),
            place,
        }))
    }

    fn atom(&mut self) -> Parsed<Tree> {
        let (fact, index, place) = self.term()?;
        let check = match self.peek().clone() {
            Token::Mark("=") => {
                self.take();
                Check::Is(self.literal()?)
            }
            Token::Mark(mark @ ("<" | "<=" | ">" | ">=")) => {
                self.take();
                Check::Compare(operator(mark), self.number()?)
            }
            Token::Word(word) if word == "in" => {
                self.take();
                Check::In(self.literals()?)
            }
            _ => Check::Holds,
        };
        Ok(Tree::Atom(Atom {
            fact,
            index,
            check,
            place,
        }))
    }

    fn literals(&mut self) -> Parsed<Vec<Literal>> {
        self.expect("{")?;
        let mut found = vec![self.literal()?];
        while self.accept(",") {
            found.push(self.literal()?);
        }
        self.expect("}")?;
        Ok(found)
    }

    fn literal(&mut self) -> Parsed<Literal> {
        match self.peek() {
            Token::Number(_) => self.number().map(Literal::Number),
            _ => self.name("a value").map(Literal::Word),
        }
    }

    fn number(&mut self) -> Parsed<Number> {
        let Token::Number(value) = *self.peek() else {
            return Err(self.error("expected a number", "write it with its unit, as in 80 kg"));
        };
        self.take();
        let unit = match self.peek().clone() {
            Token::Unit(unit) => {
                self.take();
                Some(unit)
            }
            _ => None,
        };
        Ok(Number { value, unit })
    }
}

fn operator(mark: &str) -> Operator {
    match mark {
        "<" => Operator::Less,
        "<=" => Operator::AtMost,
        ">" => Operator::Greater,
        _ => Operator::AtLeast,
    }
}

//! The FHIRPath that R4's invariants are written in, read once into a tree.
//!
//! A part of FHIRPath (N1): paths, literals, `$this`, `%resource`, `%ucum`, the
//! boolean, equality, order, union and membership operators, and the functions
//! below. What is written in more than this is no tree, and is not checked.

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    /// Nothing: `{}`.
    Empty,
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// What is looked at.
    This,
    /// The resource that the element stands in.
    Resource,
    /// A member of something, else of what is looked at.
    Member(Option<Box<Expr>>, String),
    /// A function of something, else of what is looked at.
    Call(Option<Box<Expr>>, Function, Vec<Expr>),
    /// Two put together.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `is`: whether it is of a type.
    Is(Box<Expr>, String),
}

/// A function that is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    All,
    AllFalse,
    As,
    Children,
    Combine,
    Contains,
    Count,
    Descendants,
    Empty,
    Exists,
    First,
    HasValue,
    Intersect,
    IsDistinct,
    Not,
    Select,
    StartsWith,
    Tail,
    ToInteger,
    ToText,
    Trace,
    Where,
}

const FUNCTIONS: [(&str, Function, usize); 21] = [
    ("all", Function::All, 1),
    ("allFalse", Function::AllFalse, 0),
    ("children", Function::Children, 0),
    ("combine", Function::Combine, 1),
    ("contains", Function::Contains, 1),
    ("count", Function::Count, 0),
    ("descendants", Function::Descendants, 0),
    ("empty", Function::Empty, 0),
    ("exists", Function::Exists, 0),
    ("first", Function::First, 0),
    ("hasValue", Function::HasValue, 0),
    ("intersect", Function::Intersect, 1),
    ("isDistinct", Function::IsDistinct, 0),
    ("not", Function::Not, 0),
    ("select", Function::Select, 1),
    ("startsWith", Function::StartsWith, 1),
    ("tail", Function::Tail, 0),
    ("toInteger", Function::ToInteger, 0),
    ("toString", Function::ToText, 0),
    ("trace", Function::Trace, 1),
    ("where", Function::Where, 1),
];

/// An operator that is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Implies,
    Or,
    Xor,
    And,
    In,
    Contains,
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Union,
    Plus,
    Join,
}

/// The operators by how strongly they bind, weakest first.
const LEVELS: [&[(&str, Operator)]; 8] = [
    &[("implies", Operator::Implies)],
    &[("or", Operator::Or), ("xor", Operator::Xor)],
    &[("and", Operator::And)],
    &[("in", Operator::In), ("contains", Operator::Contains)],
    &[("=", Operator::Equal), ("!=", Operator::NotEqual)],
    &[
        ("<", Operator::Less),
        ("<=", Operator::AtMost),
        (">", Operator::Greater),
        (">=", Operator::AtLeast),
    ],
    &[("|", Operator::Union)],
    &[("+", Operator::Plus), ("&", Operator::Join)],
];

/// The level above which `is` and `as` bind.
const TYPE_LEVEL: usize = 7;

/// Deeper nested expressions are not read.
const MAX_DEPTH: usize = 40;

/// Reads an expression; nothing for what is not understood.
pub(super) fn parse(text: &str) -> Option<Expr> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        depth: 0,
    };
    let expr = parser.level(0)?;
    (parser.next == parser.tokens.len()).then_some(expr)
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Number(f64),
    Sign(&'static str),
}

const SIGNS: [&str; 17] = [
    "<=", ">=", "!=", "<", ">", "=", "(", ")", ".", ",", "|", "&", "+", "{", "}", "[", "]",
];

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let used = if first == '\'' {
            let end = rest.get(1..)?.find('\'')?;
            let inner = rest.get(1..=end)?;
            if inner.contains('\\') {
                return None;
            }
            found.push(Token::Text(inner.to_owned()));
            end + 2
        } else if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit());
            let end = end.unwrap_or(rest.len());
            found.push(Token::Number(rest.get(..end)?.parse().ok()?));
            end
        } else if first.is_ascii_alphabetic() || matches!(first, '$' | '%' | '_') {
            let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let end = rest.get(1..)?.find(|c: char| !part(c));
            let end = end.map_or(rest.len(), |end| end + 1);
            found.push(Token::Name(rest.get(..end)?.to_owned()));
            end
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
            found.push(Token::Sign(sign));
            sign.len()
        };
        rest = rest.get(used..)?.trim_start();
    }
    Some(found)
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(next)) if *next == sign);
        self.next += usize::from(found);
        found
    }

    fn name(&mut self) -> Option<String> {
        let Some(Token::Name(name)) = self.peek() else {
            return None;
        };
        let name = name.clone();
        self.next += 1;
        Some(name)
    }

    fn operator(&mut self, level: usize) -> Option<Operator> {
        let word = match self.peek()? {
            Token::Name(name) => name.as_str(),
            Token::Sign(sign) => sign,
            _ => return None,
        };
        let found = LEVELS[level].iter().find(|(known, _)| *known == word)?.1;
        self.next += 1;
        Some(found)
    }

    fn level(&mut self, level: usize) -> Option<Expr> {
        if level == 0 {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return None;
            }
        }
        let mut left = self.tighter(level)?;
        while let Some(operator) = self.operator(level) {
            let right = self.tighter(level)?;
            left = Expr::Binary(operator, Box::new(left), Box::new(right));
        }
        if level == 0 {
            self.depth -= 1;
        }
        Some(left)
    }

    fn tighter(&mut self, level: usize) -> Option<Expr> {
        if level + 1 < LEVELS.len() {
            let inner = self.level(level + 1)?;
            return match level + 1 == TYPE_LEVEL {
                true => self.typed(inner),
                false => Some(inner),
            };
        }
        self.postfix()
    }

    /// `is` and `as` after something.
    fn typed(&mut self, inner: Expr) -> Option<Expr> {
        let word = match self.peek() {
            Some(Token::Name(word)) if word == "is" || word == "as" => word.clone(),
            _ => return Some(inner),
        };
        self.next += 1;
        let kind = self.name()?;
        Some(match word.as_str() {
            "is" => Expr::Is(Box::new(inner), kind),
            _ => Expr::Call(Some(Box::new(inner)), Function::As, vec![Expr::Text(kind)]),
        })
    }

    fn postfix(&mut self) -> Option<Expr> {
        let mut expr = self.primary()?;
        while self.takes(".") {
            let name = self.name()?;
            expr = self.named(name, Some(Box::new(expr)))?;
        }
        Some(expr)
    }

    /// A member or a function by its name.
    fn named(&mut self, name: String, of: Option<Box<Expr>>) -> Option<Expr> {
        if !self.takes("(") {
            return match name.as_str() {
                "$this" => Some(Expr::This),
                name if name.starts_with(['$', '%']) => None,
                _ => Some(Expr::Member(of, name)),
            };
        }
        let mut arguments = Vec::new();
        if !self.takes(")") {
            loop {
                arguments.push(self.level(0)?);
                if self.takes(")") {
                    break;
                }
                if !self.takes(",") {
                    return None;
                }
            }
        }
        let (_, function, wanted) = FUNCTIONS.into_iter().find(|(known, ..)| *known == name)?;
        (arguments.len() == wanted).then_some(Expr::Call(of, function, arguments))
    }

    fn primary(&mut self) -> Option<Expr> {
        if self.takes("(") {
            let inner = self.level(0)?;
            return self.takes(")").then_some(inner);
        }
        if self.takes("{") {
            return self.takes("}").then_some(Expr::Empty);
        }
        match self.peek()?.clone() {
            Token::Text(text) => {
                self.next += 1;
                Some(Expr::Text(text))
            }
            Token::Number(number) => {
                self.next += 1;
                Some(Expr::Number(number))
            }
            Token::Sign(_) => None,
            Token::Name(name) => {
                self.next += 1;
                match name.as_str() {
                    "true" => Some(Expr::Flag(true)),
                    "false" => Some(Expr::Flag(false)),
                    "%resource" => Some(Expr::Resource),
                    "%ucum" => Some(Expr::Text("http://unitsofmeasure.org".to_owned())),
                    _ => self.named(name, None),
                }
            }
        }
    }
}

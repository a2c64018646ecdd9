//! The criteria language: what it reads, how it says what it cannot.
use care::criteria::{
    Atom, Binder, Check, Duration, Literal, Number, Operator, Place, TimeUnit, Tree, parse,
};
use proptest::prelude::*;

fn error(text: &str) -> String {
    parse(text).expect_err(text).to_string()
}

#[test]
fn the_examples_of_the_design_are_read() {
    for text in [
        "any(saddle_numbness, urinary_retention and not_shown(longer_than(urinary_retention_onset, 14 days)))",
        "any level in lumbar, any side: myotome[level, side] <= 3",
        "all side: myotome[L5, side] = 5",
        "at_least(2, age > 50 a, weight >= 80.5 kg, not smoker)",
        "within(fall, 14 days) and grade in {two, three}",
        "worse_than_baseline(systolic, 30 mm[Hg])",
        "t_score <= -2.5 and (a or b)",
    ] {
        let tree = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let printed = tree.to_string();
        assert_eq!(parse(&printed).expect(&printed).to_string(), printed);
    }
}

#[test]
fn errors_name_line_and_column() {
    assert!(
        error("a and\n  (b or )").starts_with("2:9: "),
        "{}",
        error("a and\n  (b or )")
    );
    assert!(error("a b").starts_with("1:3: "));
    assert!(error("").contains("expected a condition"));
    assert!(error("a $ b").contains("not part of the language"));
    assert!(error("age > old").contains("expected a number"));
    assert!(error("within(fall, 14)").contains("needs a unit"));
    assert!(error("at_least(3, a, b)").contains("3 of 2"));
    assert!(error("any level myotome").contains("expected `:`"));
    assert!(error("a and and").contains("a fact"));
    assert!(error(&"(".repeat(100)).contains("too deeply"));
    assert!(error(&"not ".repeat(100)).contains("too deeply"));
    assert!(error(&"a or ".repeat(10_000)).contains("too long"));
}

fn place() -> Place {
    Place { line: 1, column: 1 }
}

fn names() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["age", "fall_date", "myotome", "x1"]).prop_map(str::to_owned)
}

fn numbers() -> impl Strategy<Value = Number> {
    let units = prop::option::of(prop::sample::select(vec!["kg", "mm[Hg]", "%", "a"]));
    (-1_000_000i32..1_000_000, units).prop_map(|(value, unit)| Number {
        value: f64::from(value) / 64.0,
        unit: unit.map(str::to_owned),
    })
}

fn checks() -> impl Strategy<Value = Check> {
    let operators = vec![
        Operator::Less,
        Operator::AtMost,
        Operator::Greater,
        Operator::AtLeast,
    ];
    let units = vec![
        TimeUnit::Hours,
        TimeUnit::Days,
        TimeUnit::Weeks,
        TimeUnit::Months,
        TimeUnit::Years,
    ];
    let duration = (0u32..1000, prop::sample::select(units))
        .prop_map(|(count, unit)| Duration { count, unit })
        .boxed();
    let literal = prop_oneof![
        names().prop_map(Literal::Word),
        numbers().prop_map(Literal::Number)
    ]
    .boxed();
    prop_oneof![
        Just(Check::Holds),
        literal.clone().prop_map(Check::Is),
        prop::collection::vec(literal, 1..4).prop_map(Check::In),
        (prop::sample::select(operators), numbers()).prop_map(|(o, n)| Check::Compare(o, n)),
        duration.clone().prop_map(Check::Within),
        duration.prop_map(Check::LongerThan),
        prop::option::of(numbers()).prop_map(Check::WorseThanBaseline),
    ]
}

fn trees() -> impl Strategy<Value = Tree> {
    let index = prop::collection::vec(names(), 0..3);
    let atom = (names(), index, checks()).prop_map(|(fact, index, check)| {
        Tree::Atom(Atom {
            fact,
            index,
            check,
            place: place(),
        })
    });
    atom.prop_recursive(4, 40, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 1..4);
        let binder = (any::<bool>(), prop::option::of(Just("lumbar".to_owned()))).prop_map(
            |(all, region)| Binder {
                all,
                variable: "level".to_owned(),
                region,
                place: place(),
            },
        );
        prop_oneof![
            list.clone().prop_map(Tree::All),
            list.clone().prop_map(Tree::Any),
            list.prop_map(|parts| Tree::AtLeast(1, parts)),
            inner.clone().prop_map(|tree| Tree::Not(Box::new(tree))),
            inner
                .clone()
                .prop_map(|tree| Tree::NotShown(Box::new(tree))),
            (prop::collection::vec(binder, 1..3), inner).prop_map(|(binders, body)| Tree::Each {
                binders,
                body: Box::new(body)
            }),
        ]
    })
}

/// The same tree with every place at the start.
fn without_places(tree: Tree) -> Tree {
    let inside = |part: Box<Tree>| Box::new(without_places(*part));
    let each = |parts: Vec<Tree>| parts.into_iter().map(without_places).collect();
    match tree {
        Tree::All(parts) => Tree::All(each(parts)),
        Tree::Any(parts) => Tree::Any(each(parts)),
        Tree::AtLeast(count, parts) => Tree::AtLeast(count, each(parts)),
        Tree::Not(part) => Tree::Not(inside(part)),
        Tree::NotShown(part) => Tree::NotShown(inside(part)),
        Tree::Each { binders, body } => Tree::Each {
            binders: binders
                .into_iter()
                .map(|b| Binder {
                    place: place(),
                    ..b
                })
                .collect(),
            body: inside(body),
        },
        Tree::Atom(atom) => Tree::Atom(Atom {
            place: place(),
            ..atom
        }),
    }
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back_the_same(tree in trees()) {
        let read = parse(&tree.to_string()).map(without_places);
        prop_assert_eq!(read, Ok(tree));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,60}") {
        let _ = parse(&text);
    }

    #[test]
    fn no_shuffle_of_the_languages_own_words_makes_the_parser_panic(
        words in prop::collection::vec(prop::sample::select(vec![
            "any", "all", "not", "and", "or", "in", "(", ")", "[", "]", "{", "}", ",", ":", "=",
            "<=", "within", "longer_than", "worse_than_baseline", "not_shown", "at_least", "level",
            "2", "-", "14 days", "kg", "myotome", "\n", "5.5.5", "é",
        ]), 0..40)
    ) {
        let _ = parse(&words.join(" "));
        let _ = parse(&words.concat());
    }
}

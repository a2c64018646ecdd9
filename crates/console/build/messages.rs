//! Makes a method of `Say` of each message in `messages/en`, so that an id that
//! does not exist or an argument that is missing does not compile.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use fluent_syntax::ast::{
    Comment, Entry, Expression, InlineExpression, Message, Pattern, PatternElement,
};
use fluent_syntax::parser;

/// What stands in a pattern: its words, and its arguments in order.
#[derive(Default)]
struct Seen {
    words: String,
    arguments: Vec<String>,
    /// Arguments that choose between forms: these are numbers.
    numbers: BTreeSet<String>,
}

/// Writes `messages.rs` to `out`: the methods, `ALL`, and the files themselves.
pub(crate) fn generate(out: &Path) -> Result<(), String> {
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let folder = folder.join("messages/en");
    println!("cargo:rerun-if-changed={}", folder.display());
    let listed = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let fluent = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "ftl");
    let mut files: Vec<PathBuf> = listed.filter_map(|f| Some(f.ok()?.path())).collect();
    files.retain(fluent);
    files.sort();
    let (mut methods, mut all, mut sources) = (String::new(), String::new(), String::new());
    let mut ids = BTreeMap::new();
    for file in &files {
        let text = fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
        for message in messages(&text).map_err(|e| format!("{}: {e}", file.display()))? {
            let id = message.id.name;
            let told = || format!("{}: {id}", file.display());
            if let Some(other) = ids.insert(id.to_owned(), file) {
                return Err(format!("{} is also in {}", told(), other.display()));
            }
            let seen = signature(&message).map_err(|e| format!("{} {e}", told()))?;
            method(&mut methods, id, &seen);
            let arguments = &seen.arguments;
            let _ = writeln!(all, "    ({id:?}, {:?}, &{arguments:?}),", seen.words);
        }
        let _ = writeln!(sources, "    include_str!({file:?}),");
    }
    let text = format!(
        "#[allow(missing_docs, reason = \"the text is the documentation\")]\n\
         impl Say {{\n{methods}}}\n\
         /// Every message: id, English text, arguments.\n\
         const ALL: &[(&str, &str, &[&str])] = &[\n{all}];\n\
         /// The files in English.\n\
         const ENGLISH: &[&str] = &[\n{sources}];\n"
    );
    fs::write(out.join("messages.rs"), text).map_err(|e| e.to_string())
}

fn messages(text: &str) -> Result<Vec<Message<&str>>, String> {
    let whole = parser::parse(text).map_err(|(_, errors)| {
        let at = errors.first().map_or(0, |error| error.pos.start);
        let line = 1 + text[..at.min(text.len())].matches('\n').count();
        format!("line {line} is not Fluent: {errors:?}")
    })?;
    let of = |entry| match entry {
        Entry::Message(message) => Some(Ok(message)),
        Entry::Term(term) => Some(Err(format!("-{}: terms are not used here", term.id.name))),
        _ => None,
    };
    whole.body.into_iter().filter_map(of).collect()
}

/// The arguments in the order of the comment above the message, which must name them
/// all where there are two or more: whoever turns a sentence round swaps none.
fn signature(message: &Message<&str>) -> Result<Seen, String> {
    let pattern = message.value.as_ref().ok_or("has no text")?;
    if !message.attributes.is_empty() {
        return Err("has attributes, which nothing reads".to_owned());
    }
    let mut seen = Seen::default();
    read(pattern, &mut seen)?;
    if seen.arguments.len() < 2 {
        return Ok(seen);
    }
    let named = named(message.comment.as_ref());
    let sorted = |names: &[String]| names.iter().cloned().collect::<BTreeSet<_>>();
    if sorted(&named) != sorted(&seen.arguments) {
        return Err(format!(
            "needs a comment above it that names its arguments, such as `# ${}`",
            seen.arguments.join(" $")
        ));
    }
    seen.arguments = named;
    Ok(seen)
}

fn named(comment: Option<&Comment<&str>>) -> Vec<String> {
    let lines = comment.map(|comment| comment.content.as_slice());
    lines
        .unwrap_or_default()
        .iter()
        .flat_map(|line| line.split_whitespace())
        .filter_map(|word| word.strip_prefix('$').map(str::to_owned))
        .collect()
}

fn read(pattern: &Pattern<&str>, seen: &mut Seen) -> Result<(), String> {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => seen.words.push_str(value),
            PatternElement::Placeable { expression } => placed(expression, seen)?,
        }
    }
    Ok(())
}

fn placed(expression: &Expression<&str>, seen: &mut Seen) -> Result<(), String> {
    match expression {
        Expression::Inline(inline) => {
            let name = argument(inline)?;
            let _ = write!(seen.words, "{{{name}}}");
            add(seen, &name);
        }
        Expression::Select { selector, variants } => {
            let name = argument(selector)?;
            add(seen, &name);
            seen.numbers.insert(name);
            let words = seen.words.clone();
            for variant in variants {
                let mut one = Seen {
                    words: words.clone(),
                    ..Seen::default()
                };
                read(&variant.value, &mut one)?;
                one.arguments.iter().for_each(|name| add(seen, name));
                seen.numbers.extend(one.numbers);
                if variant.default {
                    seen.words = one.words;
                }
            }
        }
    }
    Ok(())
}

fn argument(inline: &InlineExpression<&str>) -> Result<String, String> {
    match inline {
        InlineExpression::VariableReference { id } => Ok(id.name.to_owned()),
        _ => Err("holds something else than words and arguments".to_owned()),
    }
}

fn add(seen: &mut Seen, name: &str) {
    if !seen.arguments.iter().any(|known| known == name) {
        seen.arguments.push(name.to_owned());
    }
}

fn method(out: &mut String, id: &str, seen: &Seen) {
    let rust = |name: &str| name.replace('-', "_");
    let (mut parameters, mut filled) = (String::new(), String::new());
    for name in &seen.arguments {
        let variable = rust(name);
        let number = seen.numbers.contains(name);
        let kind = if number {
            "Number"
        } else {
            "std::fmt::Display"
        };
        let value = if number {
            format!("{variable}.number()")
        } else {
            format!("Self::shown(&{variable})")
        };
        let _ = write!(parameters, ", {variable}: impl {kind}");
        let _ = write!(filled, "({name:?}, {value}), ");
    }
    let _ = write!(
        out,
        "    #[doc = {:?}]\n    #[must_use]\n    pub fn {}(self{parameters}) -> String {{\n        \
         self.fill({id:?}, [{filled}])\n    }}\n",
        seen.words,
        rust(id),
    );
}

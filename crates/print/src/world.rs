//! What the typesetter may see: the template, the document, the fonts. Nothing else.

use serde_json::Value;
use si::Problem;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::document::Document;
use crate::fonts::Fonts;
use crate::walk;

const TEMPLATE: &str = include_str!("letter.typ");

/// One document before it is set.
pub(crate) struct Paper<'a> {
    library: LazyHash<Library>,
    fonts: &'a Fonts,
    template: Source,
    data: (FileId, Bytes),
}

impl<'a> Paper<'a> {
    pub(crate) fn new(document: &Document, fonts: &'a Fonts) -> Result<Self, Problem> {
        let mut value = serde_json::to_value(document).map_err(|error| {
            let remedy = "report it: every document has a form in JSON";
            Problem::new("document-invalid", "", "", error.to_string(), remedy)
        })?;
        make_plain(&mut value);
        walk::each(&value, "", &mut |place, text| covered(fonts, place, text))?;
        Ok(Self {
            library: LazyHash::new(<Library as LibraryExt>::default()),
            fonts,
            template: Source::new(id("/letter.typ")?, TEMPLATE.to_owned()),
            data: (
                id("/document.json")?,
                Bytes::new(value.to_string().into_bytes()),
            ),
        })
    }
}

fn id(path: &str) -> Result<FileId, Problem> {
    let path = VirtualPath::new(path).map_err(|error| {
        let remedy = "report it: the paths are the program's own";
        Problem::new("path-invalid", "", path, format!("{error:?}"), remedy)
    })?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn make_plain(value: &mut Value) {
    match value {
        Value::String(text) => *text = walk::plain(text),
        Value::Array(items) => items.iter_mut().for_each(make_plain),
        Value::Object(fields) => fields.values_mut().for_each(make_plain),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A letter that no font has would be an empty box in somebody's name.
fn covered(fonts: &Fonts, place: &str, text: &str) -> Result<(), Problem> {
    let missing = |letter: &char| walk::is_seen(*letter) && !fonts.have(*letter);
    let Some(letter) = text
        .chars()
        .find(missing)
        .filter(|_| !walk::is_figure(place))
    else {
        return Ok(());
    };
    Err(Problem::new(
        "letter-without-font",
        place,
        format!("U+{:04X}", u32::from(letter)),
        "is a letter that no font here has",
        "name a folder with a font that has it: --fonts DIR",
    ))
}

impl World for Paper<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match id == self.template.id() {
            true => Ok(self.template.clone()),
            false => Err(FileError::AccessDenied),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match id == self.data.0 {
            true => Ok(self.data.1.clone()),
            false => Err(FileError::AccessDenied),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

//! A chapter's Markdown as HTML: headings that can be linked to, blocks that can be scrolled by keyboard, and links
//! between pages as the served pages need them.

use std::collections::BTreeMap;

use anyhow::bail;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::words::Words;

/// A chapter, written.
pub struct Written {
    /// The HTML of its body.
    pub html: String,
    /// Its headings of the second level, which its own list names.
    pub headings: Vec<Heading>,
    /// Its words by section, for the search.
    pub sections: Vec<Section>,
}

/// A heading that a link can lead to.
pub struct Heading {
    /// The last part of its address.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// What stands between two headings.
pub struct Section {
    /// Its heading's address on its page; empty for the page's head.
    pub id: String,
    /// Its heading's words.
    pub title: String,
    /// Its own words, in one line.
    pub text: String,
}

/// Writes a chapter.
///
/// # Errors
/// When it holds raw HTML, which could carry what the pages' policy refuses.
pub fn write(markdown: &str, words: &Words) -> anyhow::Result<Written> {
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let mut writing = Writing::new(*words);
    for event in events {
        if let Event::Html(raw) | Event::InlineHtml(raw) = &event
            && !raw.trim_start().starts_with("<!--")
        {
            bail!("raw HTML is not written: {raw}");
        }
        writing.take(event);
    }
    let mut body = String::new();
    html::push_html(&mut body, writing.events.into_iter());
    Ok(Written {
        html: body,
        headings: writing.headings,
        sections: writing.sections,
    })
}

struct Writing<'a> {
    words: Words,
    events: Vec<Event<'a>>,
    /// A heading's events, until it ends and its id is known.
    open: Option<(HeadingLevel, usize, String)>,
    headings: Vec<Heading>,
    sections: Vec<Section>,
    used: BTreeMap<String, u32>,
    in_block: bool,
}

impl<'a> Writing<'a> {
    fn new(words: Words) -> Self {
        Writing {
            words,
            events: Vec::new(),
            open: None,
            headings: Vec::new(),
            sections: Vec::new(),
            used: BTreeMap::new(),
            in_block: false,
        }
    }

    fn take(&mut self, event: Event<'a>) {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {}
            Event::Start(Tag::Heading { level, .. }) => {
                self.open = Some((level, self.events.len(), String::new()));
            }
            Event::End(TagEnd::Heading(_)) => self.end_heading(),
            Event::Start(Tag::CodeBlock(kind)) => self.begin_block(&kind),
            Event::End(TagEnd::CodeBlock) => {
                self.in_block = false;
                self.raw("</code></pre></div>\n");
            }
            Event::Start(Tag::Table(_)) => {
                self.raw("<div class=\"wide\" tabindex=\"0\">");
                self.events.push(event);
            }
            Event::End(TagEnd::Table) => {
                self.events.push(event);
                self.raw("</div>\n");
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                let dest_url = address(&dest_url).into();
                self.events.push(Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                }));
            }
            other => {
                self.note(&other);
                self.events.push(other);
            }
        }
    }

    /// Blocks say what they are to who can't see their frame, and can be reached and scrolled by keyboard.
    fn begin_block(&mut self, kind: &CodeBlockKind<'_>) {
        self.in_block = true;
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.to_string(),
            CodeBlockKind::Indented => String::new(),
        };
        let word = info.split_whitespace().nth(1).unwrap_or_default();
        let (class, label) = match word {
            "run" | "background" => ("block command", self.words.label_command),
            "output" => ("block output", self.words.label_output),
            _ => ("block", self.words.label_example),
        };
        self.raw(format!(
            "<div class=\"{class}\"><pre tabindex=\"0\" role=\"group\" aria-label=\"{label}\"><code>"
        ));
    }

    fn end_heading(&mut self) {
        let Some((level, begun, text)) = self.open.take() else {
            return;
        };
        let id = self.unused(slug(&text));
        let title = text.trim().to_owned();
        if level == HeadingLevel::H2 {
            self.headings.push(Heading {
                id: id.clone(),
                text: title.clone(),
            });
        }
        let is_page = level == HeadingLevel::H1;
        self.sections.push(Section {
            id: if is_page { String::new() } else { id.clone() },
            title,
            text: String::new(),
        });
        self.events
            .insert(begun, raw_html(format!("<{level} id=\"{id}\">")));
        self.raw(format!("</{level}>\n"));
    }

    /// Keeps the words for the heading that is open, or for the section's search; those of blocks are not searched.
    fn note(&mut self, event: &Event<'_>) {
        if self.in_block {
            return;
        }
        let (Event::Text(text) | Event::Code(text)) = event else {
            if let (
                Some(section),
                Event::SoftBreak
                | Event::HardBreak
                | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell),
            ) = (self.sections.last_mut(), event)
            {
                section.text.push(' ');
            }
            return;
        };
        if let Some((_, _, heading)) = &mut self.open {
            heading.push_str(text);
        } else if let Some(section) = self.sections.last_mut() {
            section.text.push_str(text);
        }
    }

    fn unused(&mut self, id: String) -> String {
        let count = self.used.entry(id.clone()).or_default();
        *count += 1;
        if *count == 1 { id } else { format!("{id}-{count}") }
    }

    fn raw(&mut self, text: impl Into<CowStr<'a>>) {
        self.events.push(Event::Html(text.into()));
    }
}

fn raw_html<'a>(text: String) -> Event<'a> {
    Event::Html(text.into())
}

/// Pages are linked in the books as files, as mdBook wants it.
fn address(link: &str) -> String {
    let (path, fragment) = link
        .split_once('#')
        .map_or((link, ""), |(path, rest)| (path, rest));
    let is_page = path.ends_with(".md") && !path.contains('/');
    if !is_page {
        return link.to_owned();
    }
    let page = path.trim_end_matches(".md");
    let mark = if fragment.is_empty() { "" } else { "#" };
    format!("{page}.html{mark}{fragment}")
}

/// Letters without their accents, digits and hyphens.
fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    let plain = lower.chars().filter_map(|letter| match letter {
        'á' => Some('a'),
        'é' => Some('e'),
        'í' => Some('i'),
        'ó' => Some('o'),
        'ú' | 'ü' => Some('u'),
        'ñ' => Some('n'),
        ' ' | '-' | '/' => Some('-'),
        other => other.is_ascii_alphanumeric().then_some(other),
    });
    plain.collect::<String>().trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::ES;

    #[test]
    fn headings_get_addresses_that_differ_and_pages_are_linked_as_served() {
        let written = write(
            "# Uno\n\n## Añadir\n\nVea [otra](second.md#paso).\n\n## Añadir\n",
            &ES,
        )
        .unwrap();
        let ids: Vec<&str> = written
            .headings
            .iter()
            .map(|heading| heading.id.as_str())
            .collect();
        assert_eq!(ids, ["anadir", "anadir-2"]);
        assert!(
            written.html.contains("<h2 id=\"anadir\">Añadir</h2>"),
            "{}",
            written.html
        );
        assert!(
            written.html.contains("href=\"second.html#paso\""),
            "{}",
            written.html
        );
        assert_eq!(written.sections[1].text.trim(), "Vea otra.");
    }

    #[test]
    fn raw_html_is_refused() {
        assert!(write("# Uno\n\n<script>alert(1)</script>\n", &ES).is_err());
    }
}

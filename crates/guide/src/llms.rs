//! `llms.txt` (<https://llmstxt.org>) and `llms-full.txt`: the English book for readers that are programs.

use crate::book::Book;

/// The guide's pages, each with its first sentence.
pub fn overview(book: &Book) -> String {
    let mut text = format!("# Ayni\n\n> {}\n\n## Guide\n\n", book.words.description);
    for chapter in &book.chapters {
        let address = format!("/docs/guide/{}/{}", book.words.lang, chapter.file());
        text.push_str(&format!(
            "- [{}]({address}): {}\n",
            chapter.title,
            first_sentence(&chapter.text)
        ));
    }
    text.push_str(
        "\n## Reference\n\n\
         - [The whole guide in one file](/llms-full.txt)\n\
         - [Payments API, OpenAPI 3.1](/openapi/payments.json)\n\
         - [Open data API, OpenAPI 3.1](/openapi/data.json)\n",
    );
    text
}

/// All chapters, one after the other.
pub fn full(book: &Book) -> String {
    let chapters: Vec<&str> = book.chapters.iter().map(|chapter| chapter.text.trim()).collect();
    format!("{}\n", chapters.join("\n\n---\n\n"))
}

/// The first paragraph's first sentence, in one line.
fn first_sentence(markdown: &str) -> String {
    let paragraph = markdown
        .split("\n\n")
        .map(str::trim)
        .find(|part| !part.is_empty() && !part.starts_with(['#', '<', '|', '`', '-']));
    let line = paragraph.unwrap_or_default().replace('\n', " ");
    match line.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => line,
    }
}

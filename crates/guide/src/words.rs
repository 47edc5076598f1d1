//! What the pages say besides their chapters, in both languages.

/// One language's words; one that is missing does not compile.
#[derive(Clone, Copy)]
pub struct Words {
    /// The language's tag and its folder.
    pub lang: &'static str,
    /// The guide's name.
    pub title: &'static str,
    /// What a search engine shows.
    pub description: &'static str,
    /// The link past the navigation.
    pub skip: &'static str,
    /// The table of contents.
    pub contents: &'static str,
    /// The field that searches.
    pub search: &'static str,
    /// Above a search's findings; `{}` is their count.
    pub found: &'static str,
    /// When nothing was found.
    pub nothing_found: &'static str,
    /// The tag of the other language.
    pub other_lang: &'static str,
    /// The link to the other language, in that language.
    pub other_name: &'static str,
    /// The link to the page before.
    pub previous: &'static str,
    /// The link to the page after.
    pub next: &'static str,
    /// The navigation between them.
    pub turn: &'static str,
    /// The list of this page's headings.
    pub on_this_page: &'static str,
    /// The button that copies a block.
    pub copy: &'static str,
    /// The same, when it did.
    pub copied: &'static str,
    /// The link to the reference of the APIs.
    pub reference: &'static str,
    /// A block that is a command.
    pub label_command: &'static str,
    /// A block that is what a command printed.
    pub label_output: &'static str,
    /// A block that shows something.
    pub label_example: &'static str,
}

/// Spanish, the default.
pub const ES: Words = Words {
    lang: "es",
    title: "Guía de Ayni",
    description: "Cómo cobrar, recibir notificaciones y consultar datos con Ayni, una pasarela propia compatible con las API de Khipu.",
    skip: "Ir al contenido",
    contents: "Contenido",
    search: "Buscar en la guía",
    found: "Resultados: {}",
    nothing_found: "Sin resultados. Pruebe con otra palabra.",
    other_lang: "en",
    other_name: "English",
    previous: "Anterior",
    next: "Siguiente",
    turn: "Páginas",
    on_this_page: "En esta página",
    copy: "Copiar",
    copied: "Copiado",
    reference: "Referencia de las API",
    label_command: "Comando",
    label_output: "Resultado",
    label_example: "Ejemplo",
};

/// English.
pub const EN: Words = Words {
    lang: "en",
    title: "The Ayni guide",
    description: "How to collect payments, take notifications and ask for data with Ayni, a gateway of your own that speaks Khipu's APIs.",
    skip: "Skip to content",
    contents: "Contents",
    search: "Search the guide",
    found: "Results: {}",
    nothing_found: "Nothing found. Try another word.",
    other_lang: "es",
    other_name: "Español",
    previous: "Previous",
    next: "Next",
    turn: "Pages",
    on_this_page: "On this page",
    copy: "Copy",
    copied: "Copied",
    reference: "API reference",
    label_command: "Command",
    label_output: "Output",
    label_example: "Example",
};

//! The audit log.

use ayni_domain::lang::Lang;

/// The page's texts.
pub struct Texts {
    /// Heads the page.
    pub title: &'static str,
    /// Under it.
    pub lead: &'static str,
    /// A column and a filter.
    pub who: &'static str,
    /// A column and a filter.
    pub what: &'static str,
    /// A column.
    pub when: &'static str,
    /// A column.
    pub subject: &'static str,
    /// A column.
    pub address: &'static str,
    /// A filter that lets everybody through.
    pub everybody: &'static str,
    /// A filter that lets everything through.
    pub everything: &'static str,
    /// Applies the filters.
    pub show: &'static str,
    /// Removes them.
    pub all: &'static str,
    /// Downloads what is shown.
    pub download: &'static str,
    /// Where there is nothing.
    pub none: &'static str,
    /// The operator at the command line.
    pub operator: &'static str,
}

impl Texts {
    /// In a language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }
}

const ES: Texts = Texts {
    title: "Auditoría",
    lead: "Quién hizo qué, cuándo y desde dónde. Nada de esto se puede cambiar ni borrar.",
    who: "Quién",
    what: "Qué",
    when: "Cuándo",
    subject: "Sobre qué",
    address: "Desde",
    everybody: "Todas las personas",
    everything: "Todas las acciones",
    show: "Mostrar",
    all: "Mostrar todo",
    download: "Descargar CSV",
    none: "No hay nada anotado.",
    operator: "Operador",
};

const EN: Texts = Texts {
    title: "Audit log",
    lead: "Who did what, when and from where. None of this can be changed or deleted.",
    who: "Who",
    what: "What",
    when: "When",
    subject: "To what",
    address: "From",
    everybody: "Everybody",
    everything: "Every action",
    show: "Show",
    all: "Show all",
    download: "Download CSV",
    none: "Nothing was noted.",
    operator: "Operator",
};

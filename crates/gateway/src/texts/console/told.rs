//! Secrets that are shown once.

use ayni_domain::lang::Lang;

/// Texts of a page that tells a secret.
pub struct Texts {
    /// That it is not shown again.
    pub once: &'static str,
    /// Copies a row.
    pub copy: &'static str,
    /// After copying.
    pub copied: &'static str,
    /// Back to the section.
    pub back: &'static str,
}

impl Texts {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }
}

static ES: Texts = Texts {
    once: "Es la única vez que se muestra: cópielo ahora y guárdelo donde guarda sus claves. Aquí queda solo su huella.",
    copy: "Copiar",
    copied: "Copiado",
    back: "Ya lo guardé",
};

static EN: Texts = Texts {
    once: "This is the only time that it is shown: copy it now, and keep it where you keep your secrets. Here we keep no more than its digest.",
    copy: "Copy",
    copied: "Copied",
    back: "I have kept it",
};

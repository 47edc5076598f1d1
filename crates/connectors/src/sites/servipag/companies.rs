//! The companies whose debts the site shows, found by the name that a caller writes.

use std::collections::HashMap;

use ayni_domain::company::{near, normalised};
use ayni_domain::operation::Fault;
use ayni_domain::operation::code::Code;
use serde::Deserialize;

/// A company in the site file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CompanyRow {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    page: String,
}

/// A company.
pub(super) struct Company {
    name: String,
    /// Its name and its aliases, normalised.
    writings: Vec<String>,
    /// The last part of its form's address.
    pub(super) page: String,
}

/// All of them.
pub(super) struct Companies {
    all: Vec<Company>,
    by_writing: HashMap<String, usize>,
}

impl Company {
    /// Whether that is a name of the company's.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.writings.contains(&normalised(name))
    }
}

impl Companies {
    /// The companies of a site file.
    ///
    /// # Errors
    /// When a name is empty or two companies have it, or a page is no part of an address.
    pub(super) fn new(rows: Vec<CompanyRow>) -> Result<Companies, String> {
        let mut companies = Companies {
            all: Vec::with_capacity(rows.len()),
            by_writing: HashMap::new(),
        };
        for row in rows {
            companies.add(row)?;
        }
        Ok(companies)
    }

    /// The company that is called that.
    ///
    /// # Errors
    /// [`Code::UnknownCompany`], with the nearest names.
    pub(super) fn named(&self, asked: &str) -> Result<&Company, Fault> {
        let found = self.by_writing.get(&normalised(asked));
        found.and_then(|index| self.all.get(*index)).ok_or_else(|| {
            let known = self.all.iter();
            let names = near(
                asked,
                known.map(|known| (known.name.as_str(), known.writings.as_slice())),
            );
            match names.as_slice() {
                [] => Code::UnknownCompany.into(),
                names => Fault::with_detail(Code::UnknownCompany, format!("¿{}?", names.join(", "))),
            }
        })
    }

    fn add(&mut self, row: CompanyRow) -> Result<(), String> {
        let is_page = !row.page.is_empty()
            && row
                .page
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_page {
            return Err(format!("the page of {} is no part of an address", row.name));
        }
        let mut writings = Vec::new();
        for writing in std::iter::once(&row.name)
            .chain(&row.aliases)
            .map(|name| normalised(name))
        {
            if writing.is_empty() {
                return Err(format!("{} has a name without a letter", row.name));
            }
            if writings.contains(&writing) {
                continue;
            }
            if self.by_writing.insert(writing.clone(), self.all.len()).is_some() {
                return Err(format!("{} has a name that another company has too", row.name));
            }
            writings.push(writing);
        }
        self.all.push(Company {
            name: row.name,
            writings,
            page: row.page,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, aliases: &[&str], page: &str) -> CompanyRow {
        CompanyRow {
            name: name.to_owned(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            page: page.to_owned(),
        }
    }

    #[test]
    fn a_company_is_found_by_its_name_or_alias_and_never_by_a_near_one() {
        let rows = vec![
            row("Enel", &["enel distribución", "Chilectra"], "enel"),
            row("Entel", &[], "entel"),
        ];
        let companies = Companies::new(rows).unwrap();
        for name in ["ENEL", "Enel Distribucion", "chilectra", "enel."] {
            assert_eq!(companies.named(name).unwrap().page, "enel", "{name}");
        }
        for (name, suggested) in [
            ("Enell", Some("¿Enel?")),
            ("Enel Dist", Some("¿Enel?")),
            ("Zapatería", None),
            ("", None),
        ] {
            let fault = companies.named(name).map(|company| &company.page).unwrap_err();
            assert_eq!(fault.code, Code::UnknownCompany);
            assert_eq!(fault.detail.as_deref(), suggested, "{name}");
        }
        assert!(companies.named("Entel").unwrap().is_named("éntel"));
    }

    #[test]
    fn a_name_of_two_companies_or_a_page_that_leads_elsewhere_is_refused() {
        for rows in [
            vec![row("Enel", &[], "a"), row("ENEL.", &[], "b")],
            vec![row("Enel", &["x"], "a"), row("Entel", &["X"], "b")],
            vec![row("Enel", &[], "../salir")],
            vec![row("Enel", &[], "")],
            vec![row("...", &[], "a")],
        ] {
            assert!(Companies::new(rows).is_err());
        }
    }
}

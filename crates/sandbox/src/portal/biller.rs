//! The companies whose bills are shown, by category.

use serde::Deserialize;

use super::format::Format;
use crate::error::SandboxError;

/// Real billers' names with categories, and how each numbers its clients.
const BILLERS: &str = include_str!("../../data/billers.json");

/// A company.
#[derive(Clone, Debug, Deserialize)]
pub struct Biller {
    /// Its category, as `Telefonía Celular`.
    pub category: String,
    /// Its name, as `Aguas Andinas`.
    #[serde(rename = "company")]
    pub name: String,
    /// What people also call it, in lower case.
    pub aliases: Vec<String>,
    /// What its clients are known by.
    pub identifier: Identifier,
    /// Its identifiers' shape.
    pub format: Format,
    /// Its name in an address, as `aguas-andinas`.
    #[serde(skip)]
    pub slug: String,
}

/// What a company's clients are known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Identifier {
    /// The account.
    Account,
    /// The client.
    Client,
    /// The telephone.
    Line,
    /// The person.
    Rut,
    /// The insurance policy.
    Policy,
    /// The car.
    Plate,
}

impl Identifier {
    /// How the form names it.
    pub fn label(self) -> &'static str {
        match self {
            Identifier::Account => "Número de cuenta",
            Identifier::Client => "Número de cliente",
            Identifier::Line => "Número de teléfono",
            Identifier::Rut => "RUT del titular",
            Identifier::Policy => "Número de póliza",
            Identifier::Plate => "Patente",
        }
    }
}

/// A category with its companies, in alphabetical order.
pub struct Category<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its name in an address.
    pub slug: String,
    /// Its companies.
    pub billers: Vec<&'a Biller>,
}

/// All companies.
pub struct Directory {
    billers: Vec<Biller>,
}

impl Directory {
    /// Reads the list that is inside the program.
    pub fn read() -> Result<Directory, SandboxError> {
        let mut billers: Vec<Biller> = serde_json::from_str(BILLERS)?;
        for biller in &mut billers {
            biller.slug = slug(&biller.name);
        }
        billers.sort_by(|one, other| one.slug.cmp(&other.slug));
        Ok(Directory { billers })
    }

    /// Every company, in alphabetical order.
    pub fn billers(&self) -> &[Biller] {
        &self.billers
    }

    /// The categories, in the order of their names.
    pub fn categories(&self) -> Vec<Category<'_>> {
        let mut categories: Vec<Category<'_>> = Vec::new();
        for biller in &self.billers {
            match categories.iter_mut().find(|known| known.name == biller.category) {
                Some(known) => known.billers.push(biller),
                None => categories.push(Category {
                    name: &biller.category,
                    slug: slug(&biller.category),
                    billers: vec![biller],
                }),
            }
        }
        categories.sort_by(|one, other| one.slug.cmp(&other.slug));
        categories
    }

    /// The company with that name in its address.
    pub fn at(&self, slug: &str) -> Option<&Biller> {
        self.billers.iter().find(|biller| biller.slug == slug)
    }

    /// The company of exactly that name.
    pub fn named(&self, name: &str) -> Option<&Biller> {
        self.billers.iter().find(|biller| biller.name == name)
    }
}

/// A name in lower case without accents, its words joined by hyphens.
pub fn slug(name: &str) -> String {
    let plain: String = name
        .chars()
        .flat_map(char::to_lowercase)
        .map(unaccented)
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join("-")
}

fn unaccented(letter: char) -> char {
    match letter {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' => 'n',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_forty_companies_in_twelve_categories_or_more_and_each_has_an_address() {
        let directory = Directory::read().unwrap();
        assert!(directory.billers().len() >= 40 && directory.categories().len() >= 12);
        for biller in directory.billers() {
            assert_eq!(directory.at(&biller.slug).unwrap().name, biller.name);
            assert!(
                biller
                    .slug
                    .bytes()
                    .all(|b| b == b'-' || b.is_ascii_alphanumeric())
            );
        }
        assert_eq!(
            directory.named("Entel PCS Movil").unwrap().category,
            "Telefonía Celular"
        );
    }

    #[test]
    fn the_list_is_the_shared_one_where_that_is_there() {
        let shared =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/billers.json");
        let ours: serde_json::Value = serde_json::from_str(BILLERS).unwrap();
        let theirs = match std::fs::read_to_string(shared) {
            Ok(text) => serde_json::from_str(&text).unwrap(),
            Err(_) => ours.clone(),
        };
        assert_eq!(ours, theirs);
    }
}

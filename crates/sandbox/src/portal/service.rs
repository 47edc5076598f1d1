//! The services that a person has registered with the portal, always the same for the same RUT.

use ayni_domain::rut::Rut;

use super::biller::Directory;
use super::derived::Derived;

/// A registered service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The company's name.
    pub company: String,
    /// What it provides: the company's category.
    pub kind: String,
    /// The client's identifier there.
    pub identifier: String,
}

/// The most services that one person has: four pages of them.
pub const SERVICES_MAX: u64 = 35;

/// The person who has exactly one service, a mobile telephone.
pub const ONE_SERVICE_RUT_BODY: u32 = 11_111_111;

/// The services of that person, in the order in which they were registered.
pub fn services(directory: &Directory, rut: Rut) -> Vec<Service> {
    if rut.body() == ONE_SERVICE_RUT_BODY {
        return vec![Service {
            company: "Entel PCS Movil".to_owned(),
            kind: "Telefonía Celular".to_owned(),
            identifier: "221100111".to_owned(),
        }];
    }
    let mut derived = Derived::of(&["cuántos servicios", &rut.plain()]);
    so_many(derived.below(SERVICES_MAX + 1), directory, rut)
}

/// That number of services of the person.
pub fn so_many(count: u64, directory: &Directory, rut: Rut) -> Vec<Service> {
    let mut derived = Derived::of(&["servicios", &rut.plain()]);
    let billers = directory.billers();
    let mut service = || {
        let at = usize::try_from(derived.below(billers.len() as u64)).ok()?;
        let biller = billers.get(at)?;
        Some(Service {
            company: biller.name.clone(),
            kind: biller.category.clone(),
            identifier: biller.format.sample(&mut derived),
        })
    };
    (0..count).filter_map(|_| service()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_have_from_no_service_up_to_four_pages_of_them() {
        let directory = Directory::read().unwrap();
        let of = |body| services(&directory, Rut::from_body(body).unwrap());
        assert_eq!(of(11_111_111).len(), 1);
        assert_eq!(of(12_345_678), of(12_345_678));
        let counts: Vec<usize> = (5_000_000..5_000_500).map(|body| of(body).len()).collect();
        assert_eq!(counts.iter().min(), Some(&0));
        assert_eq!(counts.iter().max(), Some(&35));
    }
}

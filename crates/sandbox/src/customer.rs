//! The bank's customers: whoever has a valid RUT, each with a name that never changes.

use ayni_domain::rut::Rut;

/// What opens every account.
const PASSWORD: &str = "1234";

const FIRST_NAMES: [&str; 32] = [
    "María",
    "José",
    "Camila",
    "Luis",
    "Antonia",
    "Juan",
    "Catalina",
    "Carlos",
    "Francisca",
    "Pedro",
    "Isidora",
    "Jorge",
    "Valentina",
    "Felipe",
    "Javiera",
    "Diego",
    "Constanza",
    "Matías",
    "Fernanda",
    "Nicolás",
    "Daniela",
    "Sebastián",
    "Carolina",
    "Ignacio",
    "Paula",
    "Rodrigo",
    "Josefa",
    "Tomás",
    "Andrea",
    "Vicente",
    "Rosa",
    "Gabriel",
];

const SURNAMES: [&str; 32] = [
    "González",
    "Muñoz",
    "Rojas",
    "Díaz",
    "Pérez",
    "Soto",
    "Contreras",
    "Silva",
    "Martínez",
    "Sepúlveda",
    "Morales",
    "Rodríguez",
    "López",
    "Fuentes",
    "Hernández",
    "Torres",
    "Araya",
    "Flores",
    "Espinoza",
    "Valenzuela",
    "Castillo",
    "Tapia",
    "Reyes",
    "Gutiérrez",
    "Castro",
    "Pizarro",
    "Álvarez",
    "Vásquez",
    "Sánchez",
    "Quispe",
    "Huenchumán",
    "Mamani",
];

/// Whether these open a session; every failure looks the same, so it does not tell which of both was wrong.
pub fn log_in(rut: &str, password: &str) -> Option<Rut> {
    let rut = Rut::parse(rut).ok();
    rut.filter(|_| password == PASSWORD)
}

/// The name of that customer.
pub fn name(rut: Rut) -> String {
    let mixed = rut.body().wrapping_mul(0x9E37_79B1);
    let pick = |names: [&'static str; 32], shift: u32| names[(mixed >> shift) as usize % 32];
    format!(
        "{} {} {}",
        pick(FIRST_NAMES, 27),
        pick(SURNAMES, 22),
        pick(SURNAMES, 17)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_valid_rut_is_a_customer_and_nothing_else_is() {
        assert!(log_in("11.111.111-1", "1234").is_some());
        for (rut, password) in [
            ("11.111.111-1", "12345"),
            ("11.111.111-1", ""),
            ("11.111.111-2", "1234"),
            ("", "1234"),
        ] {
            assert_eq!(log_in(rut, password), None, "{rut} {password}");
        }
    }

    #[test]
    fn a_name_stays_the_same_and_neighbours_have_others() {
        let named = |text| name(Rut::parse(text).unwrap());
        assert_eq!(named("44.444.444-4"), named("444444444"));
        assert_ne!(named("44.444.444-4"), named("11.111.111-1"));
    }
}

//! What the portal can be made to do, and by which identifier or RUT: every fault that a site is known for, so that
//! whoever reads sites can be tried out against each of them. `/pruebas` shows both tables to people.
//!
//! The identifiers have eight digits, `9000` or `9100` and a number, so they serve at every company that takes eight digits. The
//! RUTs are the ones of the bodies `1000` and a number. The numbers' first three digits are the code's.

use ayni_domain::rut::Rut;

use super::effect::{DebtEffect, LoginEffect, Trouble};

/// What opens every person's services.
pub const PASSWORD: &str = "wxyz1234!@#$";

/// What the portal sends to the telephone of a person with a second factor.
pub const SECOND_FACTOR_CODE: &str = "123456";

/// A line of the table of identifiers.
#[derive(Clone, Copy, Debug)]
pub struct DebtCase {
    /// What is typed.
    pub identifier: &'static str,
    /// What it does.
    pub effect: DebtEffect,
    /// The same in words.
    pub told: &'static str,
    /// What a gateway that reads this site should answer.
    pub code: &'static str,
}

/// A line of the table of RUTs.
#[derive(Clone, Copy, Debug)]
pub struct LoginCase {
    /// The RUT's digits before its check digit.
    pub rut_body: u32,
    /// What it does.
    pub effect: LoginEffect,
    /// The same in words.
    pub told: &'static str,
    /// What a gateway that reads this site should answer.
    pub code: &'static str,
}

impl LoginCase {
    /// The RUT as people write it.
    pub fn rut(&self) -> String {
        Rut::from_body(self.rut_body).map_or_else(String::new, Rut::formatted)
    }
}

/// Every identifier that does something of its own.
pub const DEBT_CASES: &[DebtCase] = &[
    debt("90000010", DebtEffect::NoDebt, "No registra deuda.", "OK"),
    debt("90000030", DebtEffect::ThreeBills, "Tres cuentas impagas.", "OK"),
    debt(
        "90002010",
        DebtEffect::Trouble(Trouble::Maintenance),
        "Página de mantención con estado 503.",
        "E201",
    ),
    debt(
        "90002011",
        DebtEffect::Trouble(Trouble::MaintenanceAsOk),
        "Página de mantención con estado 200.",
        "E201",
    ),
    debt(
        "90002012",
        DebtEffect::Trouble(Trouble::HangUp),
        "La conexión se cierra sin respuesta.",
        "E201",
    ),
    debt(
        "90002013",
        DebtEffect::Trouble(Trouble::Transient),
        "Mantención en las dos primeras consultas; la tercera responde.",
        "E201, E201, OK",
    ),
    debt(
        "90002014",
        DebtEffect::Trouble(Trouble::ExpiresAlways),
        "La sesión expira siempre al enviar el formulario.",
        "E201",
    ),
    debt(
        "90002015",
        DebtEffect::Trouble(Trouble::ExpiresOnce),
        "La sesión expira una vez; una visita nueva responde.",
        "OK",
    ),
    debt(
        "91002010",
        DebtEffect::Trouble(Trouble::BreakOff),
        "La conexión se corta a mitad de la página.",
        "E201",
    ),
    debt(
        "90002020",
        DebtEffect::Trouble(Trouble::UnknownPage),
        "Un diseño de página que el sitio no tenía.",
        "E202",
    ),
    debt(
        "90002021",
        DebtEffect::AmountWithDecimals,
        "El monto se muestra como 15.340,00 CLP.",
        "E202",
    ),
    debt(
        "90002022",
        DebtEffect::DateTurned,
        "La fecha se muestra como 2025/31/05.",
        "E202",
    ),
    debt(
        "90002023",
        DebtEffect::LoginInstead,
        "La página de ingreso en lugar de la deuda.",
        "E202",
    ),
    debt(
        "90002024",
        DebtEffect::Trouble(Trouble::RedirectLoop),
        "Direcciones que se llevan una a la otra sin fin.",
        "E202",
    ),
    debt(
        "90002025",
        DebtEffect::Trouble(Trouble::Endless),
        "Una página que no termina.",
        "E202",
    ),
    debt(
        "90002026",
        DebtEffect::Trouble(Trouble::WrongCharset),
        "Bytes Latin-1 en una página que dice ser UTF-8.",
        "E202",
    ),
    debt(
        "90002027",
        DebtEffect::OtherColumns,
        "La tabla cambió de columnas.",
        "E202",
    ),
    debt(
        "90002028",
        DebtEffect::AmountInDollars,
        "El monto está en dólares: US$15,34.",
        "E202",
    ),
    debt(
        "90002029",
        DebtEffect::OtherClient,
        "La página muestra la deuda de otro cliente.",
        "E202",
    ),
    debt(
        "91002020",
        DebtEffect::OtherTotal,
        "El total no es la suma de las cuentas.",
        "E202",
    ),
    debt(
        "90003010",
        DebtEffect::Trouble(Trouble::NotPublished),
        "La deuda del período todavía no se publica.",
        "E301",
    ),
    debt(
        "90004020",
        DebtEffect::UnknownClient,
        "Cliente no encontrado.",
        "E402",
    ),
    debt(
        "90004030",
        DebtEffect::WrongFormat,
        "El identificador no corresponde al formato.",
        "E403",
    ),
    debt(
        "90009990",
        DebtEffect::Trouble(Trouble::SiteMessage),
        "Un mensaje propio del sitio.",
        "E999",
    ),
    debt(
        "90006000",
        DebtEffect::NoDueDate,
        "La cuenta no trae fecha de vencimiento.",
        "D000",
    ),
    debt(
        "90007000",
        DebtEffect::AmountAsText,
        "El monto es un texto.",
        "F000",
    ),
    debt(
        "90008000",
        DebtEffect::Trouble(Trouble::Drip),
        "La página llega de a pocos bytes.",
        "T000",
    ),
    debt(
        "90008001",
        DebtEffect::Trouble(Trouble::Stall),
        "La respuesta tarda más de lo que se espera.",
        "T000",
    ),
];

/// Every RUT that does something of its own; the password is the same as ever.
pub const LOGIN_CASES: &[LoginCase] = &[
    login(
        10_000_010,
        LoginEffect::NoServices,
        "No tiene servicios registrados.",
        "OK",
    ),
    login(
        10_000_030,
        LoginEffect::ManyServices,
        "Tiene 35 servicios, en cuatro páginas.",
        "OK",
    ),
    login(
        10_001_020,
        LoginEffect::Blocked,
        "La cuenta está bloqueada.",
        "E102",
    ),
    login(
        10_001_030,
        LoginEffect::SecondFactor,
        "Pide un código después de la clave.",
        "E103",
    ),
    login(
        10_002_010,
        LoginEffect::Trouble(Trouble::Maintenance),
        "Página de mantención al ingresar.",
        "E201",
    ),
    login(
        10_002_014,
        LoginEffect::Trouble(Trouble::ExpiresAlways),
        "La sesión expira siempre al pedir los servicios.",
        "E201",
    ),
    login(
        10_002_020,
        LoginEffect::Trouble(Trouble::UnknownPage),
        "Un diseño de página que el sitio no tenía.",
        "E202",
    ),
    login(
        10_002_024,
        LoginEffect::Trouble(Trouble::RedirectLoop),
        "Direcciones que se llevan una a la otra sin fin.",
        "E202",
    ),
    login(
        10_003_010,
        LoginEffect::Trouble(Trouble::NotPublished),
        "Los servicios todavía no se publican.",
        "E301",
    ),
    login(
        10_009_990,
        LoginEffect::Trouble(Trouble::SiteMessage),
        "Un mensaje propio del sitio al ingresar.",
        "E999",
    ),
    login(
        10_006_000,
        LoginEffect::NoIdentifier,
        "Un servicio no trae identificador.",
        "D000",
    ),
    login(
        10_007_000,
        LoginEffect::LongIdentifier,
        "Un identificador de 60 caracteres.",
        "F000",
    ),
    login(
        10_008_000,
        LoginEffect::Trouble(Trouble::Stall),
        "La respuesta tarda más de lo que se espera.",
        "T000",
    ),
];

/// What that identifier does, if it does something of its own.
pub fn debt_effect(identifier: &str) -> Option<DebtEffect> {
    let case = DEBT_CASES.iter().find(|case| case.identifier == identifier)?;
    Some(case.effect)
}

/// What that person does, if it is something of its own.
pub fn login_effect(rut: Rut) -> Option<LoginEffect> {
    let case = LOGIN_CASES.iter().find(|case| case.rut_body == rut.body())?;
    Some(case.effect)
}

const fn debt(
    identifier: &'static str,
    effect: DebtEffect,
    told: &'static str,
    code: &'static str,
) -> DebtCase {
    DebtCase {
        identifier,
        effect,
        told,
        code,
    }
}

const fn login(rut_body: u32, effect: LoginEffect, told: &'static str, code: &'static str) -> LoginCase {
    LoginCase {
        rut_body,
        effect,
        told,
        code,
    }
}

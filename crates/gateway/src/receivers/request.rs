//! The body of `POST /v3/receivers` as the documentation shows it. It is read field by field by
//! [`ayni_domain::receiver`], which tells every violation; this type only describes it.

use utoipa::ToSchema;

/// A receiver to be created. Unknown fields are ignored; `null` and `""` in optional fields mean not set. The bank
/// account's five fields come together or not at all.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "it describes the body, which the domain reads from its text"
)]
pub(crate) struct ReceiverRequest {
    /// Nombre de pila del administrador de la cuenta de cobro.
    #[schema(max_length = 255, example = "Nombre")]
    admin_first_name: String,
    /// Apellido del administrador.
    #[schema(max_length = 255, example = "Apellido")]
    admin_last_name: String,
    /// Correo del administrador: el primer usuario de la cuenta, y su dueño.
    #[schema(max_length = 255, format = "email", example = "admin@email.com")]
    admin_email: String,
    /// País de la cuenta de cobro, ISO 3166-1: `CL`, `AR`, `BO`, `CO`, `ES`, `MX`, `PE` o `US`.
    #[schema(min_length = 2, max_length = 2, example = "CL")]
    country_code: String,
    /// Identificador tributario del cobrador; en Chile su RUT.
    #[schema(min_length = 8, max_length = 255, example = "99.999.999-9")]
    business_identifier: String,
    /// Rubro tributario del cobrador.
    #[schema(max_length = 255, example = "VENTA AL POR MAYOR DE FRUTAS Y VERDURAS")]
    business_category: String,
    /// Nombre tributario del cobrador, que ven los pagadores.
    #[schema(max_length = 255, example = "Nombre Tributario")]
    business_name: String,
    /// Teléfono del cobrador.
    #[schema(min_length = 5, max_length = 20, example = "+56988887777")]
    business_phone: String,
    /// Dirección del cobrador.
    #[schema(min_length = 4, max_length = 300, example = "Calle principal 1111")]
    business_address_line_1: String,
    /// Segunda línea de la dirección.
    #[schema(min_length = 4, max_length = 300, example = "Oficina 3-A")]
    business_address_line_2: String,
    /// Tercera línea de la dirección.
    #[schema(min_length = 4, max_length = 300, example = "Santiago")]
    business_address_line_3: String,
    /// Nombre del contacto del cobrador.
    #[schema(max_length = 255, example = "Nombre Contacto")]
    contact_full_name: String,
    /// Cargo del contacto.
    #[schema(max_length = 255, example = "Gerente")]
    contact_job_title: String,
    /// Correo del contacto.
    #[schema(max_length = 255, format = "email", example = "contacto@email.com")]
    contact_email: String,
    /// Teléfono del contacto.
    #[schema(min_length = 5, max_length = 20, example = "+56966665555")]
    contact_phone: String,
    /// Banco en que se le rinde, de `GET /v3/banks`.
    #[schema(max_length = 5, example = "Bawdf")]
    bank_account_bank_id: Option<String>,
    /// Tipo de cuenta: `CORRIENTE`, `VISTA` o `AHORRO`.
    #[schema(example = "CORRIENTE")]
    bank_account_type: Option<String>,
    /// RUT del titular de la cuenta.
    #[schema(max_length = 255, example = "99.999.999-9")]
    bank_account_identifier: Option<String>,
    /// Nombre del titular de la cuenta.
    #[schema(max_length = 255, example = "Nombre Tributario")]
    bank_account_name: Option<String>,
    /// Número de la cuenta: dígitos y guiones.
    #[schema(max_length = 34, example = "000000000000123456789")]
    bank_account_number: Option<String>,
    /// A dónde se notifican sus pagos, si un pago no dice otra cosa.
    #[schema(
        max_length = 1024,
        format = "uri",
        example = "https://comercio.com/notify_url"
    )]
    notify_url: Option<String>,
    /// A dónde se le informan sus rendiciones.
    #[schema(
        max_length = 1024,
        format = "uri",
        example = "https://comercio.com/rendition_url"
    )]
    rendition_url: Option<String>,
}

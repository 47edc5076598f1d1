//! The body of `POST /v3/payments` as the documentation shows it. It is read field by field by
//! [`ayni_domain::creation`], which tells every violation; this type only describes it.

use utoipa::ToSchema;

/// A payment to be created. Unknown fields are ignored; `null` and `""` in optional fields mean not set.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "it describes the body, which the domain reads from its text"
)]
pub(crate) struct CreateRequest {
    /// El monto del cobro: sin separador de miles, con '.' como separador de decimales. Hasta 4 decimales, según la
    /// moneda. A number, or a string that holds one.
    #[schema(value_type = f64, example = 1000)]
    amount: (),
    /// El código de moneda en formato ISO-4217.
    #[schema(value_type = CurrencyCode, example = "CLP")]
    currency: (),
    /// Motivo.
    #[schema(min_length = 1, max_length = 255, example = "Cobro de prueba")]
    subject: String,
    /// Identificador propio de la transacción. Ej: número de factura u orden de compra.
    #[schema(max_length = 255, example = "zwo3wqz6uulcvajt")]
    transaction_id: Option<String>,
    /// Información personalizada de la transacción. Ej: documento XML con el detalle del carro de compra.
    #[schema(max_length = 1073741824, example = "<xml>...</xml>")]
    custom: Option<String>,
    /// Descripción del cobro.
    #[schema(max_length = 5120, example = "Cobro de orden de compra #123-abcdef")]
    body: Option<String>,
    /// Identificador del banco para usar en el pago, de `GET /v3/banks`.
    #[schema(max_length = 5, example = "Bawdf")]
    bank_id: Option<String>,
    /// A dónde enviar al cliente mientras el pago está siendo verificado.
    #[schema(
        max_length = 1024,
        format = "uri",
        example = "https://micomercio.com/order/return_url"
    )]
    return_url: Option<String>,
    /// A dónde enviar al cliente si decide no hacer la transacción.
    #[schema(
        max_length = 1024,
        format = "uri",
        example = "https://micomercio.com/order/cancel_url"
    )]
    cancel_url: Option<String>,
    /// Una foto del producto o servicio: PNG, JPEG o WebP de hasta 2 MiB.
    #[schema(
        max_length = 1024,
        format = "uri",
        example = "https://micomercio.com/picture_url"
    )]
    picture_url: Option<String>,
    /// El servicio web al que se notifica cuando el pago esté conciliado.
    #[schema(
        max_length = 1024,
        format = "uri",
        example = "https://micomercio.com/webhook/notify_url"
    )]
    notify_url: Option<String>,
    /// El PDF con el contrato a firmar mediante este pago. El cobrador debe estar habilitado para este servicio y
    /// `fixed_payer_personal_identifier` es obligatorio.
    #[schema(
        max_length = 1024,
        format = "uri",
        example = "https://micomercio.com/contract_url"
    )]
    contract_url: Option<String>,
    /// Versión de la API de notificaciones: `3.0` (también si falta) o `1.3`.
    #[schema(max_length = 255, example = "3.0")]
    notify_api_version: Option<String>,
    /// Fecha máxima para ejecutar el pago, en formato ISO-8601 con desfase; si falta, 24 horas desde su creación. Cada
    /// intento tiene un plazo individual de 3 horas.
    #[schema(format = "date-time", example = "2030-12-31T15:45:00-04:00")]
    expires_date: Option<String>,
    /// Si es true, se envía una solicitud de cobro a `payer_email`, en el idioma de `Accept-Language`.
    #[schema(example = false)]
    send_email: Option<bool>,
    /// Nombre del pagador. Obligatorio cuando `send_email` es true.
    #[schema(max_length = 255, example = "Nombre Pagador")]
    payer_name: Option<String>,
    /// Correo del pagador, que recibe también el comprobante. Obligatorio cuando `send_email` es true.
    #[schema(max_length = 255, format = "email", example = "pagador@email.com")]
    payer_email: Option<String>,
    /// Si es true, se envían dos recordatorios de cobro a `payer_email`: una y dos semanas después de la creación, mientras
    /// el pago esté pendiente y antes de `expires_date`. Quien los recibe puede pedir que no se le envíen más.
    #[schema(example = true)]
    send_reminders: Option<bool>,
    /// Correo del responsable de este cobro: un usuario con permisos para cobrar usando esta cuenta de cobro.
    #[schema(max_length = 255, format = "email", example = "responsible@email.com")]
    responsible_user_email: Option<String>,
    /// Identificador personal. Si se especifica, solo podrá ser pagado usando ese identificador.
    #[schema(max_length = 255, example = "11.000.111-9")]
    fixed_payer_personal_identifier: Option<String>,
    /// Comisión para el integrador. Solo es válida si la cuenta de cobro tiene una cuenta de integrador asociada.
    #[schema(max_length = 16, example = "100")]
    integrator_fee: Option<String>,
    /// Para cuentas de cobro con más de una cuenta propia: la cuenta donde debe ocurrir la transferencia.
    #[schema(max_length = 255, example = "007367340234")]
    collect_account_uuid: Option<String>,
    /// Fecha de rendición del cobro, y fecha final para poder reembolsarlo. ISO-8601 con desfase.
    #[schema(format = "date-time", example = "2030-03-01T13:00:00Z")]
    confirm_timeout_date: Option<String>,
    /// El único medio de pago permitido: un id de `GET /v3/merchants/paymentMethods`, sin distinguir mayúsculas.
    #[schema(max_length = 255, example = "simplified_transfer")]
    mandatory_payment_method: Option<String>,
    /// Nombre del comercio final para quien un proveedor de servicios de pago procesa un pago: obligatorio para
    /// clientes PSP, no aplicable para otros. En caso de PSP de PSP, separados por `->`.
    #[schema(min_length = 3, max_length = 255, example = "PSP 1->PSP 2->Client Name")]
    psp_client_merchant_name: Option<String>,
}

/// ISO 4217, in exact case.
#[derive(ToSchema)]
#[expect(
    dead_code,
    clippy::upper_case_acronyms,
    reason = "it names the codes of the wire for the documentation"
)]
enum CurrencyCode {
    CLP,
    CLF,
    ARS,
    PEN,
    MXN,
    USD,
    EUR,
    BOB,
    COP,
}

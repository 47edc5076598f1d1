//! The transfer that the payer makes without us.

use ayni_domain::lang::Lang;

/// Texts of `/payment/manual/{id}`.
pub struct Manual {
    /// Heads the form.
    pub heading: &'static str,
    /// Why we ask.
    pub why: &'static str,
    /// Label of the RUT.
    pub rut: &'static str,
    /// Whose RUT.
    pub rut_hint: &'static str,
    /// Label of the e-mail.
    pub email: &'static str,
    /// What it is for.
    pub email_hint: &'static str,
    /// Shows the destination.
    pub show: &'static str,
    /// Wrong e-mail.
    pub email_problem: &'static str,
    /// Heads the destination.
    pub destination: &'static str,
    /// What to do with it.
    pub destination_hint: &'static str,
    /// Rows of the destination.
    pub bank: &'static str,
    /// The account's number.
    pub account: &'static str,
    /// The holder's name.
    pub holder: &'static str,
    /// The holder's RUT.
    pub holder_rut: &'static str,
    /// The holder's e-mail.
    pub holder_email: &'static str,
    /// The exact amount.
    pub amount: &'static str,
    /// The payment's id.
    pub reference: &'static str,
    /// Where to write it.
    pub reference_hint: &'static str,
    /// Copies a row.
    pub copy: &'static str,
    /// After copying.
    pub copied: &'static str,
    /// Why the amount must be exact.
    pub exact: &'static str,
    /// Before the deadline.
    pub deadline: &'static str,
    /// The payer has transferred.
    pub declare: &'static str,
    /// What that does.
    pub declare_hint: &'static str,
    /// Whose RUT it must come from.
    pub from_your_rut: &'static str,
    /// To the other method.
    pub other_method: &'static str,
}

impl Manual {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Manual {
        lang.pick(&ES, &EN)
    }
}

static ES: Manual = Manual {
    heading: "Transfiera por su cuenta",
    why: "Con estos datos reconocemos su transferencia cuando llegue.",
    rut: "RUT de quien transfiere",
    rut_hint: "El titular de la cuenta desde la que saldrá el dinero. Por ejemplo 12.345.678-5",
    email: "Correo electrónico",
    email_hint: "Va en el aviso de pago que recibe el comercio.",
    show: "Ver los datos para transferir",
    email_problem: "El correo no es válido. Por ejemplo nombre@correo.cl",
    destination: "Haga la transferencia",
    destination_hint: "Copie estos datos en el sitio o la aplicación de su banco.",
    bank: "Banco",
    account: "Número de cuenta",
    holder: "Nombre",
    holder_rut: "RUT",
    holder_email: "Correo electrónico",
    amount: "Monto",
    reference: "Código de referencia",
    reference_hint: "Escríbalo en el mensaje o comentario de la transferencia.",
    copy: "Copiar",
    copied: "Copiado",
    exact: "Transfiera exactamente este monto, en una sola transferencia.",
    deadline: "Transfiera antes del",
    declare: "Ya transferí",
    declare_hint: "Presione solo después de haber transferido: revisaremos la cuenta del comercio hasta ver el dinero.",
    from_your_rut: "La transferencia debe salir de una cuenta del RUT",
    other_method: "Elegir otra forma de pago",
};

static EN: Manual = Manual {
    heading: "Make the transfer yourself",
    why: "With these details we recognise your transfer when it arrives.",
    rut: "RUT of the person transferring",
    rut_hint: "The holder of the account the money will come from. For example 12.345.678-5",
    email: "E-mail",
    email_hint: "It goes in the payment notice the shop receives.",
    show: "Show the transfer details",
    email_problem: "The e-mail address is not valid. For example name@mail.com",
    destination: "Make the transfer",
    destination_hint: "Copy these details to your bank’s site or app.",
    bank: "Bank",
    account: "Account number",
    holder: "Name",
    holder_rut: "RUT",
    holder_email: "E-mail",
    amount: "Amount",
    reference: "Reference code",
    reference_hint: "Write it in the transfer’s message or comment.",
    copy: "Copy",
    copied: "Copied",
    exact: "Transfer exactly this amount, in a single transfer.",
    deadline: "Transfer before",
    declare: "I have transferred",
    declare_hint: "Press only after transferring: we will watch the shop’s account until the money is seen.",
    from_your_rut: "The transfer must come from an account of the RUT",
    other_method: "Choose another way to pay",
};

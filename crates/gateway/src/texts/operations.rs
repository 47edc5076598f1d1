//! `AdditionalInformation` of envelopes that tell of an operation, not of its data.

use ayni_domain::lang::Lang;

/// The operation was accepted and is not over yet.
pub fn accepted(lang: Lang) -> &'static str {
    lang.pick(
        "La operación fue aceptada: el resultado se enviará a CallbackUrl",
        "The operation was accepted: its result will be sent to CallbackUrl",
    )
}

/// The data was kept long enough.
pub fn erased(lang: Lang) -> &'static str {
    lang.pick(
        "Los datos de esta operación ya fueron borrados",
        "The data of this operation has been erased",
    )
}

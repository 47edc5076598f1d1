//! The API's own sentences.

use ayni_domain::lang::Lang;
use ayni_domain::operation::problem;

use crate::http::error::ApiError;

/// The `message` of an error body.
pub fn error_message(error: &ApiError, lang: Lang) -> String {
    let (es, en) = match error {
        ApiError::Invalid(_) => ("Error de validación", "Validation error"),
        ApiError::NotJson(why) => return why.text(lang),
        ApiError::Operation(fault) => return fault.description(lang),
        ApiError::Parameters(problems) => return problem::texts(problems, lang),
        ApiError::CutShort => (
            "El cuerpo de la solicitud llegó incompleto",
            "The request body came incomplete",
        ),
        ApiError::Unauthorized => (
            "Credenciales no válidas o faltantes: envíe su llave en la cabecera x-api-key",
            "Missing or invalid credentials: send your key in the x-api-key header",
        ),
        ApiError::Forbidden => (
            "La cuenta no tiene este privilegio",
            "The account lacks this privilege",
        ),
        ApiError::AccountDisabled => (
            "La cuenta está deshabilitada: hable con el operador de este servicio",
            "The account is disabled: talk to the operator of this service",
        ),
        ApiError::NotFound => ("Recurso no disponible", "Not found"),
        ApiError::MethodNotAllowed => (
            "Método no permitido para esta dirección",
            "This method is not allowed here",
        ),
        ApiError::StillRunning => (
            "Una solicitud con esta Idempotency-Key aún se está procesando",
            "A request with this Idempotency-Key is still being processed",
        ),
        ApiError::TooLarge { limit_bytes } => return too_large(*limit_bytes, lang),
        ApiError::KeyReused => (
            "Esta Idempotency-Key ya se usó con otro contenido",
            "This Idempotency-Key was already used with another body",
        ),
        ApiError::TooMany { .. } => (
            "Demasiadas solicitudes: reintente más tarde",
            "Too many requests: try again later",
        ),
        ApiError::Unavailable => (
            "El servicio no está disponible en este momento: nada se hizo, puede reintentar",
            "The service is not available now: nothing was done, you may try again",
        ),
        ApiError::OutcomeUnknown => (
            "La conexión con la base de datos se cortó: no se sabe si la solicitud se realizó. Consulte, o repítala con la misma Idempotency-Key",
            "The connection to the database broke: it is not known whether this was done. Look it up, or send it again with the same Idempotency-Key",
        ),
        ApiError::Internal(_) => (
            "El servidor no pudo completar la solicitud",
            "The server could not complete the request",
        ),
    };
    match lang {
        Lang::Es => es.to_owned(),
        Lang::En => en.to_owned(),
    }
}

fn too_large(limit_bytes: usize, lang: Lang) -> String {
    match lang {
        Lang::Es => format!("El cuerpo de la solicitud supera el límite de {limit_bytes} bytes"),
        Lang::En => format!("The request body is over the limit of {limit_bytes} bytes"),
    }
}

//! A merchant's picture: fetched once, made anew and shown from our own origin, so that a payer's browser never calls
//! an address of the merchant's and no foreign bytes reach it.
//!
//! Failing to is no error: the page then shows no picture.

use std::io::Cursor;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use ayni_domain::ids::PaymentId;
use bytes::Bytes;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use thiserror::Error;

use super::sql;
use crate::app::Shared;
use crate::http::error::ApiError;

/// A picture as we show it.
pub(super) struct Picture {
    pub content_type: String,
    pub bytes: Bytes,
}

/// Why bytes are no picture that we show.
#[derive(Debug, Error)]
pub(super) enum NoPicture {
    #[error("it is no PNG, JPEG or WebP")]
    Format,
    #[error("it can't be decoded within the limits: {0}")]
    Decode(#[from] image::ImageError),
}

/// `GET /payment/picture/{id}`: the picture, which never changes once it is there.
pub(super) async fn serve(State(app): State<Shared>, Path(id): Path<String>) -> Result<Response, ApiError> {
    let id = PaymentId::parse(&id).map_err(|_| ApiError::NotFound)?;
    let found = app
        .db
        .point("payments.picture", move |tx| sql::select_picture(tx, id))
        .await?;
    let picture = found.ok_or(ApiError::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, picture.content_type.as_str()),
        (header::CACHE_CONTROL, "public, max-age=86400, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
    ];
    Ok((headers, picture.bytes).into_response())
}

/// Decodes within limits and encodes again, no larger than pages show it: nothing of the source's bytes is left.
pub(super) fn made_anew(bytes: &[u8]) -> Result<Picture, NoPicture> {
    let format = image::guess_format(bytes).map_err(|_| NoPicture::Format)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return Err(NoPicture::Format);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PX);
    limits.max_image_height = Some(MAX_SIDE_PX);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    reader.limits(limits);
    let decoded = reader.decode()?;
    let shown = match decoded.width().max(decoded.height()) > SHOWN_SIDE_PX {
        true => decoded.thumbnail(SHOWN_SIDE_PX, SHOWN_SIDE_PX),
        false => decoded,
    };
    let rgba = DynamicImage::ImageRgba8(shown.into_rgba8());
    let mut encoded = Vec::new();
    rgba.write_with_encoder(WebPEncoder::new_lossless(&mut encoded))?;
    Ok(Picture {
        content_type: "image/webp".to_owned(),
        bytes: encoded.into(),
    })
}

const MAX_SIDE_PX: u32 = 8_192;
const MAX_DECODED_BYTES: u64 = 64 * 1024 * 1024;
const SHOWN_SIDE_PX: u32 = 512;

#[cfg(test)]
mod tests {
    use image::{ColorType, ImageEncoder, codecs::png::PngEncoder};

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let pixels = vec![200; (width * height) as usize];
        PngEncoder::new(&mut bytes)
            .write_image(&pixels, width, height, ColorType::L8.into())
            .unwrap();
        bytes
    }

    #[test]
    fn a_picture_is_encoded_anew_no_larger_than_pages_show_it() {
        let picture = made_anew(&png(2_000, 1_000)).unwrap();
        assert_eq!(picture.content_type, "image/webp");
        let read = image::load_from_memory(&picture.bytes).unwrap();
        assert_eq!((read.width(), read.height()), (512, 256));
    }

    #[test]
    fn what_follows_the_picture_in_its_file_is_not_kept() {
        let mut bytes = png(10, 10);
        bytes.extend_from_slice(b"<script>alert(1)</script>");
        let picture = made_anew(&bytes).unwrap();
        assert!(!picture.bytes.windows(8).any(|window| window == b"<script>"));
    }

    #[test]
    fn other_formats_huge_pictures_and_rubbish_are_refused() {
        assert!(matches!(
            made_anew(b"GIF89a\x01\x00\x01\x00"),
            Err(NoPicture::Format)
        ));
        assert!(matches!(
            made_anew(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            Err(NoPicture::Format)
        ));
        assert!(matches!(made_anew(&png(8_193, 1)), Err(NoPicture::Decode(_))));
        assert!(matches!(made_anew(&png(10, 10)[..40]), Err(NoPicture::Decode(_))));
    }
}

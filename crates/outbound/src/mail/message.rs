//! A mail's bytes: text and HTML side by side, and its attachment. The same mail gives the same bytes.

use std::time::SystemTime;

use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment as Part, MultiPart, SinglePart};

use super::error::MailError;
use super::mailbox::Mailbox;

/// Something to be told to one person.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Unique among all mails of this sender and the same at every try: ASCII letters, digits, `-` and `.`.
    pub id: String,
    /// What stands after the id's `@` in the `Message-ID`: a domain of the sender's.
    pub id_domain: String,
    /// Its `Date`.
    pub at: SystemTime,
    /// To whom.
    pub to: Mailbox,
    /// One line; what would make it more is replaced.
    pub subject: String,
    /// `es` or `en`.
    pub language: &'static str,
    /// For clients without HTML.
    pub text: String,
    /// For all others.
    pub html: String,
    /// Where its reader says, by one POST, that no more such mails are wanted (RFC 8058).
    pub unsubscribe: Option<String>,
    /// A file beside it.
    pub attachment: Option<Attachment>,
}

/// A file that goes with a mail.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its type, as `application/pdf`.
    pub content_type: &'static str,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// The bytes that are sent.
pub(super) fn compose(mail: &Mail, from: &Mailbox) -> Result<Vec<u8>, MailError> {
    if !is_plain_name(&mail.id) || !is_plain_name(&mail.id_domain) {
        return Err(MailError::Message("its id can't be written".to_owned()));
    }
    let mut message = Message::builder()
        .from(from.header())
        .to(mail.to.header())
        .subject(one_line(&mail.subject))
        .message_id(Some(format!("<{}@{}>", mail.id, mail.id_domain)))
        .date(mail.at)
        .raw_header(header("Auto-Submitted", "auto-generated")?)
        .raw_header(header("Content-Language", mail.language)?);
    if let Some(url) = &mail.unsubscribe {
        message = message
            .raw_header(header("List-Unsubscribe", &format!("<{url}>"))?)
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?);
    }
    let composed = message.multipart(parts(mail)?);
    composed
        .map(|message| message.formatted())
        .map_err(|error| MailError::Message(error.to_string()))
}

/// Fit for a `Message-ID`, a boundary and a file's name.
fn is_plain_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    !text.is_empty() && text.len() <= NAME_MAX_BYTES && !text.starts_with('.') && text.bytes().all(fits)
}

/// Parts whose boundaries come from the mail's id, so that nothing of it is random.
fn parts(mail: &Mail) -> Result<MultiPart, MailError> {
    let both = MultiPart::alternative()
        .boundary(format!("alternative-{}", mail.id))
        .singlepart(SinglePart::plain(mail.text.clone()))
        .singlepart(SinglePart::html(mail.html.clone()));
    let Some(file) = &mail.attachment else {
        return Ok(both);
    };
    let content_type =
        ContentType::parse(file.content_type).map_err(|error| MailError::Message(error.to_string()))?;
    Ok(MultiPart::mixed()
        .boundary(format!("mixed-{}", mail.id))
        .multipart(both)
        .singlepart(Part::new(one_line(&file.name)).body(file.bytes.clone(), content_type)))
}

/// A header of ours as it stands: lettre would fold a long URL in the middle (its issue 688).
fn header(name: &'static str, value: &str) -> Result<HeaderValue, MailError> {
    let is_plain = value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    if !is_plain || value.len() > LINE_MAX_BYTES - name.len() {
        return Err(MailError::Message(format!("{name} can't be written")));
    }
    let name = HeaderName::new_from_ascii_str(name);
    let value = value.to_owned();
    Ok(HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value))
}

/// The text on one line: runs of blanks, line ends and control characters become one blank, and marks that turn the
/// direction of writing, with which a name can be made to look like another, are left out.
pub(super) fn one_line(text: &str) -> String {
    let turns =
        |c: &char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    let plain: String = text
        .chars()
        .filter(|c| !turns(c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

const NAME_MAX_BYTES: usize = 255;
/// RFC 5322, 2.1.1, with room for the name, its colon and the line's end.
const LINE_MAX_BYTES: usize = 990;

//! What a payment can be found by, as bytes: the first says the kind, so that one index serves them all, and both engines
//! compare bytes alike.
//!
//! A RUT and an e-mail address are there as keyed digests only: they are found by who has them in hand, and a copy of the
//! table tells nobody's.

use std::collections::BTreeSet;

use ayni_connectors::statement::StatementLine;
use ayni_crypto::keyring::Keyring;
use ayni_domain::currency::Currency;
use ayni_domain::ids::AccountId;
use ayni_domain::method::Method;
use ayni_domain::money::Amount;
use ayni_domain::payment::state::State;
use ayni_domain::rut::normalise;
use ayni_domain::writing;

use crate::payer::attempt::Attempt;
use crate::payments::Payment;
use crate::reconciliation::Reconciliation;

/// One thing that a payment is found by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::console::payments) struct Token(Vec<u8>);

/// The kinds, each its first byte.
const WORD: u8 = b'w';
const PERSONS_WORD: u8 = b'n';
const AMOUNT: u8 = b'a';
const RUT: u8 = b'r';
const EMAIL: u8 = b'e';
const STATE: u8 = b's';
const CURRENCY: u8 = b'c';
const BANK: u8 = b'b';
const METHOD: u8 = b'm';

/// Above every byte of a text.
const AFTER_TEXT: u8 = 0xff;

impl Token {
    /// A folded word of the merchant's: of the subject or of a number.
    pub fn word(word: &str) -> Token {
        Token::text(WORD, word)
    }

    /// A folded word that a payer left: of the name or the transfer's comment.
    pub fn persons_word(word: &str) -> Token {
        Token::text(PERSONS_WORD, word)
    }

    /// An amount, in whichever currency.
    pub fn amount(amount: Amount) -> Token {
        let mut bytes = vec![AMOUNT];
        bytes.extend_from_slice(&amount.ten_thousandths().to_be_bytes());
        Token(bytes)
    }

    /// The digest of a personal identifier in any writing.
    pub fn rut(keyring: &Keyring, account: AccountId, identifier: &str) -> Token {
        Token::digest(RUT, keyring, account, &normalise(identifier))
    }

    /// The digest of an e-mail address in any case.
    pub fn email(keyring: &Keyring, account: AccountId, address: &str) -> Token {
        Token::digest(EMAIL, keyring, account, &address.trim().to_lowercase())
    }

    /// Payments in this state.
    pub fn state(state: State) -> Token {
        Token::text(STATE, state.as_str())
    }

    /// Payments in this currency.
    pub fn currency(currency: Currency) -> Token {
        Token::text(CURRENCY, currency.code())
    }

    /// Payments from this bank.
    pub fn bank(bank_id: &str) -> Token {
        Token::text(BANK, bank_id)
    }

    /// Payments made in this way.
    pub fn method(method: &str) -> Token {
        Token::text(METHOD, method)
    }

    /// As in rows.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The token of a row.
    pub fn of_row(bytes: Vec<u8>) -> Token {
        Token(bytes)
    }

    /// What comes right after it.
    pub fn successor(&self) -> Token {
        let mut bytes = self.0.clone();
        bytes.push(0);
        Token(bytes)
    }

    /// Before which every token is that begins with this one.
    pub fn end(&self) -> Token {
        let mut bytes = self.0.clone();
        bytes.push(AFTER_TEXT);
        Token(bytes)
    }

    /// Whether this one begins with the other.
    pub fn begins_with(&self, beginning: &Token) -> bool {
        self.0.starts_with(&beginning.0)
    }

    /// Whether it tells of a person, and goes when that person is forgotten.
    pub fn is_personal(&self) -> bool {
        matches!(self.0.first(), Some(&(PERSONS_WORD | RUT | EMAIL)))
    }

    /// A RUT's or an address's token as text that may stand in a URL, which must not tell either: `~r…`, `~e…`.
    pub fn sealed_text(&self) -> String {
        format!("~{}", String::from_utf8_lossy(&self.0))
    }

    /// Reads [`Token::sealed_text`].
    pub fn of_sealed_text(text: &str) -> Option<Token> {
        let bytes = text.strip_prefix('~')?.as_bytes();
        let (kind, digits) = bytes.split_first()?;
        let is_one = matches!(*kind, RUT | EMAIL)
            && digits.len() == DIGEST_CHARS
            && digits.iter().all(u8::is_ascii_hexdigit);
        is_one.then(|| Token(bytes.to_vec()))
    }

    /// Whether it is an e-mail address's.
    pub fn is_email(&self) -> bool {
        self.0.first() == Some(&EMAIL)
    }

    fn digest(kind: u8, keyring: &Keyring, account: AccountId, text: &str) -> Token {
        let digest = keyring.derive_hex(
            PURPOSE,
            format!("{account}:{}:{text}", char::from(kind)).as_bytes(),
        );
        Token::text(kind, &digest[..DIGEST_CHARS])
    }

    fn text(kind: u8, text: &str) -> Token {
        let mut bytes = vec![kind];
        bytes.extend(text.bytes().take(TEXT_BYTES_MAX));
        Token(bytes)
    }
}

/// Everything that is known of a payment and can be looked for.
pub(super) struct Known {
    pub payment: Payment,
    pub attempts: Vec<Attempt>,
    pub seen: Option<Reconciliation>,
    pub line: Option<StatementLine>,
}

/// The tokens of a payment; of one with more than [`TOKENS_MAX`] the further words are left out.
pub(super) fn of(keyring: &Keyring, known: &Known) -> BTreeSet<Token> {
    let mut found = Found {
        keyring,
        account: known.payment.account,
        tokens: BTreeSet::new(),
    };
    found.filters(known);
    found.payment(&known.payment);
    for attempt in known.attempts.iter().rev().take(ATTEMPTS_MAX) {
        found.attempt(attempt);
    }
    if let Some(seen) = &known.seen {
        found.seen(seen);
    }
    if let Some(line) = &known.line {
        found.text(&line.reference, Token::persons_word);
    }
    found.text(&known.payment.subject, Token::word);
    found.tokens
}

struct Found<'a> {
    keyring: &'a Keyring,
    account: AccountId,
    tokens: BTreeSet<Token>,
}

impl Found<'_> {
    fn filters(&mut self, known: &Known) {
        self.add(Token::state(known.payment.state));
        self.add(Token::currency(known.payment.currency));
        let (bank, method) = match (&known.seen, known.attempts.last()) {
            (Some(seen), _) => (seen.bank_id.as_str(), seen.method.as_str()),
            (None, Some(last)) => (last.bank_id.as_str(), last.method.as_str()),
            (None, None) => ("", ""),
        };
        if !bank.is_empty() {
            self.add(Token::bank(bank));
        }
        if let Some(method) = Method::parse(method) {
            self.add(Token::method(method.as_str()));
        }
    }

    fn payment(&mut self, payment: &Payment) {
        self.add(Token::amount(payment.amount));
        if let Some(reference) = &payment.transaction_id {
            self.number(reference);
        }
        let details = &payment.details;
        self.person(
            details.payer_name.as_deref(),
            details.payer_email.as_deref(),
            details.fixed_payer_personal_identifier.as_deref(),
        );
    }

    fn attempt(&mut self, attempt: &Attempt) {
        self.add(Token::amount(attempt.amount));
        if let Some(number) = &attempt.operation_number {
            self.number(number);
        }
        self.person(
            attempt.payer_name.as_deref(),
            attempt.payer_email.as_deref(),
            attempt.payer_identifier.as_deref(),
        );
    }

    fn seen(&mut self, seen: &Reconciliation) {
        self.add(Token::amount(seen.paid));
        self.number(&seen.operation_code);
        self.person(
            Some(&seen.payer_name),
            Some(&seen.payer_email),
            Some(&seen.payer_identifier),
        );
    }

    fn person(&mut self, name: Option<&str>, email: Option<&str>, identifier: Option<&str>) {
        let set = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        if let Some(email) = set(email) {
            self.add(Token::email(self.keyring, self.account, &email));
        }
        if let Some(identifier) = set(identifier) {
            self.add(Token::rut(self.keyring, self.account, &identifier));
        }
        if let Some(name) = set(name) {
            self.text(&name, Token::persons_word);
        }
    }

    /// A reference or a number: its words, the whole without punctuation, and without the zeros before it.
    fn number(&mut self, text: &str) {
        let words = writing::words(text);
        let whole = words.concat();
        let bare = whole.trim_start_matches('0');
        for word in [whole.as_str(), bare].into_iter().filter(|word| !word.is_empty()) {
            self.add(Token::word(word));
        }
        if words.len() > 1 {
            self.text(text, Token::word);
        }
    }

    fn text(&mut self, text: &str, token: impl Fn(&str) -> Token) {
        for word in writing::words(text) {
            self.add(token(&word));
        }
    }

    fn add(&mut self, token: Token) {
        if self.tokens.len() < TOKENS_MAX {
            self.tokens.insert(token);
        }
    }
}

/// The tokens of an entry, each after its length.
pub(super) fn pack(tokens: &BTreeSet<Token>) -> Vec<u8> {
    let mut packed = Vec::new();
    for token in tokens {
        packed.push(u8::try_from(token.0.len()).unwrap_or_default());
        packed.extend_from_slice(&token.0);
    }
    packed
}

/// Reads what [`pack`] wrote.
pub(in crate::console::payments) fn unpack(mut packed: &[u8]) -> BTreeSet<Token> {
    let mut tokens = BTreeSet::new();
    while let Some((length, rest)) = packed.split_first() {
        let Some((token, rest)) = rest.split_at_checked(usize::from(*length)) else {
            break;
        };
        tokens.insert(Token(token.to_vec()));
        packed = rest;
    }
    tokens
}

/// Tokens of one payment at most: filters, persons and numbers come first.
pub(super) const TOKENS_MAX: usize = 60;
/// The latest attempts whose payers a payment is found by.
const ATTEMPTS_MAX: usize = 5;
/// Of a longer word the beginning is compared.
const TEXT_BYTES_MAX: usize = 40;
/// 96 bits of a digest.
const DIGEST_CHARS: usize = 24;
const PURPOSE: &str = "payment-search";

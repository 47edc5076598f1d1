//! What can be wrong with a site, by name: the faults of any page, and what a client's identifier or a person's RUT
//! makes of the pages about them.

/// Something that can go wrong on any page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A maintenance page, status 503.
    Maintenance,
    /// A maintenance page, status 200.
    MaintenanceAsOk,
    /// The connection is closed without an answer.
    HangUp,
    /// The connection is closed in the middle of the page.
    BreakOff,
    /// A maintenance page for the first visits, then the page.
    Transient,
    /// The page comes a few bytes at a time.
    Drip,
    /// Nothing comes for a long time, then the page.
    Stall,
    /// Addresses that lead to each other.
    RedirectLoop,
    /// A page without an end.
    Endless,
    /// Latin-1 bytes in a page that says it is UTF-8.
    WrongCharset,
    /// A page that this site never had before.
    UnknownPage,
    /// A notice of the site's own.
    SiteMessage,
    /// What was asked for is not published yet.
    NotPublished,
    /// The first form is answered by the page of ended sessions, the next one by the page.
    ExpiresOnce,
    /// Every form is answered by the page of ended sessions.
    ExpiresAlways,
}

/// What an identifier does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DebtEffect {
    /// Any page's trouble.
    Trouble(Trouble),
    /// The client owes nothing.
    NoDebt,
    /// The client owes three bills.
    ThreeBills,
    /// There is no such client.
    UnknownClient,
    /// The company refuses the identifier's shape.
    WrongFormat,
    /// The login page comes in place of the bills.
    LoginInstead,
    /// The amount is written as `15.340,00 CLP`.
    AmountWithDecimals,
    /// The amount is in dollars, `US$15,34`.
    AmountInDollars,
    /// The date is written as `2025/31/05`.
    DateTurned,
    /// The columns have other names and another order.
    OtherColumns,
    /// The page is about another client.
    OtherClient,
    /// The total is not the sum of the bills.
    OtherTotal,
    /// The bill has no date.
    NoDueDate,
    /// The amount is a word.
    AmountAsText,
}

/// What a RUT does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginEffect {
    /// Any page's trouble, in answer to the login or, where it says so, on the page of services.
    Trouble(Trouble),
    /// The account is blocked.
    Blocked,
    /// A code is asked for after the password.
    SecondFactor,
    /// No service.
    NoServices,
    /// As many services as there can be.
    ManyServices,
    /// A service without an identifier.
    NoIdentifier,
    /// A service whose identifier is far too long.
    LongIdentifier,
}

//! Which requests are shown.

use std::str::FromStr;

use ayni_client::requests::Request;

/// What a request must be like: one of each kind that was named.
pub struct Filter {
    pub statuses: Vec<Statuses>,
    pub methods: Vec<String>,
    /// Beginnings of paths.
    pub paths: Vec<String>,
}

/// A status, or all of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statuses {
    /// This one.
    One(u16),
    /// All that begin with this digit.
    Class(u16),
}

impl Filter {
    /// Whether it is shown.
    pub fn passes(&self, request: &Request) -> bool {
        let status = self.statuses.is_empty() || self.statuses.iter().any(|one| one.has(request.status));
        let method = self.methods.is_empty()
            || self
                .methods
                .iter()
                .any(|one| one.eq_ignore_ascii_case(&request.method));
        let path = self.paths.is_empty() || self.paths.iter().any(|one| request.path.starts_with(one));
        status && method && path
    }
}

impl Statuses {
    fn has(self, status: u16) -> bool {
        match self {
            Statuses::One(one) => one == status,
            Statuses::Class(digit) => digit == status / 100,
        }
    }
}

impl FromStr for Statuses {
    type Err = String;

    fn from_str(text: &str) -> Result<Statuses, String> {
        let wrong = || "write a status as 404, or a class as 4xx".to_owned();
        let class = text.strip_suffix("xx").or_else(|| text.strip_suffix("XX"));
        let (digits, range) = match class {
            Some(digit) => (digit, 1..=5),
            None => (text, 100..=599),
        };
        let number: u16 = digits.parse().map_err(|_| wrong())?;
        match (range.contains(&number), class) {
            (false, _) => Err(wrong()),
            (true, Some(_)) => Ok(Statuses::Class(number)),
            (true, None) => Ok(Statuses::One(number)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, path: &str, status: u16) -> Request {
        Request {
            at: String::new(),
            method: method.to_owned(),
            path: path.to_owned(),
            status,
            duration_us: 1,
            request_id: String::new(),
            key: None,
            client: None,
            refusal: None,
        }
    }

    #[test]
    fn a_status_is_one_or_a_class() {
        assert_eq!("404".parse(), Ok(Statuses::One(404)));
        assert_eq!("4xx".parse(), Ok(Statuses::Class(4)));
        for wrong in ["", "x", "4x", "9xx", "99", "600", "-4xx"] {
            assert!(wrong.parse::<Statuses>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn of_each_kind_one_must_fit() {
        let filter = Filter {
            statuses: vec![Statuses::Class(4), Statuses::One(503)],
            methods: vec!["post".to_owned()],
            paths: vec!["/v3/payments".to_owned()],
        };
        assert!(filter.passes(&request("POST", "/v3/payments", 400)));
        assert!(filter.passes(&request("POST", "/v3/payments/{id}/refunds", 503)));
        assert!(!filter.passes(&request("POST", "/v3/payments", 500)));
        assert!(!filter.passes(&request("GET", "/v3/payments", 404)));
        assert!(!filter.passes(&request("POST", "/v3/refunds", 404)));
    }
}

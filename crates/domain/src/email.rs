//! Which texts we take for an e-mail address: those that a mail server would, without the quoted curiosities of RFC 5322.

/// Characters before the `@` (RFC 5321, 4.5.3.1.1).
const LOCAL_LENGTH_MAX: usize = 64;
/// Characters between two dots of a domain (RFC 1035, 2.3.4).
const LABEL_LENGTH_MAX: usize = 63;

/// Whether it is `local@domain`, the domain having at least two labels; letters beyond ASCII are welcome (RFC 6531).
pub fn is_valid(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let atoms_fit = local
        .split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(may_stand_in_an_atom));
    let labels_fit = domain.split('.').all(is_label);
    let top = domain.rsplit('.').next().unwrap_or_default();
    let top_is_a_name = top.chars().any(char::is_alphabetic);
    local.chars().count() <= LOCAL_LENGTH_MAX
        && atoms_fit
        && labels_fit
        && domain.contains('.')
        && top_is_a_name
}

fn may_stand_in_an_atom(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c)
}

fn is_label(label: &str) -> bool {
    let fits = label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let length = label.chars().count();
    fits && (1..=LABEL_LENGTH_MAX).contains(&length) && !label.starts_with('-') && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_are_valid() {
        for text in [
            "pagador@email.com",
            "a.b+c@sub.ejemplo.cl",
            "o'neil@x-y.io",
            "ñandú@ñuñoa.cl",
            "1@2.co",
        ] {
            assert!(is_valid(text), "{text}");
        }
    }

    #[test]
    fn what_no_mail_server_would_take_is_not() {
        for text in [
            "",
            "@",
            "a@",
            "@b.cl",
            "a@b",
            "a b@c.cl",
            "a@b@c.cl",
            ".a@b.cl",
            "a..b@c.cl",
            "a.@b.cl",
            "a@-b.cl",
            "a@b-.cl",
            "a@b..cl",
            "a@b.cl.",
            "a@1.2",
            "<a@b.cl>",
            "a@b.cl\n",
            "a,c@b.cl",
        ] {
            assert!(!is_valid(text), "{text}");
        }
        assert!(!is_valid(&format!("{}@b.cl", "a".repeat(65))));
    }
}

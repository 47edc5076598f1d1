//! The people of an account.

use ayni_domain::lang::Lang;
use ayni_domain::role::Role;

/// The page's texts.
pub struct Texts {
    /// Heads the page.
    pub title: &'static str,
    /// Under it.
    pub lead: &'static str,
    /// A column.
    pub email: &'static str,
    /// A column.
    pub role_heading: &'static str,
    /// A column.
    pub since: &'static str,
    /// A column.
    pub acts: &'static str,
    /// Marks oneself.
    pub yourself: &'static str,
    /// Changes a role.
    pub change: &'static str,
    /// Takes a person out.
    pub remove: &'static str,
    /// Heads the form for a new person.
    pub add: &'static str,
    /// Sends it.
    pub give: &'static str,
    /// It was done.
    pub set: &'static str,
    /// It was done, and a link was sent.
    pub invited: &'static str,
    /// How a new person gets a password, where mails are sent.
    pub by_mail: &'static str,
    /// The same, where none are.
    pub by_operator: &'static str,
    /// It was done.
    pub removed: &'static str,
    /// Marks who has no password yet.
    pub invited_mark: &'static str,
    /// Until when the link opens.
    pub invited_until: &'static str,
    /// None does.
    pub invited_gone: &'static str,
    /// Sends a new link.
    pub send_again: &'static str,
    /// It was done.
    pub sent_again: &'static str,
    /// It was not done.
    pub has_password: &'static str,
    /// It was not done.
    pub too_soon: &'static str,
    /// Takes a person out who has no password yet.
    pub cancel: &'static str,
    /// It was done.
    pub cancelled: &'static str,
    /// It was not done.
    pub no_email: &'static str,
    /// It was not done.
    pub last_owner: &'static str,
    /// It was not done.
    pub no_user: &'static str,
    lang: Lang,
}

impl Texts {
    /// In a language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// A role's name.
    pub fn role(&self, role: Role) -> &'static str {
        super::frame::Texts::of(self.lang).role(role)
    }

    /// What an owner is about to do.
    pub fn makes_owner(&self, email: &str) -> String {
        match self.lang {
            Lang::Es => format!(
                "{email} tendrá el rol de dueño: podrá hacer todo, también quitarle a usted el acceso."
            ),
            Lang::En => format!(
                "{email} becomes an owner of this account: free to do everything, taking your access away included."
            ),
        }
    }

    /// What an owner is about to do.
    pub fn unmakes_owner(&self, email: &str) -> String {
        match self.lang {
            Lang::Es => format!("{email} dejará de ser una de las personas dueñas de esta cuenta."),
            Lang::En => format!("{email} is no longer to be an owner of this account."),
        }
    }

    /// What a role may do.
    pub fn means(&self, role: Role) -> &'static str {
        match role {
            Role::Owner => self.lang.pick(
                "Todo, también personas, llaves y auditoría.",
                "Everything, people, keys and the audit log too.",
            ),
            Role::Collector => self.lang.pick(
                "Crea y anula pagos; responde por ellos.",
                "Creates and deletes payments; answers for them.",
            ),
            Role::ReadOnly => self.lang.pick("Solo mira.", "Only looks."),
        }
    }
}

const ES: Texts = Texts {
    title: "Personas",
    lead: "Quiénes usan esta cuenta y qué puede hacer cada una.",
    email: "Correo",
    role_heading: "Rol",
    since: "Desde",
    acts: "Acciones",
    yourself: "Usted",
    change: "Cambiar rol",
    remove: "Quitar",
    add: "Agregar a una persona",
    give: "Agregar",
    set: "El rol quedó guardado.",
    invited: "El rol quedó guardado, y se envió a esa persona un enlace para elegir su contraseña.",
    by_mail: "Quien aún no tiene contraseña recibe por correo un enlace para elegirla, que dura 24 horas.",
    by_operator: "Quien aún no tiene contraseña pide al operador un enlace: ayni merchant user invite.",
    removed: "La persona ya no usa esta cuenta.",
    invited_mark: "Invitación pendiente",
    invited_until: "Su enlace sirve hasta",
    invited_gone: "Sin un enlace que sirva.",
    send_again: "Reenviar invitación",
    sent_again: "Se envió otra invitación; el enlace anterior ya no sirve.",
    has_password: "Esa persona ya tiene contraseña: no necesita una invitación.",
    too_soon: "Recién se envió una invitación. Espere un minuto antes de enviar otra.",
    cancel: "Cancelar invitación",
    cancelled: "La invitación quedó cancelada: su enlace ya no sirve.",
    no_email: "Eso no es un correo.",
    last_owner: "Es el único dueño de la cuenta: haga dueña a otra persona primero.",
    no_user: "Esa persona no usa esta cuenta.",
    lang: Lang::Es,
};

const EN: Texts = Texts {
    title: "People",
    lead: "Who uses this account, and what each of them may do.",
    email: "E-mail",
    role_heading: "Role",
    since: "Since",
    acts: "Actions",
    yourself: "You",
    change: "Change role",
    remove: "Remove",
    add: "Add a person",
    give: "Add",
    set: "The role was saved.",
    invited: "The role was saved, and that person was sent a link to choose a password.",
    by_mail: "Who has no password yet is sent a link to choose one, which lasts 24 hours.",
    by_operator: "Who has no password yet asks the operator for a link: ayni merchant user invite.",
    removed: "The person does not use this account any more.",
    invited_mark: "Invited",
    invited_until: "The link opens until",
    invited_gone: "No link opens now.",
    send_again: "Send the invitation again",
    sent_again: "Another invitation was sent; the link before it opens no more.",
    has_password: "That person has a password already and needs no invitation.",
    too_soon: "An invitation was sent a moment ago. Wait a minute before you send another one.",
    cancel: "Cancel the invitation",
    cancelled: "The invitation was cancelled: its link opens no more.",
    no_email: "That is no e-mail.",
    last_owner: "This is the account’s only owner: make somebody else an owner first.",
    no_user: "That person does not use this account.",
    lang: Lang::En,
};

//! The console's page of keys.

use ayni_domain::lang::Lang;
use ayni_outbound::policy::UrlRefused;

texts! {
    "/console/keys";
    /// Heads the page.
    title: &'static str = ("Llaves", "Keys");
    /// Below it.
    lead: &'static str = (
        "Quien tenga una llave o el secreto actúa por esta cuenta. Una llave para cada sistema, y fuera las que no se usan.",
        "Whoever has a key or the secret acts for this account. Give each system its own key, and end those that are not used."
    );
    /// Heads the list.
    keys: &'static str = ("Llaves de API", "API keys");
    /// Where there is none.
    none: &'static str = ("Esta cuenta no tiene llaves.", "This account has no keys.");
    /// A key's name.
    alias: &'static str = ("Alias", "Alias");
    /// What it is for.
    alias_hint: &'static str = (
        "Por ejemplo, el sistema que la usará: tienda-web.",
        "For example the system that will use it: web-shop."
    );
    /// An alias that is none.
    alias_wrong: &'static str = (
        "Escriba un alias de 1 a 64 caracteres.",
        "Write an alias of 1 to 64 characters."
    );
    /// One that another key has.
    alias_taken: &'static str = (
        "Ya existe una llave con este alias: elija otro.",
        "A key with this alias exists already: choose another one."
    );
    /// Whether it works.
    state: &'static str = ("Estado", "State");
    /// When it was made.
    created: &'static str = ("Creada", "Created");
    /// When it last opened a request.
    used: &'static str = ("Último uso", "Last used");
    /// When it ends.
    ends: &'static str = ("Vence", "Expires");
    /// No such instant.
    never: &'static str = ("Nunca", "Never");
    /// It works.
    live: &'static str = ("Vigente", "Live");
    /// It works until then.
    ends_then: &'static str = ("Por vencer", "Will expire");
    /// It works no more.
    ended: &'static str = ("Vencida", "Expired");
    /// Opens the forms that end it.
    end: &'static str = ("Vencer", "Expire");
    /// What happens then.
    end_hint: &'static str = (
        "Sus próximas solicitudes se rechazan con 401. No se puede deshacer.",
        "Its next requests are refused with 401. This can not be undone."
    );
    /// Ends it at once.
    end_now: &'static str = ("Vencer ahora", "Expire now");
    /// The day with which it ends.
    end_on: &'static str = ("Último día en que sirve", "Last day on which it works");
    /// Ends it with that day.
    end_then: &'static str = ("Fijar vencimiento", "Set the date");
    /// A day that is none, or is over.
    day_wrong: &'static str = (
        "Elija un día que no haya terminado.",
        "Choose a day that is not over."
    );
    /// It was ended.
    key_ended: &'static str = (
        "La llave venció: su próxima solicitud se rechaza.",
        "The key has expired: its next request is refused."
    );
    /// It will end.
    key_will_end: &'static str = ("Se fijó el vencimiento de la llave.", "The key’s last day is set.");
    /// There is no such live key.
    no_key: &'static str = (
        "Ninguna llave vigente tiene ese alias.",
        "No live key has that alias."
    );
    /// Heads the form that makes one.
    new: &'static str = ("Llave nueva", "New key");
    /// Its last day.
    expires: &'static str = ("Último día en que sirve (opcional)", "Last day on which it works (optional)");
    /// What is without one.
    expires_hint: &'static str = (
        "Hora de Chile. Sin fecha, sirve hasta que la venza.",
        "Chile time. Without a date it works until you expire it."
    );
    /// Makes it.
    create: &'static str = ("Crear llave", "Create key");
    /// What the person is about to do; the key's alias.
    create_act: fn(&str) -> String = (
        |alias| format!("Va a crear la llave de API «{alias}». Quien la tenga actúa por esta cuenta."),
        |alias| format!("You are about to make the API key “{alias}”. Whoever has it acts for this account.")
    );
    /// Heads the page that shows it.
    key_made: &'static str = ("Su llave nueva", "Your new key");
    /// Names it.
    key: &'static str = ("Llave de API", "API key");
    /// What to do with it.
    key_use: &'static str = (
        "Envíela en el encabezado x-api-key de cada solicitud.",
        "Send it in the header x-api-key of each request."
    );
    /// Heads the secret.
    secret: &'static str = ("Secreto de las notificaciones", "Secret of notifications");
    /// What it is.
    secret_lead: &'static str = (
        "Con él se firma cada notificación en x-khipu-signature, para que sepa que viene de aquí.",
        "Each notification is signed with it in x-khipu-signature, so that you know that it comes from here."
    );
    /// The one in force.
    secret_now: &'static str = ("Vigente, comienza con", "In force, begins with");
    /// The one that takes over.
    next_secret: &'static str = ("Secreto siguiente", "Next secret");
    /// When.
    takes_over: &'static str = ("Firma solo desde el", "Signs alone from");
    /// What may be done meanwhile.
    finish_hint: &'static str = (
        "Mientras tanto el vigente firma x-khipu-signature y el siguiente x-ayni-signature-next. Cuando sus sistemas acepten el siguiente, termine el cambio.",
        "Until then the one in force signs x-khipu-signature and the next one x-ayni-signature-next. When your systems accept the next one, end the change."
    );
    /// Ends the overlap.
    finish: &'static str = ("Terminar el cambio ahora", "End the change now");
    /// Names the choice of the overlap.
    overlap_label: &'static str = ("Firmar con ambos durante", "Sign with both for");
    /// What it is for.
    overlap_hint: &'static str = (
        "En ese tiempo cambie el secreto en sus sistemas; después firma solo el nuevo.",
        "Change the secret in your systems within that time; after it the new one signs alone."
    );
    /// So many hours.
    overlap: fn(i64) -> String = (
        |hours| match hours {
            1 => "1 hora".to_owned(),
            24 => "1 día".to_owned(),
            hours => format!("{} días", hours / 24),
        },
        |hours| match hours {
            1 => "1 hour".to_owned(),
            24 => "1 day".to_owned(),
            hours => format!("{} days", hours / 24),
        }
    );
    /// Begins the rotation.
    rotate: &'static str = ("Cambiar el secreto", "Change the secret");
    /// What the person is about to do.
    rotate_act: &'static str = (
        "Va a cambiar el secreto que firma sus notificaciones, y verá el siguiente.",
        "You are about to change the secret that signs your notifications, and will see the next one."
    );
    /// Heads the page that shows it.
    secret_made: &'static str = ("Su secreto siguiente", "Your next secret");
    /// What to do with it; when it signs alone.
    secret_use: fn(&str) -> String = (
        |at| format!("Desde ya firma x-ayni-signature-next. Firmará x-khipu-signature, sola, desde el {at}, o cuando usted termine el cambio."),
        |at| format!("It signs x-ayni-signature-next from now on. From {at}, or when you end the change, it alone signs x-khipu-signature.")
    );
    /// One is under way.
    rotating_already: &'static str = (
        "Ya hay un cambio de secreto en curso: termínelo antes de comenzar otro.",
        "The secret is being changed already: end that before you begin another change."
    );
    /// None is.
    not_rotating: &'static str = ("No hay un cambio de secreto en curso.", "The secret is not being changed.");
    /// It was ended.
    secret_finished: &'static str = (
        "El secreto nuevo firma solo desde ahora.",
        "The new secret signs alone from now on."
    );
    /// Heads the address.
    notify: &'static str = ("Dirección de notificación", "Address of notifications");
    /// Names it.
    notify_url: &'static str = ("URL de la cuenta (notify_url)", "The account’s URL (notify_url)");
    /// What it is for.
    notify_hint: &'static str = (
        "La usan los cobros que no traen su propia notify_url. Vacía: esos cobros no se notifican.",
        "Used for payments that name no notify_url of their own. Empty: those are not notified."
    );
    /// Keeps it.
    save: &'static str = ("Guardar", "Save");
    /// It was kept.
    url_set: &'static str = ("Se guardó la dirección de notificación.", "The address of notifications is set.");
    /// One that is too long.
    url_long: fn(usize) -> String = (
        |most| format!("La dirección tiene a lo más {most} caracteres."),
        |most| format!("The address has at most {most} characters.")
    );
}

impl Texts {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// Why an address is refused, and what to do.
    pub fn refused(&self, why: UrlRefused) -> String {
        let (es, en) = match why {
            UrlRefused::Malformed | UrlRefused::OtherSite => (
                "No es una dirección completa: escríbala con https://.".to_owned(),
                "It is no complete address: write it with https://.".to_owned(),
            ),
            UrlRefused::NotEncrypted => (
                "Solo se permite https: cambie http:// por https://.".to_owned(),
                "Only https is permitted: write https:// for http://.".to_owned(),
            ),
            UrlRefused::Credentials => (
                "Quite el usuario y la clave de la dirección: la firma ya prueba quién notifica.".to_owned(),
                "Take user name and password out of it: the signature proves who notifies.".to_owned(),
            ),
            UrlRefused::Address(address) => (
                format!(
                    "{address} no es una dirección pública: use un servidor que se alcance desde internet."
                ),
                format!(
                    "{address} is no public address: use a server that can be reached from the internet."
                ),
            ),
        };
        self.lang.pick(es, en)
    }
}

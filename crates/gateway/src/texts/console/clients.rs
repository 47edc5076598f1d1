//! The console's page of clients, consents and account links.

use ayni_domain::lang::Lang;
use ayni_domain::oauth::redirect::{NotRegistrable, REDIRECT_URIS_MAX};

use crate::oauth::clients::{ClientError, NAME_LENGTH_MAX};

texts! {
    "/console/clients";
    /// Heads the page.
    title: &'static str = ("Clientes y consentimientos", "Clients and consents");
    /// Below it.
    lead: &'static str = (
        "Los programas que piden datos por esta cuenta (OAuth), y lo que las personas les permitieron.",
        "The programs that ask for data on this account’s behalf (OAuth), and what people let them do."
    );
    /// Heads the clients.
    clients: &'static str = ("Clientes OAuth", "OAuth clients");
    /// Where there is none.
    none: &'static str = ("Esta cuenta no tiene clientes.", "This account has no clients.");
    /// Whether it has a secret.
    confidential: &'static str = ("Con secreto", "With a secret");
    /// It has none.
    public: &'static str = ("Público", "Public");
    /// It was ended.
    ended: &'static str = ("Revocado", "Revoked");
    /// When it was made.
    created: &'static str = ("Creado", "Created");
    /// What it may ask for.
    institutions: &'static str = ("Puede pedir", "May ask for");
    /// Where it may be answered.
    redirects: &'static str = ("Direcciones de retorno, una por línea", "Redirect URIs, one a line");
    /// What is compared.
    redirects_hint: &'static str = (
        "Se comparan letra por letra. https, o http en este mismo equipo.",
        "Compared character by character. https, or http on one’s own machine."
    );
    /// Opens what can be done to a client.
    manage: &'static str = ("Administrar", "Manage");
    /// Keeps the addresses.
    save: &'static str = ("Guardar direcciones", "Save addresses");
    /// They were kept.
    redirects_set: &'static str = ("Se guardaron las direcciones.", "The addresses are set.");
    /// Gives it another secret.
    new_secret: &'static str = ("Cambiar el secreto", "Change the secret");
    /// What happens then.
    new_secret_hint: &'static str = (
        "El secreto actual deja de servir de inmediato; los tokens ya entregados siguen sirviendo.",
        "The present secret stops working at once; tokens that were given go on working."
    );
    /// Ends it.
    end: &'static str = ("Revocar el cliente", "Revoke the client");
    /// What happens then.
    end_hint: &'static str = (
        "Su próxima solicitud y todos sus tokens se rechazan. No se puede deshacer.",
        "Its next request and all its tokens are refused. This can not be undone."
    );
    /// It was ended.
    client_ended: &'static str = (
        "El cliente y todos sus tokens se rechazan desde ahora.",
        "The client and all its tokens are refused from now on."
    );
    /// Heads the form that makes one.
    new: &'static str = ("Cliente nuevo", "New client");
    /// Its name.
    name: &'static str = ("Nombre", "Name");
    /// Who sees it.
    name_hint: &'static str = (
        "Lo ven las personas a quienes les pide permiso.",
        "Seen by the people whom it asks for permission."
    );
    /// Names the choice of its kind.
    kind: &'static str = ("Dónde corre", "Where it runs");
    /// On servers.
    on_servers: &'static str = ("En sus servidores: guarda un secreto", "On your servers: it keeps a secret");
    /// On people's machines.
    on_devices: &'static str = (
        "En teléfonos o navegadores: sin secreto, con PKCE",
        "On phones or in browsers: no secret, with PKCE"
    );
    /// Names the choice of institutions.
    scopes: &'static str = ("Instituciones que puede pedir", "Institutions that it may ask for");
    /// None was chosen.
    no_scope: &'static str = ("Elija al menos una institución.", "Choose at least one institution.");
    /// Makes it.
    create: &'static str = ("Crear cliente", "Create client");
    /// What the person is about to do; the client's name.
    create_act: fn(&str) -> String = (
        |name| format!("Va a crear el cliente «{name}», que podrá pedir datos por esta cuenta."),
        |name| format!("You are about to make the client “{name}”, which may ask for data on this account’s behalf.")
    );
    /// The same of another secret.
    secret_act: fn(&str) -> String = (
        |name| format!("Va a cambiar el secreto del cliente «{name}». El actual deja de servir de inmediato."),
        |name| format!("You are about to change the secret of the client “{name}”. The present one stops working at once.")
    );
    /// Heads the page that shows it.
    client_made: &'static str = ("Su cliente nuevo", "Your new client");
    /// What to do with it.
    secret_use: &'static str = (
        "Con ambos pide tokens en /oauth/token.",
        "With both it asks for tokens at /oauth/token."
    );
    /// A client without secret.
    public_use: &'static str = (
        "No tiene secreto: se prueba con PKCE en cada autorización.",
        "It has no secret: it proves itself with PKCE at each authorization."
    );
    /// Heads the page of another secret.
    secret_made: &'static str = ("Su secreto nuevo", "Your new secret");
    /// What to do with it.
    new_secret_use: &'static str = (
        "El anterior ya no sirve: cámbielo en sus servidores ahora.",
        "The one before works no more: change it on your servers now."
    );
    /// Heads the consents.
    consents: &'static str = ("Consentimientos", "Consents");
    /// What they are.
    consents_hint: &'static str = (
        "Lo que las personas permitieron leer. Al terminarlo se borra su acceso guardado y se revocan los tokens.",
        "What people let you read. Ending one erases the login that is kept for it and revokes its tokens."
    );
    /// Where there is none.
    no_consents: &'static str = (
        "Nadie ha dado un consentimiento a esta cuenta.",
        "Nobody has given this account a consent."
    );
    /// Columns.
    institution: &'static str = ("Institución", "Institution");
    /// Who asked.
    asker: &'static str = ("Lo pidió", "Asked by");
    /// An API key did.
    link_flow: &'static str = ("Llave de API", "API key");
    /// Since when.
    since: &'static str = ("Desde", "Since");
    /// Until when.
    until: &'static str = ("Hasta", "Until");
    /// Whether it holds.
    state: &'static str = ("Estado", "State");
    /// It holds.
    live: &'static str = ("Vigente", "Live");
    /// It was taken back.
    withdrawn: &'static str = ("Terminado", "Ended");
    /// Its time is over.
    over: &'static str = ("Vencido", "Expired");
    /// Ends it.
    end_consent: &'static str = ("Terminar", "End");
    /// It was ended.
    consent_ended: &'static str = (
        "El consentimiento terminó: su acceso se borró y sus tokens se rechazan.",
        "The consent has ended: its login is erased and its tokens are refused."
    );
    /// There is none.
    no_consent: &'static str = ("Ese consentimiento ya no está vigente.", "That consent is not live any more.");
    /// To the older ones.
    older: &'static str = ("Anteriores", "Older");
    /// To the newest.
    newest: &'static str = ("Más recientes", "Newest");
    /// Heads the links.
    links: &'static str = ("Enlaces de cuenta", "Account links");
    /// What they are.
    links_hint: &'static str = (
        "Textos sellados con el acceso de una persona, que guarda quien los recibió. Aquí solo se sabe que existen.",
        "Sealed texts with a person’s login, kept by whoever was given them. Here is only known that they exist."
    );
    /// Where there is none.
    no_links: &'static str = ("No hay enlaces de cuenta.", "There are no account links.");
    /// When it was used.
    used: &'static str = ("Último uso", "Last used");
    /// Not yet.
    never: &'static str = ("Nunca", "Never");
    /// It was revoked.
    revoked: &'static str = ("Revocado", "Revoked");
    /// Revokes it.
    end_link: &'static str = ("Revocar", "Revoke");
    /// It was revoked.
    link_ended: &'static str = ("El enlace ya no abre nada.", "The link opens nothing any more.");
    /// There is none.
    no_link: &'static str = ("Ese enlace no es de esta cuenta.", "That link is not this account’s.");
}

impl Texts {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// What is wrong with a client, and what to do.
    pub fn problem(&self, error: &ClientError) -> String {
        let (es, en) = match error {
            ClientError::Name => (
                format!("Escriba un nombre de 1 a {NAME_LENGTH_MAX} caracteres."),
                format!("Write a name of 1 to {NAME_LENGTH_MAX} characters."),
            ),
            ClientError::Redirect { uri, why } => {
                (format!("{uri}: {}", spanish(*why)), format!("{uri}: {why}."))
            }
            ClientError::TooManyRedirects => (
                format!("Un cliente tiene a lo más {REDIRECT_URIS_MAX} direcciones de retorno."),
                format!("A client has at most {REDIRECT_URIS_MAX} redirect URIs."),
            ),
            ClientError::NoRedirect => (
                "Un cliente público necesita una dirección de retorno.".to_owned(),
                "A public client needs a redirect URI.".to_owned(),
            ),
            ClientError::Scope(_) | ClientError::Account(_) | ClientError::Store(_) => (
                "No se pudo guardar: vuelva a intentarlo.".to_owned(),
                "It could not be kept: try again.".to_owned(),
            ),
            ClientError::NoClient { .. } => (
                "Ese cliente no existe o ya fue revocado.".to_owned(),
                "That client does not exist or was revoked.".to_owned(),
            ),
        };
        self.lang.pick(es, en)
    }
}

fn spanish(why: NotRegistrable) -> &'static str {
    match why {
        NotRegistrable::Malformed => "no es una dirección completa, o es demasiado larga.",
        NotRegistrable::Part => "no lleva fragmento (#), usuario ni espacios.",
        NotRegistrable::Plain => "debe ser https, o http en 127.0.0.1, [::1] o localhost.",
        NotRegistrable::Scheme => {
            "un esquema propio lleva un punto, como com.example.app, y solo en un cliente público."
        }
    }
}

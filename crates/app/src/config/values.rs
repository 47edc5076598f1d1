//! Every setting with its name. A flag, its `AYNI_…` variable and its key in the TOML file are named alike:
//! `--public-url`, `AYNI_PUBLIC_URL`, `public_url`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

/// All settings; one that is `None` was not set in this layer.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Values {
    /// As `--database`.
    pub database: Option<String>,
    /// Where the gateway listens and how it is reached.
    #[serde(flatten)]
    pub edge: Edge,
    /// The rest.
    #[serde(flatten)]
    pub tuning: Tuning,
}

/// Where `serve` listens and how it is reached.
#[derive(Args, Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Edge {
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Address and port of /metrics, which is not for everybody [default: 127.0.0.1:9464]
    #[arg(long, value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,
    /// Where payers and merchants reach this gateway: https, no path
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Serve though the public URL is not https: for a test bed only, payers' logins would travel readable
    #[arg(long, num_args = 0, default_missing_value = "true")]
    pub insecure_public_url: Option<bool>,
    /// PEM file of the certificate chain, for TLS without a proxy
    #[arg(long, value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// PEM file of the certificate's private key
    #[arg(long, value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Networks whose X-Forwarded-For is believed, as 10.0.0.0/8,::1/128
    #[arg(long, value_name = "NETWORKS", value_delimiter = ',')]
    pub trusted_proxy: Option<Vec<String>>,
}

/// What `dev` and `serve` share.
#[derive(Args, Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Tuning {
    /// Where DemoBank is, for developer accounts [dev starts one of its own]
    #[arg(long, value_name = "URL")]
    pub demo_bank_url: Option<String>,
    /// Where the sandbox's bill portal is [dev starts one of its own]
    #[arg(long, value_name = "URL")]
    pub portal_url: Option<String>,
    /// Networks that merchants' URLs may lead to besides public ones, http included [dev: loopback]
    #[arg(long, value_name = "NETWORKS", value_delimiter = ',')]
    pub outbound_allow: Option<Vec<String>>,
    /// Requests a second for each API key [default: 200, dev: 10000]
    #[arg(long, value_name = "N")]
    pub rate_limit_per_s: Option<u32>,
    /// Largest request body [default: 2097152]
    #[arg(long, value_name = "BYTES")]
    pub body_limit_bytes: Option<usize>,
    /// How long an authorised payment waits for its money [default: 48]
    #[arg(long, value_name = "HOURS")]
    pub verifying_hours: Option<u64>,
    /// How long money that was sent out may take to show on the statement, before it counts as never sent [default: 172800]
    #[arg(long, value_name = "SECONDS")]
    pub order_life_s: Option<u64>,
    /// Pause between two periodic readings of a statement [default: 30, dev: 5]
    #[arg(long, value_name = "SECONDS")]
    pub statement_pause_s: Option<u64>,
    /// Value of one UF, for payments in CLF [default: 39500]
    #[arg(long, value_name = "PESOS")]
    pub uf_value: Option<String>,
    /// TOML file of Chile's bank holidays, in place of the shipped list
    #[arg(long, value_name = "FILE")]
    pub holidays_file: Option<PathBuf>,
    /// Hour of a business day, in Chile, at which settlements are made [default: 14]
    #[arg(long, value_name = "HOUR")]
    pub settlement_hour: Option<u8>,
    /// Scheme of app_url [default: khipu]
    #[arg(long, value_name = "SCHEME")]
    pub app_url_scheme: Option<String>,
    /// Notifications under way at once to one destination [default: 8]
    #[arg(long, value_name = "N")]
    pub deliveries_per_destination: Option<usize>,
    /// Notifications under way at once in this process [default: 64]
    #[arg(long, value_name = "N")]
    pub deliveries: Option<usize>,
    /// How long an operation, or one visit of an accepted one, may take [default: 50]
    #[arg(long, value_name = "SECONDS")]
    pub operation_budget_s: Option<u64>,
    /// By when the callback of an accepted operation goes out [default: 15]
    #[arg(long, value_name = "MINUTES")]
    pub operation_minutes: Option<u32>,
    /// Days for which payers of payments are kept; then they are taken out as `privacy erase` does [default: 2190]
    #[arg(long, value_name = "DAYS")]
    pub retain_payers_days: Option<u32>,
    /// Days for which is kept to whom mails went [default: 365]
    #[arg(long, value_name = "DAYS")]
    pub retain_mails_days: Option<u32>,
    /// Days for which merchants' answers to notifications are kept [default: 90]
    #[arg(long, value_name = "DAYS")]
    pub retain_answers_days: Option<u32>,
    /// Days for which is kept what was asked of institutions [default: 365]
    #[arg(long, value_name = "DAYS")]
    pub retain_operations_days: Option<u32>,
    /// Days for which consents that ended are kept [default: 730]
    #[arg(long, value_name = "DAYS")]
    pub retain_consents_days: Option<u32>,
    /// Days for which the console's audit log is kept [default: 2190]
    #[arg(long, value_name = "DAYS")]
    pub retain_audit_days: Option<u32>,
    /// Mail server, as smtps://user@mail.example.com, or smtp:// for STARTTLS; its password: AYNI_SMTP_PASSWORD
    #[arg(long, value_name = "URL")]
    pub smtp: Option<String>,
    /// File of the mail server's password, for its owner only, in place of AYNI_SMTP_PASSWORD
    #[arg(long, value_name = "FILE")]
    pub smtp_password_file: Option<PathBuf>,
    /// PEM file of certificates that the mail server's may be checked against besides the machine's own
    #[arg(long, value_name = "FILE")]
    pub smtp_ca: Option<PathBuf>,
    /// Sender of mails, as 'Pagos <pagos@example.com>'
    #[arg(long, value_name = "SENDER")]
    pub mail_from: Option<String>,
    /// Folder that takes mails as files where no mail server is set [dev: mails in the data directory]
    #[arg(long, value_name = "DIR")]
    pub mail_dir: Option<PathBuf>,
    /// Folder of banks' TOML files, in place of the shipped ones
    #[arg(long, value_name = "DIR")]
    pub banks_dir: Option<PathBuf>,
    /// Folder of sites' TOML files, in place of the shipped ones of the same names
    #[arg(long, value_name = "DIR")]
    pub sites_dir: Option<PathBuf>,
    /// How sites are visited in place of their files' driver, as servipag.com=chromium
    #[arg(long, value_name = "SITE=DRIVER", value_delimiter = ',')]
    pub site_drivers: Option<Vec<String>>,
    /// Connectors of other processes, as biller=http://127.0.0.1:9100
    #[arg(long, value_name = "NAME=URL", value_delimiter = ',')]
    pub connectors: Option<Vec<String>>,
    /// Chromium's program, for the sites that need it [default: the first on the PATH]
    #[arg(long, value_name = "FILE")]
    pub chromium: Option<PathBuf>,
    /// Collector that takes OpenTelemetry traces, as http://127.0.0.1:4318 [default: OTEL_EXPORTER_OTLP_ENDPOINT]
    #[arg(long, value_name = "URL")]
    pub otlp_endpoint: Option<String>,
    /// Part of all traces that is exported, 0 to 1 [default: as OTEL_TRACES_SAMPLER says, or all]
    #[arg(long, value_name = "RATIO")]
    pub otlp_ratio: Option<f64>,
    /// How log lines look, text or json [default: text]
    #[arg(long, value_name = "FORM", hide_possible_values = true)]
    pub log_form: Option<LogForm>,
    /// What is logged, as debug or info,ayni_store=debug [default: info]
    #[arg(long, value_name = "FILTER")]
    pub log: Option<String>,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogForm {
    /// For a person.
    Text,
    /// One JSON object a line.
    Json,
}

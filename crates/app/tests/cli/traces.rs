//! What is said at the start about the settings of traces. What is exported is tested with a collector, in `clients/`.

use crate::support::{Said, ayni, said};

/// `serve` with these variables; it ends, since it has no public URL.
fn served(variables: &[(&str, &str)], flags: &[&str]) -> Said {
    let folder = tempfile::tempdir().unwrap();
    let mut command = ayni(folder.path(), &[&["serve"], flags].concat());
    said(command.envs(variables.iter().copied()).output().unwrap())
}

#[cfg(feature = "otel")]
#[test]
fn a_setting_of_traces_that_can_not_be_used_is_an_error_that_names_it() {
    const COLLECTOR: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");
    for (variable, value, hint) in [
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "127.0.0.1:4318",
            "http://127.0.0.1:4318",
        ),
        (
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            "grpc://collector",
            "http://127.0.0.1:4318",
        ),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json", "http/protobuf"),
        ("OTEL_TRACES_EXPORTER", "zipkin", "otlp"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api key=hunter2", "name=value"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip", "none"),
        ("OTEL_TRACES_SAMPLER", "xray", "always_on"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "many", "from 1"),
        ("OTEL_BSP_SCHEDULE_DELAY", "5s", "from 1"),
        ("AYNI_OTLP_ENDPOINT", "collector", "http://127.0.0.1:4318"),
        ("AYNI_OTLP_RATIO", "7", "from 0 to 1"),
        ("AYNI_OTLP_RATIO", "half", "must be a number"),
    ] {
        let refused = served(&[COLLECTOR, (variable, value)], &[]);
        assert_eq!(refused.code, 1);
        let (first, _) = refused.err.split_once('\n').unwrap();
        let name = variable.trim_start_matches("AYNI_");
        assert!(
            first.starts_with("error: ")
                && (refused.err.contains(variable) || first.contains(&name.to_lowercase())),
            "{variable}: {}",
            refused.err
        );
        assert!(refused.err.contains(hint), "{variable}: {}", refused.err);
        assert!(!refused.err.contains("hunter2"), "{}", refused.err);
    }
    let argument = [
        COLLECTOR,
        ("OTEL_TRACES_SAMPLER", "traceidratio"),
        ("OTEL_TRACES_SAMPLER_ARG", "half"),
    ];
    assert!(served(&argument, &[]).err.contains("OTEL_TRACES_SAMPLER_ARG"));
}

#[cfg(feature = "otel")]
#[test]
fn traces_that_are_switched_off_are_not_looked_at() {
    for off in [("OTEL_SDK_DISABLED", "true"), ("OTEL_TRACES_EXPORTER", "none")] {
        let variables = [off, ("OTEL_EXPORTER_OTLP_ENDPOINT", "nonsense")];
        let refused = served(&variables, &[]);
        assert!(refused.err.contains("public URL"), "{off:?}: {}", refused.err);
    }
}

#[cfg(not(feature = "otel"))]
#[test]
fn a_program_without_traces_says_in_one_line_that_it_is_asked_for_them() {
    for (variables, flags, name) in [
        (
            &[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")][..],
            &[][..],
            "OTEL_EXPORTER_OTLP_ENDPOINT",
        ),
        (&[], &["--otlp-endpoint", "http://127.0.0.1:1"], "otlp_endpoint"),
    ] {
        let told = served(variables, flags);
        let lines = told.err.lines().filter(|line| line.contains("--features otel"));
        let lines: Vec<&str> = lines.collect();
        assert!(lines.len() == 1 && lines[0].contains(name), "{}", told.err);
        // It goes on, and ends for another reason.
        assert!(told.err.contains("public URL"), "{}", told.err);
    }
}

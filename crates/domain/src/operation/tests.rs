use super::*;

fn id() -> Uuid {
    "6baf6c19-e485-463b-ae24-a821b025c8a4".parse().unwrap()
}

fn raw(json: &str) -> Option<Box<RawValue>> {
    Some(RawValue::from_string(json.to_owned()).unwrap())
}

#[test]
fn the_seeds_answer_is_written_as_the_seed_shows_it() {
    let data = raw(r#"{"Debt":{"DueDate":"2025-05-31","PendingDebt":15340}}"#);
    let wire = serde_json::to_string(&Envelope::ran(id(), data, None)).unwrap();
    assert_eq!(
        wire,
        r#"{"OperationId":"6baf6c19-e485-463b-ae24-a821b025c8a4","Status":"OK","Data":{"Debt":{"DueDate":"2025-05-31","PendingDebt":15340}},"AdditionalInformation":null,"Error":null,"LifeSpan":null}"#
    );
}

#[test]
fn a_fault_says_its_code_its_treatment_and_what_happened() {
    let fault = Fault::with_detail(Code::UnknownCompany, "¿Aguas Andinas?");
    let wire = serde_json::to_value(Envelope::failed(id(), &fault, Lang::Es)).unwrap();
    assert_eq!(
        wire["Error"],
        serde_json::json!({"Code": "E401", "Type": "DO_NOT_RETRY", "Description": "Empresa desconocida: ¿Aguas Andinas?"})
    );
    assert_eq!(wire["Status"], "ERROR");
    assert_eq!(wire["Data"], serde_json::Value::Null);
}

#[test]
fn the_sites_own_message_is_told_alone() {
    let fault = Fault::with_detail(Code::SiteMessage, "Vuelva mañana");
    assert_eq!(fault.description(Lang::En), "Vuelva mañana");
}

#[test]
fn every_code_is_read_as_it_is_written_and_treated_as_the_table_says() {
    let table = "A000 A001 E101 E102 E103 E301 E401 E402 E403 E999 P001 P002 P003 P004 : DO_NOT_RETRY; \
                 E201 : WAIT_4_HOURS_BEFORE_RETRY; D000 T000 I004 : RETRY_IMMEDIATELY; \
                 E202 F000 I001 I002 I003 : RETRY_AFTER_NOTIFICATION";
    let mut seen = 0;
    for row in table.split(';') {
        let (codes, treatment) = row.split_once(':').unwrap();
        for text in codes.split_whitespace() {
            let code = Code::parse(text).unwrap();
            assert_eq!(code.as_str(), text);
            assert_eq!(serde_json::to_value(code).unwrap(), text);
            assert_eq!(
                serde_json::to_value(code.treatment()).unwrap(),
                treatment.trim(),
                "{text}"
            );
            seen += 1;
        }
    }
    assert_eq!(seen, Code::ALL.len());
}

#[test]
fn what_the_site_or_the_clock_did_is_a_200_and_what_the_caller_did_is_not() {
    for code in Code::ALL {
        let family = code.as_str().as_bytes()[0];
        let ran = code.http_status() == 200;
        assert_eq!(
            ran,
            b"EDFTI".contains(&family) && code != Code::TooMany,
            "{code:?}"
        );
    }
}

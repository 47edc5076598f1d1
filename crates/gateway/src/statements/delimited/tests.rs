use jiff::civil::date;

use super::super::mapping::Columns;
use super::*;

fn read(file: &[u8], mapping: Option<Mapping>, currency: Currency) -> Vec<Result<FileLine, Rejected>> {
    DelimitedReader::new(file, mapping, currency)
        .unwrap()
        .map(|found| match found.unwrap() {
            Found::Line(line) => Ok(*line),
            Found::Rejected(rejected) => Err(rejected),
            Found::Pending => panic!("CSV has no pending lines"),
        })
        .collect()
}

fn chilean() -> Mapping {
    let named = |name: &str| Some(Column::Name(name.to_owned()));
    Mapping {
        delimiter: ';',
        encoding: Encoding::Latin1,
        skip_lines: 2,
        date_format: "%d/%m/%Y".into(),
        decimal_sign: ',',
        thousands_sign: Some('.'),
        columns: Columns {
            date: named("Fecha"),
            credit: named("Abonos"),
            debit: named("Cargos"),
            reference: named("Descripción"),
            operation_number: named("N° Documento"),
            ..Columns::default()
        },
        ..Mapping::default()
    }
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect()
}

#[test]
fn our_own_form_needs_no_mapping() {
    let file = b"date,amount,id,reference,payer_identifier\n\
        2026-03-02,1000,77,gqzdy6chjne9,11.111.111-1\n\n2026-03-02,-250,78,\"comma, inside\",\n";
    let lines = read(file, None, Currency::Clp);
    let first = lines[0].as_ref().unwrap();
    assert_eq!(
        (first.line, first.bank_id.as_deref(), first.reference.as_str()),
        (2, Some("77"), "gqzdy6chjne9")
    );
    assert_eq!(
        (first.amount, first.booked, first.payer_identifier.as_str()),
        (
            Amount::from_units(1000),
            Booked::On(date(2026, 3, 2)),
            "11.111.111-1"
        )
    );
    let second = lines[1].as_ref().unwrap();
    assert_eq!(
        (second.amount, second.reference.as_str()),
        (Amount::from_units(-250), "comma, inside")
    );
    assert_eq!(lines.len(), 2);
}

#[test]
fn a_banks_own_file_is_read_as_its_mapping_says() {
    let file = latin1(
        "Cartola histórica\nCuenta 12345\nFecha;Descripción;N° Documento;Cargos;Abonos\n\
         02/03/2026;Transferencia de José Muñoz;991;;1.234.567\n03/03/2026;Comisión;992;-1.500;\n\
         03/03/2026;Pago;993;$ 2.000;\n",
    );
    let lines = read(&file, Some(chilean()), Currency::Clp);
    let amounts: Vec<i64> = lines
        .iter()
        .map(|line| line.as_ref().unwrap().amount.ten_thousandths() / 10_000)
        .collect();
    assert_eq!(amounts, [1_234_567, -1_500, -2_000]);
    let first = lines[0].as_ref().unwrap();
    assert_eq!(
        (
            first.line,
            first.reference.as_str(),
            first.operation_number.as_str()
        ),
        (4, "Transferencia de José Muñoz", "991")
    );
}

#[test]
fn a_line_that_is_not_understood_is_named_with_its_reason() {
    for (line, reason) in [
        ("2-3-2026;x;1;;1.000", "not of the form %d/%m/%Y"),
        ("2/3/26;x;1;;1.000", "of the year 26"),
        ("02/03/2026;x;1;;1.00", "no number"),
        ("02/03/2026;x;1;;1,234,567", "no number"),
        ("02/03/2026;x;1;;12.3456", "no number"),
        ("02/03/2026;x;1;;10,50", "more decimals than CLP"),
        ("02/03/2026;x;1;5;10", "both a credit and a debit"),
        ("02/03/2026;x;1;;", "zero"),
        ("02/03/2026", "zero"),
        (";x;1;;10", "its date"),
    ] {
        let file = latin1(&format!(
            "\n\nFecha;Descripción;N° Documento;Cargos;Abonos\n{line}\n"
        ));
        let lines = read(&file, Some(chilean()), Currency::Clp);
        let rejected = lines[0].as_ref().unwrap_err();
        assert!(rejected.reason.contains(reason), "{line}: {}", rejected.reason);
        assert_eq!(rejected.line, 4);
    }
}

#[test]
fn decimals_are_read_where_the_currency_has_them() {
    let mapping = Mapping {
        skip_lines: 0,
        ..chilean()
    };
    let file = latin1("Fecha;Descripción;N° Documento;Cargos;Abonos\n02/03/2026;x;1;;1.234,56\n");
    let lines = read(&file, Some(mapping), Currency::Usd);
    assert_eq!(
        lines[0].as_ref().unwrap().amount,
        Amount::parse("1234.56", false).unwrap()
    );
}

#[test]
fn without_a_header_columns_go_by_number_and_a_word_may_say_the_direction() {
    let mapping = Mapping {
        has_header: false,
        time_format: "%H:%M".into(),
        columns: Columns {
            date: Some(Column::Number(1)),
            time: Some(Column::Number(2)),
            amount: Some(Column::Number(3)),
            direction: Some(Column::Number(4)),
            ..Columns::default()
        },
        credit_word: "abono".into(),
        ..Mapping::default()
    };
    let file = b"2026-03-02,12:30,500,ABONO\n2026-03-02,12:31,500,CARGO\n2026-03-02,12:32,500,\n";
    let lines = read(file, Some(mapping), Currency::Clp);
    let first = lines[0].as_ref().unwrap();
    assert_eq!(first.booked, Booked::At("2026-03-02T15:30:00Z".parse().unwrap()));
    assert_eq!(lines[1].as_ref().unwrap().amount, Amount::from_units(-500));
    assert!(lines[2].is_err());
}

#[test]
fn what_is_no_utf8_is_not_read_as_if_it_were() {
    let file = latin1("date,amount,reference\n2026-03-02,1000,Muñoz\n2026-03-02,1000,Perez\n");
    let lines = read(&file, None, Currency::Clp);
    assert!(lines[0].as_ref().unwrap_err().reason.contains("UTF-8"));
    assert!(lines[1].is_ok());
}

#[test]
fn a_column_that_is_not_there_is_named_with_those_that_are() {
    let error = DelimitedReader::new(b"fecha,monto\n".as_slice(), None, Currency::Clp)
        .err()
        .unwrap();
    assert_eq!(
        error.to_string(),
        "the file has no column «date»; its header has: fecha, monto"
    );
}

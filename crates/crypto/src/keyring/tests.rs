//! What the keyring promises to the columns that it seals.

use super::*;

const PLACE: &str = "accounts.secret:990939";
const SECRET: &[u8] = b"1a4cbbbeb8bdb7e1d73572b9cc43ce4ce18f79d9";

fn fresh() -> (MasterKey, Keyring, Vec<KeyRow>, Entropy) {
    let entropy = Entropy::seeded(42);
    let master = MasterKey::generate(&entropy);
    let (keyring, rows) = Keyring::create(&master, &entropy).unwrap();
    (master, keyring, rows, entropy)
}

#[test]
fn what_is_sealed_opens_on_every_node_that_has_the_rows_and_the_master_key() {
    let (master, keyring, rows, entropy) = fresh();
    let sealed = keyring.seal(PLACE, SECRET).unwrap();
    let elsewhere = Keyring::unlock(&master, &rows, &entropy).unwrap();
    assert_eq!(elsewhere.open(PLACE, &sealed).unwrap().as_slice(), SECRET);
}

#[test]
fn a_sealed_text_shows_nothing_of_the_plain_one_and_is_another_each_time() {
    let (_, keyring, _, _) = fresh();
    let (one, other) = (
        keyring.seal(PLACE, SECRET).unwrap(),
        keyring.seal(PLACE, SECRET).unwrap(),
    );
    assert_ne!(one, other);
    assert!(!one.windows(8).any(|w| SECRET.windows(8).any(|s| s == w)));
}

#[test]
fn the_empty_text_can_be_sealed_too() {
    let (_, keyring, _, _) = fresh();
    let sealed = keyring.seal(PLACE, b"").unwrap();
    assert!(keyring.open(PLACE, &sealed).unwrap().is_empty());
}

#[test]
fn a_value_copied_to_another_place_does_not_open() {
    let (_, keyring, _, _) = fresh();
    let sealed = keyring.seal(PLACE, SECRET).unwrap();
    let opened = keyring.open("accounts.secret:990940", &sealed);
    assert!(matches!(opened, Err(KeyringError::Unopened)));
}

#[test]
fn a_change_of_any_byte_and_any_cut_is_noticed() {
    let (_, keyring, _, _) = fresh();
    let sealed = keyring.seal(PLACE, SECRET).unwrap();
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 0x01;
        assert!(keyring.open(PLACE, &changed).is_err(), "byte {at}");
        assert!(keyring.open(PLACE, &sealed[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn another_master_key_is_told_apart_from_damage() {
    let (master, _, rows, entropy) = fresh();
    let other = MasterKey::generate(&entropy);
    assert!(matches!(
        Keyring::unlock(&other, &rows, &entropy),
        Err(KeyringError::WrongMasterKey)
    ));

    let mut damaged = rows.clone();
    *damaged[1].sealed.last_mut().unwrap() ^= 1;
    let error = Keyring::unlock(&master, &damaged, &entropy).unwrap_err();
    assert!(matches!(error, KeyringError::DamagedKey(name) if name == "seal-1"));
}

#[test]
fn rows_that_change_names_do_not_open() {
    let (master, _, mut rows, entropy) = fresh();
    let taken = rows[0].sealed.clone();
    rows[0].sealed = std::mem::replace(&mut rows[1].sealed, taken);
    assert!(matches!(
        Keyring::unlock(&master, &rows, &entropy),
        Err(KeyringError::DamagedKey(_))
    ));
}

#[test]
fn a_keyring_without_a_key_says_which_is_missing() {
    let (master, _, rows, entropy) = fresh();
    for (kept, missing) in [(0, "seal-1"), (1, "derive")] {
        let error = Keyring::unlock(&master, &rows[kept..=kept], &entropy).unwrap_err();
        assert!(matches!(error, KeyringError::MissingKey(name) if name == missing));
    }
}

#[test]
fn a_new_key_seals_once_it_is_learned_and_the_old_one_still_opens() {
    let (master, keyring, mut rows, entropy) = fresh();
    let old = keyring.seal(PLACE, SECRET).unwrap();
    let token = keyring.derive_hex("notification-token", b"zfxnocsow6mz");
    rows.push(keyring.new_key(&master).unwrap());
    assert!(keyring.is_current(&keyring.seal(PLACE, SECRET).unwrap()));
    keyring.learn(&master, &rows, "seal-1").unwrap();
    assert!(keyring.is_current(&old), "known, but not used yet");
    keyring.learn(&master, &rows, "seal-2").unwrap();
    assert!(!keyring.is_current(&old));

    let elsewhere = Keyring::unlock(&master, &rows, &entropy).unwrap();
    let new = elsewhere.seal(PLACE, SECRET).unwrap();
    for keyring in [&keyring, &elsewhere] {
        assert!(keyring.is_current(&new));
        assert_eq!(keyring.open(PLACE, &old).unwrap().as_slice(), SECRET);
        assert_eq!(keyring.open(PLACE, &new).unwrap().as_slice(), SECRET);
        assert_eq!(keyring.derive_hex("notification-token", b"zfxnocsow6mz"), token);
    }
}

#[test]
fn a_key_that_is_not_there_is_not_used() {
    let (master, keyring, rows, _) = fresh();
    let before = keyring.seal(PLACE, SECRET).unwrap();
    assert!(matches!(
        keyring.learn(&master, &rows, "seal-2"),
        Err(KeyringError::MissingKey(_))
    ));
    assert!(keyring.is_current(&before));
}

#[test]
fn the_master_key_changes_without_touching_what_is_sealed() {
    let (old_master, keyring, _, entropy) = fresh();
    let sealed = keyring.seal(PLACE, SECRET).unwrap();
    let new_master = MasterKey::generate(&entropy);
    let rows = keyring.rows(&new_master).unwrap();

    assert!(matches!(
        Keyring::unlock(&old_master, &rows, &entropy),
        Err(KeyringError::WrongMasterKey)
    ));
    let keyring = Keyring::unlock(&new_master, &rows, &entropy).unwrap();
    assert_eq!(keyring.open(PLACE, &sealed).unwrap().as_slice(), SECRET);
}

#[test]
fn a_format_of_the_future_is_named() {
    let (master, keyring, mut rows, entropy) = fresh();
    let mut sealed = keyring.seal(PLACE, SECRET).unwrap();
    sealed[0] = 2;
    assert!(matches!(
        keyring.open(PLACE, &sealed),
        Err(KeyringError::NewerFormat(2))
    ));
    rows[0].sealed[0] = 9;
    assert!(matches!(
        Keyring::unlock(&master, &rows, &entropy),
        Err(KeyringError::NewerFormat(9))
    ));
}

#[test]
fn derived_tokens_are_64_digits_that_depend_on_purpose_and_data_and_their_border() {
    let (_, keyring, _, _) = fresh();
    let token = keyring.derive_hex("notification-token", b"zfxnocsow6mz");
    assert_eq!(token.len(), 64);
    assert_eq!(token, keyring.derive_hex("notification-token", b"zfxnocsow6mz"));
    assert_ne!(token, keyring.derive_hex("notification-token", b"other"));
    assert_ne!(keyring.derive_hex("a", b"bc"), keyring.derive_hex("ab", b"c"));
}

#[test]
fn there_is_a_limit_on_the_number_of_keys() {
    let (master, keyring, _, _) = fresh();
    for _ in 1..SEALING_KEYS_MAX {
        let row = keyring.new_key(&master).unwrap();
        keyring.learn(&master, &[row], "seal-1").unwrap();
    }
    assert!(matches!(keyring.new_key(&master), Err(KeyringError::Full)));
}

#[test]
fn debug_text_shows_no_key() {
    let (_, keyring, rows, _) = fresh();
    assert_eq!(format!("{keyring:?}"), "Keyring(1 sealing keys)");
    assert_eq!(format!("{:?}", rows[0]), "KeyRow(derive, …)");
}

//! What we do in a page, in a world of our own: the page's scripts share the document with us, but none of our objects,
//! so that they can neither see our functions nor put others in their place.

/// Gives the page as it stands: its address, its encoding, and its markup unless that is longer than permitted.
pub(super) const READ_PAGE: &str = "function (charsMax) {
  const root = document.documentElement;
  const markup = root === null ? '' : root.outerHTML;
  const isTooLong = markup.length > charsMax;
  return { url: document.URL, encoding: document.characterSet, isTooLong, markup: isTooLong ? '' : markup };
}";

/// Fills in a form and sends it as a person would, with the button that was chosen or else with its first one. Gives
/// `no-form` if the form is not there, `navigates` if the browser will certainly leave the page, and `scripted` if a
/// script has taken the matter in hand.
///
/// What the form demands of its fields is not enforced: the site's own answer is what the connector knows.
pub(super) const SEND_FORM: &str = "function (wanted) {
  const controlsOf = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, 'elements').get;
  const named = (form, name) => Array.from(controlsOf.call(form)).filter((control) => control.getAttribute('name') === name);
  const fits = (form) =>
    new URL(form.getAttribute('action') ?? '', document.URL).href === wanted.address &&
    ((form.getAttribute('method') ?? '').toLowerCase() === 'post') === wanted.isPost &&
    wanted.fields.every(([name]) => named(form, name).length > 0);
  const forms = Array.from(document.forms);
  const fitting = forms.filter(fits);
  const form = fitting.includes(forms[wanted.nth]) ? forms[wanted.nth] : fitting.length === 1 ? fitting[0] : null;
  if (form === null) return 'no-form';
  let button = null;
  for (const [name, value] of wanted.fields) {
    const controls = named(form, name);
    const offering = controls.find((control) => control.value === value);
    const kind = controls[0].type;
    if (kind === 'submit' || kind === 'image') {
      button = offering ?? controls[0];
    } else if (kind === 'radio' || kind === 'checkbox') {
      if (offering === undefined) return 'no-form';
      offering.checked = true;
      tell(offering);
    } else {
      controls[0].value = value;
      tell(controls[0]);
    }
  }
  function tell(control) {
    control.dispatchEvent(new Event('input', { bubbles: true }));
    control.dispatchEvent(new Event('change', { bubbles: true }));
  }
  form.setAttribute('novalidate', '');
  form.removeAttribute('target');
  let sent = null;
  window.addEventListener('submit', (event) => { sent = event; }, { capture: true, once: true });
  const isPlainButton = (control) => control.type === 'submit' && !control.disabled && !control.getAttribute('name');
  button ??= Array.from(controlsOf.call(form)).find(isPlainButton) ?? null;
  if (button !== null) button.click();
  else HTMLFormElement.prototype.requestSubmit.call(form);
  return sent !== null && sent.target === form && !sent.defaultPrevented ? 'navigates' : 'scripted';
}";

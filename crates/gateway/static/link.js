// The window that opened this one gets the PublicToken. It opens nothing without the credential of the account that made
// the link token, so it may be told to whatever page opened the window. Without scripts the token is on the page.
"use strict";

const token = document.body.dataset.publicToken;
if (window.opener) {
  window.opener.postMessage(token ? { type: "ayni-link", PublicToken: token } : { type: "ayni-link-refused" }, "*");
}

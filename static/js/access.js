// Security keys and printing: what a page about access cannot do without JavaScript.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("[data-webauthn]");
  if (button && window.allauth && window.allauth.webauthn) {
    const ids = { credential: button.dataset.credential, data: "js_data", add: button.id, authenticate: button.id };
    window.allauth.webauthn.forms[button.dataset.webauthn]({ ids });
  }
  document.querySelectorAll("[data-print]").forEach((printer) => {
    printer.hidden = false;
    printer.addEventListener("click", () => window.print());
  });
});

// The key did not answer, or the person has refused: say so beside the button.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const note = document.getElementById("key-error");
  if (note) note.hidden = false;
});

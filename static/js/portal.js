// Small comforts; every page works without them.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();

  const navSwitch = document.getElementById("nav-switch");
  if (navSwitch) {
    const tell = () => navSwitch.setAttribute("aria-expanded", String(navSwitch.checked));
    tell();
    navSwitch.addEventListener("change", tell);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && navSwitch.checked) {
        navSwitch.checked = false;
        tell();
        navSwitch.focus();
      } else if (event.key === "Enter" && document.activeElement === navSwitch) {
        navSwitch.click();
      }
    });
  }
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});

// Coming back with the browser's own button, the form may be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// «Отметить все»: <input type="checkbox" data-check-all="name of the boxes">.
document.addEventListener("change", (event) => {
  const name = event.target.dataset ? event.target.dataset.checkAll : undefined;
  if (!name) return;
  document.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(name)}"]`).forEach((box) => {
    box.checked = event.target.checked;
  });
});

// What only a script can do is not offered without one.
document.querySelectorAll("[data-needs-script]").forEach((part) => {
  part.hidden = false;
});

// «Напечатать»: shown only where a script can do it.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

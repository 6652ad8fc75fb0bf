// Totals of a school plan while it is typed; the server shows the same after «Пересчитать» or any other button.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-plan]");
  if (!form) return;
  const norms = JSON.parse(document.getElementById("plan-norms").textContent);
  const space = "\u00a0";

  const hoursOf = (section) => {
    let sum = 0;
    section.querySelectorAll("input[name$='-hours']").forEach((input) => {
      if (/^\d{1,4}$/.test(input.value.trim())) sum += Number(input.value);
    });
    return sum;
  };

  // A part of the text is strong: built of nodes, never of markup.
  const tell = (place, ...pieces) => {
    place.replaceChildren(
      ...pieces.map((piece) => {
        if (typeof piece === "string") return document.createTextNode(piece);
        const strong = document.createElement("strong");
        strong.textContent = piece[0];
        return strong;
      }),
    );
  };

  const tellNorm = (section, asked, hours) => {
    const place = section.querySelector("[data-plan-norm]");
    const why = section.querySelector("[data-plan-why]");
    const short = Math.max(asked.hours - hours, 0);
    if (asked.required) {
      const named = [...section.querySelectorAll("input[name$='-partner']")].some((input) => input.value.trim());
      if (named) tell(place, "На этом уровне обязательно.");
      else tell(place, "На этом уровне обязательно: ", ["назовите партнёрское соглашение"], ".");
    } else if (short) {
      tell(place, `Рекомендовано от ${asked.hours}${space}ч, `, [`не хватает ${short}${space}ч`], ": добавьте или поясните.");
    } else if (asked.hours) {
      tell(place, `Рекомендовано от ${asked.hours}${space}ч: выполнено.`);
    } else {
      tell(place, "На этом уровне не требуется.");
    }
    if (why) why.hidden = !short && !why.querySelector("textarea").value.trim();
  };

  const recount = () => {
    const chosen = form.querySelector("input[name='level']:checked");
    const level = chosen ? norms[chosen.value] : null;
    let sum = 0;
    form.querySelectorAll("[data-direction]").forEach((section) => {
      const hours = hoursOf(section);
      sum += hours;
      const shown = section.querySelector("[data-plan-hours]");
      if (shown) shown.textContent = String(hours);
      if (level) tellNorm(section, level.directions[section.dataset.direction], hours);
    });
    const place = form.querySelector("[data-plan-sum]");
    if (!level) {
      tell(place, "Уровень не выбран. Запланировано ", [String(sum)], `${space}ч.`);
      return;
    }
    const short = Math.max(level.total - sum, 0);
    const ending = short
      ? [` До уровня «${level.title}» `, [`не хватает ${short}${space}ч`], "."]
      : [` Часы уровня «${level.title}» набраны.`];
    tell(place, "Запланировано ", [String(sum)], ` из ${level.total}${space}ч.`, ...ending);
  };

  form.addEventListener("input", recount);
  form.addEventListener("change", recount);
  form.querySelectorAll("[data-without-script]").forEach((button) => { button.hidden = true; });
  recount();

  // What was typed and not saved is not lost by leaving the page without a question.
  let changed = form.hasAttribute("data-unsaved");
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
});

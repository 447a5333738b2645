// Comfort only: every page works without this. A form marked data-autosave sends itself while one types.
const form = document.querySelector("form[data-autosave]");

if (form) {
  const side = document.getElementById("side");
  const told = document.getElementById("saved");
  let timer = 0;
  let running = null;
  let changed = false;
  let stopped = false;

  const mark = (faults) => {
    for (const old of form.querySelectorAll(".fault")) old.remove();
    for (const old of form.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
    for (const { id, words } of faults) {
      const place = document.getElementById(id);
      if (!place) continue;
      const note = document.createElement("p");
      note.className = "fault";
      note.textContent = words;
      if (place.matches("input, select, textarea")) {
        place.setAttribute("aria-invalid", "true");
        (place.closest(".blank") ?? place.parentElement).append(note);
      } else {
        (place.querySelector("legend, h2, h3, h4") ?? place).after(note);
      }
    }
  };

  const keep = async () => {
    changed = false;
    const fields = new URLSearchParams(new FormData(form));
    fields.set("do", "tu-luu");
    const answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
    const said = (answer.headers.get("Content-Type") ?? "").includes("json") ? await answer.json() : {};
    if (said.stop) {
      stopped = true;
      told.textContent = said.stop;
    } else if (answer.ok && said.version) {
      form.elements.version.value = said.version;
      form.elements.was.value = said.was;
      told.textContent = said.saved;
      side.innerHTML = said.preview;
      mark(said.faults);
    } else {
      throw new Error("not kept");
    }
  };

  const start = () => {
    if (running || stopped || !changed) return;
    running = keep()
      .catch(() => {
        changed = true;
        told.textContent = "Chưa tự lưu được. Anh/chị bấm “Lưu nháp” giúp.";
      })
      .finally(() => {
        running = null;
      });
  };

  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(start, 1200);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!running) return;
    // What is under way changes the version this form must name: wait for it, then send.
    event.preventDefault();
    const button = event.submitter;
    running.then(() => form.requestSubmit(button));
  });
  addEventListener("pagehide", () => clearTimeout(timer));
}

// What others write appears by itself, for half an hour; the list is asked for as a whole, as a reader would.
let looks = 0;
const fresh = async () => {
  if (document.hidden || looks > 360) return;
  looks += 1;
  const answer = await fetch(location.pathname, { redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const next = page.getElementById(part.id);
    if (next && next.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) part.innerHTML = next.innerHTML;
  }
};
if (document.querySelector("[data-fresh]")) setInterval(fresh, 5000);

for (const select of document.querySelectorAll("form[method=get] select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

const place = location.hash && document.getElementById(location.hash.slice(1));
for (let box = place; box; box = box.parentElement) if (box.matches("details")) box.open = true;
if (place) place.querySelector("details")?.setAttribute("open", "");
if (place) (place.querySelector("input:not([type=hidden]), textarea, select") ?? place).focus({ preventScroll: false });

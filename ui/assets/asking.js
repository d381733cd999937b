// Asking: what is wished for besides the words in the box, and what can be done with an answer. Gradio's parts do the rest:
// a wish is noted here, a button that nobody sees is pressed, and Gradio asks `thamkhlang` what was wished for.
"use strict";
const KEPT = "thamkhlang-limits";
const spoken = () => document.getElementById("spoken");
const make = (name, fields = {}, ...inside) => {
  const made = Object.assign(document.createElement(name), fields);
  made.append(...inside);
  return made;
};

// What the questions are limited to: kept as long as the tab is open.
const limits = (() => {
  try { return JSON.parse(sessionStorage.getItem(KEPT)) ?? {}; } catch { return {}; }
})();
const address = new URLSearchParams(location.search);
if (address.get("document")) limits.documents = { value: address.get("document"), told: "" };
const filter = () => Object.fromEntries(
  Object.entries(limits).map(([name, one]) => [name, [name === "years" ? Number(one.value) : one.value]]));
function limit(name, one) {
  if (one) limits[name] = one; else delete limits[name];
  try { sessionStorage.setItem(KEPT, JSON.stringify(limits)); } catch { /* the tab then forgets */ }
  paint();
}
function paint() {
  const chips = document.getElementById("limited");
  if (!chips) return;
  const named = document.getElementById("limit-document");
  if (named && limits.documents) limits.documents = { value: named.value, told: named.textContent };
  if (limits.documents && !limits.documents.told) delete limits.documents; // the archive has none of this name
  for (const select of document.querySelectorAll("select[data-limit]")) {
    const wanted = limits[select.dataset.limit]?.value ?? "";
    if (select.value === wanted) continue;
    select.value = wanted;
    if (select.value !== wanted) { delete limits[select.dataset.limit]; select.value = ""; }
  }
  const now = JSON.stringify(limits);
  if (chips.dataset.now === now) return;
  chips.dataset.now = now;
  chips.replaceChildren(...Object.entries(limits).map(([name, one]) => {
    const button = make("button", { type: "button", className: "chip" }, `${one.told} `,
      make("span", { className: "x", textContent: "✕", ariaHidden: "true" }),
      make("span", { className: "who", textContent: chips.dataset.drop }));
    button.addEventListener("click", () => {
      limit(name, null);
      document.querySelector("#limit summary")?.focus();
    });
    return make("li", {}, button);
  }));
}
document.addEventListener("change", (event) => {
  const select = event.target.closest?.("select[data-limit]");
  if (select) limit(select.dataset.limit, select.value ? { value: select.value, told: select.selectedOptions[0].dataset.told } : null);
}, true);

// What Gradio is told.
let wished = {};
let question = "";
const listing = () => JSON.stringify({ text: document.getElementById("talks-words")?.value ?? "" });
const settled = new Promise((done) => { window.addEventListener("thamkhlang-limits", done, { once: true }); });
window.thamkhlang = {
  typed(words) {
    question = words.trim();
    return JSON.stringify({ filter: filter() });
  },
  wish: () => JSON.stringify(wished),
  last: () => JSON.stringify({ question }),
  listing,
  arriving: () => JSON.stringify({ document: address.get("document") ?? "", anew: Boolean(address.get("q")?.trim()) }),
  async begin() {
    const asked = address.get("q")?.trim();
    if (!asked) return;
    if (!document.getElementById("limited")) await settled;
    paint();
    address.delete("q");
    const rest = address.toString();
    history.replaceState(null, "", location.pathname + (rest ? `?${rest}` : ""));
    ask({ question: asked, anew: true });
  },
};
function go(name, wish) {
  wished = wish;
  document.getElementById(`do-${name}`)?.click();
}
function ask(wish) {
  question = wish.question;
  go("ask", { ...wish, filter: filter() });
}
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-wish]");
  if (!button) return;
  const { wider, ...wish } = JSON.parse(button.dataset.wish);
  if (wider) for (const name of Object.keys(limits)) limit(name, null);
  ask(wish);
}, true);

// An answer or a link goes to the clipboard; a page that is not on https has only the old way.
async function copy(text, button) {
  let done = false;
  try {
    if (!navigator.clipboard) throw new Error("not here");
    await navigator.clipboard.writeText(text);
    done = true;
  } catch {
    const box = make("textarea", { value: text, className: "who" });
    document.body.append(box);
    box.select();
    done = document.execCommand("copy");
    box.remove();
    button.focus();
  }
  const told = done ? spoken().dataset.copied : spoken().dataset.notCopied;
  aloud(told);
  button.dataset.was ??= button.textContent;
  button.textContent = told;
  setTimeout(() => { button.textContent = button.dataset.was; }, 2500);
}
const whole = (link) => new URL(link, spoken().dataset.public ? `${spoken().dataset.public.replace(/\/$/, "")}/` : document.baseURI).href;
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button.copy, button.copy-link");
  if (!button) return;
  if (button.matches(".copy-link")) return copy(whole(button.dataset.link), button);
  const links = button.dataset.links.split(" ");
  copy(button.dataset.copy.replace(/\ufffc/g, () => whole(links.shift())), button);
}, true);

// Whether an answer fits what was asked.
const rated = new Map();
const place = (group) => `${group.dataset.talk} ${group.dataset.n}`;
function judged() {
  for (const group of document.querySelectorAll("#chat .rating")) {
    if (!rated.has(place(group))) continue;
    const { right, told } = rated.get(place(group));
    for (const button of group.querySelectorAll(".rate")) {
      const pressed = String((button.dataset.right === "true") === right);
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    }
    const thanks = group.querySelector(".thanks");
    if (thanks.textContent !== told) thanks.textContent = told;
  }
}
async function rate(group, right, reason = "") {
  const sent = { conversation_id: group.dataset.talk, n: Number(group.dataset.n), right, reason };
  const headers = { "content-type": "application/json" };
  let done = false;
  try { done = (await fetch("v1/feedback", { method: "POST", headers, body: JSON.stringify(sent) })).ok; } catch { done = false; }
  const told = done ? spoken().dataset.thanks : spoken().dataset.notRated;
  if (done) rated.set(place(group), { right, told });
  judged();
  if (!done) group.querySelector(".thanks").textContent = told;
  aloud(told);
  return done;
}
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button.rate");
  if (!button) return;
  const group = button.closest(".rating");
  const right = button.dataset.right === "true";
  const tools = group.closest(".tools");
  if (right) tools.parentElement.querySelector(".why")?.remove();
  if (!(await rate(group, right)) || right || tools.parentElement.querySelector(".why")) return;
  tools.after(document.getElementById("why").content.cloneNode(true));
  tools.nextElementSibling.querySelector("input").focus();
}, true);
document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("form.why");
  if (!form) return;
  event.preventDefault();
  const group = form.parentElement.querySelector(".rating");
  const said = [form.elements.reason.value, form.elements.more.value.trim()].filter(Boolean).join(": ");
  if (!(await rate(group, false, said))) return;
  form.remove();
  group.querySelector('[aria-pressed="true"]')?.focus();
}, true);

// The kept conversations.
const shown = () => document.body.classList.contains("talks");
function toggle(open) {
  document.body.classList.toggle("talks", open);
  document.getElementById("talks-open")?.setAttribute("aria-expanded", String(open));
  if (open) go("list", JSON.parse(listing()));
  document.getElementById(open ? "talks-words" : "talks-open")?.focus();
}
let typing = 0;
document.addEventListener("input", (event) => {
  if (event.target.id !== "talks-words") return;
  clearTimeout(typing);
  typing = setTimeout(() => go("list", JSON.parse(listing())), 250);
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown() && event.target.closest?.("#talks")) toggle(false);
}, true);
function sure(done) {
  const dialog = document.getElementById("sure");
  dialog.returnValue = "";
  dialog.addEventListener("close", () => { if (dialog.returnValue === "yes") done(); }, { once: true });
  dialog.showModal();
}
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#talks-open, #talks-close, button.talk, button.drop, button.erase");
  if (!button) return;
  if (button.id) return toggle(button.id === "talks-open" && !shown());
  if (!button.matches(".talk")) return sure(() => go("erase", { talk: button.dataset.talk ?? "" }));
  go("open", { talk: button.dataset.talk });
  for (const one of document.querySelectorAll("button.talk[aria-current]")) one.removeAttribute("aria-current");
  button.setAttribute("aria-current", "true");
  if (matchMedia("(max-width: 59.99rem)").matches) toggle(false);
}, true);

// What may be asked next belongs to the last answer: what comes late for another is not shown.
function belonging() {
  const groups = document.querySelectorAll("#said .rating");
  const last = groups.length ? place(groups[groups.length - 1]) : "";
  for (const next of document.querySelectorAll("#following [data-after]")) next.hidden = next.dataset.after !== last;
}

// What Gradio puts on the page anew gets back what was done to it.
let answers = 0;
new MutationObserver((changes) => {
  const within = (name) => changes.some((change) => change.target.nodeType === 1 && change.target.closest(name));
  if (within("#limits")) { paint(); window.dispatchEvent(new Event("thamkhlang-limits")); }
  if (within("#following") || within("#chat")) belonging();
  if (!within("#chat")) return;
  judged();
  const now = document.querySelectorAll("#said .answered").length;
  if (now !== answers && shown()) go("list", JSON.parse(listing()));
  answers = now;
}).observe(document, { childList: true, subtree: true });

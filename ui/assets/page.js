// Runs before Gradio: makes it speak Thai whatever the browser's language, and says in Thai when the program is gone.
"use strict";
for (const [name, value] of [["language", "th"], ["languages", ["th"]]])
  Object.defineProperty(navigator, name, { get: () => value });

const words = (name) => document.querySelector(`meta[name="thamkhlang-${name}"]`)?.content ?? "";

// A marker in an answer leads to its card, which may be folded away.
document.addEventListener("click", (event) => {
  const marker = event.target.closest?.("a.ref");
  if (!marker) return;
  event.preventDefault();
  const card = document.getElementById(marker.getAttribute("href").slice(1));
  if (!card) return;
  card.closest("details")?.setAttribute("open", "");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  card.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "nearest" });
  card.focus({ preventScroll: true });
}, true);

// A question as it was understood goes into the question box, to be changed and asked again.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button.reask");
  const box = document.querySelector("#question textarea");
  if (!button || !box) return;
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, button.dataset.question);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}, true);

// When an answer is complete: the question comes into view with it, and a screen reader hears the answer once.
let heard = "";
function listen() {
  const answers = document.querySelectorAll("#chat .answered");
  const last = answers[answers.length - 1];
  if (!last) return;
  last.previousElementSibling?.scrollIntoView({ block: "start" });
  const now = `${answers.length} ${last.innerText}`;
  if (now === heard || last.querySelector(".coming")) return;
  heard = now;
  document.getElementById("beside").scrollTop = 0;
  let said = document.getElementById("said-aloud");
  if (!said) {
    said = Object.assign(document.createElement("div"), { id: "said-aloud", className: "who" });
    said.setAttribute("role", "status");
    document.body.append(said);
  }
  said.textContent = last.innerText;
}

// Gradio tells trouble in English, in a corner; ours is a line in Thai, and only where the program does not answer.
async function reachable() {
  try { return (await fetch("healthz", { cache: "no-store" })).ok; } catch { return false; }
}
// A session that has ended is not trouble: the page leads to the form where one logs in.
async function ended() {
  try { return (await fetch("config", { cache: "no-store" })).status === 401; } catch { return false; }
}
async function tell() {
  const told = document.getElementById("unreachable");
  if (await reachable()) {
    told?.remove();
    if (await ended()) location.reload();
    return;
  }
  if (told) return;
  const line = document.createElement("p");
  line.id = "unreachable";
  line.setAttribute("role", "alert");
  line.textContent = words("unreachable");
  document.body.append(line);
}
new MutationObserver((changes) => {
  // Gradio changes texts in place where it can.
  const toast = (node) => node.nodeType === 1 && (node.matches?.("[class*=toast]") || node.querySelector?.("[class*=toast-body]"));
  if (changes.some((change) => [...change.addedNodes].some(toast))) tell();
  if (changes.some((change) => change.target.parentElement?.closest("#chat"))) listen();
}).observe(document, { childList: true, characterData: true, subtree: true });
window.addEventListener("online", tell);
window.addEventListener("offline", tell);

// What became of each file in a ZIP or a mail.
function listed(members, words) {
  const list = document.createElement("ul");
  for (const member of members) {
    const row = document.createElement("li");
    const told = Object.assign(document.createElement("span"), { className: member.problem ? "failed" : "done" });
    told.textContent = member.problem ? member.problem.detail : words[member.status];
    row.append(Object.assign(document.createElement("b"), { textContent: member.source }), " ", told);
    list.append(row);
  }
  return list;
}

// Files that are chosen go to the archive one after the other; beside each stands what became of it.
async function send(file, told, words) {
  const form = new FormData();
  form.append("file", file);
  told.textContent = words.reading;
  try {
    const answer = await fetch("v1/documents", { method: "POST", body: form });
    const said = await answer.json();
    told.className = answer.ok ? "done" : "failed";
    told.textContent = said.members ? "" : answer.ok ? words[said.status] : said.detail;
    if (said.members) told.append(listed(said.members, words));
  } catch {
    told.className = "failed";
    told.textContent = words.failed;
  }
}
document.addEventListener("change", async (event) => {
  if (event.target.id !== "adding-files") return;
  const panel = event.target.closest("details");
  const rows = [...event.target.files].map((file) => {
    const row = document.createElement("li");
    const told = Object.assign(document.createElement("span"), { textContent: panel.dataset.waiting });
    row.append(Object.assign(document.createElement("b"), { textContent: file.name }), " ", told);
    panel.querySelector("ul").append(row);
    return [file, told];
  });
  event.target.value = "";
  for (const [file, told] of rows) await send(file, told, panel.dataset);
}, true);

// Runs before Gradio: makes it speak Thai whatever the browser's language, and says in Thai when the program is gone.
"use strict";
for (const [name, value] of [["language", "th"], ["languages", ["th"]]])
  Object.defineProperty(navigator, name, { get: () => value });

const words = (name) => document.querySelector(`meta[name="thamkhlang-${name}"]`)?.content ?? "";

const still = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");

// A marker in an answer leads to its card, which may be folded away, and the card back to it.
let marker = null;
function show(element, focused, block) {
  element.scrollIntoView({ behavior: still(), block });
  focused.focus({ preventScroll: true });
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.ref, a.back");
  if (!link) return;
  event.preventDefault();
  const target = document.getElementById(link.getAttribute("href").slice(1));
  if (!target) return;
  if (link.matches(".back")) {
    const from = marker && target.contains(marker) ? marker : target;
    return show(from, from, from === marker ? "center" : "start");
  }
  marker = link;
  target.closest("details")?.setAttribute("open", "");
  show(target.querySelector("mark") ?? target, target, "center");
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

function aloud(words) {
  let said = document.getElementById("said-aloud");
  if (!said) {
    said = Object.assign(document.createElement("div"), { id: "said-aloud", className: "who" });
    said.setAttribute("role", "status");
    document.body.append(said);
  }
  said.textContent = words;
}

// When an answer is complete: the question comes into view with it, and a screen reader hears the answer once.
let heard = "";
function listen() {
  const answers = document.querySelectorAll("#chat .answered");
  const last = answers[answers.length - 1];
  if (!last) return;
  const said = [...last.querySelectorAll(".said")].map((one) => one.innerText).join(" ");
  const now = `${answers.length} ${said}`;
  if (now === heard) return;
  last.previousElementSibling?.scrollIntoView({ block: "start" });
  if (last.querySelector(".coming")) return;
  heard = now;
  document.getElementById("beside").scrollTop = 0;
  aloud(said);
}

// Gradio tells trouble in English, in a corner; ours is a line in Thai, and only where the program does not answer.
async function reachable() {
  try { return (await fetch("healthz", { cache: "no-store" })).ok; } catch { return false; }
}
// A session that has ended is not trouble: the page leads to the form where one logs in.
async function ended() {
  try {
    const answer = await fetch("config", { cache: "no-store" });
    answer.body?.cancel();  // only whether it comes is asked
    return answer.status === 401;
  } catch { return false; }
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

// Files that are chosen or dropped go to the archive one after the other; beside each stands how far it is, and what became of it.
// Without this script the same form sends them all, and another page tells the same.
"use strict";

const form = document.getElementById("upload");
const words = form.dataset;
const list = form.querySelector(".sent");
const summary = form.querySelector(".summary");
const chosen = form.querySelector("input[type=file]");
const waiting = [];
let count = 0;
let done = 0;
let busy = false;

function made(name, fields = {}, ...children) {
  const element = Object.assign(document.createElement(name), fields);
  element.append(...children);
  return element;
}

// What became of one document: its state or the reason, and a link to it.
function outcome(said) {
  const failed = Boolean(said.problem);
  const told = made("span", { className: failed ? "failed" : "done", textContent: failed ? said.problem.detail : words[said.status] });
  if (!said.document) return [told];
  return [told, " ", made("a", { href: `documents/${encodeURIComponent(said.document.document_id)}`, textContent: words.open })];
}

// A row of the list; `say` changes its state, and `bar` shows how much of the file is sent.
function row(name) {
  const state = made("span", { className: "state-words", textContent: words.waiting });
  const bar = made("progress", { max: 1, value: 0, hidden: true });
  bar.setAttribute("aria-label", name);
  const line = made("li", {}, made("b", { textContent: name }), " ", state, bar);
  list.append(line);
  return {
    say(text, share) {
      state.textContent = text;
      bar.hidden = false;
      if (share === undefined) bar.removeAttribute("value");
      else bar.value = share;
    },
    end(said) {
      state.replaceWith(...outcome(said));
      bar.remove();
      if (!said.members) return;
      const inner = said.members.map((member) => made("li", {}, made("b", { textContent: member.source }), " ", ...outcome(member)));
      line.append(made("ul", {}, ...inner));
    },
  };
}

const failure = (detail) => ({ problem: { detail } });

function answered(request) {
  let said;
  try { said = JSON.parse(request.responseText); } catch { return failure(words.failed); }
  if (request.status >= 200 && request.status < 300) return said;
  return said.members ? said : failure(typeof said.detail === "string" ? said.detail : words.failed);
}

function send(file, told) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const sent = new FormData();
    sent.append("file", file);
    request.upload.onprogress = (event) => {
      const share = event.lengthComputable && event.total ? event.loaded / event.total : undefined;
      told.say(words.sending.replace("{percent}", String(Math.floor(100 * (share ?? 0)))), share);
    };
    request.upload.onload = () => told.say(words.reading);
    request.onload = () => resolve(answered(request));
    request.onerror = request.onabort = () => resolve(failure(words.failed));
    request.open("POST", words.to);
    request.setRequestHeader("Accept", "application/json");
    told.say(words.sending.replace("{percent}", "0"), 0);
    request.send(sent);
  });
}

function counted() {
  summary.textContent = words.finished.replace("{done}", String(done)).replace("{count}", String(count));
  if (done === count) summary.append(" ", made("a", { href: "?sort=-added", textContent: words.anew }));
}

async function work() {
  if (busy) return;
  busy = true;
  while (waiting.length) {
    const { file, folder, told } = waiting.shift();
    const large = file.size > Number(words.most) * 1e6;
    if (folder) told.end(failure(words.folder));
    else if (large) told.end(failure(words.large.replace("{most}", words.most)));
    else told.end(await send(file, told));
    done += 1;
    counted();
  }
  busy = false;
}

function take(files, folders = []) {
  for (const [at, file] of [...files].entries()) {
    waiting.push({ file, folder: folders[at], told: row(file.name) });
    count += 1;
  }
  if (count) counted();
  work();
}

// Anywhere on the page a file may be dropped: beside the place for it a browser would open it instead of the page.
const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
for (const kind of ["dragenter", "dragover", "dragleave", "drop"])
  addEventListener(kind, (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    const leaves = kind === "drop" || (kind === "dragleave" && !event.relatedTarget);
    form.classList.toggle("over-it", !leaves);
    if (kind !== "drop") return;
    const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
    take(event.dataTransfer.files, items.map((item) => Boolean(item.webkitGetAsEntry?.()?.isDirectory)));
  });

chosen.addEventListener("change", () => { take(chosen.files); chosen.value = ""; });
form.addEventListener("submit", (event) => event.preventDefault());
form.classList.add("live");
chosen.required = false;
addEventListener("beforeunload", (event) => { if (busy) event.preventDefault(); });

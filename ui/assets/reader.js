// The words that a link points at stand behind its #, which no server sees: the page is asked for again with them marked.
"use strict";
function follow() {
  const asked = new URLSearchParams(location.hash.slice(1));
  if (asked.has("s")) location.replace(`?${new URLSearchParams({ s: asked.get("s") })}#words`);
  else if (asked.has("p")) location.replace(`#p${asked.get("p")}`);
}
function show() {
  const words = document.getElementById("words");
  if (!words || !["", "#words"].includes(location.hash)) return;
  words.scrollIntoView();
  words.focus({ preventScroll: true });
}
// The contents are folded on a small screen, and open where they stand beside the text.
function unfold() {
  if (matchMedia("(min-width: 84rem)").matches) document.querySelector("details.contents")?.setAttribute("open", "");
}
follow();
addEventListener("DOMContentLoaded", unfold);
addEventListener("hashchange", () => { follow(); show(); });
addEventListener("load", show);

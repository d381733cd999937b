// While indexes are built: looks again every two seconds how far they are
const look = async () => {
  const here = document.getElementById("progress");
  if (!here || !("running" in here.dataset)) return;
  try {
    const reply = await fetch(location.pathname.replace(/[^/]*$/, "system"));
    const found = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("progress");
    if (found) here.replaceWith(document.importNode(found, true));
  } catch { /* the program is closed, or busy: the next look may tell */ }
  setTimeout(look, 2000);
};
setTimeout(look, 2000);

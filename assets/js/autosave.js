// Send what is typed to the server a few seconds after typing stops, and say when it was saved.
// The server answers JSON: {"message": "Draft saved at 16:42."} and, where it counts versions, {"version": 7}.
// What is marked is the form, or a hidden field in it. A slow line has time: the text is on the page until it is saved.
const QUIET = 3000;

export function autosave(marked) {
  const form = marked.form ?? marked;
  const line = form.querySelector("[data-saved]");
  let timer;
  let sent = body(form);

  const say = (text, failed) => {
    if (!line || !text) return;
    line.textContent = text;
    line.classList.toggle("pm-saved--failed", failed);
  };
  const save = async () => {
    clearTimeout(timer);
    const now = body(form);
    if (now === sent || form.dataset.sent) return;
    const before = sent;
    sent = now;
    try {
      const answer = await fetch(marked.dataset.autosaveUrl, {
        method: "POST",
        body: new URLSearchParams(now),
        headers: { Accept: "application/json", "X-Requested-With": "fetch" },
        keepalive: now.length < 60000,
      });
      if (answer.redirected) throw new Error(String(answer.status));
      const data = await answer.json();
      if (!answer.ok) throw new Refused(data.message);
      const typedMeanwhile = body(form) !== now;
      if (data.version !== undefined && form.elements.version) form.elements.version.value = data.version;
      if (typedMeanwhile) schedule();
      else sent = body(form);
      say(data.message, false);
    } catch (error) {
      sent = before;
      say((error instanceof Refused && error.message) || marked.dataset.autosaveFailed, true);
      schedule(QUIET * 4);
    }
  };
  const schedule = (pause = QUIET) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };
  form.addEventListener("input", () => schedule());
  form.addEventListener("change", () => schedule());
  form.addEventListener("submit", () => clearTimeout(timer));
  document.addEventListener("visibilitychange", () => document.hidden && save());
}

// The server's own sentence on why it didn't save.
class Refused extends Error {}

function body(form) {
  const values = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") values.append(name, value);
  values.append("autosave", "1");
  return values.toString();
}

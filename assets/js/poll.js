// Fetch a fragment again until the server says that it is done (header X-Poll: done or reload).
const FIRST = 800;
const LONGEST = 5000;

export function poll(region) {
  let pause = FIRST;
  const ask = async () => {
    try {
      const answer = await fetch(region.dataset.pollUrl, { headers: { "X-Requested-With": "fetch" } });
      const state = answer.headers.get("X-Poll");
      if (state === "reload") return location.reload();
      if (answer.ok && !answer.redirected) {
        const html = await answer.text();
        if (html.trim() !== region.innerHTML.trim()) region.innerHTML = html;
        if (state === "done") return;
      }
    } catch {
      // The line is down: ask again later.
    }
    pause = Math.min(pause * 1.5, LONGEST);
    setTimeout(ask, pause);
  };
  setTimeout(ask, pause);
}

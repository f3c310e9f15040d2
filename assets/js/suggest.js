// Search as you type: an ARIA combobox with a list box over the box and button that work without a script.
// The address answers JSON: {"results": [{"value", "label", "code", "hint", "text"}, …]}.
const PAUSE = 200;
const LEAST = 2;
let number = 0;

export function suggest(root) {
  const input = root.querySelector("input[type=text]");
  const searched = root.querySelector("[data-searched]");
  const button = root.querySelector("button");
  const value = () => root.querySelector("[data-value]") ?? hiddenInstead(root, searched);
  const id = `suggest-${++number}`;
  const list = make("ul", { id, role: "listbox", class: "pm-suggest__list", hidden: "" });
  const status = make("div", { role: "status", class: "govuk-visually-hidden" });
  let results = [];
  let active = -1;
  let timer;
  let request;

  list.setAttribute("aria-label", labelOf(input));
  for (const [name, text] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": id,
  }))
    input.setAttribute(name, text);
  root.querySelector(".pm-suggest__row").after(list, status);
  button.remove();

  const open = (shown) => {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    if (!shown) mark(-1);
  };
  const mark = (index) => {
    active = index;
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    const option = list.children[index];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };
  const choose = (index) => {
    const result = results[index];
    value().value = result.value;
    input.value = searched.value = result.text;
    status.textContent = result.text;
    open(false);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const show = (found) => {
    results = found;
    list.replaceChildren(...found.map((result, place) => optionOf(result, `${id}-${place}`)));
    open(found.length > 0);
    status.textContent = found.length ? `${root.dataset.found} ${found.length}` : root.dataset.none;
  };
  const ask = async () => {
    request?.abort();
    request = new AbortController();
    const address = new URL(root.dataset.suggestUrl, location.href);
    address.searchParams.set("q", input.value.trim());
    try {
      const answer = await fetch(address, { signal: request.signal, headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      show((await answer.json()).results);
    } catch (error) {
      if (error.name === "AbortError") return;
      open(false);
      status.textContent = root.dataset.failed;
      root.querySelector(".pm-suggest__row").append(button);
    }
  };

  input.addEventListener("input", () => {
    value().value = "";
    clearTimeout(timer);
    if (input.value.trim().length < LEAST) {
      request?.abort();
      open(false);
      return;
    }
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    const last = results.length - 1;
    if (event.key === "Escape") {
      if (!list.hidden) event.preventDefault();
      return open(false);
    }
    if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      return choose(active);
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    if (list.hidden) {
      if (results.length && input.value !== searched.value) open(true);
      else return;
    }
    const down = event.key === "ArrowDown";
    mark(down ? (active >= last ? 0 : active + 1) : active <= 0 ? last : active - 1);
  });
  input.addEventListener("blur", () => open(false));
  // A press on an option must not take the focus from the box before the click lands.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose([...list.children].indexOf(option));
  });
}

// Radios from a search without a script give way to a hidden value as soon as somebody types.
function hiddenInstead(root, searched) {
  const radios = root.querySelector("[data-results]");
  const name = searched.name.replace(/_searched$/, "");
  const hidden = make("input", { type: "hidden", name, "data-value": "" });
  radios?.remove();
  root.append(hidden);
  return hidden;
}

function optionOf(result, id) {
  const plain = result.code ? "" : " pm-suggest__option--plain";
  const option = make("li", { id, role: "option", class: `pm-suggest__option${plain}`, "aria-selected": "false" });
  if (result.code) option.append(make("span", { class: "pm-suggest__code" }, result.code));
  option.append(make("span", {}, result.label));
  if (result.hint) option.append(make("span", { class: "pm-suggest__hint" }, result.hint));
  return option;
}

function labelOf(input) {
  return document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.textContent.trim() ?? "";
}

function make(tag, attributes, text) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

// Say how many characters are left, as the server counts them: line breaks as one, composed letters as one.
export function countCharacters(area) {
  const message = document.getElementById(`${area.id}_count`);
  if (!message) return;
  const limit = Number(area.dataset.maxlength);
  const spoken = document.createElement("span");
  spoken.className = "govuk-visually-hidden";
  spoken.setAttribute("role", "status");
  message.after(spoken);
  let timer;
  const update = () => {
    const left = limit - [...area.value.normalize("NFC")].length;
    message.textContent = left < 0 ? `${message.dataset.over} ${-left}` : `${message.dataset.left} ${left}`;
    message.classList.toggle("govuk-error-message", left < 0);
    message.classList.toggle("govuk-hint", left >= 0);
    clearTimeout(timer);
    if (left < limit / 10) timer = setTimeout(() => (spoken.textContent = message.textContent), 1000);
  };
  area.addEventListener("input", update);
  update();
}

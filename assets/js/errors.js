// Take the focus to the error summary, and from a line of it to the field with its label in view.
export function errorSummary(summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const legend = field.closest("fieldset")?.querySelector("legend");
    const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    (legend ?? label ?? field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

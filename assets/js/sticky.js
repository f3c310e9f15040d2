// A column that is taller than the window sticks by its lower end, so that its button stays in reach without a
// second scroll bar. Without this script the column scrolls inside itself.
const EDGE = 16;

export function sticky(column) {
  const place = () => {
    const room = window.innerHeight - column.offsetHeight - EDGE;
    column.style.top = `${Math.min(EDGE, room)}px`;
  };
  new ResizeObserver(place).observe(column);
  window.addEventListener("resize", place);
}

/** Wide tables scroll by themselves; then the keyboard has to reach them, too. */
export function scrollers(): void {
  mark();
  addEventListener("resize", mark);
  document.addEventListener("htmx:afterSettle", mark);
}

function mark(): void {
  for (const region of document.querySelectorAll<HTMLElement>(".table-responsive")) {
    if (region.scrollWidth > region.clientWidth + 1) {
      region.tabIndex = 0;
      region.setAttribute("role", "region");
      region.setAttribute("aria-label", region.closest("section, .card")?.querySelector("h2, h3, caption")?.textContent?.trim() || "Table, scrolls sideways");
    } else {
      region.removeAttribute("tabindex");
      region.removeAttribute("role");
      region.removeAttribute("aria-label");
    }
  }
}

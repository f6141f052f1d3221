const places: Record<string, string> = { h: "/", m: "/models", r: "/repositories", d: "/deliveries", u: "/rules", p: "/dispatches", a: "/activity" };

/** Single keys, off while typing and where a person has turned them off (WCAG 2.1.4). */
export function keys(): void {
  let leader = 0;
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select, [contenteditable], dialog") || localStorage.getItem("keys") === "off") {
      return;
    }

    const place = places[event.key];
    if (event.timeStamp - leader < 1500 && place) {
      leader = 0;
      location.href = place;
    } else if (event.key === "g") {
      leader = event.timeStamp;
    } else if (event.key === "/") {
      const field = document.querySelector<HTMLElement>("main input[type=search]") ?? document.querySelector<HTMLElement>("[data-palette-open]");
      event.preventDefault();
      field?.focus();
      field?.matches("[data-palette-open]") && field.click();
    } else if (event.key === "j" || event.key === "k") {
      move(event.key === "j" ? 1 : -1);
    } else if (event.key === "y") {
      void navigator.clipboard.writeText(location.href);
    } else if (event.key === "?") {
      document.querySelector<HTMLDialogElement>("#keys")?.showModal();
    }
  });
}

/** From row to row: the first link of each. */
function move(step: number): void {
  const links = [...document.querySelectorAll<HTMLElement>("tbody[data-rows] > tr > :first-child a, tbody[data-rows] > tr > td a.row-link")];
  const at = links.indexOf(document.activeElement as HTMLElement);
  links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
}

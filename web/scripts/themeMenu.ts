/** The buttons with `data-theme-choice`: light, dark, or what the system says. */
export function themeMenu(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-theme-choice]");
    if (!button) {
      return;
    }

    const choice = button.dataset.themeChoice ?? "system";
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    if (choice === "system") {
      localStorage.removeItem("theme");
    } else {
      localStorage.setItem("theme", choice);
    }

    document.documentElement.setAttribute("data-bs-theme", choice === "system" ? system : choice);
    mark();
  });
  mark();
}

function mark(): void {
  const chosen = localStorage.getItem("theme") ?? "system";
  for (const button of document.querySelectorAll<HTMLElement>("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
  }
}

/** Buttons with `data-copy`, shown only where scripts run, put their text into the clipboard. */
export function copyButtons(): void {
  document.addEventListener("click", async (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
    if (!button) {
      return;
    }

    event.preventDefault();
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    const said = button.getAttribute("aria-label") ?? "Copy";
    button.classList.add("is-copied");
    button.setAttribute("aria-label", "Copied");
    setTimeout(() => {
      button.classList.remove("is-copied");
      button.setAttribute("aria-label", said);
    }, 1500);
  });
}

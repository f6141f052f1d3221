/** Ctrl+K: searches models, entities, attributes, repositories, rules and pages; the answer is the search page's own list, and Enter opens the first of it. */
export function palette(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#palette");
  const field = dialog?.querySelector<HTMLInputElement>("input[type=search]");
  const results = dialog?.querySelector<HTMLElement>("#palette-results");
  if (!dialog || !field || !results) {
    return;
  }

  let timer: number | undefined;
  let asked = 0;
  const open = () => {
    if (!dialog.open) {
      dialog.showModal();
      field.select();
    }
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-palette-open]")) {
      event.preventDefault();
      open();
    } else if (event.target === dialog) {
      dialog.close();
    }
  });
  field.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void search(), 150);
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") {
      return;
    }

    const stops = [field, ...results.querySelectorAll<HTMLElement>("a")];
    const at = stops.indexOf(document.activeElement as HTMLInputElement);
    stops[(at + (event.key === "ArrowDown" ? 1 : -1) + stops.length) % stops.length]?.focus();
    event.preventDefault();
  });

  dialog.querySelector("form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    window.clearTimeout(timer);
    const all = "/search?q=" + encodeURIComponent(field.value);
    search().then(
      () => location.assign(results.querySelector("a")?.href ?? all),
      () => location.assign(all),
    );
  });

  async function search(): Promise<void> {
    const number = ++asked;
    const answer = await fetch("/search?q=" + encodeURIComponent(field!.value), { headers: { "X-Live": "1" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (number === asked) {
      results!.replaceChildren(...(page.getElementById("results")?.childNodes ?? []));
    }
  }
}

// Runs before the page is painted, so that a dark page does not flash white.
const wanted = localStorage.getItem("theme");
const dark = matchMedia("(prefers-color-scheme: dark)");

function apply(): void {
  const theme = wanted ?? (dark.matches ? "dark" : "light");
  document.documentElement.setAttribute("data-bs-theme", theme);
}

apply();
dark.addEventListener("change", apply);

/**
 * A filter takes its list out of the page that answers. What is no such page, a problem or the sign-in, has no list: the browser goes
 * there, so that a person reads why.
 */
export function filters(): void {
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, pathInfo } = (event as CustomEvent<{ xhr: XMLHttpRequest; pathInfo: { finalRequestPath: string } }>).detail;
    const asked = new URL(pathInfo.finalRequestPath, location.href);
    if (xhr.status >= 400 || new URL(xhr.responseURL).pathname !== asked.pathname) {
      event.preventDefault();
      location.assign(asked);
    }
  });

  // Leaving a field asks again for what typing in it has asked for: the way back has one step for both.
  document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
    const { history } = (event as CustomEvent<{ history: { type: string; path: string } }>).detail;
    if (new URL(history.path, location.href).href === location.href) {
      history.type = "replace";
    }
  });
}

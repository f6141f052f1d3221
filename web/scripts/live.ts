import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";

const pollEvery = 15_000;
const atMostEvery = 1_000;

/**
 * Keeps the parts marked `data-live` true. The server tells over one stream which topics have changed; the page then asks for itself
 * again and takes those parts over, row by row. Rows that are new do not push away what is being read: a button brings them in.
 */
export function live(): void {
  const state = document.getElementById("live-state");
  let source: EventSource | undefined;
  let timer: number | undefined;
  let lastRefresh = 0;
  let refreshing = false;

  const topics = () => [...new Set([...document.querySelectorAll<HTMLElement>("[data-live]")].flatMap((part) => (part.dataset.live ?? "").split(" ")))].filter(Boolean);

  function connect(): void {
    disconnect();
    const wanted = topics();
    if (wanted.length === 0 || document.hidden) {
      say("");
      return;
    }

    source = new EventSource("/events?topics=" + encodeURIComponent(wanted.join(",")));
    source.addEventListener("open", () => say("live"));
    source.addEventListener("changed", () => schedule());
    source.addEventListener("error", () => {
      say("reconnecting");
      if (source?.readyState === EventSource.CLOSED) {
        // Streams are blocked on the way, or the session has ended: ask now and then.
        timer ??= window.setTimeout(() => void refresh().then(connect), pollEvery);
      }
    });
  }

  function disconnect(): void {
    source?.close();
    source = undefined;
    window.clearTimeout(timer);
    timer = undefined;
  }

  function schedule(): void {
    timer ??= window.setTimeout(() => {
      timer = undefined;
      void refresh();
    }, Math.max(0, lastRefresh + atMostEvery - performance.now()));
  }

  async function refresh(): Promise<void> {
    if (refreshing) {
      schedule();
      return;
    }

    refreshing = true;
    lastRefresh = performance.now();
    try {
      const answer = await fetch(location.href, { headers: { "X-Live": "1" }, redirect: "manual" });
      if (!answer.ok) {
        say("reconnecting");
        return;
      }

      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) {
        const fresh = part.id ? page.getElementById(part.id) : null;
        if (fresh) {
          holdBackNewRows(part, fresh);
          Idiomorph.morph(part, fresh, { morphStyle: "outerHTML", ignoreActiveValue: true, callbacks: { beforeAttributeUpdated: keepOpen } });
        }
      }
    } catch {
      say("reconnecting");
    } finally {
      refreshing = false;
    }
  }

  function say(word: string): void {
    if (state) {
      state.dataset.state = word;
      state.textContent = word === "live" ? "Live" : word === "reconnecting" ? "Reconnecting" : "";
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      disconnect();
    } else {
      void refresh();
      connect();
    }
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!source && topics().length > 0) {
      connect();
    }
  });
  document.addEventListener("click", (event) => {
    const pill = (event.target as Element).closest(".new-rows");
    if (pill) {
      pill.remove();
      document.querySelectorAll("[data-hold]").forEach((table) => table.removeAttribute("data-hold"));
      void refresh();
    }
  });
  addEventListener("pagehide", disconnect);
  connect();
}

/** Menus that a person has opened stay open. */
function keepOpen(attribute: string, node: Element): boolean {
  return !(attribute === "open" && node.tagName === "DETAILS");
}

function holdBackNewRows(part: HTMLElement, fresh: HTMLElement): void {
  const table = part.querySelector<HTMLElement>("tbody[data-rows]");
  const freshTable = fresh.querySelector<HTMLElement>("tbody[data-rows]");
  if (!table || !freshTable || scrollY < 80) {
    return;
  }

  const known = new Set([...table.children].map((row) => row.id));
  const news = [...freshTable.children].filter((row) => row.id && !known.has(row.id));
  news.forEach((row) => row.remove());
  let pill = document.querySelector<HTMLButtonElement>(".new-rows");
  if (news.length > 0) {
    pill ??= document.body.appendChild(Object.assign(document.createElement("button"), { type: "button", className: "new-rows btn btn-primary btn-pill" }));
    pill.textContent = `${news.length} new`;
    pill.onclick = () => scrollTo({ top: 0 });
  }
}

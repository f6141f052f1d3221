const steps: [number, string][] = [[86_400, "d"], [3_600, "h"], [60, "min"]];

/** Keeps what `time[data-relative]` says true while the page stays open; the server writes the same words. */
export function times(): void {
  setInterval(() => {
    for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-relative]")) {
      time.textContent = relative((Date.now() - Date.parse(time.dateTime)) / 1000);
    }

    for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-countdown]")) {
      const left = (Date.parse(time.dateTime) - Date.now()) / 1000;
      time.textContent = left <= 0 ? "now" : `in ${amount(left)}`;
    }
  }, 1000);
}

function relative(seconds: number): string {
  return seconds < 0 ? `in ${amount(-seconds)}` : seconds < 5 ? "now" : `${amount(seconds)} ago`;
}

function amount(seconds: number): string {
  const step = steps.find(([size]) => seconds >= size);
  return step ? `${Math.floor(seconds / step[0])} ${step[1]}` : `${Math.floor(seconds)} s`;
}

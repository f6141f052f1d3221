// How long frames take while the diagram of a model is moved and zoomed:
//   node diagram-frames.mjs SIGN-IN-LINK PATH-OF-THE-MODEL [CHROMIUM]
// The link is what `switchyard admin sign-in` prints. Run it in a folder whose node_modules has playwright-core. Exit code 3: p95 is
// over 33 ms. What is measured is the time between two frames that the browser shows, while a mouse drags and turns its wheel.
import { createRequire } from "node:module";

const limit = 33;
const [link, path, executablePath = "/usr/bin/chromium"] = process.argv.slice(2);
const { chromium } = createRequire(process.cwd() + "/")("playwright-core");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1360, height: 850 } });
await page.goto(link);
await page.click("button[type=submit]");
await page.goto(new URL(path + "?tab=diagram", link).href);
await page.waitForSelector("#diagram[data-state=ready]", { timeout: 120_000 });
const all = page.locator("[data-act=all]");
const begin = Date.now();
if (await all.isVisible()) {
  await all.click();
  await page.waitForSelector("#diagram[data-state=ready]", { timeout: 120_000 });
}

const laidOut = Date.now() - begin;
await page.waitForTimeout(1000);
await page.evaluate(() => {
  window.frames_ = [];
  let last = performance.now();
  const tick = (now) => {
    window.frames_.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
});
const box = await page.locator("#diagram canvas").boundingBox();
const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
await page.mouse.move(x, y);
for (let round = 0; round < 3; round++) {
  await drag(200, 120);
  await wheel(-120, 14);
  await drag(-300, -160);
  await drag(280, 200);
  await wheel(120, 14);
}

const frames = (await page.evaluate(() => window.frames_.slice(2))).sort((a, b) => a - b);
const at = (part) => frames[Math.min(frames.length - 1, Math.floor(frames.length * part))].toFixed(1);
console.log(`laid out in ${laidOut} ms; ${frames.length} frames: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, longest ${frames.at(-1).toFixed(1)} ms`);
await browser.close();
process.exitCode = Number(at(0.95)) > limit ? 3 : 0;

async function drag(dx, dy) {
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + dx, y + dy, { steps: 40 });
  await page.mouse.up();
}

async function wheel(delta, times) {
  await page.mouse.move(x, y);
  for (let i = 0; i < times; i++) {
    await page.mouse.wheel(0, delta);
    await page.waitForTimeout(16);
  }
}

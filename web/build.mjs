// Bundles the panel's scripts and styles into the folder named on the command line, each under a name that holds a hash of what
// is in it, so that browsers may keep it for ever; manifest.json leads from the plain name to that one.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "dist");
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

const bundled = await build({
  absWorkingDir: here,
  entryPoints: ["scripts/panel.ts", "scripts/theme.ts", "scripts/diagram/diagram.ts", "styles/panel.css"],
  bundle: true,
  minify: true,
  write: false,
  outdir: out,
  target: ["es2022", "chrome115", "firefox120", "safari17"],
  legalComments: "none",
  loader: { ".svg": "dataurl" },
  logLevel: "warning",
});
const files = new Map(bundled.outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents)]));
files.set("icons.svg", Buffer.from(await icons()));
files.set("favicon.svg", await readFile(join(here, "favicon.svg")));
// Under a licence of its own: as it came, in a file of its own, and loaded by nothing but the diagram's worker.
files.set("elk-worker.min.js", await readFile(join(here, "node_modules/elkjs/lib/elk-worker.min.js")));
files.set("LICENSES.txt", Buffer.from(await licences()));

const manifest = {};
for (const [name, content] of files) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const hashed = `${basename(name, extname(name))}.${hash}${extname(name)}`;
  manifest[name] = hashed;
  await writeFile(join(out, hashed + ".br"), brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

await writeFile(join(out, "manifest.json"), JSON.stringify(manifest, null, 1));

/** One sheet of the symbols that the panel uses. */
async function icons() {
  const symbols = [];
  for (const name of JSON.parse(await readFile(join(here, "icons.json"), "utf8"))) {
    const svg = await readFile(join(here, "node_modules/@tabler/icons/icons/outline", name + ".svg"), "utf8");
    const paths = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>")).replace(/<path stroke="none"[^>]*>/, "").replace(/\s*\n\s*/g, "");
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${paths}</symbol>`);
  }

  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

/** The texts that the licences of what is bundled ask to be handed on. */
async function licences() {
  const { dependencies } = JSON.parse(await readFile(join(here, "package.json"), "utf8"));
  const texts = [];
  for (const name of Object.keys(dependencies).filter((name) => name !== "esbuild")) {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
    texts.push(`${name} ${version} (${license})\n\n${file ? await readFile(join(folder, file), "utf8") : ""}`);
  }

  return texts.join("\n" + "-".repeat(80) + "\n\n");
}

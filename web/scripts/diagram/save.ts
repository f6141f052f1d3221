import { marksOf } from "./marks";
import { paint, type Colors } from "./paint";
import { fontSize, head, pad, rowHeight, type Scene } from "./types";

const largest = 8192;

/** The drawing as vectors: what is on the canvas, all of it, in all detail. */
export function toSvg(scene: Scene, colors: Colors): Blob {
  const { x, y, w, h } = scene.bounds;
  const out: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x} ${y} ${w} ${h}" width="${Math.round(w)}" height="${Math.round(h)}" font-family="${escape(colors.font)}" font-size="${fontSize}">`,
    `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${colors.background}"/>`,
    `<g fill="none" stroke="${colors.line}" stroke-width="1.25" stroke-linejoin="round">`,
  ];
  for (const line of scene.lines) {
    const parts = [path(line.points)];
    for (const { strokes, circle } of marksOf(line)) {
      parts.push(...strokes.map((stroke) => path(stroke)));
      if (circle) {
        const [cx, cy, r] = circle;
        parts.push(`M${n(cx + r)} ${n(cy)}A${r} ${r} 0 1 1 ${n(cx - r)} ${n(cy)}A${r} ${r} 0 1 1 ${n(cx + r)} ${n(cy)}`);
      }
    }

    const name = line.relationship.name ?? `${line.from.entity.name} to ${line.to.entity.name}`;
    out.push(`<path d="${parts.join("")}"${line.relationship.active ? "" : ' opacity="0.4"'}><title>${escape(name)}</title></path>`);
  }

  out.push("</g>");
  for (const box of scene.boxes) {
    out.push(
      `<g transform="translate(${n(box.x)} ${n(box.y)})"${box.entity.active ? "" : ' opacity="0.5"'}><title>${escape(box.entity.name)}</title>`,
      `<rect width="${box.w}" height="${box.h}" fill="${colors.surface}" stroke="${colors.border}"/><rect width="${box.w}" height="${head}" fill="${colors.head}"/>`);
    if (box.entity.color) {
      out.push(`<rect width="${box.w}" height="3" fill="${escape(box.entity.color)}"/>`);
    }

    out.push(`<text x="${pad}" y="${head / 2 + 4}" font-weight="600" fill="${colors.text}">${escape(box.title)}</text>`);
    box.rows.forEach((row, i) => {
      const base = head + pad / 2 + (i + 0.5) * rowHeight + 4;
      out.push(`<text x="${row.indent}" y="${base}" fill="${row.dim ? colors.dim : colors.text}">${escape(row.name)}</text>`);
      if (row.type) {
        out.push(`<text x="${box.w - pad}" y="${base}" text-anchor="end" fill="${colors.dim}">${escape(row.type)}</text>`);
      }

      if (row.keys) {
        out.push(`<text x="4" y="${base - 1}" font-size="9" font-weight="600" fill="${colors.accent}">${escape(row.keys)}</text>`);
      }
    });
    out.push("</g>");
  }

  out.push("</svg>");
  return new Blob([out.join("\n")], { type: "image/svg+xml" });
}

/** The drawing as pixels: twice its size, as far as a picture may be large. */
export async function toPng(scene: Scene, colors: Colors): Promise<Blob> {
  const { x, y, w, h } = scene.bounds;
  const zoom = Math.min(2, largest / w, largest / h);
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.ceil(w * zoom), height: Math.ceil(h * zoom) });
  paint(canvas.getContext("2d")!, scene, { x, y, zoom, width: canvas.width, height: canvas.height }, { chosen: null, found: new Set() }, colors);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large for this browser."))), "image/png"));
}

export function download(blob: Blob, name: string): void {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function path(points: readonly number[]): string {
  let text = "";
  for (let i = 0; i < points.length; i += 2) {
    text += `${i === 0 ? "M" : "L"}${n(points[i]!)} ${n(points[i + 1]!)}`;
  }

  return text;
}

function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Names are anything; characters that XML has no place for are left out. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

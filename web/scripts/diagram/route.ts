import { head, pad, rowHeight, type Box, type Relationship } from "./types";

const out = 24;

/** The way between two boxes at given places: out of a side, once up or down, into a side. */
export function route(relationship: Relationship, from: Box, to: Box): number[] {
  const y1 = heightOf(from, relationship.fromFields);
  const y2 = heightOf(to, relationship.toFields);
  if (from === to) {
    const x = from.x + from.w;
    const low = y2 === y1 ? y1 + rowHeight : y2;
    return [x, y1, x + out, y1, x + out, low, x, low];
  }

  if (from.x + from.w + 2 * out <= to.x) {
    return joined(from.x + from.w, y1, to.x, y2);
  }

  if (to.x + to.w + 2 * out <= from.x) {
    return joined(from.x, y1, to.x + to.w, y2);
  }

  // One stands above the other: around on the side where the way is shorter.
  const right = Math.max(from.x + from.w, to.x + to.w) + out;
  const left = Math.min(from.x, to.x) - out;
  const byRight = right - from.x - from.w + (right - to.x - to.w);
  const byLeft = from.x - left + (to.x - left);
  return byRight <= byLeft ? [from.x + from.w, y1, right, y1, right, y2, to.x + to.w, y2] : [from.x, y1, left, y1, left, y2, to.x, y2];
}

function joined(x1: number, y1: number, x2: number, y2: number): number[] {
  const middle = (x1 + x2) / 2;
  return Math.abs(y1 - y2) < 1 ? [x1, y1, x2, y2] : [x1, y1, middle, y1, middle, y2, x2, y2];
}

/** At the field where it is drawn, else at the head. */
function heightOf(box: Box, fields: string[]): number {
  const wanted = fields[0]?.split(".").at(-1);
  const at = wanted === undefined ? -1 : box.entity.fields.findIndex((field) => field.name === wanted);
  return at >= 0 && at < box.rows.length ? box.y + head + pad / 2 + (at + 0.5) * rowHeight : box.y + head / 2;
}

import type { Line } from "./types";

/** What stands at the end of a line: strokes, x and y of both ends, and a circle. */
export interface Mark {
  strokes: [number, number, number, number][];
  circle: [number, number, number] | null;
}

const many = 11;
const spread = 6;

/** Crow's feet at both ends; an arrow at what is referred to where nobody says how many. */
export function marksOf(line: Line): Mark[] {
  const { relationship: one, points } = line;
  const isKey = one.kind === "ForeignKey";
  const last = points.length - 2;
  return [
    end(one.fromCardinality ?? (isKey ? "1" : "arrow"), points[0]!, points[1]!, points[2]!, points[3]!),
    end(one.toCardinality ?? (isKey ? "0..n" : ""), points[last]!, points[last + 1]!, points[last - 2]!, points[last - 1]!),
  ];
}

/** At (x, y) of the box; (tx, ty) is where the line goes on to. */
function end(cardinality: string, x: number, y: number, tx: number, ty: number): Mark {
  const length = Math.hypot(tx - x, ty - y) || 1;
  const [dx, dy] = [(tx - x) / length, (ty - y) / length];
  const at = (along: number, aside: number): [number, number] => [x + dx * along - dy * aside, y + dy * along + dx * aside];
  const bar = (along: number): [number, number, number, number] => [...at(along, -spread), ...at(along, spread)];
  const text = cardinality.toLowerCase().replace(/\s/g, "");
  const isMany = /(^|\.\.|:)(n|m|\*|\d{2,}|[2-9])$/.test(text);
  const isOptional = text.startsWith("0");
  if (text === "arrow") {
    return { strokes: [[...at(0, 0), ...at(8, -4)], [...at(0, 0), ...at(8, 4)]], circle: null };
  }

  if (text === "") {
    return { strokes: [], circle: null };
  }

  const foot: Mark["strokes"] = isMany ? [[...at(0, -spread), ...at(many, 0)], [...at(0, spread), ...at(many, 0)]] : [bar(6)];
  return isOptional
    ? { strokes: foot, circle: [...at(many + 4.5, 0), 4] }
    : { strokes: [...foot, bar(isMany ? many + 4 : 10)], circle: null };
}

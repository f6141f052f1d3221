import { fontSize, head, pad, rowHeight, type Box, type Diagram, type Entity, type Line, type Relationship, type Row, type Scene } from "./types";
import { route } from "./route";

const widest = 320;
const keyWidth = 26;
const triedTwice = 300;
const measure = document.createElement("canvas").getContext("2d")!;

/** Where everything goes: at the author's own places, or where elkjs puts it. */
export async function layOut(diagram: Diagram, workerUrl: string, font: string): Promise<Scene> {
  measure.font = `${fontSize}px ${font}`;
  const boxes = diagram.entities.map((entity) => makeBox(entity, diagram.placed));
  const known = new Map(boxes.map((box) => [box.entity.id, box]));
  const pairs = diagram.relationships.flatMap((relationship) => {
    const from = known.get(relationship.from);
    const to = known.get(relationship.to);
    return from && to ? [{ relationship, from, to }] : [];
  });
  const lines = diagram.placed || boxes.length < 2 ? pairs.map((pair) => ({ ...pair, points: route(pair.relationship, pair.from, pair.to) })) : await elk(boxes, pairs, workerUrl);
  return { boxes, lines, bounds: boundsOf(boxes, lines) };
}

function makeBox(entity: Entity, placed: boolean): Box {
  const place = placed ? entity.place : null;
  const hasKeys = entity.fields.some((field) => field.keys);
  const left = hasKeys ? (entity.fields.some((field) => (field.keys?.length ?? 0) > 2) ? keyWidth + 16 : keyWidth) : pad;
  const wanted = Math.max(
    120,
    width(entity.name) + 2 * pad + 8,
    ...entity.fields.map((field) => left + field.depth * 10 + width(field.name) + 16 + Math.min(width(field.type), 110) + pad));
  const w = Math.round(place ? Math.max(80, place.width) : Math.min(widest, wanted));
  // The author's box is a little smaller where parts of it are folded; it stays as large as it was drawn.
  const room = place ? Math.max(1, Math.floor((place.height - head - pad) / rowHeight)) : Infinity;
  const shown = entity.fields.length + (entity.more > 0 ? 1 : 0) <= room ? entity.fields : entity.fields.slice(0, Math.max(0, room - 1));
  const more = entity.more + entity.fields.length - shown.length;
  const rows: Row[] = shown.map((field) => {
    const indent = left + field.depth * 10;
    const type = cut(field.type, Math.min(110, w * 0.4));
    return { keys: field.keys ?? "", name: cut(field.name + (field.required ? " *" : ""), w - indent - width(type) - 12 - pad), type, indent, dim: !field.active };
  });
  if (more > 0) {
    rows.push({ keys: "", name: `… ${more} more`, type: "", indent: left, dim: true });
  }

  const h = head + (rows.length > 0 ? rows.length * rowHeight + pad : 0);
  return { entity, x: place?.x ?? 0, y: place?.y ?? 0, w, h, title: cut(entity.name, w - 2 * pad), rows };
}

function width(text: string): number {
  return measure.measureText(text).width;
}

/** The text as far as there is room. */
function cut(text: string, room: number): string {
  if (text.length < 200 && width(text) <= room) {
    return text;
  }

  let low = 0;
  let high = Math.min(text.length, 200);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (width(text.slice(0, middle) + "…") <= room) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }

  return text.slice(0, low) + "…";
}

interface Pair {
  relationship: Relationship;
  from: Box;
  to: Box;
}

interface Laid {
  width: number;
  height: number;
  children: { id: string; x: number; y: number }[];
  edges: { id: string; sections?: { startPoint: Point; endPoint: Point; bendPoints?: Point[] }[] }[];
}

interface Point {
  x: number;
  y: number;
}

const elkOptions = {
  "elk.algorithm": "layered",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.spacing.nodeNodeBetweenLayers": "90",
  "elk.layered.spacing.edgeNodeBetweenLayers": "28",
  "elk.spacing.nodeNode": "36",
  "elk.spacing.componentComponent": "48",
  "elk.aspectRatio": "1.6",
  "elk.layered.compaction.connectedComponents": "false",
};

async function elk(boxes: Box[], pairs: Pair[], workerUrl: string): Promise<Line[]> {
  const numbers = new Map(boxes.map((box, i) => [box, i]));
  const graph = (direction: string) => ({
    id: "root",
    layoutOptions: { ...elkOptions, "elk.direction": direction },
    children: boxes.map((box, i) => ({ id: `b${i}`, width: box.w, height: box.h })),
    edges: pairs.map((pair, i) => ({ id: `l${i}`, sources: [`b${numbers.get(pair.from)}`], targets: [`b${numbers.get(pair.to)}`] })),
  });
  let laid = await ask(workerUrl, graph("RIGHT"));
  if (boxes.length <= triedTwice && laid.height > 2 * laid.width) {
    // Many that hang on one make a tower; lying down it fits a screen better, if it is not a ribbon then.
    const lying = await ask(workerUrl, graph("DOWN"));
    laid = lying.width / lying.height < laid.height / laid.width ? lying : laid;
  }

  laid.children.forEach((child, i) => Object.assign(boxes[i]!, { x: Math.round(child.x), y: Math.round(child.y) }));
  return pairs.map((pair, i) => {
    const section = laid.edges[i]?.sections?.[0];
    return {
      ...pair,
      points: section
        ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].flatMap((point) => [point.x, point.y])
        : route(pair.relationship, pair.from, pair.to),
    };
  });
}

/** elkjs as it came, in a worker of its own: its messages are its interface. */
function ask(workerUrl: string, graph: object): Promise<Laid> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerUrl);
    const done = () => worker.terminate();
    worker.onerror = () => {
      done();
      reject(new Error("The layout could not be loaded."));
    };
    worker.onmessage = (answer: MessageEvent<{ id: number; data?: Laid; error?: { message?: string } }>) => {
      if (answer.data.error) {
        done();
        reject(new Error(answer.data.error.message ?? "The layout failed."));
      } else if (answer.data.id === 1) {
        done();
        resolve(answer.data.data!);
      }
    };
    worker.postMessage({ id: 0, cmd: "register", algorithms: ["layered"] });
    worker.postMessage({ id: 1, cmd: "layout", graph, layoutOptions: {}, options: {} });
  });
}

function boundsOf(boxes: Box[], lines: Line[]): Scene["bounds"] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const take = (x: number, y: number) => {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  };
  for (const box of boxes) {
    take(box.x, box.y);
    take(box.x + box.w, box.y + box.h);
  }

  for (const { points } of lines) {
    for (let i = 0; i < points.length; i += 2) {
      take(points[i]!, points[i + 1]!);
    }
  }

  return boxes.length === 0 ? { x: 0, y: 0, w: 1, h: 1 } : { x: left - 24, y: top - 24, w: right - left + 48, h: bottom - top + 48 };
}

import { marksOf, type Mark } from "./marks";
import { fontSize, head, pad, rowHeight, type Box, type Line, type Scene } from "./types";

export interface Colors {
  font: string;
  surface: string;
  head: string;
  text: string;
  dim: string;
  border: string;
  line: string;
  accent: string;
  found: string;
  background: string;
}

export interface Marked {
  chosen: Box | null;
  found: Set<Box>;
}

export interface Window {
  x: number;
  y: number;
  zoom: number;
  width: number;
  height: number;
}

/** Below this zoom texts cannot be read: boxes with their names, as far as those can; below the second, boxes alone. */
const readable = 0.42;
const named = 0.09;
/** Pixels of a name on the screen. */
const smallest = 7.5;
const largest = 12;
const marks = new WeakMap<Line, Mark[]>();

/** The colors of the theme that is shown. */
export function colorsOf(element: Element): Colors {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(`--diagram-${name}`).trim();
  return {
    font: style.fontFamily,
    surface: read("surface"),
    head: read("head"),
    text: read("text"),
    dim: read("dim"),
    border: read("border"),
    line: read("line"),
    accent: read("accent"),
    found: read("found"),
    background: read("background"),
  };
}

/** Draws what lies in the window; everything else costs a comparison. */
export function paint(context: CanvasRenderingContext2D, scene: Scene, view: Window, marked: Marked, colors: Colors): void {
  const right = view.x + view.width / view.zoom;
  const bottom = view.y + view.height / view.zoom;
  const isSeen = (x: number, y: number, x2: number, y2: number) => x <= right && x2 >= view.x && y <= bottom && y2 >= view.y;
  context.fillStyle = colors.background;
  context.fillRect(0, 0, view.width, view.height);
  context.save();
  context.scale(view.zoom, view.zoom);
  context.translate(-view.x, -view.y);
  paintLines(context, scene.lines.filter((line) => isSeen(...extent(line))), view.zoom, marked, colors);
  const boxes = scene.boxes.filter((box) => isSeen(box.x, box.y, box.x + box.w, box.y + box.h));
  for (const box of boxes) {
    paintBox(context, box, view.zoom, marked, colors);
  }

  context.restore();
}

const extents = new WeakMap<Line, [number, number, number, number]>();

function extent(line: Line): [number, number, number, number] {
  let known = extents.get(line);
  if (!known) {
    const xs = line.points.filter((_, i) => i % 2 === 0);
    const ys = line.points.filter((_, i) => i % 2 === 1);
    known = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    extents.set(line, known);
  }

  return known;
}

/** Lines of one look are one path: that is what makes thousands of them cheap. */
function paintLines(context: CanvasRenderingContext2D, lines: Line[], zoom: number, marked: Marked, colors: Colors): void {
  const isChosen = (line: Line) => marked.chosen !== null && (line.from === marked.chosen || line.to === marked.chosen);
  const groups: [Line[], string, number, number][] = [
    [lines.filter((line) => !isChosen(line) && line.relationship.active), colors.line, 1.25, 1],
    [lines.filter((line) => !isChosen(line) && !line.relationship.active), colors.line, 1.25, 0.4],
    [lines.filter(isChosen), colors.accent, 2, 1],
  ];
  context.lineJoin = "round";
  for (const [group, color, width, alpha] of groups) {
    context.strokeStyle = color;
    context.lineWidth = Math.max(width, 0.6 / zoom);
    context.globalAlpha = alpha;
    context.beginPath();
    for (const line of group) {
      const { points } = line;
      context.moveTo(points[0]!, points[1]!);
      for (let i = 2; i < points.length; i += 2) {
        context.lineTo(points[i]!, points[i + 1]!);
      }

      if (zoom >= readable * 0.6) {
        addMarks(context, line);
      }
    }

    context.stroke();
  }

  context.globalAlpha = 1;
}

function addMarks(context: CanvasRenderingContext2D, line: Line): void {
  let known = marks.get(line);
  if (!known) {
    known = marksOf(line);
    marks.set(line, known);
  }

  for (const { strokes, circle } of known) {
    for (const [x1, y1, x2, y2] of strokes) {
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
    }

    if (circle) {
      context.moveTo(circle[0] + circle[2], circle[1]);
      context.arc(circle[0], circle[1], circle[2], 0, 2 * Math.PI);
    }
  }
}

function paintBox(context: CanvasRenderingContext2D, box: Box, zoom: number, marked: Marked, colors: Colors): void {
  const isFound = marked.found.has(box);
  const isChosen = marked.chosen === box;
  context.globalAlpha = box.entity.active ? 1 : 0.5;
  context.fillStyle = colors.surface;
  context.fillRect(box.x, box.y, box.w, box.h);
  context.fillStyle = colors.head;
  context.fillRect(box.x, box.y, box.w, zoom < readable ? box.h : head);
  if (box.entity.color) {
    context.fillStyle = box.entity.color;
    context.fillRect(box.x, box.y, box.w, zoom < readable ? Math.max(3, 3 / zoom) : 3);
  }

  context.lineWidth = isChosen || isFound ? Math.max(2.5, 2 / zoom) : Math.max(1, 0.5 / zoom);
  context.strokeStyle = isChosen ? colors.accent : isFound ? colors.found : colors.border;
  context.strokeRect(box.x, box.y, box.w, box.h);
  context.textBaseline = "middle";
  if (zoom >= readable) {
    paintTexts(context, box, colors);
  } else if (zoom >= named) {
    paintName(context, box, zoom, colors);
  }

  context.globalAlpha = 1;
}

function paintTexts(context: CanvasRenderingContext2D, box: Box, colors: Colors): void {
  context.fillStyle = colors.text;
  context.font = `600 ${fontSize}px ${colors.font}`;
  context.fillText(box.title, box.x + pad, box.y + head / 2 + 1, box.w - 2 * pad);
  context.font = `${fontSize}px ${colors.font}`;
  box.rows.forEach((row, i) => {
    const y = box.y + head + pad / 2 + (i + 0.5) * rowHeight;
    context.fillStyle = row.dim ? colors.dim : colors.text;
    context.fillText(row.name, box.x + row.indent, y);
  });
  context.fillStyle = colors.dim;
  context.textAlign = "right";
  box.rows.forEach((row, i) => row.type && context.fillText(row.type, box.x + box.w - pad, box.y + head + pad / 2 + (i + 0.5) * rowHeight));
  context.textAlign = "left";
  context.fillStyle = colors.accent;
  context.font = `600 9px ${colors.font}`;
  box.rows.forEach((row, i) => row.keys && context.fillText(row.keys, box.x + 4, box.y + head + pad / 2 + (i + 0.5) * rowHeight, 38));
}

/** Far away the name stands over the whole box, as large as can be read. */
function paintName(context: CanvasRenderingContext2D, box: Box, zoom: number, colors: Colors): void {
  const name = box.entity.name;
  const fitting = (box.w - 8) / (Math.max(4, name.length) * 0.56);
  const size = Math.max(smallest / zoom, Math.min(largest / zoom, box.h * 0.7, fitting));
  const letters = Math.floor((box.w - 8) / (size * 0.56));
  if (size > box.h || letters < Math.min(6, name.length)) {
    return;
  }

  context.fillStyle = colors.text;
  context.font = `${Math.round(size)}px ${colors.font}`;
  context.fillText(name.length > letters ? name.slice(0, letters - 1) + "…" : name, box.x + 4, box.y + box.h / 2);
}

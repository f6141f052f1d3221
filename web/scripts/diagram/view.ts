import { colorsOf, paint, type Colors, type Marked } from "./paint";
import type { Box, Scene } from "./types";

const farthest = 0.02;
const nearest = 3;

/** The canvas as a window onto the scene: moved and zoomed by pointer, wheel, fingers and keys. It paints only when something changed. */
export class View {
  private scene: Scene = { boxes: [], lines: [], bounds: { x: 0, y: 0, w: 1, h: 1 } };
  private readonly context: CanvasRenderingContext2D;
  private readonly pointers = new Map<number, { x: number; y: number }>();
  private readonly marked: Marked = { chosen: null, found: new Set() };
  private colors: Colors;
  private x = 0;
  private y = 0;
  private zoom = 1;
  private asked = 0;
  private moved = 0;

  constructor(private readonly canvas: HTMLCanvasElement, private readonly chose: (box: Box | null, again: boolean) => void) {
    this.context = canvas.getContext("2d", { alpha: false })!;
    this.colors = colorsOf(canvas);
    new ResizeObserver(() => this.resize()).observe(canvas);
    new MutationObserver(() => {
      this.colors = colorsOf(canvas);
      this.ask();
    }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("pointercancel", (event) => this.pointers.delete(event.pointerId));
    canvas.addEventListener("dblclick", (event) => this.chose(this.at(event.offsetX, event.offsetY), true));
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event));
    this.resize();
  }

  get theme(): Colors {
    return this.colors;
  }

  get chosen(): Box | null {
    return this.marked.chosen;
  }

  show(scene: Scene): void {
    this.scene = scene;
    this.marked.chosen = null;
    this.marked.found = new Set();
    this.fit();
  }

  fit(): void {
    const { x, y, w, h } = this.scene.bounds;
    const { clientWidth, clientHeight } = this.canvas;
    this.zoom = Math.min(1, Math.max(farthest, Math.min(clientWidth / w, clientHeight / h)));
    this.x = x + w / 2 - clientWidth / this.zoom / 2;
    this.y = y + h / 2 - clientHeight / this.zoom / 2;
    this.ask();
  }

  /** Puts a box into the middle, near enough to be read. */
  centre(box: Box): void {
    this.zoom = Math.max(this.zoom, 0.8);
    this.x = box.x + box.w / 2 - this.canvas.clientWidth / this.zoom / 2;
    this.y = box.y + Math.min(box.h, this.canvas.clientHeight / this.zoom) / 2 - this.canvas.clientHeight / this.zoom / 2;
    this.ask();
  }

  choose(box: Box | null): void {
    this.marked.chosen = box;
    this.ask();
  }

  find(boxes: Iterable<Box>): void {
    this.marked.found = new Set(boxes);
    this.ask();
  }

  /** By a factor, around a point of the canvas; its middle where none is said. */
  zoomBy(factor: number, px = this.canvas.clientWidth / 2, py = this.canvas.clientHeight / 2): void {
    const zoom = Math.min(nearest, Math.max(farthest, this.zoom * factor));
    this.x += px / this.zoom - px / zoom;
    this.y += py / this.zoom - py / zoom;
    this.zoom = zoom;
    this.ask();
  }

  private pan(dx: number, dy: number): void {
    this.x -= dx / this.zoom;
    this.y -= dy / this.zoom;
    this.ask();
  }

  private ask(): void {
    this.asked ||= requestAnimationFrame(() => {
      this.asked = 0;
      const ratio = devicePixelRatio || 1;
      this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
      paint(this.context, this.scene, { x: this.x, y: this.y, zoom: this.zoom, width: this.canvas.clientWidth, height: this.canvas.clientHeight }, this.marked, this.colors);
    });
  }

  private resize(): void {
    const ratio = devicePixelRatio || 1;
    this.canvas.width = Math.max(1, Math.round(this.canvas.clientWidth * ratio));
    this.canvas.height = Math.max(1, Math.round(this.canvas.clientHeight * ratio));
    this.ask();
  }

  private at(px: number, py: number): Box | null {
    const [x, y] = [this.x + px / this.zoom, this.y + py / this.zoom];
    return this.scene.boxes.slice().reverse().find((box) => x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h) ?? null;
  }

  private down(event: PointerEvent): void {
    this.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    this.moved = 0;
  }

  private move(event: PointerEvent): void {
    const known = this.pointers.get(event.pointerId);
    if (!known) {
      return;
    }

    const [dx, dy] = [event.offsetX - known.x, event.offsetY - known.y];
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const before = Math.hypot(known.x - other.x, known.y - other.y);
      const now = Math.hypot(event.offsetX - other.x, event.offsetY - other.y);
      this.zoomBy(before > 0 ? now / before : 1, (event.offsetX + other.x) / 2, (event.offsetY + other.y) / 2);
      this.pan(dx / 2, dy / 2);
    } else {
      this.pan(dx, dy);
    }

    this.moved += Math.abs(dx) + Math.abs(dy);
    Object.assign(known, { x: event.offsetX, y: event.offsetY });
  }

  private up(event: PointerEvent): void {
    if (this.pointers.delete(event.pointerId) && this.moved < 5 && this.pointers.size === 0) {
      this.chose(this.at(event.offsetX, event.offsetY), false);
    }
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.zoomBy(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0015)), event.offsetX, event.offsetY);
  }

  private key(event: KeyboardEvent): void {
    const step = event.shiftKey ? 240 : 60;
    const actions: Record<string, () => void> = {
      "+": () => this.zoomBy(1.25),
      "=": () => this.zoomBy(1.25),
      "-": () => this.zoomBy(0.8),
      "0": () => this.fit(),
      ArrowLeft: () => this.pan(step, 0),
      ArrowRight: () => this.pan(-step, 0),
      ArrowUp: () => this.pan(0, step),
      ArrowDown: () => this.pan(0, -step),
      Escape: () => this.chose(null, false),
      f: () => this.chose(this.marked.chosen, true),
    };
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  }
}

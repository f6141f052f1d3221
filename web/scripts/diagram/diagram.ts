import { layOut } from "./layout";
import { download, toPng, toSvg } from "./save";
import type { Box, Diagram, Entity, Scene } from "./types";
import { View } from "./view";

const root = document.getElementById("diagram");
if (root) {
  void start(root);
}

/** The diagram tab: all of a model, or one entity with its neighbours; the entity in the middle is in the address. */
async function start(root: HTMLElement): Promise<void> {
  const { source = "", worker = "", name = "diagram", neighbours = "300" } = root.dataset;
  const part = <T extends HTMLElement>(act: string) => root.querySelector<T>(`[data-act="${act}"]`)!;
  const said = root.querySelector<HTMLElement>(".diagram-said")!;
  const found = root.querySelector<HTMLElement>(".diagram-found")!;
  const field = part<HTMLInputElement>("search");
  let all: Diagram | undefined;
  let scene: Scene = { boxes: [], lines: [], bounds: { x: 0, y: 0, w: 1, h: 1 } };
  let hits: Entity[] = [];
  let hit = -1;

  const view = new View(root.querySelector("canvas")!, (box, again) => {
    view.choose(box);
    part<HTMLButtonElement>("focus").disabled = box === null;
    if (box && again) {
      void showOnly(box.entity.id);
    }
  });

  async function read(focus: string | null): Promise<Diagram> {
    const answer = await fetch(focus === null ? source : `${source}?focus=${encodeURIComponent(focus)}`);
    const body = await answer.json();
    if (!answer.ok) {
      throw new Error(body.detail ?? `The server answered ${answer.status}.`);
    }

    return body;
  }

  async function draw(diagram: Diagram): Promise<void> {
    root.dataset.state = "drawing";
    said.hidden = false;
    said.textContent = "Drawing …";
    try {
      scene = await layOut(diagram, worker, view.theme.font);
      view.show(scene);
      said.hidden = true;
      const focus = scene.boxes.find((box) => box.entity.id === diagram.focus);
      if (focus) {
        view.choose(focus);
      }

      part<HTMLButtonElement>("focus").disabled = !focus;
      part("all").hidden = diagram.focus === null;
      found.textContent = diagram.focus === null ? "" : `${focus?.entity.name ?? ""} and ${scene.boxes.length - 1} neighbour${scene.boxes.length === 2 ? "" : "s"} of ${diagram.total}`;
      const address = new URL(location.href);
      diagram.focus === null ? address.searchParams.delete("focus") : address.searchParams.set("focus", diagram.focus);
      history.replaceState(null, "", address);
      root.dataset.state = "ready";
    } catch (error) {
      fail(error);
    }
  }

  async function showOnly(id: string): Promise<void> {
    try {
      await draw(await read(id));
    } catch (error) {
      fail(error);
    }
  }

  function fail(error: unknown): void {
    root.dataset.state = "failed";
    said.hidden = false;
    said.textContent = `The diagram cannot be drawn: ${error instanceof Error ? error.message : String(error)} The table shows the same.`;
  }

  function search(): void {
    const text = field.value.trim().toLowerCase();
    const has = (entity: Entity) => entity.name.toLowerCase().includes(text) || entity.fields.some((one) => one.name.toLowerCase().includes(text));
    hits = text.length === 0 ? [] : [...(all?.entities ?? [])].filter(has).sort((a, b) => rank(a, text) - rank(b, text));
    hit = -1;
    const ids = new Set(hits.map((entity) => entity.id));
    view.find(scene.boxes.filter((box) => ids.has(box.entity.id) || (text.length > 0 && has(box.entity))));
    found.textContent = text.length === 0 ? "" : hits.length === 0 ? "Nothing found" : `${hits.length} found; Enter goes from one to the next`;
    const first = hits.map(boxOf).find((box) => box !== undefined);
    if (first) {
      view.centre(first);
    }
  }

  function next(): void {
    if (hits.length === 0) {
      return;
    }

    hit = (hit + 1) % hits.length;
    const entity = hits[hit]!;
    const box = boxOf(entity);
    found.textContent = `${hit + 1} of ${hits.length}: ${entity.name}`;
    if (box) {
      view.choose(box);
      view.centre(box);
      part<HTMLButtonElement>("focus").disabled = false;
    } else {
      // It is not in the picture: it becomes its middle.
      void showOnly(entity.id);
    }
  }

  const boxOf = (entity: Entity): Box | undefined => scene.boxes.find((box) => box.entity.id === entity.id);

  field.addEventListener("input", search);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      next();
    }
  });
  root.addEventListener("click", (event) => {
    const act = (event.target as Element).closest<HTMLElement>("button[data-act]")?.dataset.act;
    const file = name.replace(/[^\p{L}\p{N}._-]+/gu, "-") || "diagram";
    const actions: Record<string, () => unknown> = {
      in: () => view.zoomBy(1.25),
      out: () => view.zoomBy(0.8),
      fit: () => view.fit(),
      focus: () => view.chosen && showOnly(view.chosen.entity.id),
      all: () => all && draw(all),
      svg: () => download(toSvg(scene, view.theme), file + ".svg"),
      png: () => toPng(scene, view.theme).then((blob) => download(blob, file + ".png"), fail),
    };
    actions[act ?? ""]?.();
  });

  try {
    all = await read(null);
    const wanted = root.dataset.focus && all.entities.some((entity) => entity.id === root.dataset.focus) ? root.dataset.focus : null;
    const focus = wanted ?? (all.total > Number(neighbours) ? mostJoined(all) : null);
    await draw(focus === null ? all : await read(focus));
  } catch (error) {
    fail(error);
  }
}

function rank(entity: Entity, text: string): number {
  const name = entity.name.toLowerCase();
  return name === text ? 0 : name.startsWith(text) ? 1 : name.includes(text) ? 2 : 3;
}

/** Of a picture that is too large to begin with: where most of it hangs together. */
function mostJoined(diagram: Diagram): string | null {
  const counts = new Map<string, number>();
  for (const { from, to } of diagram.relationships) {
    counts.set(from, (counts.get(from) ?? 0) + 1);
    counts.set(to, (counts.get(to) ?? 0) + 1);
  }

  return diagram.entities.reduce<Entity | null>((best, entity) => (best && (counts.get(best.id) ?? 0) >= (counts.get(entity.id) ?? 0) ? best : entity), null)?.id ?? null;
}

/** What the API gives (`GET /api/v1/models/{id}/diagram`). */
export interface Diagram {
  name: string;
  total: number;
  fields: "all" | "keys";
  placed: boolean;
  focus: string | null;
  entities: Entity[];
  relationships: Relationship[];
}

export interface Entity {
  id: string;
  name: string;
  container: string | null;
  kind: string;
  active: boolean;
  color: string | null;
  place: { x: number; y: number; width: number; height: number } | null;
  fields: Field[];
  more: number;
}

export interface Field {
  name: string;
  type: string;
  depth: number;
  keys: string | null;
  required: boolean;
  active: boolean;
}

export interface Relationship {
  name: string | null;
  kind: string;
  from: string;
  to: string;
  fromCardinality: string | null;
  toCardinality: string | null;
  fromFields: string[];
  toFields: string[];
  active: boolean;
}

/** An entity with its place in the drawing, in world units: pixels at a zoom of 1. */
export interface Box {
  entity: Entity;
  x: number;
  y: number;
  w: number;
  h: number;
  title: string;
  rows: Row[];
}

/** A line of a box, cut to its width. */
export interface Row {
  keys: string;
  name: string;
  type: string;
  indent: number;
  dim: boolean;
}

/** A relationship with its way: x and y by turns. */
export interface Line {
  relationship: Relationship;
  from: Box;
  to: Box;
  points: number[];
}

export interface Scene {
  boxes: Box[];
  lines: Line[];
  bounds: { x: number; y: number; w: number; h: number };
}

export const head = 27;
export const rowHeight = 18;
export const pad = 6;
export const fontSize = 12;

declare module "idiomorph/dist/idiomorph.esm.js" {
  export const Idiomorph: {
    morph(oldNode: Element, newNode: Element | string, config?: {
      morphStyle?: "outerHTML" | "innerHTML";
      ignoreActiveValue?: boolean;
      callbacks?: { beforeAttributeUpdated?: (attribute: string, node: Element, mutation: "update" | "remove") => boolean };
    }): void;
  };
}

import { Parser } from "./parser";
import type { CharacterTest, Node } from "./syntax";

interface CharacterStep {
  readonly type: "character";
  readonly matches: CharacterTest;
  /** Number of the step that follows. */
  readonly to: number;
}

/** A step of the compiled expression. */
type Step =
  | CharacterStep
  | {
      readonly type: "place";
      readonly holds: (before: number, after: number) => boolean;
      readonly to: number;
    }
  | { readonly type: "split"; readonly to: readonly number[] }
  | { readonly type: "found" };

/**
 * A regular expression with the meaning that Go, and so sops, gives it. JavaScript's differ in a dozen points, and they
 * backtrack: a pattern in somebody's `.sops.yaml` could stop a pipeline. This one takes time linear in the text.
 */
export class GoRegExp {
  private readonly steps: Step[] = [];
  private readonly start: number;

  /** Throws GoRegExpError. */
  constructor(readonly source: string) {
    this.steps.push({ type: "found" });
    this.start = this.compile(new Parser(source).parse(), 0);
  }

  /** The same, but an expression that Go refuses matches nothing. */
  static orNothing(source: string): GoRegExp {
    try {
      return new GoRegExp(source);
    } catch {
      return new GoRegExp("a\\A");
    }
  }

  /** Whether some part of the text matches. */
  test(text: string): boolean {
    const seen = new Int32Array(this.steps.length).fill(-1);
    let before = -1;
    let current: readonly number[] = [];
    for (let index = 0, position = 0; ; position++) {
      const after = text.codePointAt(index) ?? -1;
      const reached = this.follow([...current, this.start], { before, after }, { seen, position });
      if (reached === "found") return true;
      if (after === -1) return false;
      current = reached.flatMap((step) => (step.matches(after) ? [step.to] : []));
      before = after;
      index += after > 0xffff ? 2 : 1;
    }
  }

  /** Goes on from these steps without reading a character: the steps that wait for one, or the end. */
  private follow(
    pending: number[],
    { before, after }: { before: number; after: number },
    { seen, position }: { seen: Int32Array; position: number },
  ): "found" | CharacterStep[] {
    const reached: CharacterStep[] = [];
    for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
      if (seen[number] === position) continue;
      seen[number] = position;
      const step = this.steps[number];
      if (step?.type === "found") return "found";
      if (step?.type === "split") pending.push(...step.to);
      else if (step?.type === "character") reached.push(step);
      else if (step?.type === "place" && step.holds(before, after)) pending.push(step.to);
    }
    return reached;
  }

  /** Adds the steps of a node that lead to step `to`; returns the number of the first. */
  private compile(node: Node, to: number): number {
    switch (node.type) {
      case "character":
        return this.add({ type: "character", matches: node.matches, to });
      case "place":
        return this.add({ type: "place", holds: node.holds, to });
      case "sequence":
        return node.parts.reduceRight((next, part) => this.compile(part, next), to);
      case "choice":
        return this.add({ type: "split", to: node.parts.map((part) => this.compile(part, to)) });
      case "repeat":
        return this.compileRepeat(node.of, node.least, node.most, to);
    }
  }

  private compileRepeat(node: Node, least: number, most: number, to: number): number {
    let next = to;
    if (most === Number.POSITIVE_INFINITY) {
      const loop: number[] = [to];
      next = this.add({ type: "split", to: loop });
      loop.push(this.compile(node, next));
    } else {
      for (let more = least; more < most; more++)
        next = this.add({ type: "split", to: [to, this.compile(node, next)] });
    }
    for (let times = 0; times < least; times++) next = this.compile(node, next);
    return next;
  }

  private add(step: Step): number {
    this.steps.push(step);
    return this.steps.length - 1;
  }
}

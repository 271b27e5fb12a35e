import { type Resource, Subject, stackOf } from "./subject";

/** The resources of one stack, and the other stacks that are looked at together with it. */
export class Stack {
  /** Stacks beside this one; none in the engine, which knows one at a time. */
  neighbours: readonly Stack[] = [];
  private readonly byType = new Map<string, Subject[]>();
  private readonly read = new Map<unknown, unknown>();

  private constructor(
    readonly name: string,
    readonly subjects: readonly Subject[],
  ) {
    for (const subject of subjects)
      this.byType.set(subject.type, [...(this.byType.get(subject.type) ?? []), subject]);
  }

  /** One for each stack that the resources belong to. */
  static eachOf(resources: readonly Resource[]): readonly Stack[] {
    const byName = new Map<string, Resource[]>();
    for (const resource of resources) {
      const name = stackOf(resource.urn);
      byName.set(name, [...(byName.get(name) ?? []), resource]);
    }
    const stacks = [...byName].map(([name, own]) => new Stack(name, own.map(Stack.madeOf)));
    for (const stack of stacks) stack.neighbours = stacks.filter((other) => other !== stack);
    return stacks;
  }

  /** Resources of these types, which have no version: `kubernetes:core:Secret`. */
  ofType(...types: readonly string[]): readonly Subject[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** What `read` makes of the stack, made once: many resources are judged against the same. */
  once<T>(read: (stack: Stack) => T): T {
    if (!this.read.has(read)) this.read.set(read, read(this));
    return this.read.get(read) as T;
  }

  private static madeOf(resource: Resource): Subject {
    // What says where in an API a resource lies is often in its inputs alone.
    return new Subject(resource, { ...resource.inputs, ...resource.outputs });
  }
}

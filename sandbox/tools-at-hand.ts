import type { Layout } from "./servers/layout";
import { linkCommand, linkTool } from "./tool-links";
import { ToolBuilder, type ToolPaths } from "./toolchain/tool-builder";
import { TOOLS } from "./toolchain/tools";

/** What a part of the work needs, by the names in `TOOLS`. */
export const TOOLS_FOR = {
  servers: ["etcd", "kubernetes", "vault", "vault-auth-kubernetes"],
  engine: ["pulumi", "pulumi-language-nodejs"],
  controllers: ["source-controller", "kustomize-controller", "notification-controller"],
} as const;

/** Tools that become ready one after the other: what needs only the first of them works while the others are built. */
export class ToolsAtHand {
  private readonly files = new Map<string, string>();
  private readonly gates = new Map(TOOLS.map(({ name }) => [name, gate()]));
  private readonly whole: Promise<void>;

  /** Begins to build what is missing. */
  constructor(layout: Layout) {
    linkCommand(layout);
    this.whole = new ToolBuilder({
      ready: (tool, files) => {
        for (const [name, file] of files) this.files.set(name, file);
        linkTool(layout, files, this.files);
        this.gates.get(tool.name)?.open();
      },
    })
      .ensure(TOOLS)
      .then(
        () => undefined,
        (error: unknown) => {
          for (const { fail } of this.gates.values()) fail(error);
          throw error;
        },
      );
    this.whole.catch(() => undefined);
  }

  /** Name of each binary that is there by now → its file. */
  get paths(): ToolPaths {
    return this.files;
  }

  /** Waits for some tools. Rejects with a SandboxError when the build fails before them. */
  async wait(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.gates.get(name)?.passed));
  }

  /** Waits for all of them. */
  all(): Promise<void> {
    return this.whole;
  }
}

interface Gate {
  readonly passed: Promise<void>;
  readonly open: () => void;
  readonly fail: (error: unknown) => void;
}

function gate(): Gate {
  let open: Gate["open"] = () => undefined;
  let fail: Gate["fail"] = () => undefined;
  const passed = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  // A tool that nobody waits for may fail all the same; `all` tells.
  passed.catch(() => undefined);
  return { passed, open, fail };
}

/** Builds what is missing and puts every tool, and the project's own command, into the sandbox's `bin`. */
export async function ensureTools(layout: Layout): Promise<ToolPaths> {
  const tools = new ToolsAtHand(layout);
  await tools.all();
  return tools.paths;
}

import { describe, expect, test } from "vitest";
import { drawingOf } from "../../../../cli/audit/html/graph/drawing";
import { folded } from "../../../../cli/audit/html/graph/folded";
import { graphOf } from "../../../../cli/audit/html/graph/graph-of";
import { type Layout, layoutOf } from "../../../../cli/audit/html/graph/layout";
import type { TrustGraph } from "../../../../cli/audit/html/graph/trust-graph";
import { Terms } from "../../../../cli/audit/html/terms";
import type { AuditReport } from "../../../../cli/audit/report-schema";
import { reportOfExport, reportOfOutputs } from "./support/audited";
import { everythingReport } from "./support/everything";
import { outputs } from "./support/stack";
import { strangeReport } from "./support/strange";
import { syntheticExport } from "./support/synthetic";

const whole = (report: AuditReport) => graphOf(report, new Terms(report));
const lines = ({ nodes, edges }: TrustGraph) => {
  const names = new Map(nodes.map(({ id, label }) => [id, label]));
  return edges.map(({ from, to, decrypts }) => `${names.get(from)} ${decrypts ? "═" : "─"} ${names.get(to)}`);
};

test("every way from an identity to the cluster, each step once", async () => {
  expect(lines(whole(await reportOfOutputs(outputs())))).toEqual([
    "jobs of platform/deploy ─ deploy-rewrap",
    "deploy-rewrap ─ sops-rewrap",
    "sops-rewrap ─ transit/keys/sops",
    "kustomize-controller ═ flux-system_kustomize-controller",
    "flux-system_kustomize-controller ═ sops-flux-decrypt",
    "sops-flux-decrypt ═ transit/keys/sops",
    "flux ═ team-a_flux",
    "team-a_flux ═ sops-flux-decrypt",
    "transit/keys/sops ═ flux-system/apps",
    "flux-system/apps ═ Secrets",
    "transit/keys/sops ═ team-a/team",
    "team-a/team ═ Secrets",
  ]);
});

test("what no key opens does not come to the cluster", async () => {
  const shown = lines(whole(await reportOfOutputs(outputs({ roles: [] }))));
  expect(shown.filter((line) => line.includes("Secrets"))).toEqual([]);
});

test("who holds a key needs no login", async () => {
  expect(lines(whole(await everythingReport()))).toContain("Holder of a private key ═ age1ql3z7h…mcac8p");
});

describe("a graph that is too large shows groups", () => {
  test("no column is longer than one reads, and every node is in a box", async () => {
    const graph = whole(await reportOfExport(syntheticExport(200, 50)));
    const shown = folded(graph);
    const count = (nodes: TrustGraph["nodes"], layer: number) => nodes.filter((node) => node.layer === layer);
    for (const layer of [0, 1, 2, 3, 4, 5]) {
      expect(count(shown.nodes, layer).length).toBeLessThanOrEqual(18);
      const together = count(shown.nodes, layer).reduce((sum, node) => sum + node.count, 0);
      expect(together).toBe(count(graph.nodes, layer).length);
    }
    const ids = new Set(shown.nodes.map(({ id }) => id));
    expect(shown.edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([]);
    expect(shown.nodes.map(({ label, detail }) => `${label}, ${detail}`)).toContain(
      "transit-a: decrypt, 11 policies",
    );
  });

  test("a small one stays as it is", async () => {
    const graph = whole(await everythingReport());
    const shown = folded(graph);
    expect(new Set(shown.nodes)).toEqual(new Set(graph.nodes));
    expect(shown.edges).toEqual(graph.edges);
  });
});

describe.each<[string, () => Promise<AuditReport>]>([
  ["everything", () => everythingReport()],
  ["large", () => reportOfExport(syntheticExport(200, 50))],
  ["strange", async () => strangeReport()],
])("the layout of %s", (_, reported) => {
  const laidOut = async (): Promise<Layout> => layoutOf(folded(whole(await reported())));

  test("no two boxes lie on each other, and all lie in the picture", async () => {
    const { boxes, height, layers } = await laidOut();
    for (const column of layers.keys()) {
      const mine = boxes.filter((box) => box.column === column).sort((a, b) => a.y - b.y);
      for (const [at, box] of mine.entries()) {
        const above = mine[at - 1];
        if (above) expect(box.y - box.height / 2).toBeGreaterThanOrEqual(above.y + above.height / 2 - 0.01);
      }
    }
    for (const box of boxes) {
      expect(box.y - box.height / 2).toBeGreaterThanOrEqual(-0.01);
      expect(box.y + box.height / 2).toBeLessThanOrEqual(height + 0.01);
    }
  });

  test("every edge goes from left to right, a column at a time", async () => {
    for (const { through } of (await laidOut()).routes)
      expect(through.map(({ column }) => column)).toEqual(
        through.map((__, at) => (through[0]?.column ?? 0) + at),
      );
  });

  test("is drawn with numbers only", async () => {
    const { svg } = drawingOf(await laidOut(), "trust paths");
    for (const [, value = ""] of svg.text.matchAll(/\s(?:x|y|width|height|d|viewBox)="([^"]*)"/g))
      expect(value).toMatch(/^[-\d. MCH]+$/);
  });
});

test("pointing at a box brings out what leads through it, and nothing beside", async () => {
  const report = await reportOfOutputs(outputs());
  const { svg, rules } = drawingOf(layoutOf(whole(report)), "trust paths");
  const number = (label: string) =>
    new RegExp(
      `<a id="(n\\d+)"[^>]*><rect[^>]*>(?:<title>[^<]*</title>)?</rect><rect[^>]*/><text[^>]*>${label}<`,
    ).exec(svg.text)?.[1];
  const brought = (label: string) =>
    new RegExp(`#${number(label)}:is\\(:hover,:focus\\)\\) :is\\(([^)]*)\\)`).exec(rules)?.[1]?.split(",")
      .length;
  // Login, policy, key: three steps; the job's key opens all that Flux builds as well.
  expect(brought("jobs of platform/deploy")).toBe(3 + 4);
  expect(brought("sops-rewrap")).toBe(3 + 4);
  // Everything but the way of the job.
  expect(brought("sops-flux-decrypt")).toBe(5 + 4);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { AWAITED } from "../../../sandbox/providers/kubernetes/watch-rights";
import { azureConfig, RELAY_IN_CLUSTER } from "../azure/sample";
import { CERTIFICATE } from "../config/sample";
import { PROJECTS } from "../gitlab/sample";
import type { Child } from "../harness";
import { runProgram } from "../program";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** An object that the program declares, as a rule speaks of it. */
interface Declared {
  readonly group: string;
  readonly resource: string;
  /** As `v1/Secret`. */
  readonly kind: string;
  readonly name: string;
  /** Which role of the file is for it. */
  readonly role: string;
  readonly patch: boolean;
  readonly retained: boolean;
}

const FILE = join(__dirname, "..", "..", "..", "docs", "deployer-clusterrole.yaml");
/** Roles by the namespace that they are bound in; "" is the whole cluster. */
const ROLES: Readonly<Record<string, string>> = {
  "": "sopsloop-deployer",
  "flux-system": "sopsloop-deployer-flux",
  "apps-prod": "sopsloop-deployer-decryptors",
  "sopsloop-relay": "sopsloop-deployer-relay",
};
/** Named in the file, and nothing that the program makes: what it reads, binds, and grants. */
const NOT_MADE = ["vault-ca", "system:auth-delegator"];
const TOKEN = /^kubernetes:([^/]+)\/([^:]+):(\w+?)(Patch)?$/;

const peer = { cidr: "10.0.0.1/32", port: 443 };
const config = {
  ...azureConfig({ relay: RELAY_IN_CLUSTER }),
  vault: {
    address: "https://vault.example.com:8200",
    ca: { pem: CERTIFICATE },
    auth: { method: "kubernetes", reviewer: { mode: "token" } },
  },
  kubernetes: { host: "https://10.0.0.1:6443" },
  flux: {
    version: "2.9",
    decryptors: {
      default: { namespace: "flux-system", serviceAccount: "kustomize-controller" },
      apps: { namespace: "apps-prod", serviceAccount: "sops", createNamespace: true },
    },
    source: { url: "https://git.example.com/team/deploy.git" },
    kustomizations: {
      infra: { path: "./infra", decryptor: "default" },
      apps: { path: "./apps", decryptor: "apps" },
    },
    networkPolicies: { apiServer: peer, vault: peer, git: peer, stockPolicy: "present" },
    alerts: { type: "slack" },
  },
  alertAddress: "https://hooks.example.com/the-webhook",
};

const rules = new Map<string, readonly Rule[]>();
let declared: readonly Declared[] = [];

beforeAll(async () => {
  for (const document of parseAllDocuments(readFileSync(FILE, "utf8"))) {
    const role = document.toJS() as { kind: string; metadata: { name: string }; rules?: readonly Rule[] };
    if (role.kind === "ClusterRole") rules.set(role.metadata.name, role.rules ?? []);
  }
  const { children } = await runProgram(config, { gitlab: PROJECTS });
  declared = children.flatMap(declaredBy);
});

function declaredBy({ type, inputs, retained }: Child): Declared[] {
  const [, api = "", version = "", kind = "", patch] = TOKEN.exec(type) ?? [];
  if (kind === "") return [];
  const { name = "", namespace = "" } = inputs.metadata as { name?: string; namespace?: string };
  const role = ROLES[namespace] ?? `no role for the namespace ${namespace}`;
  const resource = `${kind.toLowerCase()}s`.replace(/ys$/, "ies");
  const group = api === "core" ? "" : api;
  const whole = [...(group === "" ? [] : [group]), version, kind].join("/");
  return [{ group, resource, kind: whole, name, role, retained, patch: patch !== undefined }];
}

/** Verbs that an object takes, which tell its name. */
function verbsFor({ patch, retained }: Declared): string[] {
  if (patch) return ["get", "patch"];
  return ["get", "create", "patch", ...(retained ? [] : ["delete"])];
}

type Kind = Pick<Declared, "group" | "resource">;

/** Kinds that the official plugin watches for an object: its own until it is gone, and others until it runs. */
function watchedFor({ group, resource, kind, patch, retained }: Declared): Kind[] {
  const own = patch || retained ? [] : [{ group, resource }];
  const awaited = (AWAITED[kind] ?? []).map((one) => {
    const [of = "", what = ""] = one.split("/");
    return { group: of, resource: what };
  });
  return [...own, ...awaited];
}

const about = ({ group, resource }: Kind, rule: Rule) =>
  rule.apiGroups.includes(group) && rule.resources.includes(resource);
const names = (one: Declared, rule: Rule) => rule.resourceNames?.includes(one.name) ?? true;

describe("the deployer's documented rights in the cluster", () => {
  test("there is a program that makes objects in every place that they are about", () => {
    expect([...new Set(declared.map(({ role }) => role))].sort()).toEqual(Object.values(ROLES).sort());
    expect([...rules.keys()].sort()).toEqual(Object.values(ROLES).sort());
  });

  test("are enough to make, change and delete each object by its name", () => {
    const missing = declared.flatMap((one) => {
      const held = (rules.get(one.role) ?? []).filter((rule) => about(one, rule) && names(one, rule));
      return verbsFor(one)
        .filter((verb) => !held.some(({ verbs }) => verbs.includes(verb)))
        .map((verb) => `${one.role}: ${verb} ${one.resource} ${one.name}`);
    });
    expect(missing).toEqual([]);
  });

  test("are enough to watch, without a name, what is deleted, and what tells that a workload runs", () => {
    const blind = declared.flatMap((one) =>
      watchedFor(one)
        .filter((watched) => {
          const held = (rules.get(one.role) ?? []).filter(
            (rule) => about(watched, rule) && !rule.resourceNames,
          );
          return !["list", "watch"].every((verb) => held.some(({ verbs }) => verbs.includes(verb)));
        })
        .map(({ resource }) => `${one.role}: ${resource}, for ${one.resource} ${one.name}`),
    );
    expect(blind).toEqual([]);
  });

  test("name nothing that no program makes, and let nobody write what has no name", () => {
    const made = new Set([...declared.map(({ name }) => name), ...NOT_MADE]);
    const all = [...rules.values()].flat();
    expect(all.flatMap(({ resourceNames = [] }) => resourceNames).filter((name) => !made.has(name))).toEqual(
      [],
    );
    const free = all.filter(({ resourceNames, verbs }) => !resourceNames && !verbs.every(isLook));
    expect([...new Set(free.flatMap(({ resources }) => resources))]).toEqual(["kustomizations"]);
    expect(JSON.stringify(all)).not.toContain("*");
  });
});

const isLook = (verb: string) => verb === "list" || verb === "watch";

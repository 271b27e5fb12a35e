import { counted } from "../../duration";
import type { AuditReport, Grant, Identity, Path } from "../../report-schema";
import { markOf, type Terms } from "../terms";
import { GraphBuilder, type TrustGraph } from "./trust-graph";

const PATHS = "paths";

/** Every way of the report: identity → login → policy → key → what Flux builds → the cluster's Secrets. */
export function graphOf(report: AuditReport, terms: Terms): TrustGraph {
  const builder = new GraphBuilder();
  for (const grant of report.grants) addGrant(builder, grant, terms);
  for (const { name, folder, keys, namespace, files } of report.deliveries) {
    const delivery = builder.node({
      ...{ id: `delivery ${name}`, layer: 4, label: name, count: 1, anchor: "flux" },
      detail: files === undefined ? folder : `${folder}, ${counted(files, "file")}`,
      group: name.split("/")[0] ?? "",
    });
    const cluster = builder.node({
      ...{
        id: namespace === null ? "anywhere" : `namespace ${namespace}`,
        layer: 5,
        count: 1,
        anchor: "flux",
        group: "namespaces",
      },
      ...(namespace === null
        ? { label: "Secrets", detail: "where each manifest says" }
        : { label: namespace, detail: "Secrets of this namespace" }),
    });
    for (const key of keys) builder.edge(keyNode(builder, key, terms), delivery, true);
    // What no key opens never comes to the cluster.
    if (keys.length > 0) builder.edge(delivery, cluster, true);
  }
  return builder.graph;
}

function addGrant(builder: GraphBuilder, grant: Grant, terms: Terms): void {
  const identity = terms.identity(grant.identity);
  const who = builder.node({
    ...{ id: `identity ${grant.identity}`, layer: 0, count: 1, anchor: terms.identityAnchor(grant.identity) },
    ...namesOf(identity, grant.identity),
    group: identity?.group ?? "others",
  });
  const key = keyNode(builder, grant.key, terms);
  if (grant.paths.length === 0) builder.edge(who, key, grant.rights.includes("decrypt"));
  const store = storeOf(terms.keyName(grant.key));
  for (const path of grant.paths)
    addPath(builder, { who, group: identity?.group ?? "others", key, store }, path);
}

/** The ends of a path: boxes, and what each is folded into. */
interface Ends {
  readonly who: string;
  readonly group: string;
  readonly key: string;
  readonly store: string;
}

function addPath(builder: GraphBuilder, { who, group, key, store }: Ends, path: Path): void {
  const { login, policies, rights } = path;
  const decrypts = rights.includes("decrypt");
  const [method, role] = login.split("/role/");
  const step = builder.node({
    ...{ id: `login ${login}`, layer: 1, count: 1, anchor: PATHS },
    label: role ?? login,
    detail: role === undefined ? "Azure" : (method ?? ""),
    group,
  });
  builder.edge(who, step, decrypts);
  if (policies.length === 0) builder.edge(step, key, decrypts);
  for (const name of policies) {
    const mark = markOf({ rights, unknown: [] });
    const kind = role === undefined ? "role in Azure" : "policy";
    const policy = builder.node({
      ...{ id: `policy ${kind} ${name}`, layer: 2, label: name, count: 1, anchor: PATHS },
      detail: kind,
      group: `${store}: ${mark === "write" ? "encrypt, rewrap" : mark}`,
    });
    builder.edge(step, policy, decrypts);
    builder.edge(policy, key, decrypts);
  }
}

function keyNode(builder: GraphBuilder, id: string, terms: Terms): string {
  const key = terms.key(id);
  const name = terms.keyName(id);
  const version = key?.backend === "vault" && key.current !== undefined ? `, version ${key.current}` : "";
  return builder.node({
    ...{ id: `key ${id}`, layer: 3, label: name, count: 1, anchor: terms.keyAnchor(id) },
    detail: `${key?.type ?? key?.backend ?? ""}${version}`,
    group: storeOf(name),
  });
}

/** The mount or the vault that a key lies in; of keys that lie in none, the name. */
function storeOf(name: string): string {
  return name.split("/keys/")[0] ?? name;
}

/** A short name, and what is left of the long one. */
function namesOf(identity: Identity | undefined, id: string): { label: string; detail: string } {
  if (identity === undefined) return { label: id, detail: "" };
  const { kind, name } = identity;
  if (kind === "service-account") {
    const [namespace = "", ...account] = name.split("/");
    return { label: account.join("/"), detail: `ServiceAccount of ${namespace}` };
  }
  const [, project, rest] = /^jobs of ([^,]+), (.+)$/.exec(name) ?? [];
  if (kind === "pipeline" && project !== undefined)
    return { label: `jobs of ${project}`, detail: rest ?? "" };
  if (kind === "holder") return { label: "Holder of a private key", detail: name.replace(/^.* of /, "") };
  return { label: name, detail: identity.group };
}

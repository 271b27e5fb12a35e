import { configChange, toldChange } from "../../rules/config-change";
import { CONFIG_NAME, type SopsConfigs } from "../../rules/sops-configs";
import type { Finding } from "../finding";
import type { FilesReading } from "./files-reading";

const MEND = "pulumi up --refresh, or: pulumi stack output sopsConfig > .sops.yaml";

/**
 * Whether the `.sops.yaml` that people encrypt with is the stack's own. Each file for itself is held against the one that is committed, so
 * that a key that was smuggled into both would look right.
 */
export function configFindings({ tree, declared }: FilesReading): Finding[] {
  const { sopsConfig, folders } = declared;
  if (sopsConfig === undefined) return [];
  return configsFor(folders, tree.configs).flatMap((path): Finding[] => {
    const change = configChange(sopsConfig, tree.configs.texts.get(path));
    if (change === undefined) return [];
    const isOpened = change.added.length > 0;
    return [
      {
        id: "files-config-changed",
        severity: isOpened ? "critical" : "high",
        origin: "files",
        where: path,
        what: `It is not what the stack declares: ${toldChange(change)}`,
        mend: isOpened
          ? `${MEND}; then sops updatekeys, and change what was encrypted meanwhile; or declare the key in sopsloop:age`
          : MEND,
      },
    ];
  });
}

/** Those that count for what the stack's Kustomizations build: others of the same repository may be another stack's. */
function configsFor(folders: readonly string[], configs: SopsConfigs): string[] {
  const found = folders.flatMap((folder) => {
    const inner = folder.replace(/^\.?\/+|\/+$/g, "").replace(/^\.$/, "");
    const below = inner === "" ? "" : `${inner}/`;
    const nearest = configs.configFor(`${below}${CONFIG_NAME}`) ?? CONFIG_NAME;
    return [nearest, ...[...configs.texts.keys()].filter((path) => path.startsWith(below))];
  });
  return [...new Set(folders.length > 0 ? found : [CONFIG_NAME])].sort();
}

import { join } from "node:path";
import type { V1Container } from "@kubernetes/client-node";
import { expand } from "./pod-environment";
import { volumeFolder } from "./pod-volumes";

/** A folder of the container and the host folder that takes its place. */
export interface Mount {
  readonly inside: string;
  readonly outside: string;
}

/** A container's mounts, innermost first, so that the longest path wins. */
export function mountsOf(container: V1Container, folder: string): Mount[] {
  return (container.volumeMounts ?? [])
    .map(({ mountPath, name, subPath }) => ({
      inside: mountPath.replace(/\/+$/, ""),
      outside: join(volumeFolder(folder, name), subPath ?? ""),
    }))
    .sort((one, other) => other.inside.length - one.inside.length);
}

/** A path in the container as the path on the host; other text stays as it is. */
export function hostPath(text: string, mounts: readonly Mount[]): string {
  const mount = mounts.find(({ inside }) => text === inside || text.startsWith(`${inside}/`));
  return mount ? `${mount.outside}${text.slice(mount.inside.length)}` : text;
}

/** Variables with the container's paths replaced by the host's. */
export function hostEnvironment(
  variables: Readonly<Record<string, string>>,
  mounts: readonly Mount[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, hostPath(value, mounts)]),
  );
}

/** Arguments with variables filled in and the container's paths, bare or as a flag's value, replaced by the host's. */
export function hostArguments(
  container: V1Container,
  variables: Readonly<Record<string, string>>,
  mounts: readonly Mount[],
): string[] {
  return (container.args ?? []).map((arg) => {
    const text = expand(arg, variables);
    const flag = /^(--?[^=/]+=)(.*)$/s.exec(text);
    return flag ? `${flag[1]}${hostPath(flag[2] ?? "", mounts)}` : hostPath(text, mounts);
  });
}

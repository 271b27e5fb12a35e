import { secret } from "../../../rewrap/support/sops-repository";
import type { AzureRepository } from "./azure-repository";

/** A file of every format of sops, and two of YAML. */
const PLAIN: Readonly<Record<string, string>> = {
  "apps/a.yaml": `# kept\n${secret("a")}---\n# second document\nkind: Other\nlist:\n  - one\n  - {deep: "zwei ü"}\n`,
  "apps/b.yml": secret("b"),
  "c.json": '{"a": 1, "list": [true, null, "x"], "text": "ü"}',
  "d.env": "# kept\nA=1\nB=two words\n",
  "e.ini": "; kept\n[section]\nA = 1\n",
  "f.bin": "no format at all\n",
};
export const PATHS = Object.keys(PLAIN);

/** Encrypts them all by the rules, and commits them. */
export async function encryptAll(repository: AzureRepository): Promise<void> {
  for (const [path, content] of Object.entries(PLAIN)) await repository.encrypt(path, content);
  repository.git.commitAll();
}

/** What each of them holds, by path. */
export function contents({ git }: AzureRepository): Map<string, string> {
  return new Map(PATHS.map((path) => [path, git.read(path)]));
}

/** What the real sops opens them to, in the order of the paths. */
export function opened(repository: AzureRepository): Promise<string[]> {
  return Promise.all(PATHS.map((path) => repository.decrypt(path)));
}

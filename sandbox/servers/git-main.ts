import { GitBackend } from "./git-backend";

/** Started by GitServer: `git-main <folder> <port>`. */
async function main([folder, port]: readonly string[]): Promise<void> {
  const backend = new GitBackend(folder ?? "");
  await backend.listen(Number(port));
  process.once("SIGTERM", () => void backend.close());
}

void main(process.argv.slice(2));

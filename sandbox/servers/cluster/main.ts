import { messageOf } from "../../processes/sandbox-error";
import { Layout, type Ports } from "../layout";
import { Cluster } from "./cluster";

/** Started by ClusterServer: `main <root> <ports as JSON> <tools as JSON> <variables that lead to Azure, or null>`. */
async function main([
  root = "",
  ports = "{}",
  tools = "{}",
  azure = "null",
]: readonly string[]): Promise<void> {
  const layout = new Layout(root, JSON.parse(ports) as Ports);
  const cluster = new Cluster(
    layout,
    new Map(Object.entries(JSON.parse(tools) as Record<string, string>)),
    (JSON.parse(azure) ?? undefined) as Readonly<Record<string, string>> | undefined,
  );
  await cluster.start();
  process.once("SIGTERM", () => void cluster.stop());
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});

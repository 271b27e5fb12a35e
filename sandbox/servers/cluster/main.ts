import { Layout, type Ports } from "../layout";
import { Cluster } from "./cluster";

/** Started by ClusterServer: `main <root> <ports as JSON> <tools as JSON>`. */
function main([root = "", ports = "{}", tools = "{}"]: readonly string[]): void {
  const layout = new Layout(root, JSON.parse(ports) as Ports);
  const cluster = new Cluster(layout, new Map(Object.entries(JSON.parse(tools) as Record<string, string>)));
  cluster.start();
  process.once("SIGTERM", () => void cluster.stop());
}

main(process.argv.slice(2));

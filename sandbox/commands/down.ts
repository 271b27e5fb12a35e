import { Layout } from "../servers/layout";
import { Sandbox } from "../servers/sandbox";

/** Ends every process of the sandbox. Data, keys and state stay for the next `make up`. */
export async function down(checkout: string): Promise<void> {
  const sandbox = new Sandbox(Layout.dev(checkout), new Map());
  const running = [...sandbox.processes].filter(([, pid]) => pid !== undefined);
  await sandbox.stop();
  console.log(
    running.length === 0 ? "nothing was running" : `ended ${running.map(([name]) => name).join(", ")}`,
  );
}

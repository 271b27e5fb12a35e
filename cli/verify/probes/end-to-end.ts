import type { Io } from "../../io";
import { Journey } from "../end-to-end/journey";
import { type Probe, Skip } from "../probe";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A new secret, once around the whole loop, and taken out of it again, also after a failure or Ctrl-C. */
export function endToEnd(io: Io): Probe {
  return {
    id: "end-to-end",
    title: "A new secret arrives in the cluster decrypted",
    needs: ["controller", "round-trip", "kustomizations"],
    run: async ({ declared, kubectl }) => {
      const [target] = declared.audit.decryption;
      if (!target) throw new Skip("the program declares no Kustomization that decrypts");
      const journey = new Journey(target, declared.sopsConfig, kubectl, io);
      const interruption = new AbortController();
      const onSignal = () => {
        if (!interruption.signal.aborted) io.stderr.write("sopsloop: taking the test secret out again …\n");
        interruption.abort();
      };
      // Heard until everything is taken back, so that a second Ctrl-C does not leave half of it.
      for (const signal of SIGNALS) process.on(signal, onSignal);
      try {
        return await journey.go(interruption.signal);
      } finally {
        await journey.undo().finally(() => {
          for (const signal of SIGNALS) process.off(signal, onSignal);
        });
      }
    },
  };
}

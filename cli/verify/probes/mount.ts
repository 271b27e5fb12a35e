import { Fault, type Probe } from "../probe";

export const mount: Probe = {
  id: "mount",
  title: "The transit engine is mounted, and a mistyped key is refused",
  needs: ["token"],
  run: async ({ declared, vault }) => {
    const { mount } = declared.audit.key;
    const mounts = (await vault.read("sys/mounts")) ?? {};
    const entry = mounts[`${mount}/`];
    const type = typeof entry === "object" && entry !== null ? Reflect.get(entry, "type") : undefined;
    if (type === undefined)
      throw new Fault(`nothing is mounted at ${mount}/`, "vault secrets list; pulumi up --refresh");
    if (type !== "transit")
      throw new Fault(`${mount}/ is a ${type} engine, not transit`, "vault secrets list");
    const settings = await vault.read(`${mount}/config/keys`);
    if (settings?.disable_upsert !== true)
      throw new Fault(
        `${mount} makes a new key for a mistyped name (disable_upsert is off)`,
        `vault write ${mount}/config/keys disable_upsert=true`,
      );
    return `${mount}/, disable_upsert`;
  },
};

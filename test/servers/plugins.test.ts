import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { INSTALLED_BY_PULUMI, installPlugins } from "../../sandbox/plugins";
import { run } from "../../sandbox/processes/run";
import { temporaryFolders } from "./temporary-folder";

const temporary = temporaryFolders();
const npm = (name: string) =>
  (JSON.parse(readFileSync(`node_modules/@pulumi/${name}/package.json`, "utf8")) as { version: string })
    .version;
const executable = (home: string, name: string) =>
  join(home, "plugins", `resource-${name}-v${npm(name)}`, `pulumi-resource-${name}`);

describe("provider plugins", () => {
  test("the stand-ins are bundled once, under the version of the npm package", async () => {
    const home = temporary();
    const installed = await installPlugins({ home });
    expect(installed.map(({ name, version, origin }) => [name, version, origin])).toEqual([
      ["vault", npm("vault"), "stand-in"],
      ["kubernetes", npm("kubernetes"), "stand-in"],
      ["gitlab", npm("gitlab"), "stand-in"],
      ["azure-native", npm("azure-native"), "stand-in"],
    ]);
    const built = statSync(executable(home, "vault"));
    expect(built.mode & 0o111).not.toBe(0);
    await installPlugins({ home });
    expect(statSync(executable(home, "vault")).ino).toBe(built.ino);
  });

  test("an official plugin takes the place of its stand-in only", async () => {
    const home = temporary();
    const official = temporary();
    writeFileSync(join(official, "pulumi-resource-vault-v7.9.0-linux-amd64"), "#!/bin/sh\necho older\n");
    writeFileSync(join(official, "pulumi-resource-vault-v7.10.0-linux-amd64"), "#!/bin/sh\necho official\n");
    const [vault, kubernetes] = await installPlugins({ home, official });
    expect(vault?.origin).toBe(join(official, "pulumi-resource-vault-v7.10.0-linux-amd64"));
    expect(kubernetes?.origin).toBe("stand-in");
    expect(await run(executable(home, "vault"), [])).toBe("official\n");

    const [back] = await installPlugins({ home });
    expect(back?.origin).toBe("stand-in");
    expect(readFileSync(executable(home, "vault"), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  test("one that Pulumi itself has installed stays", async () => {
    const home = temporary();
    mkdirSync(dirname(executable(home, "vault")), { recursive: true });
    writeFileSync(executable(home, "vault"), "#!/bin/sh\necho official\n");
    const [vault, kubernetes] = await installPlugins({ home });
    expect([vault?.origin, kubernetes?.origin]).toEqual([INSTALLED_BY_PULUMI, "stand-in"]);
    expect(readFileSync(executable(home, "vault"), "utf8")).toContain("echo official");
  });

  test("one that is packed by xz is unpacked", async () => {
    const home = temporary();
    const official = temporary();
    const plugin = join(official, "pulumi-resource-vault");
    writeFileSync(plugin, "#!/bin/sh\necho unpacked\n");
    await run("xz", [plugin]);
    await installPlugins({ home, official });
    expect(await run(executable(home, "vault"), [])).toBe("unpacked\n");
  });

  test("a broken archive and a folder that is not there are told", async () => {
    const official = temporary();
    mkdirSync(official, { recursive: true });
    writeFileSync(join(official, "pulumi-resource-vault.xz"), "not xz");
    await expect(installPlugins({ home: temporary(), official })).rejects.toThrow(
      /pulumi-resource-vault\.xz: xz cannot unpack it: .*File format not recognized$/,
    );
    await expect(installPlugins({ home: temporary(), official: "/nonexistent" })).rejects.toThrow(
      "SOPSLOOP_PLUGINS names /nonexistent, which does not exist; correct it or unset it",
    );
  });
});

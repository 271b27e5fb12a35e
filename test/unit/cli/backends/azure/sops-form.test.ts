import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { flawOfRewrap } from "../../../../../cli/rewrap/file-check";
import { readSopsFile } from "../../../../../cli/sops-file/read-sops-file";
import { filesInForm } from "./support/sops-form";

const CREATED = "2031-02-03T04:05:06Z";

test("of a file in sops's form, only the version, the time and the wrapped key of Azure's recipients change", () => {
  fc.assert(
    fc.property(filesInForm, fc.nat(), ({ path, content, copies, azureKeys }, which) => {
      const file = readSopsFile(path, content);
      if (!file) throw new Error(`not seen as a sops file:\n${content}`);
      const all = file.recipients.filter(({ kind }) => kind === "azure_kv");
      expect(all).toHaveLength(azureKeys);
      // Any part of them, but one at least.
      const stale = all.filter((_, index) => (which >> index) % 2 === 0 || index === which % all.length);
      const changes = stale.map((recipient) => ({
        recipient,
        wrapped: randomBytes(256).toString("base64url"),
        version: randomBytes(16).toString("hex"),
        createdAt: CREATED,
      }));
      const fresh = file.rewrapped(changes);
      const [before, after] = [content.split("\n"), fresh.split("\n")];
      expect(after).toHaveLength(before.length);
      const differing = after.filter((line, index) => line !== before[index]);
      expect(differing).toHaveLength(3 * copies * stale.length);
      for (const line of differing) expect(line).toMatch(/(?:^|[^a-z])(enc|version|created_at)"?\s*[:=]/);
      const again = readSopsFile(path, fresh);
      expect(flawOfRewrap(file, changes, again)).toBeUndefined();
      for (const { recipient, ...change } of changes) {
        const { wrapped, version, fields } = again?.recipients[file.recipients.indexOf(recipient)] ?? {};
        expect({ wrapped, version, createdAt: fields?.created_at }).toEqual(change);
      }
      const torn = flawOfRewrap(
        file,
        changes,
        readSopsFile(path, fresh.replace(/mac([^\n]*)bWFj/, "mac$1bWFk")),
      );
      expect(torn).toBe("its settings differ");
    }),
    { numRuns: 300 },
  );
});

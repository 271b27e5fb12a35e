import { createHash, createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sharedKey } from "../../../sandbox/providers/azure-native/data/shared-key";
import { azureTest } from "./support/azure-test";
import { GROUP } from "./support/recorded-azure";

const BLOB = "azure-native:storage:Blob";
const ACCOUNT = `${GROUP}/providers/Microsoft.Storage/storageAccounts/strelay`;
const ID = `${ACCOUNT}/blobServices/default/containers/code/blobs/relay%20v1.zip`;
const AT = "strelay.blob.core.windows.net/code/relay%20v1.zip";
const KEY = Buffer.from("the account's key of the test").toString("base64");
const inputs = {
  resourceGroupName: "rg",
  accountName: "strelay",
  containerName: "code",
  blobName: "relay v1.zip",
  type: "Block",
  contentType: "application/zip",
  metadata: { Digest: "abc" },
};

const folder = mkdtempSync(join(tmpdir(), "azure-blob-"));
const file = join(folder, "relay.zip");
writeFileSync(file, "the bundle");
afterAll(() => rmSync(folder, { recursive: true }));

const test = azureTest();

function asset(
  content: { readonly path?: string; readonly text?: string; readonly uri?: string },
  hash = digest("the bundle"),
) {
  return { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", hash, ...content };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

const headers = {
  "content-type": "application/zip",
  "content-md5": "bWQ1",
  "x-ms-blob-type": "BlockBlob",
  "x-ms-access-tier": "Hot",
  "x-ms-meta-digest": "abc",
};

function ready(): void {
  test.azure.answers(`POST ${ACCOUNT}/listKeys`, { body: { keys: [{ keyName: "key1", value: KEY }] } });
  test.azure.answers(`PUT ${AT}`, { status: 201 });
}

describe("a blob", () => {
  it("is written with the file's content, signed by the account's key, and its id is as the official provider's", async () => {
    ready();
    test.azure.answers(`HEAD ${AT}`, { status: 404 }, { headers });
    const made = await test.plugin.create(BLOB, {
      ...inputs,
      accessTier: "Cool",
      source: asset({ path: file }),
    });
    expect(made.id).toBe(ID);
    expect(made.outputs).toEqual({
      name: "relay v1.zip",
      url: `https://${AT}`,
      contentMd5: "bWQ1",
      contentType: "application/zip",
      accessTier: "Hot",
      metadata: { digest: "abc" },
      type: "Block",
    });
    const [put, tier] = test.azure.taken().filter(({ line }) => line.startsWith("PUT"));
    expect(put?.body).toBe("the bundle");
    expect(put?.headers).toMatchObject({
      "x-ms-blob-type": "BlockBlob",
      "x-ms-blob-content-type": "application/zip",
      "x-ms-meta-digest": "abc",
      "content-length": "10",
      authorization: expect.stringMatching(/^SharedKey strelay:[\w+/]+=*$/),
    });
    expect([tier?.query.comp, tier?.headers["x-ms-access-tier"]]).toEqual(["tier", "Cool"]);
    expect(JSON.stringify(made)).not.toContain(KEY);
  });

  it("is signed as Azure's documentation has it", () => {
    const url = new URL("https://strelay.blob.core.windows.net/code/a?comp=metadata&timeout=20");
    const signed = sharedKey("strelay", KEY, "PUT", url, {
      "x-ms-version": "2021-12-02",
      "x-ms-date": "Fri, 26 Jun 2015 23:39:12 GMT",
      "x-ms-meta-Digest": " abc ",
      "content-length": "3",
    });
    // By hand: PUT, eleven standard headers, the x-ms- headers, and the resource with its query, each on a line of its own.
    const text = [
      "PUT\n\n\n3\n\n\n\n\n\n\n\n",
      "x-ms-date:Fri, 26 Jun 2015 23:39:12 GMT",
      "x-ms-meta-digest:abc",
      "x-ms-version:2021-12-02",
      "/strelay/code/a",
      "comp:metadata",
      "timeout:20",
    ].join("\n");
    const signature = createHmac("sha256", Buffer.from(KEY, "base64")).update(text).digest("base64");
    expect(signed).toBe(`SharedKey strelay:${signature}`);
  });

  it("is the same one wherever the file lies, and another one with other content", async () => {
    const old = {
      id: ID,
      inputs: { ...inputs, source: asset({ path: "/elsewhere/relay.zip" }) },
      outputs: {},
    };
    const same = await test.plugin.diff(BLOB, old, { ...inputs, source: asset({ path: file }) });
    expect(same.changed).toBe(false);
    const other = await test.plugin.diff(BLOB, old, {
      ...inputs,
      source: asset({ path: file }, digest("x")),
    });
    expect([other.replaces, other.deleteBeforeReplace]).toEqual([["source"], true]);
  });

  it("is changed in its type and its metadata", async () => {
    ready();
    test.azure.answers(`HEAD ${AT}`, { headers });
    const old = { id: ID, inputs, outputs: {} };
    await test.plugin.update(BLOB, old, { ...inputs, contentType: "application/octet-stream", metadata: {} });
    const puts = test.azure.taken().filter(({ line }) => line.startsWith("PUT"));
    expect(puts.map(({ query }) => query.comp)).toEqual(["properties", "metadata"]);
    expect(puts[0]?.headers["x-ms-blob-content-type"]).toBe("application/octet-stream");
  });

  it("that somebody overwrote is seen by its checksum", async () => {
    ready();
    const outputs = {
      contentMd5: "b2xk",
      contentType: "application/zip",
      metadata: { digest: "abc" },
      type: "Block",
    };
    test.azure.answers(`HEAD ${AT}`, { headers });
    const read = await test.plugin.read(BLOB, { id: ID, inputs, outputs });
    expect(read?.inputs).toMatchObject({ contentMd5: "bWQ1" });
  });

  it("is gone when it is not there", async () => {
    ready();
    test.azure.answers(`HEAD ${AT}`, { status: 404 }).answers(`DELETE ${AT}`, { status: 202 });
    const old = { id: ID, inputs, outputs: {} };
    expect(await test.plugin.read(BLOB, old)).toBeUndefined();
    await test.plugin.delete(BLOB, old);
    expect(test.azure.taken().at(-1)?.headers["x-ms-delete-snapshots"]).toBe("include");
    test.azure.answers(`DELETE ${AT}`, { status: 404 });
    await test.plugin.delete(BLOB, old);
  });

  it("is gone with its account", async () => {
    const error = { code: "ResourceNotFound", message: "The Resource was not found." };
    test.azure.answers(`POST ${ACCOUNT}/listKeys`, { status: 404, body: { error } });
    const old = { id: ID, inputs, outputs: {} };
    expect(await test.plugin.read(BLOB, old)).toBeUndefined();
    await test.plugin.delete(BLOB, old);
    await expect(test.plugin.create(BLOB, inputs)).rejects.toThrow(
      "Azure refused to list the keys of storage account strelay (404 ResourceNotFound)",
    );
  });

  it.each([
    [
      "a file that has changed",
      asset({ path: file }, digest("before")),
      `${file} has changed since the update began: run it again`,
    ],
    [
      "a file that is not there",
      asset({ path: "/nowhere/relay.zip" }),
      "cannot read the asset /nowhere/relay.zip: ENOENT",
    ],
    [
      "a file of another place",
      asset({ uri: "https://example.com/relay.zip" }),
      "an asset is a file here or a text; one of another place is not supported by the stand-in",
    ],
  ])("is not made of %s", async (_what, source, reason) => {
    ready();
    test.azure.answers(`HEAD ${AT}`, { status: 404 });
    await expect(test.plugin.create(BLOB, { ...inputs, source })).rejects.toThrow(reason);
    expect(test.azure.taken().some(({ line }) => line.startsWith("PUT"))).toBe(false);
  });

  it("cannot be written where the account's key does not count, as with the official provider", async () => {
    ready();
    const refusal = {
      status: 403,
      headers: { "x-ms-error-code": "KeyBasedAuthenticationNotPermitted" },
      body: "<?xml version='1.0'?><Error><Code>K</Code><Message>Key based authentication is not permitted on this storage account.\nRequestId:1</Message></Error>",
    };
    test.azure.answers(`HEAD ${AT}`, { status: 404 }).answers(`PUT ${AT}`, refusal);
    await expect(
      test.plugin.create(BLOB, { ...inputs, source: asset({ text: "the bundle" }) }),
    ).rejects.toThrow(
      "Azure refused to create blob relay v1.zip (403 KeyBasedAuthenticationNotPermitted): Key based authentication is not permitted on this storage account; blobs are written by the account's key, as the official provider does",
    );
  });
});

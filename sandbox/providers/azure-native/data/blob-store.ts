import type { HttpAnswer } from "../../engine/http-transport";
import type { PlainMap } from "../../engine/resource-type";
import { isList, isMap } from "../../engine/wire";
import type { ArmClient } from "../arm/arm-client";
import { AzureError } from "../http/azure-error";
import type { AzureHttp } from "../http/azure-http";
import type { Cloud } from "../login/clouds";
import { type Headers, sharedKey } from "./shared-key";

const VERSION = "2021-12-02";
const ARM_VERSION = "2024-01-01";

/** Where a blob is. */
export interface BlobPlace {
  /** ARM's id of the storage account. */
  readonly accountId: string;
  readonly account: string;
  readonly container: string;
  readonly blob: string;
}

interface Ask {
  readonly method: "PUT" | "HEAD" | "DELETE";
  readonly doing: string;
  /** `metadata`, `properties`, `tier`: what of the blob is set. */
  readonly part?: string;
  readonly headers?: Headers;
  readonly content?: Buffer;
}

/** The blob service of storage accounts, by the account's own key: ARM has no way to write a blob. */
export class BlobStore {
  private readonly keys = new Map<string, Promise<string>>();

  constructor(
    private readonly http: AzureHttp,
    private readonly arm: ArmClient,
    private readonly cloud: Pick<Cloud, "storage">,
  ) {}

  urlOf({ account, container, blob }: BlobPlace): URL {
    const path = blob.split("/").map(encodeURIComponent).join("/");
    return new URL(`https://${account}.blob.${this.cloud.storage}/${container}/${path}`);
  }

  /** Headers of the blob; undefined when there is none. */
  async head(place: BlobPlace): Promise<HttpAnswer["headers"] | undefined> {
    const doing = `read blob ${place.blob}`;
    const answer = await this.send(place, { method: "HEAD", doing }).catch(noAccount);
    return answer === undefined || answer.status === 404 ? undefined : fulfilled(answer, doing).headers;
  }

  async put(place: BlobPlace, doing: string, headers: Headers, content: Buffer): Promise<void> {
    fulfilled(await this.send(place, { method: "PUT", doing, headers, content }), doing);
  }

  /** Sets one part of a blob that is there. */
  async set(place: BlobPlace, part: string, headers: Headers): Promise<void> {
    const doing = `set the ${part} of blob ${place.blob}`;
    fulfilled(
      await this.send(place, { method: "PUT", part, doing, headers, content: Buffer.alloc(0) }),
      doing,
    );
  }

  /** With its snapshots. Succeeds when it is gone already, and when its account is. */
  async delete(place: BlobPlace): Promise<void> {
    const doing = `delete blob ${place.blob}`;
    const headers = { "x-ms-delete-snapshots": "include" };
    const answer = await this.send(place, { method: "DELETE", doing, headers }).catch(noAccount);
    if (answer !== undefined && answer.status !== 404) fulfilled(answer, doing);
  }

  private async send(
    place: BlobPlace,
    { method, doing, part, headers = {}, content }: Ask,
  ): Promise<HttpAnswer> {
    const key = await this.keyOf(place);
    const url = this.urlOf(place);
    if (part !== undefined) url.searchParams.set("comp", part);
    const signed = {
      ...headers,
      "x-ms-date": new Date().toUTCString(),
      "x-ms-version": VERSION,
      ...(content !== undefined && content.length > 0 && { "content-length": String(content.length) }),
    };
    const authorization = sharedKey(place.account, key, method, url, signed);
    return this.http.send({ method, url, doing, headers: { ...signed, authorization }, body: content });
  }

  private keyOf({ accountId, account }: BlobPlace): Promise<string> {
    const known = this.keys.get(accountId);
    if (known !== undefined) return known;
    const asked = this.listKey(accountId, account);
    this.keys.set(accountId, asked);
    asked.catch(() => this.keys.delete(accountId));
    return asked;
  }

  private async listKey(accountId: string, account: string): Promise<string> {
    const doing = `list the keys of storage account ${account}`;
    const { keys } = await this.arm.post(`${accountId}/listKeys`, ARM_VERSION, doing);
    const [first] = isList(keys) ? keys.filter(isMap) : [];
    if (typeof first?.value === "string") return first.value;
    throw new Error(`storage account ${account} has no keys`);
  }
}

/** The blob service has the code of a refusal in a header, and its words in XML. */
function fulfilled(answer: HttpAnswer, doing: string): HttpAnswer {
  if (answer.status < 300) return answer;
  const [, message = ""] = /<Message>([^<\n]*)/.exec(answer.text) ?? [];
  const body: PlainMap = { code: String(answer.headers["x-ms-error-code"] ?? ""), message };
  throw new AzureError(answer.status, body, doing);
}

/** No account has no blobs. */
function noAccount(error: unknown): undefined {
  if (!(error instanceof AzureError) || error.status !== 404) throw error;
}

import { readFileSync } from "node:fs";
import { HttpsJson, type JsonRequest } from "./https-json";
import type { Layout } from "./layout";

/** Any object of the API; what else it holds is known to whoever asked for it. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly deletionTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** An answer of the API server other than success. */
export class KubeApiError extends Error {
  override readonly name = "KubeApiError";
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The few verbs of the Kubernetes API that the sandbox needs, as its admin. Paths are the API's own. */
export class KubeApi {
  private constructor(private readonly http: HttpsJson) {}

  static admin({ kubernetes }: Layout): KubeApi {
    return new KubeApi(
      new HttpsJson({
        address: kubernetes.address,
        ca: readFileSync(kubernetes.ca, "utf8"),
        cert: readFileSync(kubernetes.adminCertificate, "utf8"),
        key: readFileSync(kubernetes.adminKey, "utf8"),
      }),
    );
  }

  /** Undefined when it does not exist. */
  async find<T = KubeObject>(path: string): Promise<T | undefined> {
    const { status, body } = await this.http.send("GET", path);
    if (status === 404) return undefined;
    return this.checked(status, body, `GET ${path}`) as T;
  }

  async list<T = KubeObject>(path: string): Promise<T[]> {
    const list = await this.find<{ items?: T[] }>(path);
    return list?.items ?? [];
  }

  create<T = KubeObject>(path: string, body: object): Promise<T> {
    return this.write<T>("POST", path, { body });
  }

  replace<T = KubeObject>(path: string, body: object): Promise<T> {
    return this.write<T>("PUT", path, { body });
  }

  merge<T = KubeObject>(path: string, body: object): Promise<T> {
    return this.write<T>("PATCH", path, { body, contentType: "application/merge-patch+json" });
  }

  /** True when there was something to delete. */
  async delete(path: string): Promise<boolean> {
    const { status, body } = await this.http.send("DELETE", path);
    if (status === 404) return false;
    this.checked(status, body, `DELETE ${path}`);
    return true;
  }

  async isReady(): Promise<boolean> {
    return this.http.send("GET", "/readyz").then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  /** Calls `onEvent` at each change under `path` until the server ends the watch, as it does every now and then. */
  watch(path: string, onEvent: () => void, signal: AbortSignal): Promise<void> {
    return this.http.lines(`${path}${path.includes("?") ? "&" : "?"}watch=1`, onEvent, signal);
  }

  close(): void {
    this.http.close();
  }

  private async write<T>(method: string, path: string, request: JsonRequest): Promise<T> {
    const { status, body } = await this.http.send(method, path, request);
    return this.checked(status, body, `${method} ${path}`) as T;
  }

  private checked(status: number, body: unknown, what: string): unknown {
    if (status >= 200 && status < 300) return body;
    const text = typeof body === "object" && body !== null ? Reflect.get(body, "message") : body;
    throw new KubeApiError(status, `${what}: ${status} ${String(text)}`);
  }
}

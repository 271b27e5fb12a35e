import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { rootCertificates } from "node:tls";
import { matches } from "../access/access";
import type { Hook, Json } from "../model";
import type { Store } from "../store/store";

/** Something that hooks are told of: the flag that asks for it, its header, and its body. */
export interface HookEvent {
  readonly flag:
    | "push_events"
    | "tag_push_events"
    | "merge_requests_events"
    | "pipeline_events"
    | "job_events";
  readonly header: string;
  /** Set for pushes: hooks may ask for certain branches only. */
  readonly branch?: string;
  readonly body: Json;
}

const TIMEOUT_MS = 10_000;

/** Tells webhooks what happens, each in the background. */
export class Hooks {
  private readonly running = new Set<Promise<void>>();

  /** @param ca files with the certificate authorities that receivers may have besides the public ones. */
  constructor(
    private readonly store: Store,
    private readonly address: string,
    private readonly ca: readonly string[],
  ) {}

  tell(projectId: number, event: HookEvent): void {
    for (const hook of this.store.tables.hooks.filter((one) => one.projectId === projectId)) {
      if (hook.settings[event.flag] === true && this.asksFor(hook, event.branch))
        void this.deliver(hook, event);
    }
  }

  /** Sends one event to one hook; resolves with the status that is kept of it. */
  async deliver(hook: Hook, event: HookEvent): Promise<string> {
    let kept = "";
    const work: Promise<void> = this.send(hook, event)
      .then(String, (error: NodeJS.ErrnoException) => error.code ?? error.message)
      .then((status) => {
        kept = status;
        const { deliveries } = this.store.tables;
        const at = new Date().toISOString();
        deliveries.push({ id: this.store.nextId(), hookId: hook.id, trigger: event.flag, at, status });
        this.store.changed();
      })
      .finally(() => this.running.delete(work));
    this.running.add(work);
    await work;
    return kept;
  }

  async idle(): Promise<void> {
    await Promise.all(this.running);
  }

  private asksFor({ settings }: Hook, branch: string | undefined): boolean {
    const filter = String(settings.push_events_branch_filter ?? "");
    if (branch === undefined || filter === "" || settings.branch_filter_strategy === "all_branches")
      return true;
    return settings.branch_filter_strategy === "regex"
      ? new RegExp(filter).test(branch)
      : matches(filter, branch);
  }

  private send({ settings }: Hook, event: HookEvent): Promise<number> {
    const url = new URL(filled(settings));
    const body = JSON.stringify(event.body);
    const headers: Record<string, string> = {
      "Content-Type": "application/json",
      "User-Agent": "GitLab/18.6.0",
      "X-Gitlab-Event": event.header,
      "X-Gitlab-Webhook-UUID": randomUUID(),
      "X-Gitlab-Event-UUID": randomUUID(),
      "X-Gitlab-Instance": this.address,
      "Idempotency-Key": randomUUID(),
      ...pairsOf(settings.custom_headers),
      ...(settings.token ? { "X-Gitlab-Token": String(settings.token) } : {}),
      ...signature(settings.signing_token, body),
    };
    const tls = {
      ca: [...rootCertificates, ...this.ca.map((file) => readFileSync(file, "utf8"))],
      rejectUnauthorized: settings.enable_ssl_verification !== false,
    };
    return new Promise((resolve, reject) => {
      const options = { method: "POST", headers, timeout: TIMEOUT_MS };
      const request =
        url.protocol === "https:" ? requestHttps(url, { ...options, ...tls }) : requestHttp(url, options);
      request.on("response", (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      request.on("timeout", () => request.destroy(new Error("timeout")));
      request.on("error", reject);
      request.end(body);
    });
  }
}

/** The URL with its variables put in, which GitLab shows by their names only. */
function filled({ url, url_variables: variables }: Hook["settings"]): string {
  return Object.entries(pairsOf(variables)).reduce(
    (text, [key, value]) => text.replaceAll(`{${key}}`, value),
    String(url),
  );
}

function pairsOf(list: Json | undefined): Record<string, string> {
  const rows = Array.isArray(list) ? (list as readonly { key?: Json; value?: Json }[]) : [];
  return Object.fromEntries(rows.map(({ key, value }) => [String(key), String(value ?? "")]));
}

function signature(token: Json | undefined, body: string): Record<string, string> {
  if (!token) return {};
  const id = randomUUID();
  const time = String(Math.floor(Date.now() / 1_000));
  const key = Buffer.from(String(token).replace(/^whsec_/, ""), "base64");
  const mac = createHmac("sha256", key).update(`${id}.${time}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": `v1,${mac}` };
}

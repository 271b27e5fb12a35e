import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock";
import type { Application, ClientSecret, Principal } from "../model";
import type { Store } from "../store/store";

export interface NewApplication {
  readonly displayName: string;
  /** @default a random one */
  readonly appId?: string;
  readonly identifierUris?: readonly string[];
  readonly roles?: readonly string[];
  readonly owners?: readonly string[];
  /** @default 1, as in Entra */
  readonly tokenVersion?: 1 | 2;
}

/** Event Grid's own application, the same in every tenant. */
export const EVENT_GRID_APP = "4962773b-9cdb-44cf-a8bf-237846a00ab7";

const SECRET_LIFETIME_MS = 180 * 24 * 60 * 60 * 1_000;

/** Applications and service principals of the tenant. */
export class Directory {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    if (this.principalOfApp(EVENT_GRID_APP) === undefined)
      this.addPrincipal({ appId: EVENT_GRID_APP, displayName: "Microsoft.EventGrid", kind: "Application" });
  }

  /** Registers an application, with a service principal. */
  addApplication(wanted: NewApplication): {
    readonly application: Application;
    readonly principal: Principal;
  } {
    const application: Application = {
      appId: wanted.appId ?? randomUUID(),
      objectId: randomUUID(),
      displayName: wanted.displayName,
      identifierUris: wanted.identifierUris ?? [],
      tokenVersion: wanted.tokenVersion ?? 1,
      roles: wanted.roles ?? [],
      owners: wanted.owners ?? [],
      secrets: [],
      federated: [],
    };
    this.store.tables.applications.push(application);
    const { appId, displayName } = application;
    return { application, principal: this.addPrincipal({ appId, displayName, kind: "Application" }) };
  }

  addPrincipal(about: Omit<Principal, "id" | "appRoles">): Principal {
    const principal: Principal = { ...about, id: randomUUID(), appRoles: [] };
    this.store.tables.principals.push(principal);
    this.store.changed();
    return principal;
  }

  removePrincipal(id: string): void {
    const { tables } = this.store;
    tables.principals = tables.principals.filter((one) => one.id !== id);
  }

  /** A new client secret; it is told here and never again. @param lifetimeMs half a year, as Entra advises */
  addSecret(application: Application, lifetimeMs = SECRET_LIFETIME_MS): string {
    const text = `${randomBytes(3).toString("hex")}8Q~${randomBytes(24).toString("base64url")}`;
    const endsAt = this.clock.now() + lifetimeMs;
    application.secrets.push({ id: randomUUID(), digest: digestOf(text).toString("hex"), endsAt });
    this.store.changed();
    return text;
  }

  secretOf(application: Application, text: string): ClientSecret | undefined {
    const digest = digestOf(text);
    return application.secrets.find((one) => timingSafeEqual(Buffer.from(one.digest, "hex"), digest));
  }

  application(appId: string): Application | undefined {
    return this.store.tables.applications.find((one) => same(one.appId, appId));
  }

  /** The application that a token may be asked for: by its id, with or without `api://`, or one of its URIs. */
  applicationByAudience(audience: string): Application | undefined {
    const id = audience.replace(/^api:\/\//, "");
    return this.store.tables.applications.find(
      (one) => same(one.appId, id) || one.identifierUris.includes(audience),
    );
  }

  principal(id: string): Principal | undefined {
    return this.store.tables.principals.find((one) => same(one.id, id));
  }

  principalOfApp(appId: string): Principal | undefined {
    return this.store.tables.principals.find((one) => same(one.appId, appId));
  }

  /** The identity that a resource is, or has of its own. */
  principalOfResource(resourceId: string): Principal | undefined {
    return this.store.tables.principals.find((one) => same(one.resourceId ?? "", resourceId));
  }
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

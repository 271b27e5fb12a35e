/** Decides, before anything of a request's body is read, whether its sender may deliver events. */
export interface Authenticator {
  /** @throws Refusal 401 for nobody known, 403 for somebody who may not, 503 while that cannot be decided. */
  check(request: Request): Promise<void>;
  /** Gets ready to decide. @throws Refusal 503 while it cannot. */
  prepare(): Promise<void>;
}

/** A server with a key that every secret is encrypted to, and that secrets can do without while another one is there. */
export interface KeyServer {
  readonly name: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

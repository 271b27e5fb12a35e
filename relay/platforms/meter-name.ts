/** Under which OpenTelemetry knows the relay. */
export const METER = "sopsloop-relay";

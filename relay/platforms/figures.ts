import type { Meter } from "@opentelemetry/api";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { METER } from "./meter-name";

/** OpenTelemetry's own SDK with Prometheus's text for the reader. */
export function prometheusFigures(): { readonly meter: Meter; readonly text: () => Promise<string> } {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [reader] });
  // Without a label or a series about the SDK itself.
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    meter: provider.getMeter(METER),
    text: async () => serializer.serialize((await reader.collect()).resourceMetrics),
  };
}

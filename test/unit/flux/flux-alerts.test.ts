import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { FluxAlerts } from "../../../components/flux/flux-alerts";
import { childrenOf, outputsOf } from "../harness";

const make = (channel?: string) => () =>
  new FluxAlerts("flux", {
    namespace: "flux-system",
    type: "slack",
    channel,
    severity: "error",
    address: pulumi.secret("https://hooks.example.com/x"),
    namespaces: ["flux-system", "apps", "apps"],
  });

test("keeps the address in a Secret, and watches each namespace once", async () => {
  expect(await childrenOf(make("alerts"))).toMatchInlineSnapshot(`
    [
      "kubernetes:core/v1:Secret flux-webhook {"apiVersion":"v1","data":{"secret":{"address":"aHR0cHM6Ly9ob29rcy5leGFtcGxlLmNvbS94"}},"kind":"Secret","metadata":{"name":"sopsloop-webhook","namespace":"flux-system"}}",
      "kubernetes:notification.toolkit.fluxcd.io/v1beta3:Alert flux-alert {"apiVersion":"notification.toolkit.fluxcd.io/v1beta3","kind":"Alert","metadata":{"name":"sopsloop","namespace":"flux-system"},"spec":{"eventSeverity":"error","eventSources":[{"kind":"Kustomization","name":"*","namespace":"apps"},{"kind":"Kustomization","name":"*","namespace":"flux-system"}],"providerRef":{"name":"sopsloop"}}}",
      "kubernetes:notification.toolkit.fluxcd.io/v1beta3:Provider flux-provider {"apiVersion":"notification.toolkit.fluxcd.io/v1beta3","kind":"Provider","metadata":{"name":"sopsloop","namespace":"flux-system"},"spec":{"channel":"alerts","secretRef":{"name":"sopsloop-webhook"},"type":"slack"}}",
    ]
  `);
});

test("without a channel the field is absent", async () => {
  expect((await childrenOf(make())).filter((line) => line.includes("channel"))).toEqual([]);
});

test.each([false, true])("registers the alert's name (preview: %s)", async (preview) => {
  expect(await outputsOf(make(), { preview })).toEqual({ alert: "sopsloop" });
});

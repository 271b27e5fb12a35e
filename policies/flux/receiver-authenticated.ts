import { RECEIVER } from "../reading/flux";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "flux-receiver-authenticated",
  title: "A Receiver knows its sender, and sets off named sources only",
  why: "Its address is on the internet. The generic type believes whoever finds it.",
  remedy: "Use the type of the sender, such as gitlab, with `secretRef`, `events`, and resources by name.",
  severity: "high",
  types: [RECEIVER],
  *check(receiver) {
    const type = receiver.text("spec.type") ?? "";
    if (type === "generic") yield "believes whoever calls it; set spec.type to the sender's, such as gitlab";
    if (!receiver.has("spec.secretRef.name")) yield "has no token to know its sender by; set spec.secretRef";
    if (receiver.list("spec.events").length === 0 && type !== "generic")
      yield "is set off by every event; list those that are meant in spec.events";
    for (const resource of receiver.list("spec.resources"))
      if (resource.text("name") === "*")
        yield "sets off every object of its kind; name them in spec.resources";
  },
});

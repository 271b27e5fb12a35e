import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { PartialCreateError } from "./partial-create-error";
import { UnknownOutcomeError } from "./unknown-outcome-error";
import { type Received, send } from "./wire";

/** Shorter texts are words of any sentence ("true", "sops"); blotting them out would hide the message, not a secret. */
const SHORTEST_SECRET = 8;

/**
 * What the engine is told of a failed call: one line, cleared of every secret that the call carried.
 * `FAILED_PRECONDITION` says that nothing was changed, `UNKNOWN` that nobody can tell.
 */
export function callError(error: unknown, received: readonly Received[]): ServiceError {
  const message = oneLine(error, received);
  const metadata = new Metadata();
  if (error instanceof PartialCreateError) {
    metadata.set("grpc-status-details-bin", partialDetails(error, message, received));
  }
  const outcomeUnknown = error instanceof UnknownOutcomeError || error instanceof PartialCreateError;
  const code = outcomeUnknown ? status.UNKNOWN : status.FAILED_PRECONDITION;
  return Object.assign(new Error(message), { code, details: message, metadata });
}

function oneLine(error: unknown, received: readonly Received[]): string {
  let text = error instanceof Error ? error.message : String(error);
  for (const secret of received.flatMap((part) => part.secretTexts)) {
    if (secret.length >= SHORTEST_SECRET) text = text.replaceAll(secret, "[secret]");
  }
  return text.replace(/\s*\n\s*/g, " ").trim();
}

function partialDetails(error: PartialCreateError, message: string, received: readonly Received[]): Buffer {
  const secrets = new Set([...error.secrets, ...received.flatMap((part) => [...part.secrets])]);
  const detail = new ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(send(error.outputs, secrets))
    .setInputs(send(error.inputs, secrets))
    .setReasonsList([message]);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const whole = new Status().setCode(status.UNKNOWN).setMessage(message).setDetailsList([packed]);
  return Buffer.from(whole.serializeBinary());
}

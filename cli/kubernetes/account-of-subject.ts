/** The service account that a token's subject or a user's name in the cluster stands for; undefined for any other. */
export function accountOfSubject(
  subject: string,
): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(subject) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

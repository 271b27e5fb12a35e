/** Where in Azure a stack's resources go. */
export interface AzurePlace {
  /** A resource group that exists. */
  readonly resourceGroupName: string;
  /** Region's short name, such as `westeurope`. */
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** ARM id of the resource group. */
export function resourceGroupId(subscriptionId: string, { resourceGroupName }: AzurePlace): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`;
}
